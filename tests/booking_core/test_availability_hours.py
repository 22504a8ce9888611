"""Hours in wall-clock time become openings in UTC, on the days the clocks change too."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking_core.availability.hours import limit_between, openings, starts
from booking_core.availability.model import Opening, Override, Template

MONDAY = date(2031, 1, 6)
MINUTE = timedelta(minutes=1)
ZONES = ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Santiago")


def minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def weekly(
    start: str, end: str, *, days: Sequence[int] = range(7), limit: int = 1
) -> list[Template]:
    return [
        Template(
            day_of_week=day,
            start_minute=minutes(start),
            end_minute=minutes(end),
            max_bookings=limit,
        )
        for day in days
    ]


def override(
    start: str | None, end: str | None, *, opens: bool, limit: int = 1, on: date = MONDAY
) -> Override:
    return Override(
        specific_date=on,
        start_minute=minutes(start) if start else None,
        end_minute=minutes(end) if end else None,
        is_available=opens,
        max_bookings=limit,
    )


def opened(
    templates: Sequence[Template],
    overrides: Sequence[Override] = (),
    *,
    zone: str = "UTC",
    first: date = MONDAY,
    last: date | None = None,
) -> list[Opening]:
    return openings(ZoneInfo(zone), templates, overrides, first=first, last=last or first)


def clocks(found: Sequence[Opening]) -> list[tuple[str, str]]:
    return [(f"{one.start:%d %H:%M}", f"{one.end:%d %H:%M}") for one in found]


def start_clocks(found: Sequence[Opening], *, duration: int, step: int) -> list[str]:
    return [
        f"{start:%d %H:%M}"
        for opening in found
        for start in starts(
            opening,
            duration=duration * MINUTE,
            step=step * MINUTE,
            earliest=datetime(2000, 1, 1, tzinfo=UTC),
            before=datetime(2100, 1, 1, tzinfo=UTC),
        )
    ]


@pytest.mark.parametrize(
    ("zone", "on", "hours", "in_utc"),
    [
        # New York, clocks forward at 02:00 on 9 March, back at 02:00 on 2 November.
        ("America/New_York", date(2031, 3, 8), ("09:00", "17:00"), ("08 14:00", "08 22:00")),
        ("America/New_York", date(2031, 3, 9), ("09:00", "17:00"), ("09 13:00", "09 21:00")),
        ("America/New_York", date(2031, 3, 9), ("01:00", "04:00"), ("09 06:00", "09 08:00")),
        ("America/New_York", date(2031, 3, 9), ("02:30", "05:00"), ("09 07:30", "09 09:00")),
        ("America/New_York", date(2031, 3, 9), ("00:00", "24:00"), ("09 05:00", "10 04:00")),
        ("America/New_York", date(2031, 11, 2), ("01:00", "03:00"), ("02 05:00", "02 08:00")),
        ("America/New_York", date(2031, 11, 2), ("01:30", "01:45"), ("02 05:30", "02 05:45")),
        ("America/New_York", date(2031, 11, 2), ("00:00", "24:00"), ("02 04:00", "03 05:00")),
        # Berlin, forward at 02:00 on 30 March, back at 03:00 on 26 October.
        ("Europe/Berlin", date(2031, 3, 29), ("09:00", "17:00"), ("29 08:00", "29 16:00")),
        ("Europe/Berlin", date(2031, 3, 30), ("09:00", "17:00"), ("30 07:00", "30 15:00")),
        ("Europe/Berlin", date(2031, 3, 30), ("02:30", "04:00"), ("30 01:30", "30 02:00")),
        ("Europe/Berlin", date(2031, 10, 26), ("02:00", "04:00"), ("26 00:00", "26 03:00")),
        # Lord Howe changes by half an hour: forward at 02:00 on 5 October, back on 6 April.
        ("Australia/Lord_Howe", date(2031, 10, 5), ("09:00", "17:00"), ("04 22:00", "05 06:00")),
        ("Australia/Lord_Howe", date(2031, 10, 5), ("02:15", "03:00"), ("04 15:45", "04 16:00")),
        ("Australia/Lord_Howe", date(2031, 4, 6), ("01:30", "02:30"), ("05 14:30", "05 16:00")),
        ("Australia/Lord_Howe", date(2031, 4, 6), ("09:00", "17:00"), ("05 22:30", "06 06:30")),
        # Santiago changes at midnight: 7 September has no 00:30, 5 April has two 23:30.
        ("America/Santiago", date(2031, 9, 6), ("22:00", "24:00"), ("07 02:00", "07 04:00")),
        ("America/Santiago", date(2031, 9, 7), ("00:00", "02:00"), ("07 04:00", "07 05:00")),
        ("America/Santiago", date(2031, 9, 7), ("09:00", "17:00"), ("07 12:00", "07 20:00")),
        ("America/Santiago", date(2031, 4, 5), ("23:00", "24:00"), ("06 02:00", "06 04:00")),
        ("America/Santiago", date(2031, 4, 5), ("00:00", "24:00"), ("05 03:00", "06 04:00")),
    ],
)
def test_hours_keep_the_wall_clock_when_the_clocks_change(
    zone: str, on: date, hours: tuple[str, str], in_utc: tuple[str, str]
) -> None:
    assert clocks(opened(weekly(*hours), zone=zone, first=on)) == [in_utc]


def test_hours_that_a_spring_change_swallows_open_nothing() -> None:
    swallowed = weekly("02:00", "03:00")
    assert opened(swallowed, zone="America/New_York", first=date(2031, 3, 9)) == []


def days_around_changes() -> list[tuple[str, date]]:
    """Every zone with the day before, the day of, and the day after each change until 2036."""
    found = []
    for zone in ZONES:
        day = date(2025, 1, 1)
        while day.year < 2036:
            noons = [
                datetime.combine(day + timedelta(days=shift), datetime.min.time(), ZoneInfo(zone))
                .replace(hour=12)
                .utcoffset()
                for shift in (-1, 0)
            ]
            if noons[0] != noons[1]:
                found += [(zone, day + timedelta(days=shift)) for shift in (-1, 0, 1)]
            day += timedelta(days=1)
    return found


@given(
    st.sampled_from(days_around_changes()),
    # Of the hours that a change repeats or skips, the table above tells.
    st.lists(st.integers(min_value=200, max_value=1370), min_size=2, max_size=2, unique=True),
)
def test_a_minute_is_open_when_the_clock_on_the_wall_says_so(
    where: tuple[str, date], edges: list[int]
) -> None:
    name, on = where
    zone, (first, last) = ZoneInfo(name), sorted(edges)
    found = opened(weekly(f"0:{first}", f"0:{last}"), zone=name, first=on)
    midnight = datetime(on.year, on.month, on.day, tzinfo=UTC)
    for minute in range(-16 * 60, 40 * 60, 7):
        instant = midnight + minute * MINUTE
        wall = instant.astimezone(zone)
        is_open = any(one.start <= instant < one.end for one in found)
        on_the_wall = wall.date() == on and first <= wall.hour * 60 + wall.minute < last
        assert is_open == on_the_wall


def test_sunday_is_day_zero() -> None:
    sunday = weekly("09:00", "10:00", days=[0])
    found = opened(sunday, first=MONDAY, last=MONDAY + timedelta(days=6))
    assert clocks(found) == [("12 09:00", "12 10:00")]


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ([override("12:00", "14:00", opens=True)], [("06 12:00", "06 14:00")]),
        (
            [override("18:00", "19:00", opens=True), override("07:00", "08:00", opens=True)],
            [("06 07:00", "06 08:00"), ("06 18:00", "06 19:00")],
        ),
        (
            [override("12:00", "13:00", opens=False)],
            [("06 09:00", "06 12:00"), ("06 13:00", "06 17:00")],
        ),
        ([override("08:00", "18:00", opens=False)], []),
        ([override("08:00", "10:00", opens=False)], [("06 10:00", "06 17:00")]),
        (
            [override("10:00", "20:00", opens=True), override("12:00", "13:00", opens=False)],
            [("06 10:00", "06 12:00"), ("06 13:00", "06 20:00")],
        ),
        ([override(None, None, opens=False)], []),
        ([override("12:00", "14:00", opens=True), override(None, None, opens=False)], []),
        ([override(None, None, opens=True)], [("06 00:00", "07 00:00")]),
        ([override(None, None, opens=False, on=date(2031, 1, 7))], [("06 09:00", "06 17:00")]),
    ],
)
def test_a_date_of_its_own_replaces_cuts_or_closes(
    overrides: list[Override], expected: list[tuple[str, str]]
) -> None:
    assert clocks(opened(weekly("09:00", "17:00"), overrides)) == expected


def test_hours_that_touch_or_overlap_are_one_opening() -> None:
    rows = weekly("09:00", "12:00") + weekly("12:00", "14:00") + weekly("13:30", "15:00")
    assert clocks(opened(rows)) == [("06 09:00", "06 15:00")]


def test_two_rows_make_one_night_and_starts_are_counted_from_its_evening() -> None:
    night = weekly("22:00", "24:00", days=[1]) + weekly("00:00", "02:00", days=[2])
    found = opened(night, last=MONDAY + timedelta(days=1))
    assert clocks(found) == [("06 22:00", "07 02:00")]
    assert start_clocks(found, duration=50, step=50) == [
        "06 22:00",
        "06 22:50",
        "06 23:40",
        "07 00:30",
    ]


def test_round_the_clock_hours_are_counted_alike_wherever_one_begins_to_look() -> None:
    rows = weekly("00:00", "24:00")
    day = timedelta(days=1)
    long = start_clocks(opened(rows, last=MONDAY + 3 * day), duration=7, step=7)
    short = start_clocks(
        opened(rows, first=MONDAY + 2 * day, last=MONDAY + 3 * day), duration=7, step=7
    )
    assert [start for start in long if start >= "08"] == short


def test_starts_are_counted_from_where_the_hours_begin_and_end_inside_them() -> None:
    found = opened(weekly("09:10", "10:30"), [])
    assert start_clocks(found, duration=30, step=20) == ["06 09:10", "06 09:30", "06 09:50"]


def test_starts_after_a_closed_hour_are_counted_from_its_end() -> None:
    found = opened(weekly("09:00", "11:00"), [override("09:30", "09:50", opens=False)])
    assert start_clocks(found, duration=30, step=30) == ["06 09:00", "06 09:50", "06 10:20"]


def test_a_slot_across_two_windows_keeps_to_the_smaller_limit() -> None:
    rows = weekly("09:00", "12:00", limit=3) + weekly("12:00", "15:00", limit=2)
    (opening,) = opened(rows)

    def limit(first: int, last: int) -> int:
        midnight = datetime(2031, 1, 6, tzinfo=UTC)
        return limit_between(
            opening, midnight + timedelta(hours=first), midnight + timedelta(hours=last)
        )

    assert (limit(9, 12), limit(11, 13), limit(12, 13)) == (3, 2, 2)
