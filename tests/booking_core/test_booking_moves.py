"""Moving: the same booking at another time, and never neither of the two."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import pytest

from booking_core.availability import Rules, find_slots
from booking_core.bookings import find_hold, get_booking, hold_slot, move_booking
from booking_core.database import Connection
from booking_core.errors import (
    BookingNotFound,
    RangeInvalid,
    SlotNotOffered,
    SlotTaken,
)
from tests.booking_core.factories import (
    NOW,
    TODAY,
    at,
    make_booking,
    make_consultant,
    make_service,
    slot_at,
    slots_on,
)

NINE: Final = at(TODAY, "09:00")
QUARTER: Final = timedelta(minutes=15)
DAY: Final = timedelta(days=1)


async def test_a_moved_booking_keeps_its_reference_and_frees_its_old_time(
    conn: Connection,
) -> None:
    consultant, other = await make_consultant(conn), await make_consultant(conn)
    service = await make_service(conn)
    slots = await slots_on(conn, service, consultant_id=consultant)
    booking = await make_booking(conn, slots[0])
    (target, *_) = await slots_on(conn, service, TODAY + DAY, consultant_id=other)
    moved = await move_booking(conn, booking.booking_reference, target, now=NOW)
    assert moved == replace(
        booking,
        scheduled_datetime=target.start,
        scheduled_end=target.end,
        consultant_id=other,
    )
    assert await slots_on(conn, service, consultant_id=consultant) == slots
    row = await conn.fetchrow(
        "SELECT scheduled_date, scheduled_time FROM bookings WHERE id = $1", booking.id
    )
    assert row is not None
    assert row["scheduled_date"] == target.start.date()


async def test_a_booking_is_not_in_its_own_way(conn: Connection) -> None:
    await make_consultant(conn)
    service = await make_service(
        conn, duration_minutes=60, buffer_before_minutes=15, max_daily_bookings=1
    )
    booking = await make_booking(conn, await slot_at(conn, service, NINE))
    reference = booking.booking_reference
    rules = Rules(consultant_daily_limit=1)
    offered = await find_slots(
        conn, service, start=NINE, end=NINE + DAY / 2, now=NOW, rules=rules, booking_id=booking.id
    )
    for slot in (offered[1], offered[0], offered[2], offered[2]):
        moved = await move_booking(conn, reference, slot, now=NOW, rules=rules)
        assert (moved.scheduled_datetime, moved.scheduled_end) == (slot.start, slot.end)


async def test_a_move_onto_a_taken_time_leaves_the_booking_as_it_was(conn: Connection) -> None:
    await make_consultant(conn)
    service = await make_service(conn)
    first, second, third, *_ = await slots_on(conn, service)
    booking = await make_booking(conn, first)
    await make_booking(conn, second)
    await hold_slot(conn, third, "conv_1", now=NOW)
    for taken in (second, third):
        with pytest.raises(SlotTaken):
            await move_booking(conn, booking.booking_reference, taken, now=NOW)
    assert await get_booking(conn, booking.booking_reference) == booking


async def test_a_move_onto_what_the_conversation_holds_ends_the_hold(conn: Connection) -> None:
    await make_consultant(conn)
    service = await make_service(conn)
    first, second, *_ = await slots_on(conn, service)
    booking = await make_booking(conn, first)
    await hold_slot(conn, second, "conv_1", now=NOW)
    moved = await move_booking(
        conn, booking.booking_reference, second, now=NOW, conversation_id="conv_1"
    )
    assert moved.scheduled_datetime == second.start
    assert await find_hold(conn, "conv_1", now=NOW) is None


async def test_moving_applies_every_rule_that_offering_applies(conn: Connection) -> None:
    await make_consultant(conn)
    service = await make_service(conn, minimum_notice_minutes=30)
    slot = await slot_at(conn, service, NINE)
    reference = (await make_booking(conn, slot)).booking_reference
    for start, now in (
        (at(TODAY, "08:45"), NOW),
        (at(TODAY, "12:01"), NOW),
        (at(TODAY, "12:00") - 7 * DAY, NOW),
        (at(TODAY, "12:00") + 63 * DAY, NOW),
        (at(TODAY, "12:00"), at(TODAY, "11:45")),
    ):
        with pytest.raises(SlotNotOffered):
            await move_booking(
                conn, reference, replace(slot, start=start, end=start + QUARTER), now=now
            )


async def test_the_duration_agreed_on_stays_when_the_service_has_another_now(
    conn: Connection,
) -> None:
    await make_consultant(conn, hours=(("09:00", "12:00"),))
    service = await make_service(conn, duration_minutes=60)
    booking = await make_booking(conn, await slot_at(conn, service, NINE))
    await conn.execute("UPDATE services SET duration_minutes = 15 WHERE id = $1", service.id)
    shorter = replace(service, duration=QUARTER)
    ten, late = at(TODAY, "10:00"), at(TODAY, "11:45")
    moved = await move_booking(
        conn, booking.booking_reference, await slot_at(conn, shorter, ten), now=NOW
    )
    assert (moved.scheduled_datetime, moved.scheduled_end) == (ten, at(TODAY, "11:00"))
    with pytest.raises(SlotNotOffered):  # an hour does not fit in before noon
        await move_booking(
            conn, booking.booking_reference, await slot_at(conn, shorter, late), now=NOW
        )


async def test_a_booking_without_a_time_is_given_one(conn: Connection) -> None:
    await make_consultant(conn)
    service = await make_service(conn)
    first, second, *_ = await slots_on(conn, service)
    booking = await make_booking(conn, first)
    await conn.execute(
        """UPDATE bookings
        SET scheduled_datetime = NULL, consultant_id = NULL, status = 'pending' WHERE id = $1""",
        booking.id,
    )
    moved = await move_booking(conn, booking.booking_reference, second, now=NOW)
    assert (moved.scheduled_datetime, moved.scheduled_end) == (second.start, second.end)
    assert (moved.consultant_id, moved.status) == (second.consultant_id, "pending")


async def test_another_services_time_is_refused(conn: Connection) -> None:
    await make_consultant(conn)
    booking = await make_booking(conn, await slot_at(conn, await make_service(conn), NINE))
    other = await slot_at(conn, await make_service(conn), at(TODAY, "10:00"))
    with pytest.raises(SlotNotOffered):
        await move_booking(conn, booking.booking_reference, other, now=NOW)


@pytest.mark.parametrize("reference", ["", "INT-1\0", "\ud800", "' OR 1=1 --", "x" * 100_000])
async def test_an_unknown_reference_moves_nothing(conn: Connection, reference: str) -> None:
    await make_consultant(conn)
    slot = await slot_at(conn, await make_service(conn), NINE)
    booking = await make_booking(conn, slot)
    with pytest.raises(BookingNotFound):
        await move_booking(conn, reference, slot, now=NOW)
    with pytest.raises(BookingNotFound):
        await get_booking(conn, reference)
    assert await get_booking(conn, booking.booking_reference) == booking


@pytest.mark.parametrize("start", [NINE.replace(tzinfo=None), NINE.replace(year=9999)])
async def test_a_move_to_no_time_is_refused(conn: Connection, start: datetime) -> None:
    await make_consultant(conn)
    slot = await slot_at(conn, await make_service(conn), NINE)
    booking = await make_booking(conn, slot)
    with pytest.raises(RangeInvalid):
        await move_booking(conn, booking.booking_reference, replace(slot, start=start), now=NOW)
    assert await get_booking(conn, booking.booking_reference) == booking
