"""Time zones by their IANA names."""

from zoneinfo import ZoneInfo


def find_zone(name: str) -> ZoneInfo | None:
    """The zone of that name; None for one that does not exist, or that only the database knows."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        # KeyError: unknown; ValueError: not a name, such as a path; OSError: a folder of names.
        return None
