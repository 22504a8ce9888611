"""The time a caller wants, out of words: a date and a clock time, or as people say it."""

from datetime import UTC, date, datetime

from booking_core.zones import find_zone
from voice_service.analysis.language import normalise_language
from voice_service.analysis.model import WantedTime
from voice_service.analysis.times_context import find_stated, together, wishes_of
from voice_service.analysis.times_phrases import VOCABULARIES, Reading
from voice_service.analysis.times_wish import resolve
from voice_service.analysis.times_words import canonical


def read_wanted_time(
    words: str, *, started_at: datetime, timezone: str, language: str = "en"
) -> WantedTime:
    """Understand a time; what would have to be guessed keeps its words for a person to read.

    Either ISO 8601, or as it is said ("next Tuesday after lunch") in English, German or Spanish.
    A clock time gives ``start``, a part of the day or a range ``end`` too, both in UTC. A bare
    hour is one of a business's day: 1 to 7 are after noon, 8 to 12 as said. Without a zone in the
    words the time is the wall clock of ``timezone``: one that a clock change skips is read with
    the offset before the gap, one that happens twice means the first (RFC 5545). No ``start``
    without a day, with several, or once it is over.

    Args:
        started_at: aware; the start of the conversation, which "tomorrow" is seen from.
        timezone: IANA name of the caller's zone.
        language: ISO 639-1, or a code that begins with it.
    """
    start = instant(words, timezone=timezone)
    if start is not None or is_date(words):
        over = start is not None and start <= started_at
        return WantedTime(start=None if over else start, end=None, words=words)
    vocabulary = VOCABULARIES.get(normalise_language(language))
    if vocabulary is None:
        return WantedTime(start=None, end=None, words=words)
    reading = Reading(text=canonical(words, vocabulary).text, vocabulary=vocabulary)
    wish = together(find_stated(reading))
    start, end = resolve(wish, started_at=started_at, zone=find_zone(timezone))
    return WantedTime(start=start, end=end, words=words)


def find_time_words(said: str, *, language: str = "en") -> str | None:
    """The words of a caller's sentence that wish for a time; a deadline is none."""
    vocabulary = VOCABULARIES.get(normalise_language(language))
    if vocabulary is None:
        return None
    text = canonical(said, vocabulary)
    reading = Reading(text=text.text, vocabulary=vocabulary)
    wishes = wishes_of(find_stated(reading), reading)
    if not wishes:
        return None
    first, last = text.span(wishes[0].first, wishes[-1].last)
    return said[first:last]


def instant(words: str, *, timezone: str) -> datetime | None:
    """The instant meant, in UTC; None when words are no ISO date and time, or the zone unknown."""
    if is_date(words):
        return None
    try:
        stated = datetime.fromisoformat(words)
        if stated.tzinfo is None:
            zone = find_zone(timezone)
            if zone is None:
                return None
            stated = stated.replace(tzinfo=zone)
        return stated.astimezone(UTC)
    except (ValueError, OverflowError):
        return None  # OverflowError: year 1 or 9999


def is_date(words: str) -> bool:
    """A day without a clock time, which ``datetime`` would take for midnight."""
    try:
        date.fromisoformat(words)
    except ValueError:
        return False
    return True
