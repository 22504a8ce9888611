"""The time a caller wants, where it is written as a date and a clock time."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from voice_service.analysis.model import WantedTime


def read_wanted_time(words: str, *, started_at: datetime, timezone: str) -> WantedTime:
    """Understand an ISO 8601 date and time; anything else keeps its words for a person to read.

    Without an offset the time is the wall clock of ``timezone``: one that a clock change skips is
    read with the offset before the gap, one that happens twice means the first (RFC 5545). A time
    that is over when the conversation starts is not a wish, so it gives no ``start``.
    """
    start = instant(words, timezone=timezone)
    if start is not None and start <= started_at:
        start = None
    return WantedTime(start=start, end=None, words=words)


def instant(words: str, *, timezone: str) -> datetime | None:
    """The instant meant, in UTC; None when words are no ISO date and time, or the zone unknown."""
    if is_date(words):
        return None
    try:
        stated = datetime.fromisoformat(words)
        if stated.tzinfo is None:
            stated = stated.replace(tzinfo=ZoneInfo(timezone))
        return stated.astimezone(UTC)
    except (ValueError, KeyError, OSError, OverflowError):
        # OSError: a folder of the zone database taken for a zone; OverflowError: year 1 or 9999.
        return None


def is_date(words: str) -> bool:
    """A day without a clock time, which ``datetime`` would take for midnight."""
    try:
        date.fromisoformat(words)
    except ValueError:
        return False
    return True
