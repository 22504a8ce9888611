"""From weekly hours and overrides in wall-clock time to openings in UTC. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from booking_core.availability.model import Opening, Override, Template, Window

DAY_MINUTES = 24 * 60


def openings(
    zone: ZoneInfo,
    templates: Sequence[Template],
    overrides: Sequence[Override],
    *,
    first: date,
    last: date,
) -> list[Opening]:
    """What one consultant has open on the local dates ``first`` to ``last``, sorted and disjoint.

    Hours that meet at a midnight are one opening. To know where an opening that is met at a
    midnight began, ``first`` must lie one date before the first date of interest.
    """
    joined: list[Opening] = []
    for day in range((last - first).days + 1):
        on = first + timedelta(days=day)
        midnights = at_wall_clock(zone, on, 0), at_wall_clock(zone, on, DAY_MINUTES)
        for opening in join(windows_on(zone, on, templates, overrides)):
            if not joined or joined[-1].end < opening.start:
                joined.append(opening)
                continue
            # Counting starts anew on a date that is open all day, else round-the-clock hours
            # would be counted from wherever one began to look.
            anew = (opening.start,) if (opening.start, opening.end) == midnights else ()
            joined[-1] = append(joined[-1], opening, anew)
    return joined


def append(before: Opening, after: Opening, origins: tuple[datetime, ...]) -> Opening:
    return Opening(
        start=before.start,
        end=max(before.end, after.end),
        origins=before.origins + origins,
        windows=before.windows + after.windows,
    )


def windows_on(
    zone: ZoneInfo, on: date, templates: Iterable[Template], overrides: Iterable[Override]
) -> list[Window]:
    """One local date's windows, sorted by start; they may overlap one another.

    A date closed without hours is closed whatever else is said of it. Overrides that open hours
    replace the weekly ones together; those that close hours take them out of what is then open.
    """
    todays = [override for override in overrides if override.specific_date == on]
    closed = [override for override in todays if not override.is_available]
    if any(override.start_minute is None for override in closed):
        return []
    weekday = on.isoweekday() % 7  # Sunday is 0 in the templates
    hours: Iterable[Template | Override] = [
        override for override in todays if override.is_available
    ] or [template for template in templates if template.day_of_week == weekday]
    windows = [window_of(zone, on, row) for row in hours]
    for row in closed:
        windows = list(subtract(windows, window_of(zone, on, row)))
    return sorted(
        (window for window in windows if window.start < window.end),
        key=lambda window: (window.start, window.end),
    )


def window_of(zone: ZoneInfo, on: date, row: Template | Override) -> Window:
    """A row's hours in UTC. Hours that a clock change swallows come out empty or backwards."""
    return Window(
        start=at_wall_clock(zone, on, row.start_minute or 0),
        end=at_wall_clock(zone, on, DAY_MINUTES if row.end_minute is None else row.end_minute),
        max_bookings=row.max_bookings,
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
    ends = (*opening.origins[1:], opening.end)
    for origin, end in zip(opening.origins, ends, strict=True):
        skipped = max(-(-(earliest - origin) // step), 0)  # rounded up
        start = origin + skipped * step
        while start < min(end, before) and start + duration <= opening.end:
            yield start
            start += step


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
