"""Fresh ids, addresses and times for a playing, so that a sample can be played again and again."""

import secrets
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from voice_service.rehearsal.model import Occasion, Sample

HALF_HOUR: Final = timedelta(minutes=30)
NEAR: Final = timedelta(hours=2)
WAKING_HOURS: Final = range(8, 21)


class NoSuchTime(Exception):
    """The service's slots have no time such as a sample needs; the text says what to do."""


def make_occasion(sample: Sample, starts: Collection[datetime], *, now: datetime) -> Occasion:
    """A playing of a sample, as if it happened now.

    Args:
        starts: of the free slots of the service the sample asks for; aware.
    Raises:
        NoSuchTime: none of them suits the sample.
    """
    wanted = None
    if sample.wanted is not None:
        choose = choose_free if sample.wanted.free else choose_gone
        wanted = choose(sorted(set(starts)), ZoneInfo(sample.dialogue.timezone))
    digits = secrets.randbelow(10**8)
    return Occasion(
        conversation_id=f"conv_rehearsal_{secrets.token_hex(8)}",
        email=f"{sample.dialogue.mailbox}.{digits:08}@example.com",
        started_at=now,
        wanted=wanted,
    )


def choose_free(starts: Sequence[datetime], zone: ZoneInfo) -> datetime:
    """The first free start, at an hour at which a caller would like to come where there is one."""
    if not starts:
        raise NoSuchTime("no slot is free next week; 'voice-service demo' loads some")
    return min(starts, key=lambda start: (*oddity(start, zone), start))


def choose_gone(starts: Sequence[datetime], zone: ZoneInfo) -> datetime:
    """A start that is not free, though one near it on the caller's same day is."""
    free = set(starts)
    gone = [time for start in starts for time in near(start, zone) if time not in free]
    # What lies outside the range that was looked at may be free all the same.
    gone = [time for time in gone if starts[0] < time < starts[-1]]
    if not gone:
        raise NoSuchTime("next week has no time that is gone with a free one near it")
    return min(gone, key=lambda time: (*oddity(time, zone), time))


def near(start: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Half hours within two hours of a start, on the caller's same day."""
    steps = NEAR // HALF_HOUR
    for step in range(-steps, steps + 1):
        time = start + step * HALF_HOUR
        if time.astimezone(zone).date() == start.astimezone(zone).date():
            yield time


def oddity(time: datetime, zone: ZoneInfo) -> tuple[bool, bool]:
    """Least for what people say first: by day, on the hour."""
    local = time.astimezone(zone)
    return local.hour not in WAKING_HOURS, local.minute != 0
