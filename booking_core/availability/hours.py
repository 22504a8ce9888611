"""From weekly hours and overrides in wall-clock time to openings in UTC. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from booking_core.availability.model import Opening, Override, Template, Window

DAY: Final = timedelta(days=1)
DAY_MINUTES: Final = 24 * 60

Hours: TypeAlias = tuple[int, int, int]  # start and end in minutes of the day, max_bookings


def openings(
    zone: ZoneInfo,
    templates: Iterable[Template],
    overrides: Iterable[Override],
    *,
    first: date,
    last: date,
) -> list[Opening]:
    """What one consultant has open on the local dates ``first`` to ``last``, sorted and disjoint.

    Hours that meet at a midnight are one opening. To know where an opening that is met at a
    midnight began, ``first`` must lie one date before the first date of interest.
    """
    weekly = hours_by_weekday(templates)
    exceptions = overrides_by_date(overrides)
    joined: list[Opening] = []
    on = first
    while on <= last:
        usual = weekly.get(on.isoweekday() % 7, ())  # Sunday is 0 in the templates
        opened, closed = hours_on(exceptions[on], usual) if on in exceptions else (usual, ())
        for opening in open_on(zone, on, opened, closed) if opened else ():
            if not joined or joined[-1].end < opening.start:
                joined.append(opening)
                continue
            # Counting starts anew on a date that is open all day, else round-the-clock hours
            # would be counted from wherever one began to look.
            midnights = at_wall_clock(zone, on, 0), at_wall_clock(zone, on, DAY_MINUTES)
            anew = (opening.start,) if (opening.start, opening.end) == midnights else ()
            joined[-1] = append(joined[-1], opening, anew)
        on += DAY
    return joined


def hours_by_weekday(templates: Iterable[Template]) -> Mapping[int, tuple[Hours, ...]]:
    weekly: dict[int, tuple[Hours, ...]] = {}
    for row in templates:
        hours = row.start_minute, row.end_minute, row.max_bookings
        weekly[row.day_of_week] = (*weekly.get(row.day_of_week, ()), hours)
    return weekly


def overrides_by_date(overrides: Iterable[Override]) -> Mapping[date, Sequence[Override]]:
    exceptions: defaultdict[date, list[Override]] = defaultdict(list)
    for row in overrides:
        exceptions[row.specific_date].append(row)
    return exceptions


def hours_on(
    overrides: Sequence[Override], weekly: tuple[Hours, ...]
) -> tuple[tuple[Hours, ...], tuple[Hours, ...]]:
    """What one date's overrides open, and what they close in it.

    A date closed without hours is closed whatever else is said of it. Overrides that open hours
    replace the weekly ones together; those that close hours take them out of what is then open.
    """
    opened = tuple(hours_of(row) for row in overrides if row.is_available)
    closed = tuple(hours_of(row) for row in overrides if not row.is_available)
    if any(row.start_minute is None for row in overrides if not row.is_available):
        return (), closed
    return opened or weekly, closed


def hours_of(row: Override) -> Hours:
    end = DAY_MINUTES if row.end_minute is None else row.end_minute
    return row.start_minute or 0, end, row.max_bookings


def append(before: Opening, after: Opening, origins: tuple[datetime, ...]) -> Opening:
    return Opening(
        start=before.start,
        end=max(before.end, after.end),
        origins=before.origins + origins,
        windows=before.windows + after.windows,
    )


# The same hours on the same date are the same openings: most consultants share a few patterns.
@lru_cache(maxsize=16384)
def open_on(
    zone: ZoneInfo, on: date, opened: tuple[Hours, ...], closed: tuple[Hours, ...]
) -> tuple[Opening, ...]:
    """The openings of one local date, sorted and disjoint."""
    windows = [window_of(zone, on, hours) for hours in opened]
    for hours in closed:
        windows = list(subtract(windows, window_of(zone, on, hours)))
    ordered = sorted(
        (window for window in windows if window.start < window.end),
        key=lambda window: (window.start, window.end),
    )
    return tuple(join(ordered))


def window_of(zone: ZoneInfo, on: date, hours: Hours) -> Window:
    """Hours in UTC. Those that a clock change swallows come out empty or backwards."""
    start, end, max_bookings = hours
    return Window(
        start=at_wall_clock(zone, on, start),
        end=at_wall_clock(zone, on, end),
        max_bookings=max_bookings,
    )


def subtract(windows: Iterable[Window], closed: Window) -> Iterator[Window]:
    for window in windows:
        if closed.end <= closed.start or not meets(window, closed.start, closed.end):
            yield window
            continue
        limit = window.max_bookings
        yield Window(start=window.start, end=closed.start, max_bookings=limit)
        yield Window(start=closed.end, end=window.end, max_bookings=limit)


def join(windows: Iterable[Window]) -> list[Opening]:
    """Join windows that touch or overlap; they come sorted by start."""
    joined: list[Opening] = []
    for window in windows:
        opening = Opening(
            start=window.start, end=window.end, origins=(window.start,), windows=(window,)
        )
        if joined and window.start <= joined[-1].end:
            joined[-1] = append(joined[-1], opening, ())
        else:
            joined.append(opening)
    return joined


def starts(
    opening: Opening,
    *,
    duration: timedelta,
    step: timedelta,
    earliest: datetime,
    before: datetime,
) -> Iterator[datetime]:
    """Starts in ``[earliest, before)``, on the step, from which ``duration`` fits in."""
    latest = opening.end - duration
    for number, origin in enumerate(opening.origins):
        until = opening.origins[number + 1] if number + 1 < len(opening.origins) else before
        start = origin
        if start < earliest:
            start += -((start - earliest) // step) * step  # rounded up
        while start <= latest and start < until and start < before:
            yield start
            start += step


# What is kept is at most the starts of a few hundred openings, each shared by many consultants.
@lru_cache(maxsize=1024)
def all_starts(opening: Opening, duration: timedelta, step: timedelta) -> tuple[datetime, ...]:
    """Every start of an opening."""
    found = starts(
        opening, duration=duration, step=step, earliest=opening.start, before=opening.end
    )
    return tuple(found)


def limit_between(opening: Opening, start: datetime, end: datetime) -> int:
    """How many bookings may run at once; across several windows the smallest limit holds."""
    return min(window.max_bookings for window in opening.windows if meets(window, start, end))


def meets(window: Window, start: datetime, end: datetime) -> bool:
    return window.start < end and start < window.end


@lru_cache(maxsize=65536)
def at_wall_clock(zone: ZoneInfo, on: date, minute: int) -> datetime:
    """The instant of a local time; 1440 is the next midnight.

    Source: RFC 5545, 3.3.5. A time that a spring change skips is read with the offset before the
    gap, one that autumn repeats is the first of the two: what ``fold=0`` means to zoneinfo.
    """
    days, minutes = divmod(minute, DAY_MINUTES)
    wall_clock = time(*divmod(minutes, 60), tzinfo=zone)
    return datetime.combine(on + timedelta(days=days), wall_clock).astimezone(UTC)
