"""What holds for every slot of every diary: tried with diaries nobody thought of."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking_core.availability import Slot, find_slots, is_offered
from booking_core.availability.hours import openings
from booking_core.availability.model import Busy, Diary, Override, Template
from booking_core.availability.offers import free_starts
from booking_core.bookings import NewBooking, book_slot
from booking_core.database import Connection
from booking_core.errors import SlotNotOffered, SlotTaken
from booking_core.services import Service
from tests.booking_core.factories import (
    NOW,
    TODAY,
    add_override,
    hold_slot,
    make_consultant,
    make_customer,
    make_new_booking,
    make_service,
)

CONSULTANT, OURS = UUID(int=1), UUID(int=2)
FIRST = date(2031, 3, 7)
MINUTE = timedelta(minutes=1)
# New York's and Havana's clocks change on 9 March, Havana's at midnight; the others stay.
ZONES = [
    ZoneInfo(name)
    for name in ("America/New_York", "America/Havana", "Asia/Kathmandu", "Pacific/Kiritimati")
]


def minutes(least: int, most: int) -> st.SearchStrategy[timedelta]:
    return st.integers(least, most).map(lambda number: number * MINUTE)


@st.composite
def services(draw: st.DrawFn) -> Service:
    return Service(
        id=OURS,
        slug="ours",
        name="Ours",
        description="",
        price=Decimal(0),
        currency="USD",
        duration=draw(minutes(5, 120)),
        booking_type="scheduled",
        is_active=True,
        requires_payment=False,
        auto_confirm=True,
        max_daily_bookings=None,
        max_concurrent_bookings=draw(st.integers(1, 3)),
        slot_step=draw(minutes(5, 60)),
        buffer_before=draw(minutes(0, 30)),
        buffer_after=draw(minutes(0, 30)),
        minimum_notice=timedelta(0),
        horizon_days=60,
    )


@st.composite
def hours(draw: st.DrawFn) -> tuple[int, int]:
    first, last = sorted(draw(st.lists(st.integers(0, 1440), min_size=2, max_size=2, unique=True)))
    return first, last


@st.composite
def templates(draw: st.DrawFn) -> Template:
    start, end = draw(hours())
    return Template(
        day_of_week=draw(st.integers(0, 6)),
        start_minute=start,
        end_minute=end,
        max_bookings=draw(st.integers(1, 3)),
    )


@st.composite
def overrides(draw: st.DrawFn) -> Override:
    start, end = draw(hours() | st.just((None, None)))
    return Override(
        specific_date=FIRST + draw(st.integers(0, 4)) * timedelta(days=1),
        start_minute=start,
        end_minute=end,
        is_available=draw(st.booleans()),
        max_bookings=draw(st.integers(1, 3)),
    )


@st.composite
def bookings(draw: st.DrawFn) -> Busy:
    start = datetime(2031, 3, 7, tzinfo=UTC) + draw(minutes(0, 5 * 1440))
    end = start + draw(minutes(5, 180))
    return Busy(
        id=draw(st.uuids()),
        is_hold=draw(st.booleans()),
        is_ours=draw(st.booleans()),
        seat=draw(st.integers(1, 3)),
        start=start,
        end=end,
        kept_from=start - draw(minutes(0, 30)),
        kept_until=end + draw(minutes(0, 30)),
    )


def diary_of(
    zone: ZoneInfo, weekly: list[Template], exceptions: list[Override], busy: list[Busy]
) -> Diary:
    return Diary(
        consultant_id=CONSULTANT,
        zone=zone,
        templates=weekly,
        overrides=exceptions,
        openings=openings(zone, weekly, exceptions, first=FIRST, last=FIRST + timedelta(days=4)),
        busy=busy,
    )


diaries = st.builds(
    diary_of,
    st.sampled_from(ZONES),
    st.lists(templates(), min_size=1, max_size=8),
    st.lists(overrides(), max_size=4),
    st.lists(bookings(), max_size=8),
)
moments = minutes(0, 5 * 1440).map(lambda since: datetime(2031, 3, 7, tzinfo=UTC) + since)


@given(services(), diaries, moments, minutes(1, 3 * 1440))
def test_what_is_offered_was_asked_for_is_open_and_has_room(
    service: Service, diary: Diary, earliest: datetime, length: timedelta
) -> None:
    before = earliest + length
    offered = free_starts(service, diary, earliest=earliest, before=before)
    assert offered == sorted(set(offered))
    for start in offered:
        end = start + service.duration
        assert earliest <= start < before
        assert any(one.start <= start and end <= one.end for one in diary.openings)
        assert_has_room(service, diary, start)
        assert_inside_hours(diary, start, end)


def assert_has_room(service: Service, diary: Diary, start: datetime) -> None:
    """Asked minute by minute, in the words of the rule."""
    moment = start
    while moment < start + service.duration:
        limits = [
            window.max_bookings
            for opening in diary.openings
            for window in opening.windows
            if window.start <= moment < window.end
        ]
        here = [
            other
            for other in diary.busy
            if other.kept_from - service.buffer_after
            <= moment
            < other.kept_until + service.buffer_before
        ]
        assert all(other.is_ours for other in here)
        assert len(here) < service.max_concurrent_bookings
        assert len(here) < min(limits)
        moment += MINUTE


def assert_inside_hours(diary: Diary, start: datetime, end: datetime) -> None:
    """Asked of the wall clock minute by minute, on dates on which it runs through."""
    moment = start
    while moment < end:
        shown = moment.astimezone(diary.zone)
        midnight = shown.replace(hour=0, minute=0)
        if midnight.utcoffset() == (midnight + timedelta(days=1)).utcoffset():
            assert is_open(diary, shown.date(), 60 * shown.hour + shown.minute)
        moment += MINUTE


def is_open(diary: Diary, on: date, minute: int) -> bool:
    todays = [row for row in diary.overrides if row.specific_date == on]
    if any(covers(row, minute) for row in todays if not row.is_available):
        return False
    opened = [row for row in todays if row.is_available]
    if opened:
        return any(covers(row, minute) for row in opened)
    weekday = on.isoweekday() % 7
    return any(covers(row, minute) for row in diary.templates if row.day_of_week == weekday)


def covers(row: Template | Override, minute: int) -> bool:
    if row.start_minute is None or row.end_minute is None:
        return True
    return row.start_minute <= minute < row.end_minute


@given(services(), diaries, moments, minutes(1, 3 * 1440))
def test_a_part_of_a_range_offers_that_part_of_its_slots(
    service: Service, diary: Diary, earliest: datetime, length: timedelta
) -> None:
    middle, before = earliest + length / 2, earliest + length
    whole = free_starts(service, diary, earliest=earliest, before=before)
    halves = [
        *free_starts(service, diary, earliest=earliest, before=middle),
        *free_starts(service, diary, earliest=middle, before=before),
    ]
    assert halves == whole


@pytest.mark.parametrize("seed", range(8))
async def test_every_offered_slot_books_and_no_other_does(conn: Connection, seed: int) -> None:
    random = Random(seed)
    consultants = [await make_some_consultant(conn, random) for _ in range(3)]
    services = [await make_some_service(conn, random) for _ in range(2)]
    await add_override(conn, consultants[0], TODAY, "10:00", "10:40")
    await add_override(conn, consultants[1], TODAY, is_available=True, max_bookings=2)
    await add_override(conn, consultants[2], TODAY + timedelta(days=1))
    customer = await make_customer(conn)
    for number in range(30):
        service = random.choice(services)
        slot = random.choice(await offered_by(conn, service))
        if number % 6 == 0:
            # The database asks its own clock what has expired: it shows a time between these two.
            expires_at = random.choice([NOW + MINUTE, datetime(2020, 1, 1, tzinfo=UTC)])
            await hold_slot(conn, slot, f"conv_{number}", expires_at=expires_at)
            continue
        booking = await book_slot(conn, make_new_booking(customer, slot), now=NOW)
        if random.random() < 0.3:
            await conn.execute("UPDATE bookings SET status = 'cancelled' WHERE id = $1", booking.id)
    tried: Counter[bool] = Counter()
    for service in services:
        offered = await offered_by(conn, service)
        others = [some_slot(service, random.choice(consultants), random) for _ in range(40)]
        for slot in random.sample(offered, min(20, len(offered))) + others:
            expected = slot in offered
            assert await is_offered(conn, service, slot, now=NOW) == expected
            assert await can_be_booked(conn, make_new_booking(customer, slot)) == expected
            tried[expected] += 1
    assert min(tried[True], tried[False]) > 10


async def make_some_consultant(conn: Connection, random: Random) -> UUID:
    return await make_consultant(
        conn,
        timezone=random.choice(["UTC", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"]),
        hours=[("09:00", "11:00"), ("11:00", "12:30"), ("22:30", "24:00")],
        max_bookings=random.randint(1, 3),
    )


async def make_some_service(conn: Connection, random: Random) -> Service:
    return await make_service(
        conn,
        duration_minutes=random.choice([20, 45, 60]),
        slot_step_minutes=random.choice([15, 30]),
        buffer_before_minutes=random.choice([0, 10]),
        buffer_after_minutes=random.choice([0, 5]),
        max_concurrent_bookings=random.choice([None, 1, 2, 3]),
        max_daily_bookings=random.choice([None, 12]),
    )


def some_slot(service: Service, consultant_id: UUID, random: Random) -> Slot:
    start = NOW + random.randrange(3 * 24 * 4) * 15 * MINUTE
    return Slot(
        consultant_id=consultant_id,
        service_id=service.id,
        start=start,
        end=start + service.duration,
    )


async def offered_by(conn: Connection, service: Service) -> list[Slot]:
    return await find_slots(conn, service, start=NOW, end=NOW + timedelta(days=3), now=NOW)


async def can_be_booked(conn: Connection, wish: NewBooking) -> bool:
    attempt = conn.transaction()
    await attempt.start()
    try:
        await book_slot(conn, wish, now=NOW)
    except (SlotTaken, SlotNotOffered):
        return False
    finally:
        await attempt.rollback()
    return True
