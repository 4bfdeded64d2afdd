"""Where people live: a hundred time zones, the busiest first, each with a country and the language read there."""

from dataclasses import dataclass

MOST, LEAST = 100, 24


@dataclass(frozen=True, slots=True)
class Place:
    """`weight` is how many live there, as against the other places."""

    zone: str
    country: str
    locale: str
    weight: float


_READ = {"DE": "de", "AT": "de", "CH": "de", "LI": "de", "FR": "fr", "BE": "fr", "LU": "fr", "SN": "fr", "CI": "fr"}
_READ |= {"MC": "fr", "JP": "ja"}

_PLACES = """
America/New_York US|Europe/Berlin DE|Europe/Paris FR|Asia/Tokyo JP|Europe/London GB|America/Los_Angeles US
America/Chicago US|Europe/Zurich CH|Asia/Singapore SG|Australia/Sydney AU|America/Toronto CA|Europe/Vienna AT
Asia/Kolkata IN|America/Sao_Paulo BR|Europe/Madrid ES|Europe/Brussels BE|Europe/Amsterdam NL|America/Denver US
Europe/Dublin IE|Europe/Stockholm SE|Asia/Hong_Kong HK|Pacific/Auckland NZ|Africa/Johannesburg ZA|Asia/Dubai AE
Europe/Rome IT|Europe/Warsaw PL|America/Mexico_City MX|Asia/Seoul KR|Europe/Copenhagen DK|Europe/Oslo NO
Europe/Helsinki FI|Europe/Prague CZ|America/Vancouver CA|Europe/Lisbon PT|Asia/Jakarta ID|Europe/Athens GR
Africa/Lagos NG|Africa/Nairobi KE|Asia/Manila PH|Asia/Bangkok TH|America/Bogota CO|America/Buenos_Aires AR
Asia/Jerusalem IL|Europe/Istanbul TR|Asia/Karachi PK|Africa/Cairo EG|Europe/Budapest HU|Europe/Bucharest RO
Asia/Taipei TW|Asia/Shanghai CN|America/Lima PE|America/Santiago CL|Africa/Dakar SN|Africa/Abidjan CI
Europe/Luxembourg LU|Australia/Perth AU|Australia/Brisbane AU|Australia/Adelaide AU|America/Phoenix US
America/Halifax CA|America/St_Johns CA|Pacific/Honolulu US|America/Anchorage US|Asia/Kathmandu NP|Asia/Dhaka BD
Asia/Colombo LK|Asia/Riyadh SA|Asia/Kuala_Lumpur MY|Asia/Ho_Chi_Minh VN|Asia/Tashkent UZ|Asia/Almaty KZ|Asia/Baku AZ
Asia/Tbilisi GE|Asia/Yerevan AM|Europe/Sofia BG|Europe/Belgrade RS|Europe/Zagreb HR|Europe/Ljubljana SI
Europe/Bratislava SK|Europe/Vilnius LT|Europe/Riga LV|Europe/Tallinn EE|Europe/Monaco MC|Europe/Vaduz LI
Europe/Malta MT|Atlantic/Reykjavik IS|Atlantic/Azores PT|Africa/Casablanca MA|Africa/Accra GH|Africa/Tunis TN
Africa/Addis_Ababa ET|America/Montevideo UY|America/Panama PA|America/Guatemala GT|America/Jamaica JM
America/Caracas VE|Pacific/Fiji FJ|Pacific/Guam GU|Pacific/Chatham NZ|Asia/Yangon MM
"""


def places(count: int) -> tuple[Place, ...]:
    """The `count` busiest; the n-th has 1/n of the people of the first."""
    if not LEAST <= count <= MOST:
        raise ValueError(f"zones must be from {LEAST} to {MOST}")
    listed = [each.split() for each in _PLACES.strip().replace("\n", "|").split("|")[:count]]
    return tuple(Place(z, c, _READ.get(c, "en"), 1 / n) for n, (z, c) in enumerate(listed, start=1))
