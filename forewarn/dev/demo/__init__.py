"""The demo: twelve named people, one alert, and what each of them hears."""
