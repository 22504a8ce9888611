"""Which slots are offered: hours, notice, horizon, buffers, seats, limits, holds."""

from datetime import UTC, date, datetime, timedelta

import pytest

from booking_core.availability import (
    Slot,
    find_slots,
    is_offered,
    require_slot,
)
from booking_core.database import Connection
from booking_core.errors import (
    RangeInvalid,
    SlotNotOffered,
    SlotTaken,
)
from tests.booking_core.factories import (
    NOW,
    TODAY,
    add_override,
    at,
    hold_slot,
    make_booking,
    make_consultant,
    make_service,
    slot_at,
    slots_on,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TOMORROW = TODAY + DAY
MORNING = (("09:00", "10:00"),)


def clocks(slots: list[Slot]) -> list[str]:
    return [f"{slot.start:%H:%M}" for slot in slots]


async def test_an_hour_has_four_quarters_and_the_last_one_ends_with_it(conn: Connection) -> None:
    consultant = await make_consultant(conn, hours=MORNING)
    service = await make_service(conn, duration_minutes=30)
    slots = await slots_on(conn, service)
    assert clocks(slots) == ["09:00", "09:15", "09:30"]
    first = slots[0]
    assert (first.consultant_id, first.service_id) == (consultant, service.id)
    assert (first.start, first.end) == (at(TODAY, "09:00"), at(TODAY, "09:30"))
    assert first.start.tzinfo is UTC


async def test_only_starts_inside_the_asked_range_are_offered(conn: Connection) -> None:
    await make_consultant(conn, hours=MORNING)
    service = await make_service(conn)
    slots = await find_slots(
        conn, service, start=at(TODAY, "09:10"), end=at(TODAY, "09:45"), now=NOW
    )
    assert clocks(slots) == ["09:15", "09:30"]


async def test_everybodys_slots_come_in_order_or_those_of_one(conn: Connection) -> None:
    consultants = sorted([await make_consultant(conn, hours=MORNING) for _ in range(2)])
    service = await make_service(conn, slot_step_minutes=30)
    slots = await slots_on(conn, service)
    assert [(f"{slot.start:%H:%M}", slot.consultant_id) for slot in slots] == [
        ("09:00", consultants[0]),
        ("09:00", consultants[1]),
        ("09:30", consultants[0]),
        ("09:30", consultants[1]),
    ]
    only = await slots_on(conn, service, consultant_id=consultants[1])
    assert only == [slots[1], slots[3]]


async def test_hours_are_the_consultants_wall_clock(conn: Connection) -> None:
    await make_consultant(conn, hours=MORNING, timezone="America/New_York", days=[0])
    service = await make_service(conn, slot_step_minutes=60, horizon_days=90)
    asked = {"now": at(date(2031, 3, 1), "00:00")}
    before, after = date(2031, 3, 2), date(2031, 3, 9)  # clocks go forward on the ninth
    assert clocks(await slots_on(conn, service, before, **asked)) == ["14:00"]
    assert clocks(await slots_on(conn, service, after, **asked)) == ["13:00"]


async def test_a_day_that_ends_at_24_00_is_offered_to_its_end(conn: Connection) -> None:
    await make_consultant(conn, hours=(("23:00", "24:00"),), days=[1])
    service = await make_service(conn, duration_minutes=60)
    assert clocks(await slots_on(conn, service)) == ["23:00"]


async def test_former_staff_and_switched_off_hours_offer_nothing(conn: Connection) -> None:
    former, idle = await make_consultant(conn), await make_consultant(conn)
    await conn.execute(
        "UPDATE profiles SET role = 'customer', is_staff = FALSE WHERE id = $1", former
    )
    await conn.execute(
        "UPDATE availability_templates SET is_active = FALSE WHERE consultant_id = $1", idle
    )
    assert await slots_on(conn, await make_service(conn)) == []


async def test_a_date_may_be_opened_or_closed_on_its_own(conn: Connection) -> None:
    consultant = await make_consultant(conn, hours=MORNING)
    service = await make_service(conn, duration_minutes=60)
    await add_override(conn, consultant, TODAY)
    await add_override(conn, consultant, TOMORROW, "14:00", "15:00", is_available=True)
    assert await slots_on(conn, service) == []
    assert clocks(await slots_on(conn, service, TOMORROW)) == ["14:00"]


async def test_one_unreadable_zone_does_not_take_the_others_slots_away(conn: Connection) -> None:
    await make_consultant(conn, timezone="America/New_york")  # PostgreSQL forgives the small y
    good = await make_consultant(conn, hours=MORNING)
    slots = await slots_on(conn, await make_service(conn))
    assert {slot.consultant_id for slot in slots} == {good}


async def test_notice_is_elapsed_time_and_may_be_met_exactly(conn: Connection) -> None:
    await make_consultant(conn, hours=MORNING)
    service = await make_service(conn, minimum_notice_minutes=90)  # it is eight o'clock
    assert clocks(await slots_on(conn, service)) == ["09:30", "09:45"]


async def test_what_lies_beyond_the_horizon_is_not_offered(conn: Connection) -> None:
    await make_consultant(conn, hours=(("07:00", "09:00"),))
    service = await make_service(conn, horizon_days=1, slot_step_minutes=30)
    assert clocks(await slots_on(conn, service, TOMORROW)) == ["07:00", "07:30"]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (NOW, NOW),
        (NOW + DAY, NOW),
        (NOW, NOW + timedelta(days=62, seconds=1)),
        (NOW.replace(tzinfo=None), NOW + DAY),
        (NOW, (NOW + DAY).replace(tzinfo=None)),
        (datetime(9999, 12, 30, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)),
        (datetime(1, 1, 1, tzinfo=UTC), datetime(1, 1, 2, tzinfo=UTC)),
    ],
)
async def test_a_range_that_makes_no_sense_is_refused(
    conn: Connection, start: datetime, end: datetime
) -> None:
    service = await make_service(conn)
    with pytest.raises(RangeInvalid):
        await find_slots(conn, service, start=start, end=end, now=NOW)


async def test_a_booking_hides_every_slot_it_overlaps_and_no_other(conn: Connection) -> None:
    await make_consultant(conn, hours=(("09:00", "11:00"),))
    service = await make_service(conn, duration_minutes=30)
    await make_booking(conn, await slot_at(conn, service, at(TODAY, "09:45")))
    assert clocks(await slots_on(conn, service)) == ["09:00", "09:15", "10:15", "10:30"]


async def test_a_cancelled_booking_gives_its_time_back(conn: Connection) -> None:
    await make_consultant(conn, hours=MORNING)
    service = await make_service(conn, duration_minutes=60)
    booking = await make_booking(conn, await slot_at(conn, service, at(TODAY, "09:00")))
    assert await slots_on(conn, service) == []
    await conn.execute("UPDATE bookings SET status = 'cancelled' WHERE id = $1", booking.id)
    assert clocks(await slots_on(conn, service)) == ["09:00"]


async def test_the_buffers_of_both_bookings_lie_between_them(conn: Connection) -> None:
    await make_consultant(conn, hours=(("09:00", "12:00"),))
    first = await make_service(conn, duration_minutes=30, buffer_after_minutes=10)
    second = await make_service(
        conn, duration_minutes=30, buffer_before_minutes=20, buffer_after_minutes=5
    )
    await make_booking(conn, await slot_at(conn, first, at(TODAY, "10:00")))
    # 30 minutes after it (10 + 20), 5 before it (5 + 0)
    assert clocks(await slots_on(conn, second)) == ["09:00", "09:15", "11:00", "11:15", "11:30"]


@pytest.mark.parametrize("clock", ["09:15", "10:45"])
async def test_a_single_slot_is_asked_for_with_its_buffers_too(
    conn: Connection, clock: str
) -> None:
    await make_consultant(conn, hours=(("09:00", "12:00"),))
    service = await make_service(conn, duration_minutes=30)
    padded = await make_service(
        conn, duration_minutes=30, buffer_before_minutes=20, buffer_after_minutes=20
    )
    beside = await slot_at(conn, padded, at(TODAY, clock))
    await make_booking(conn, await slot_at(conn, service, at(TODAY, "10:00")))
    assert not await is_offered(conn, padded, beside, now=NOW)


async def test_a_buffer_need_not_lie_inside_the_hours(conn: Connection) -> None:
    await make_consultant(conn, hours=MORNING)
    service = await make_service(
        conn, duration_minutes=60, buffer_before_minutes=30, buffer_after_minutes=30
    )
    assert clocks(await slots_on(conn, service)) == ["09:00"]


async def test_a_service_with_seats_is_offered_until_they_are_gone(conn: Connection) -> None:
    await make_consultant(conn, hours=MORNING, max_bookings=5)
    service = await make_service(conn, duration_minutes=60, max_concurrent_bookings=2)
    slot = await slot_at(conn, service, at(TODAY, "09:00"))
    await make_booking(conn, slot)
    assert await slots_on(conn, service) == [slot]
    await make_booking(conn, slot)
    assert await slots_on(conn, service) == []


async def test_a_window_with_fewer_places_than_seats_decides(conn: Connection) -> None:
    await make_consultant(conn, hours=MORNING, max_bookings=1)
    service = await make_service(conn, duration_minutes=30, max_concurrent_bookings=2)
    await make_booking(conn, await slot_at(conn, service, at(TODAY, "09:00")))
    assert clocks(await slots_on(conn, service)) == ["09:30"]


async def test_a_slot_that_no_single_seat_can_take_is_not_offered(conn: Connection) -> None:
    await make_consultant(conn, hours=(("09:00", "11:00"),), max_bookings=2)
    service = await make_service(
        conn, duration_minutes=60, slot_step_minutes=30, max_concurrent_bookings=2
    )
    early = await slot_at(conn, service, at(TODAY, "09:00"))
    late = await slot_at(conn, service, at(TODAY, "10:00"))
    await make_booking(conn, early)
    placeholder = await make_booking(conn, late)
    await make_booking(conn, late)
    await conn.execute("UPDATE bookings SET status = 'cancelled' WHERE id = $1", placeholder.id)
    # Seat one until ten, seat two from ten: one person at a time, yet no seat from half past nine.
    assert clocks(await slots_on(conn, service)) == ["09:00", "10:00"]


async def test_another_service_blocks_whatever_the_seats(conn: Connection) -> None:
    await make_consultant(conn, hours=MORNING, max_bookings=5)
    group = await make_service(conn, duration_minutes=30, max_concurrent_bookings=5)
    other = await make_service(conn, duration_minutes=30)
    await make_booking(conn, await slot_at(conn, other, at(TODAY, "09:00")))
    assert clocks(await slots_on(conn, group)) == ["09:30"]


async def test_the_daily_limit_counts_on_the_consultants_own_date(conn: Connection) -> None:
    await make_consultant(conn, hours=(("18:00", "21:00"),), timezone="America/New_York")
    service = await make_service(
        conn, duration_minutes=60, slot_step_minutes=60, max_daily_bookings=1
    )
    monday = await slot_at(conn, service, at(TODAY, "23:00"))
    await make_booking(conn, monday)
    # Tuesday in UTC, still Monday in New York: then the next slot is Tuesday's first.
    following = await slots_on(conn, service, TOMORROW)
    assert clocks(following) == ["23:00"]
    assert await slots_on(conn, service) == []


async def test_a_live_hold_hides_its_time_from_all_but_its_conversation(conn: Connection) -> None:
    await make_consultant(conn, hours=MORNING)
    service = await make_service(conn, duration_minutes=60, max_daily_bookings=1)
    slot = await slot_at(conn, service, at(TODAY, "09:00"))
    await hold_slot(conn, slot, "conv_1", expires_at=NOW + 5 * timedelta(minutes=1))
    assert await slots_on(conn, service) == []
    assert not await is_offered(conn, service, slot, now=NOW, conversation_id="conv_2")
    assert await slots_on(conn, service, conversation_id="conv_1") == [slot]
    assert await is_offered(conn, service, slot, now=NOW, conversation_id="conv_1")
    later = NOW + 5 * timedelta(minutes=1)
    assert await slots_on(conn, service, now=later) == [slot]


async def test_what_is_against_a_slot_has_its_name(conn: Connection) -> None:
    await make_consultant(conn, hours=(("09:00", "11:00"),))
    service = await make_service(conn, duration_minutes=30, buffer_after_minutes=15)
    slot, overlapping, in_buffer = [
        await slot_at(conn, service, at(TODAY, clock)) for clock in ("09:00", "09:15", "09:30")
    ]
    await require_slot(conn, service, slot, now=NOW)
    await make_booking(conn, slot)
    for taken in (slot, overlapping):
        with pytest.raises(SlotTaken):
            await require_slot(conn, service, taken, now=NOW)
    off_step = Slot(
        consultant_id=slot.consultant_id,
        service_id=service.id,
        start=slot.start + timedelta(minutes=65),
        end=slot.end + timedelta(minutes=65),
    )
    too_long = Slot(
        consultant_id=slot.consultant_id,
        service_id=service.id,
        start=at(TODAY, "10:00"),
        end=at(TODAY, "11:00"),
    )
    for refused in (in_buffer, off_step, too_long):
        with pytest.raises(SlotNotOffered):
            await require_slot(conn, service, refused, now=NOW)
