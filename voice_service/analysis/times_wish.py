"""A wish for a time as far as it was said, and the instants it comes to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final, TypeAlias

from voice_service.analysis.times_calendar import Day, both, date_of
from voice_service.analysis.times_vocabulary import Half, PartName
from voice_service.analysis.times_zones import open_zone

NOON: Final = 12
FIRST_OFFICE_HOUR: Final = 8  # a bare 1 to 7 is meant after noon, 8 to 12 as said
HALF_OF: Final[Mapping[PartName, Half]] = {
    "morning": "am",
    "lunch": "pm",
    "afternoon": "pm",
    "evening": "pm",
}
# The hours that may be said of a part of the day, on a clock of twelve.
HOURS_OF: Final[Mapping[PartName, frozenset[int]]] = {
    "morning": frozenset(range(1, 12)),
    "lunch": frozenset({11, 12, 1, 2}),
    "afternoon": frozenset({12, 1, 2, 3, 4, 5, 6, 7, 8}),  # eight in Spanish alone
    "evening": frozenset({4, 5, 6, 7, 8, 9, 10, 11}),
}
WINDOWS: Final[Mapping[PartName, tuple[time, time]]] = {
    "morning": (time(9), time(12)),
    "lunch": (time(12), time(13)),
    "afternoon": (time(13), time(17)),
    "evening": (time(17), time(20)),
}


@dataclass(frozen=True, kw_only=True)
class Clock:
    """A time on the clock. ``as_said``: on a clock of 24 hours."""

    hour: int
    minute: int = 0
    half: Half | None = None
    as_said: bool = False


@dataclass(frozen=True, kw_only=True)
class Clocks:
    """A clock time, or what lies between two."""

    start: Clock
    end: Clock | None = None


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of the day; ``early`` and ``late`` are its halves."""

    name: PartName
    early: bool = False
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What was said. Where it was said in two ways, the kind is in ``unclear``."""

    day: Day | None = None
    clocks: Clocks | None = None
    part: Part | None = None
    zone: str | None = None  # as ``times_zones`` names it
    elapsed: timedelta | None = None  # from the start of the conversation
    vague: bool = False  # "any time", which says that there is a wish, and no more
    unclear: frozenset[str] = frozenset()

    @property
    def is_complete(self) -> bool:
        """A day and a time of it were said, or how far away it is."""
        return bool(self.elapsed or (self.day and (self.clocks or self.part)))


Window: TypeAlias = tuple[datetime | None, datetime | None]
NOTHING: Final[Window] = (None, None)
KINDS: Final = ("day", "clocks", "part", "zone", "elapsed")


def merged(first: Wish, second: Wish) -> Wish:
    """Both together; what they say differently is unclear."""
    unclear = first.unclear | second.unclear
    said = {}
    for kind in KINDS:
        one, other = getattr(first, kind), getattr(second, kind)
        said[kind] = other if one is None else one
        if None in (one, other) or one == other:
            continue
        if kind == "day":
            said["day"] = both(one, other)
        if kind != "day" or said["day"] is None:
            unclear |= {kind}
    return Wish(**said, vague=first.vague or second.vague, unclear=unclear)


def replaced(first: Wish, second: Wish) -> Wish:
    """The second, and of the first what the second says nothing about."""
    if second.elapsed:
        return second
    gone = {kind for kind in KINDS if getattr(second, kind) is not None} | {"elapsed"}
    if gone & {"clocks", "part"}:
        gone |= {"clocks", "part"}
    kept = {kind: getattr(first, kind) for kind in KINDS if kind not in gone}
    return merged(Wish(**kept, unclear=first.unclear - gone), second)


def agree(first: Wish, second: Wish) -> bool:
    return not merged(first, second).unclear


def resolve(wish: Wish, *, started_at: datetime, zone: tzinfo | None) -> Window:
    """The instants in UTC, or None where one would have to be guessed or is over.

    Args:
        started_at: aware; what "today" and "in two hours" are seen from.
        zone: of the conversation, for a wish that names none.
    """
    try:
        start, end = window(wish, started_at, open_zone(wish.zone) if wish.zone else zone)
    except OverflowError:
        return NOTHING  # beyond the calendar
    return NOTHING if start is None or start <= started_at else (start, end)


def window(wish: Wish, started_at: datetime, zone: tzinfo | None) -> Window:
    if wish.unclear or not wish.is_complete:
        return NOTHING
    if wish.elapsed:
        alone = not (wish.day or wish.clocks or wish.part)
        return (started_at.astimezone(UTC) + wish.elapsed, None) if alone else NOTHING
    if wish.day is None or zone is None:
        return NOTHING
    day = date_of(wish.day, started_at.astimezone(zone).date())
    hours = hours_of(wish)
    if day is None or hours is None:
        return NOTHING
    if hours[0] == time(0) and wish.part and wish.part.name == "evening":
        day += timedelta(days=1)  # the midnight an evening ends with
    # A wall clock that a change skips has the offset before it; one that comes twice is the first.
    start = datetime.combine(day, hours[0], zone).astimezone(UTC)
    end = datetime.combine(day, hours[1], zone).astimezone(UTC) if hours[1] else None
    return start, end


def hours_of(wish: Wish) -> tuple[time, time | None] | None:
    """Where on that day's clock; None when what was said of it disagrees."""
    if wish.clocks:
        return clock_hours(wish.clocks, wish.part.name if wish.part else None)
    return part_hours(wish.part) if wish.part else None


def part_hours(part: Part) -> tuple[time, time]:
    start, end = WINDOWS[part.name]
    middle = (60 * (start.hour + end.hour)) // 2
    half = time(*divmod(middle, 60))
    return (half if part.late else start), (half if part.early else end)


def clock_hours(clocks: Clocks, part: PartName | None) -> tuple[time, time | None] | None:
    if clocks.end is None:
        start = wall_clock(clocks.start, part)
        return (start, None) if start else None
    end = wall_clock(clocks.end, part)
    shared = replace(clocks.start, half=clocks.start.half or clocks.end.half)  # "2 to 4 pm"
    for candidate in (shared, clocks.start):  # and "10 to 2 pm", where it is not shared
        start = wall_clock(candidate, part)
        if start is not None and end is not None and start < end:
            return start, end
    return None


def wall_clock(clock: Clock, part: PartName | None) -> time | None:
    """The hour of 24; None when there is no such hour, or not in that part of the day."""
    try:
        return time(hour_of_24(clock, part), clock.minute)
    except ValueError:
        return None


def hour_of_24(clock: Clock, part: PartName | None) -> int:
    """Raises ``ValueError`` for an hour that the part of the day does not have."""
    if clock.as_said or clock.hour > NOON:
        return clock.hour
    half = clock.half
    if half is None and part:
        if clock.hour not in HOURS_OF[part]:
            raise ValueError(clock.hour)
        half = "am" if part == "lunch" and clock.hour == NOON - 1 else HALF_OF[part]
    if half is None:
        half = "pm" if clock.hour < FIRST_OFFICE_HOUR or clock.hour == NOON else "am"
    return clock.hour % NOON + (NOON if half == "pm" else 0)
