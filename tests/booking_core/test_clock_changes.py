"""Every change of clocks from 2025 to 2030, against the wall clock reckoned minute by minute."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from booking_core.availability import Reason, explain, find_slots
from booking_core.database import Connection
from booking_core.services import Service
from tests.booking_core.factories import (
    add_override,
    at,
    make_booking,
    make_consultant,
    make_service,
    slot_at,
    slots_on,
)

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
STEP = 15 * MINUTE
CHANGES_A_YEAR: Final = {
    "America/New_York": 2,
    "Europe/Berlin": 2,
    "Europe/London": 2,
    "Australia/Sydney": 2,
    "America/Santiago": 2,
    "Africa/Cairo": 2,
    "Australia/Lord_Howe": 2,
    "Asia/Kathmandu": 0,
}
# All that can meet a change: around midnight, one, two and three o'clock, and a working day.
HOURS: Final = (
    ("00:00", "24:00"),
    ("00:00", "00:45"),
    ("00:30", "01:30"),
    ("01:30", "02:15"),
    ("02:15", "02:45"),
    ("02:30", "05:00"),
    ("09:00", "17:00"),
    ("23:15", "24:00"),
)


@cache
def changes(name: str) -> tuple[datetime, ...]:
    """The first instants of a new offset, found by asking for each minute of 2025 to 2030."""
    zone = ZoneInfo(name)
    found = []
    hour = datetime(2025, 1, 1, tzinfo=UTC)
    while hour.year < 2031:
        if offset(zone, hour) != offset(zone, hour + HOUR):
            minutes = (hour + number * MINUTE for number in range(1, 61))
            found.append(next(one for one in minutes if offset(zone, one) != offset(zone, hour)))
        hour += HOUR
    return tuple(found)


def offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    found = instant.astimezone(zone).utcoffset()
    assert found is not None
    return found


class WallClock:
    """What the clocks of a zone show in the days around an instant, minute by minute."""

    def __init__(self, zone: ZoneInfo, around: datetime) -> None:
        self.shown: dict[datetime, datetime] = {}  # wall clock → the first instant it shows
        first = around - 3 * DAY
        previous = offset(zone, first)
        for number in range(6 * 24 * 60):
            instant = first + number * MINUTE
            now = offset(zone, instant)
            naive = instant.replace(tzinfo=None)
            if now > previous:  # what a spring change skips is read with the offset before it
                skipped = int((now - previous) / MINUTE)
                for minute in range(skipped):
                    self.shown[naive + previous + minute * MINUTE] = instant + minute * MINUTE
            self.shown.setdefault(naive + now, instant)  # of two, autumn's first
            previous = now

    def starts(self, on: date, opens: str, closes: str) -> Iterator[datetime]:
        start, end = self.instant(on, opens), self.instant(on, closes)
        while start + STEP <= end:
            yield start
            start += STEP

    def instant(self, on: date, clock: str) -> datetime:
        hour, minute = map(int, clock.split(":"))
        return self.shown[datetime.combine(on, datetime.min.time()) + hour * HOUR + minute * MINUTE]


def test_clocks_change_as_often_as_they_are_known_to() -> None:
    for name, a_year in CHANGES_A_YEAR.items():
        years = [change.year for change in changes(name)]
        assert years == sorted(a_year * list(range(2025, 2031)))


@pytest.mark.parametrize("name", CHANGES_A_YEAR)
async def test_hours_follow_the_wall_clock_through_every_change(
    conn: Connection, name: str
) -> None:
    zone = ZoneInfo(name)
    service = await make_service(conn, horizon_days=20)
    hours_of = {
        await make_consultant(conn, timezone=name, hours=[hours], days=range(7)): hours
        for hours in HOURS
    }
    quiet = tuple(datetime(year, 3, 30, 1, tzinfo=UTC) for year in range(2025, 2031))
    for change in changes(name) or quiet:
        await check_change(conn, service, zone, change, hours_of)


async def check_change(
    conn: Connection,
    service: Service,
    zone: ZoneInfo,
    change: datetime,
    hours_of: dict[UUID, tuple[str, str]],
) -> None:
    wall_clock = WallClock(zone, change)
    on = change.astimezone(zone).date()
    start, end = wall_clock.instant(on - DAY, "00:00"), wall_clock.instant(on + DAY, "24:00")
    offered = await find_slots(conn, service, start=start, end=end, now=start - DAY)
    for consultant, (opens, closes) in hours_of.items():
        expected = [
            instant
            for day in (on - DAY, on, on + DAY)
            for instant in wall_clock.starts(day, opens, closes)
        ]
        found = [slot.start for slot in offered if slot.consultant_id == consultant]
        assert found == expected, (zone.key, change, opens, closes)


async def test_times_that_are_skipped_or_repeated_are_explained_as_they_are_offered(
    conn: Connection,
) -> None:
    await make_consultant(conn, timezone="America/New_York", hours=[("01:00", "03:00")], days=[0])
    service = await make_service(conn, duration_minutes=60, slot_step_minutes=60, horizon_days=400)
    now = datetime(2027, 3, 1, tzinfo=UTC)
    spring, autumn = date(2027, 3, 14), date(2027, 11, 7)
    for day, clock, reason in (
        (spring, "06:00", Reason.OFFERED),  # one o'clock; two o'clock is three already
        (spring, "07:00", Reason.HOURS),
        (autumn, "05:00", Reason.OFFERED),
        (autumn, "06:00", Reason.OFFERED),  # one o'clock again
        (autumn, "07:00", Reason.OFFERED),
        (autumn, "08:00", Reason.HOURS),
    ):
        said = await explain(conn, service, at(day, clock), now=now)
        assert [one.reason for one in said.consultants] == [reason], (day, clock)


async def test_notice_is_elapsed_time_through_a_change_too(conn: Connection) -> None:
    await make_consultant(conn, timezone="Europe/Berlin", hours=[("00:00", "24:00")], days=range(7))
    service = await make_service(conn, minimum_notice_minutes=12 * 60)
    for day in (date(2027, 3, 27), date(2027, 10, 30)):  # the evening before a change
        now = at(day, "20:00")
        slots = await find_slots(conn, service, start=now, end=now + DAY, now=now)
        assert slots[0].start == now + 12 * HOUR
        assert len(slots) == 12 * 4


@pytest.mark.parametrize("here", ["America/St_Johns", "Pacific/Kiritimati", "Asia/Kathmandu"])
async def test_neither_the_process_nor_the_session_has_a_zone_of_its_own(
    conn: Connection, monkeypatch: pytest.MonkeyPatch, here: str
) -> None:
    rows = [await make_consultant(conn, timezone=name) for name in ("UTC", "America/New_York")]
    service = await make_service(conn, max_daily_bookings=2)
    today = date(2031, 1, 6)
    await add_override(conn, rows[1], today + DAY, "10:00", "12:00")
    for clock in ("15:00", "16:00"):
        await make_booking(conn, await slot_at(conn, service, at(today, clock)))

    async def answers() -> list[object]:
        days = [today + number * DAY for number in range(3)]
        slots = [await slots_on(conn, service, day) for day in days]
        said = [
            await explain(conn, service, at(day, "15:00"), now=at(today, "08:00")) for day in days
        ]
        return [*slots, *said]

    expected = await answers()
    with monkeypatch.context() as patch:
        patch.setenv("TZ", here)
        time.tzset()
        await conn.execute(f"SET LOCAL timezone = '{here}'")
        assert datetime.now().astimezone().utcoffset() != timedelta(0)
        assert await answers() == expected
    time.tzset()
    assert os.environ.get("TZ") != here
