"""Times as a caller reads them: on their own clock, with the zone beside them. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from booking_core.availability import Slot
from booking_core.zones import find_zone


@dataclass(frozen=True, kw_only=True)
class Times:
    """A booking's time in words; ``hours``: ``15:00 to 15:30, Berlin time``."""

    weekday: str
    day: str
    month: str
    hours: str


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One start that can be had; ``hour``: ``15:00``."""

    slot_id: str
    hour: str


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day with its free starts; ``name``: ``Tuesday, 1 December``."""

    name: str
    choices: list[Choice]


def describe_times(start: datetime, end: datetime, timezone: str) -> Times:
    zone = zone_of(timezone)
    first, last = start.astimezone(zone), end.astimezone(zone)
    return Times(
        weekday=f"{first:%A}",
        day=str(first.day),
        month=f"{first:%B}",
        hours=f"{first:%H:%M} to {last:%H:%M}, {place_of(timezone)} time",
    )


def days_of(slots: Iterable[Slot], timezone: str) -> list[Day]:
    """Slots by the caller's dates, in order. Of an hour that comes twice the offset is told."""
    zone = zone_of(timezone)
    local = sorted(
        ((slot.start.astimezone(zone), slot) for slot in slots), key=lambda each: each[1].start
    )
    days: dict[str, list[Choice]] = {}
    for start, slot in local:
        again = start.replace(fold=0).utcoffset() != start.replace(fold=1).utcoffset()
        hour = f"{start:%H:%M (UTC%z)}" if again else f"{start:%H:%M}"
        name = f"{start:%A}, {start.day} {start:%B}"
        days.setdefault(name, []).append(Choice(slot_id=slot.slot_id, hour=hour))
    return [Day(name=name, choices=choices) for name, choices in days.items()]


def zone_of(timezone: str) -> Any:
    return find_zone(timezone) or UTC


def place_of(timezone: str) -> str:
    return timezone.rpartition("/")[2].replace("_", " ")
