"""Time zones by their IANA names."""

import re
from typing import Final
from zoneinfo import ZoneInfo

# The database's own rule: ``localtime``, POSIX rules and abbreviations such as PST are no names.
NAMES: Final = re.compile(
    r"[A-Z][A-Za-z_-]*(/[A-Z][A-Za-z_-]*)+|Etc/GMT[+-]?[0-9]{1,2}"
    r"|UTC|GMT|CET|EET|MET|WET|EST|MST|HST"
)


def find_zone(name: str) -> ZoneInfo | None:
    """The zone of that name; None for one that does not exist."""
    if NAMES.fullmatch(name) is None:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        # KeyError: unknown; ValueError: too long for a file's name; OSError: a folder of names.
        return None
