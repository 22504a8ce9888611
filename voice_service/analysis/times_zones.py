"""Time zones as callers name them: "Eastern", "Berlin time", "GMT plus two"."""

import re
from collections.abc import Mapping
from datetime import timedelta, timezone, tzinfo
from typing import Final

from booking_core.zones import find_zone

UNKNOWN: Final = "?"  # a zone is meant, but not one that can be known: "your time"
OFFSET: Final = re.compile(r"UTC([+-][0-9]{1,2})")
LARGEST_OFFSET: Final = 14

REGIONS: Final[Mapping[str, str]] = {
    "eastern": "America/New_York",
    "east coast": "America/New_York",
    "central": "America/Chicago",
    "mountain": "America/Denver",
    "pacific": "America/Los_Angeles",
    "west coast": "America/Los_Angeles",
    "atlantic": "America/Halifax",
    "alaska": "America/Anchorage",
    "hawaii": "Pacific/Honolulu",
    "arizona": "America/Phoenix",
    "texas": "America/Chicago",
    "california": "America/Los_Angeles",
    "central european": "Europe/Berlin",
    "eastern european": "Europe/Athens",
    "western european": "Europe/Lisbon",
    "greenwich": "UTC",
    "uk": "Europe/London",
    "british": "Europe/London",
    "irish": "Europe/Dublin",
    "german": "Europe/Berlin",
    "french": "Europe/Paris",
    "spanish": "Europe/Madrid",
    "italian": "Europe/Rome",
    "swiss": "Europe/Zurich",
    "indian": "Asia/Kolkata",
    "india": "Asia/Kolkata",
    "japan": "Asia/Tokyo",
    "israel": "Asia/Jerusalem",
}
# What callers say all year: "EST" in July is the clock on the wall in New York.
ABBREVIATIONS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("et", "est", "edt"), "America/New_York"),
    **dict.fromkeys(("ct", "cst", "cdt"), "America/Chicago"),
    **dict.fromkeys(("mt", "mst", "mdt"), "America/Denver"),
    **dict.fromkeys(("pt", "pst", "pdt"), "America/Los_Angeles"),
    **dict.fromkeys(("cet", "cest", "mez", "mesz"), "Europe/Berlin"),
    **dict.fromkeys(("gmt", "utc", "zulu"), "UTC"),
    "bst": "Europe/London",
    "jst": "Asia/Tokyo",
    "aest": "Australia/Sydney",
}
CITIES_OF: Final[Mapping[str, str]] = {
    "America/New_York": "new york,boston,philadelphia,washington,atlanta,miami,orlando,charlotte,"
    "columbus,cleveland,pittsburgh,baltimore",
    "America/Detroit": "detroit",
    "America/Toronto": "toronto,montreal,ottawa",
    "America/Indiana/Indianapolis": "indianapolis",
    "America/Chicago": "chicago,houston,dallas,austin,san antonio,minneapolis,memphis,nashville,"
    "new orleans,milwaukee,kansas city",
    "America/Denver": "denver,salt lake city",
    "America/Edmonton": "calgary,edmonton",
    "America/Phoenix": "phoenix",
    "America/Los_Angeles": "los angeles,la,san francisco,seattle,san diego,portland,las vegas,"
    "sacramento,san jose",
    "America/Vancouver": "vancouver",
    "America/Mexico_City": "mexico city,ciudad de méxico,guadalajara",
    "America/Monterrey": "monterrey",
    "America/Bogota": "bogota,bogotá",
    "America/Lima": "lima",
    "America/Santiago": "santiago de chile",
    "America/Argentina/Buenos_Aires": "buenos aires",
    "America/Sao_Paulo": "sao paulo,são paulo,rio de janeiro",
    "Europe/London": "london,manchester,edinburgh,glasgow,londres",
    "Europe/Dublin": "dublin",
    "Europe/Lisbon": "lisbon,lissabon,lisboa",
    "Europe/Madrid": "madrid,barcelona,valencia,sevilla",
    "Europe/Paris": "paris,lyon,parís",
    "Europe/Brussels": "brussels,brüssel,bruselas",
    "Europe/Amsterdam": "amsterdam",
    "Europe/Berlin": "berlin,munich,münchen,hamburg,frankfurt,cologne,köln,stuttgart,berlín",
    "Europe/Zurich": "zurich,zürich,geneva,genf",
    "Europe/Vienna": "vienna,wien,viena",
    "Europe/Rome": "rome,milan,rom,mailand,roma",
    "Europe/Prague": "prague,prag",
    "Europe/Warsaw": "warsaw,warschau",
    "Europe/Copenhagen": "copenhagen,kopenhagen",
    "Europe/Stockholm": "stockholm",
    "Europe/Oslo": "oslo",
    "Europe/Helsinki": "helsinki",
    "Europe/Athens": "athens,athen,atenas",
    "Europe/Istanbul": "istanbul",
    "Europe/Kiev": "kyiv,kiev",
    "Africa/Cairo": "cairo",
    "Africa/Lagos": "lagos",
    "Africa/Nairobi": "nairobi",
    "Africa/Johannesburg": "johannesburg,cape town",
    "Asia/Jerusalem": "tel aviv,jerusalem",
    "Asia/Dubai": "dubai,abu dhabi",
    "Asia/Kolkata": "mumbai,delhi,new delhi,bangalore,bengaluru,chennai,hyderabad,kolkata,pune",
    "Asia/Singapore": "singapore",
    "Asia/Hong_Kong": "hong kong",
    "Asia/Shanghai": "shanghai,beijing,shenzhen",
    "Asia/Tokyo": "tokyo,osaka,tokio",
    "Asia/Seoul": "seoul",
    "Asia/Manila": "manila",
    "Asia/Jakarta": "jakarta",
    "Asia/Bangkok": "bangkok",
    "Australia/Sydney": "sydney,melbourne,canberra",
    "Australia/Brisbane": "brisbane",
    "Australia/Perth": "perth",
    "Pacific/Auckland": "auckland,wellington",
}
CITIES: Final[Mapping[str, str]] = {
    city: zone for zone, cities in CITIES_OF.items() for city in cities.split(",")
}
PLACES: Final[Mapping[str, str]] = {**REGIONS, **CITIES}


def names_pattern(*tables: Mapping[str, str]) -> str:
    """Any name of the tables, the longest first: "central european" before "central".

    By their first letters, since most words are ruled out by theirs.
    """
    names = sorted(
        {name for table in tables for name in table}, key=lambda name: (-len(name), name)
    )
    rests: dict[str, list[str]] = {}
    for name in names:
        rests.setdefault(name[0], []).append(re.escape(name[1:]))
    return "(?:" + "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in rests.items()) + ")"


def zone_name(place: str) -> str:
    """The IANA name, or ``UNKNOWN``."""
    return PLACES.get(place) or ABBREVIATIONS.get(place) or UNKNOWN


def utc_offset(sign: str, hours: str) -> str:
    """A zone by its distance: "GMT minus 5" is ``UTC-5``."""
    return f"UTC{'-' if sign in ('-', 'minus', 'menos') else '+'}{int(hours)}"


def open_zone(name: str) -> tzinfo | None:
    """The zone of a name as the functions here give it; None for ``UNKNOWN`` and the like."""
    offset = OFFSET.fullmatch(name)
    if offset is None:
        return find_zone(name)
    hours = int(offset[1])
    return timezone(timedelta(hours=hours)) if abs(hours) <= LARGEST_OFFSET else None
