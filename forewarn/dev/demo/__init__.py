"""The demo: fifteen named people and one alert; then a crowd, one incident, and a sum that comes out even."""
