"""What the business decides beside its services: a consultant's day, a horizon without weekends."""

from datetime import UTC, date, datetime, timedelta

import pytest

from booking_core.availability import Rules, find_slots, is_offered, propose_slots, require_slot
from booking_core.availability.bookable import calendar_days
from booking_core.database import Connection
from booking_core.errors import RangeInvalid, SlotNotOffered
from tests.booking_core.factories import (
    NOW,
    TODAY,
    at,
    hold_slot,
    make_booking,
    make_consultant,
    make_service,
    slot_at,
    slots_on,
)

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
TWO_A_DAY = Rules(consultant_daily_limit=2)
BUSINESS_DAYS = Rules(horizon_in_business_days=True)


async def test_a_consultants_day_is_full_whatever_the_services(conn: Connection) -> None:
    full, free = await make_consultant(conn), await make_consultant(conn)
    first, second = await make_service(conn), await make_service(conn)
    for service, clock in ((first, "09:00"), (second, "12:00")):
        slots = await slots_on(conn, service, consultant_id=full)
        await make_booking(conn, next(slot for slot in slots if slot.start == at(TODAY, clock)))
    for service in (first, second):
        offered = await slots_on(conn, service, rules=TWO_A_DAY)
        assert {slot.consultant_id for slot in offered} == {free}
        assert await slots_on(conn, service, consultant_id=full)
        assert await slots_on(conn, service, TODAY + DAY, consultant_id=full, rules=TWO_A_DAY)
    refused = (await slots_on(conn, first, consultant_id=full))[0]
    with pytest.raises(SlotNotOffered):
        await require_slot(conn, first, refused, now=NOW, rules=TWO_A_DAY)
    await require_slot(conn, first, refused, now=NOW)


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_below_one_is_no_rule(limit: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        Rules(consultant_daily_limit=limit)


async def test_a_day_counts_what_was_held_and_what_others_keep(conn: Connection) -> None:
    await make_consultant(conn)
    service = await make_service(conn)
    booking = await make_booking(conn, await slot_at(conn, service, at(TODAY, "09:00")))
    slot = await slot_at(conn, service, at(TODAY, "12:00"))
    await hold_slot(conn, slot, "conv_1", expires_at=NOW + DAY)
    assert await slots_on(conn, service, rules=TWO_A_DAY) == []
    assert await is_offered(conn, service, slot, now=NOW, rules=TWO_A_DAY, conversation_id="conv_1")
    await conn.execute("UPDATE bookings SET status = 'completed' WHERE id = $1", booking.id)
    assert await slots_on(conn, service, rules=TWO_A_DAY) == []
    await conn.execute("UPDATE bookings SET status = 'no_show' WHERE id = $1", booking.id)
    assert await slots_on(conn, service, rules=TWO_A_DAY)


async def test_a_consultants_day_is_their_own_date(conn: Connection) -> None:
    await make_consultant(conn, hours=(("18:00", "21:00"),), timezone="America/New_York")
    service = await make_service(conn, duration_minutes=60, slot_step_minutes=60)
    rules = Rules(consultant_daily_limit=1)
    await make_booking(conn, await slot_at(conn, service, at(TODAY, "23:00")))
    assert await slots_on(conn, service, rules=rules) == []
    tomorrow = await slots_on(conn, service, TODAY + DAY, rules=rules)
    assert [f"{slot.start:%H:%M}" for slot in tomorrow] == ["23:00"]


@pytest.mark.parametrize(
    ("weekday", "days", "expected"),
    [(1, 1, 1), (1, 5, 7), (4, 2, 4), (5, 1, 3), (6, 1, 2), (7, 1, 1), (7, 5, 5), (3, 10, 14)],
)
def test_business_days_leave_weekends_out(weekday: int, days: int, expected: int) -> None:
    assert calendar_days(weekday, days) == expected


async def test_a_horizon_may_leave_weekends_out(conn: Connection) -> None:
    await make_consultant(conn, days=range(7), hours=(("07:00", "09:00"),))
    service = await make_service(conn, horizon_days=2, slot_step_minutes=60)
    thursday = at(TODAY + 3 * DAY, "08:00")
    end = thursday + 9 * DAY
    slots = await find_slots(conn, service, start=thursday, end=end, now=thursday)
    assert slots[-1].start == at(TODAY + 5 * DAY, "07:00")
    slots = await find_slots(
        conn, service, start=thursday, end=end, now=thursday, rules=BUSINESS_DAYS
    )
    assert slots[-1].start == at(TODAY + 7 * DAY, "07:00")  # Monday, before eight o'clock


async def test_a_business_day_is_one_of_the_consultants_own_calendar(conn: Connection) -> None:
    west = await make_consultant(conn, timezone="Pacific/Honolulu", days=range(7))
    east = await make_consultant(conn, timezone="Pacific/Auckland", days=range(7))
    service = await make_service(conn, horizon_days=1)
    now = at(date(2031, 1, 10), "22:00")  # Friday noon in Honolulu, Saturday morning in Auckland
    slots = await find_slots(
        conn, service, start=now, end=now + 9 * DAY, now=now, rules=BUSINESS_DAYS
    )
    last = {one: max(s.start for s in slots if s.consultant_id == one) for one in (west, east)}
    assert last[east] < now + 2 * DAY <= last[west] < now + 3 * DAY


async def test_proposals_keep_to_the_rules(conn: Connection) -> None:
    await make_consultant(conn)
    service = await make_service(conn)
    await make_booking(conn, await slot_at(conn, service, at(TODAY, "09:00")))
    proposed = await propose_slots(
        conn, service, around=NOW, now=NOW, rules=Rules(consultant_daily_limit=1)
    )
    assert {slot.start.date() for slot in proposed} == {TODAY + DAY}


async def test_a_search_at_no_possible_moment_is_refused(conn: Connection) -> None:
    await make_consultant(conn)
    service = await make_service(conn)
    slot = await slot_at(conn, service, at(TODAY, "09:00"))
    naive, far = NOW.replace(tzinfo=None), datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
    for now in (naive, far, datetime(1, 1, 1, tzinfo=UTC)):
        with pytest.raises(RangeInvalid):
            await find_slots(conn, service, start=NOW, end=NOW + DAY, now=now)
        with pytest.raises(RangeInvalid):
            await require_slot(conn, service, slot, now=now)
        with pytest.raises(RangeInvalid):
            await propose_slots(conn, service, around=None, now=now)
    with pytest.raises(RangeInvalid):
        await propose_slots(conn, service, around=naive, now=NOW)
    assert await propose_slots(conn, service, around=far, now=NOW)


async def test_a_conversation_of_any_name_finds_the_same_slots(conn: Connection) -> None:
    await make_consultant(conn)
    service = await make_service(conn)
    expected = await slots_on(conn, service)
    for name in ("", "a\0b", "\ud800", "'); DROP TABLE slot_holds; --", "x" * 100_000):
        assert await slots_on(conn, service, conversation_id=name) == expected


async def test_a_notice_longer_than_the_horizon_leaves_nothing_to_propose(conn: Connection) -> None:
    await make_consultant(conn)
    service = await make_service(conn, minimum_notice_minutes=2_000_000_000, horizon_days=32767)
    assert await propose_slots(conn, service, around=None, now=NOW) == []
    assert await slots_on(conn, service) == []


async def test_a_booking_of_several_days_is_seen_from_its_last(conn: Connection) -> None:
    await make_consultant(conn, hours=(("00:00", "24:00"),), days=range(7))
    long = await make_service(conn, duration_minutes=4 * 1440, slot_step_minutes=60)
    short = await make_service(conn, duration_minutes=60, slot_step_minutes=60)
    booking = await make_booking(conn, await slot_at(conn, long, at(TODAY, "12:00")))
    assert booking.scheduled_end is not None
    slots = await slots_on(conn, short, booking.scheduled_end.date())
    assert slots[0].start == booking.scheduled_end
    assert await slots_on(conn, short, TODAY + 2 * DAY) == []
