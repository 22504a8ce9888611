"""Holds: a slot is kept while its caller decides, and nobody keeps the calendar."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import asyncpg
import pytest

from booking_core.availability import Rules, Slot
from booking_core.bookings import (
    Hold,
    book_hold,
    book_slot,
    find_booking,
    find_hold,
    hold_slot,
    list_half_booked,
    purge_holds,
    release_hold,
    renew_hold,
)
from booking_core.database import Connection
from booking_core.errors import (
    BookingError,
    ContactInvalid,
    HoldExpired,
    HoldInvalid,
    HoldNotFound,
    RangeInvalid,
    SlotNotOffered,
    SlotTaken,
    TooManyHolds,
)
from booking_core.services import Service
from tests.booking_core.factories import (
    NOW,
    TODAY,
    at,
    make_booking,
    make_consultant,
    make_customer,
    make_new_booking,
    make_service,
    make_wish,
    slots_on,
)

NINE: Final = at(TODAY, "09:00")
MINUTE: Final = timedelta(minutes=1)
LONG_AGO: Final = datetime(2020, 1, 1, tzinfo=UTC)
COUNT_HOLDS: Final = "SELECT count(*) FROM slot_holds"


async def make_slots(conn: Connection, **columns: Any) -> tuple[Service, list[Slot]]:
    await make_consultant(conn)
    service = await make_service(conn, **columns)
    return service, await slots_on(conn, service)


async def hold(conn: Connection, slot: Slot, conversation_id: str = "conv_1", **said: Any) -> Hold:
    return await hold_slot(conn, slot, conversation_id, **({"now": NOW} | said))


async def run_out(conn: Connection, conversation_id: str = "conv_1") -> None:
    """Let a hold expire, for the server's clock too."""
    await conn.execute(
        "UPDATE slot_holds SET expires_at = $2, created_at = $2 WHERE conversation_id = $1",
        conversation_id,
        LONG_AGO,
    )


async def test_a_held_slot_is_offered_to_its_own_conversation_alone(conn: Connection) -> None:
    service, (first, second, *_) = await make_slots(conn)
    held = await hold(conn, first)
    assert (held.slot, held.conversation_id) == (first, "conv_1")
    assert (held.created_at, held.expires_at) == (NOW, NOW + 5 * MINUTE)
    assert (await slots_on(conn, service))[0] == second
    assert (await slots_on(conn, service, conversation_id="conv_1"))[0] == first
    assert await find_hold(conn, "conv_1", now=NOW) == held
    assert await find_hold(conn, "conv_2", now=NOW) is None


async def test_a_held_slot_is_refused_to_everybody_else(conn: Connection) -> None:
    _, (slot, *_) = await make_slots(conn)
    await hold(conn, slot)
    with pytest.raises(SlotTaken):
        await hold(conn, slot, "conv_2")
    with pytest.raises(SlotTaken):
        await make_booking(conn, slot)
    wish = make_new_booking(await make_customer(conn), slot)
    with pytest.raises(SlotTaken):
        await book_slot(conn, wish, now=NOW, conversation_id="conv_2")


async def test_the_websites_plain_insert_respects_a_hold(conn: Connection) -> None:
    _, (slot, other, *_) = await make_slots(conn)
    await hold(conn, slot)
    booking = await make_booking(conn, other)
    with pytest.raises(asyncpg.ExclusionViolationError):
        async with conn.transaction():
            await insert_as_the_website(conn, slot, booking.customer_metrics_id)
    await run_out(conn)
    await insert_as_the_website(conn, slot, booking.customer_metrics_id)


async def insert_as_the_website(conn: Connection, slot: Slot, customer_id: object) -> None:
    await conn.execute(
        """INSERT INTO bookings (
            service_id, consultant_id, customer_metrics_id, customer_data, project_description,
            scheduled_date, scheduled_time, scheduled_datetime, status
        )
        VALUES ($1, $2, $3, $4, 'A web shop', $5, $6, $7, 'pending')""",
        slot.service_id,
        slot.consultant_id,
        customer_id,
        {"email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace"},
        slot.start.date(),
        slot.start.time(),
        slot.start,
    )


async def test_what_ran_out_blocks_nobody(conn: Connection) -> None:
    service, (slot, *_) = await make_slots(conn)
    await hold(conn, slot)
    await run_out(conn)
    assert (await slots_on(conn, service))[0] == slot
    assert await find_hold(conn, "conv_1", now=NOW) is None
    assert (await hold(conn, slot, "conv_2")).slot == slot


async def test_a_new_hold_gives_the_old_one_back_once_it_is_won(conn: Connection) -> None:
    service, (first, second, third, *_) = await make_slots(conn)
    await make_booking(conn, third)
    old = await hold(conn, first)
    with pytest.raises(SlotTaken):
        await hold(conn, third)
    assert await find_hold(conn, "conv_1", now=NOW) == old
    new = await hold(conn, second)
    assert new.id != old.id
    assert (await slots_on(conn, service))[0] == first
    assert await conn.fetchval(COUNT_HOLDS) == 1


async def test_a_hold_may_overlap_the_one_it_replaces(conn: Connection) -> None:
    _, (first, second, *_) = await make_slots(conn, duration_minutes=60)
    assert second.start < first.end
    await hold(conn, first)
    assert (await hold(conn, second)).slot == second


async def test_a_hold_that_is_given_back_is_free(conn: Connection) -> None:
    service, (slot, *_) = await make_slots(conn)
    await hold(conn, slot)
    await release_hold(conn, "conv_1")
    await release_hold(conn, "conv_1")
    assert (await slots_on(conn, service))[0] == slot
    with pytest.raises(HoldNotFound):
        await renew_hold(conn, "conv_1", now=NOW)


async def test_renewing_counts_from_now_and_stays_the_same_hold(conn: Connection) -> None:
    _, (slot, *_) = await make_slots(conn)
    held = await hold(conn, slot, caller="+4930123456")
    later = NOW + 2 * MINUTE
    renewed = await renew_hold(conn, "conv_1", now=later, keep_for=10 * MINUTE)
    assert renewed == replace(held, expires_at=later + 10 * MINUTE)


async def test_what_ran_out_is_won_anew_or_lost(conn: Connection) -> None:
    _, (first, second, *_) = await make_slots(conn)
    for slot, conversation_id in ((first, "conv_1"), (second, "conv_2")):
        await hold(conn, slot, conversation_id)
        await run_out(conn, conversation_id)
    await make_booking(conn, second)
    assert (await renew_hold(conn, "conv_1", now=NOW)).created_at == NOW
    with pytest.raises(SlotTaken):
        await renew_hold(conn, "conv_2", now=NOW)


async def test_holding_applies_every_rule_that_offering_applies(conn: Connection) -> None:
    service, (slot, *_) = await make_slots(
        conn, buffer_after_minutes=15, minimum_notice_minutes=30, max_daily_bookings=2
    )
    await make_booking(conn, slot)
    for start in (
        at(TODAY, "09:15"),  # within the buffer
        at(TODAY, "08:45"),  # before hours
        at(TODAY, "09:31"),  # beside the step
        NOW - timedelta(days=7) + timedelta(hours=3),
        at(TODAY, "09:30") + timedelta(days=70),  # beyond the horizon
    ):
        with pytest.raises(SlotNotOffered):
            await hold(conn, replace(slot, start=start, end=start + service.duration))
    half_past = replace(slot, start=at(TODAY, "09:30"), end=at(TODAY, "09:45"))
    with pytest.raises(SlotNotOffered):
        await hold(conn, half_past, now=at(TODAY, "09:01"))
    await hold(conn, half_past, "conv_2")
    with pytest.raises(SlotNotOffered):  # the second of two a day is kept for somebody
        await hold(conn, replace(slot, start=at(TODAY, "11:00"), end=at(TODAY, "11:15")))


async def test_a_consultants_own_limit_counts_bookings_and_holds_of_any_service(
    conn: Connection,
) -> None:
    service, slots = await make_slots(conn)
    other = await make_service(conn)
    rules = Rules(consultant_daily_limit=2)
    await make_booking(conn, slots[0])
    await hold(conn, (await slots_on(conn, other))[1], rules=rules)
    with pytest.raises(SlotNotOffered):
        await hold(conn, slots[4], "conv_2", rules=rules)
    wish = make_new_booking(await make_customer(conn), slots[4])
    with pytest.raises(SlotNotOffered):
        await book_slot(conn, wish, now=NOW, rules=rules)
    booking = await book_slot(conn, wish, now=NOW, rules=rules, conversation_id="conv_1")
    assert booking.service_id == service.id


async def test_a_hold_becomes_a_booking_and_is_gone(conn: Connection) -> None:
    _, (slot, *_) = await make_slots(conn)
    await hold(conn, slot)
    wish = make_wish(await make_customer(conn))
    booking = await book_hold(conn, "conv_1", wish, now=NOW + MINUTE)
    assert (booking.scheduled_datetime, booking.consultant_id) == (slot.start, slot.consultant_id)
    assert booking.status == "confirmed"
    assert await conn.fetchval(COUNT_HOLDS) == 0
    with pytest.raises(HoldNotFound):
        await book_hold(conn, "conv_1", wish, now=NOW + MINUTE)


async def test_booking_in_a_conversation_ends_its_hold_of_any_slot(conn: Connection) -> None:
    service, (first, second, *_) = await make_slots(conn)
    await hold(conn, first)
    wish = make_new_booking(await make_customer(conn), second)
    await book_slot(conn, wish, now=NOW, conversation_id="conv_1")
    assert await conn.fetchval(COUNT_HOLDS) == 0
    assert (await slots_on(conn, service))[0] == first


async def test_whoever_spells_their_name_for_a_minute_does_not_lose_the_time_over_it(
    conn: Connection,
) -> None:
    """The notice is kept when holding; the minutes that the hold lasts are not against it."""
    _, (slot, *_) = await make_slots(conn, minimum_notice_minutes=60)
    await hold(conn, slot, now=NOW)  # exactly an hour ahead
    with pytest.raises(SlotNotOffered):
        await hold(conn, slot, "conv_2", now=NOW + MINUTE)
    await renew_hold(conn, "conv_1", now=NOW + 3 * MINUTE)
    wish = make_wish(await make_customer(conn))
    assert (await book_hold(conn, "conv_1", wish, now=NOW + 4 * MINUTE)).status == "confirmed"


async def test_an_expired_hold_is_not_booked_and_says_so(conn: Connection) -> None:
    _, (slot, *_) = await make_slots(conn)
    await hold(conn, slot)
    wish = make_wish(await make_customer(conn))
    with pytest.raises(HoldExpired):
        await book_hold(conn, "conv_1", wish, now=NOW + 5 * MINUTE)
    with pytest.raises(HoldNotFound):
        await book_hold(conn, "conv_2", wish, now=NOW)


async def test_a_refused_booking_leaves_the_hold(conn: Connection) -> None:
    _, (slot, *_) = await make_slots(conn)
    held = await hold(conn, slot)
    unreachable = replace(await make_customer(conn), email=None)
    with pytest.raises(ContactInvalid):
        await book_hold(conn, "conv_1", make_wish(unreachable), now=NOW)
    assert await find_hold(conn, "conv_1", now=NOW) == held


async def test_a_held_time_that_has_gone_by_is_not_booked(conn: Connection) -> None:
    _, (slot, *_) = await make_slots(conn)
    await hold(conn, slot, now=slot.start)
    wish = make_wish(await make_customer(conn))
    with pytest.raises(SlotNotOffered):
        await book_hold(conn, "conv_1", wish, now=slot.start + MINUTE)


async def test_hours_that_are_closed_meanwhile_are_refused(conn: Connection) -> None:
    _, (slot, *_) = await make_slots(conn)
    await hold(conn, slot)
    await conn.execute("UPDATE availability_templates SET is_active = FALSE")
    wish = make_wish(await make_customer(conn))
    with pytest.raises(SlotNotOffered):
        await book_hold(conn, "conv_1", wish, now=NOW)


async def test_one_caller_keeps_only_so_many_times(conn: Connection) -> None:
    _, slots = await make_slots(conn)
    for number in range(3):
        await hold(conn, slots[number], f"conv_{number}", caller="+4930123456")
    with pytest.raises(TooManyHolds):
        await hold(conn, slots[5], "conv_9", caller="+4930123456")
    await hold(conn, slots[5], "conv_2", caller="+4930123456")  # instead of its own
    await hold(conn, slots[6], "conv_8", caller="+4930999999")
    await hold(conn, slots[7], "conv_7")
    await run_out(conn, "conv_0")
    await hold(conn, slots[8], "conv_9", caller="+4930123456")
    with pytest.raises(TooManyHolds):
        await hold(conn, slots[9], "conv_x", caller="+4930999999", caller_limit=1)


async def test_what_ran_out_unbooked_is_half_booked_until_it_is_purged(conn: Connection) -> None:
    _, slots = await make_slots(conn)
    for number in range(4):
        await hold(conn, slots[number], f"conv_{number}")
    for number in range(3):
        await run_out(conn, f"conv_{number}")
    wish = make_new_booking(await make_customer(conn), slots[9])
    await book_slot(conn, wish, now=NOW, conversation_id="conv_0")
    await release_hold(conn, "conv_1")
    (half_booked,) = await list_half_booked(conn, now=NOW)
    assert (half_booked.conversation_id, half_booked.slot) == ("conv_2", slots[2])
    assert await purge_holds(conn, before=LONG_AGO) == 0
    assert await purge_holds(conn, before=NOW) == 1
    assert await list_half_booked(conn, now=NOW) == []
    assert await conn.fetchval(COUNT_HOLDS) == 1


async def test_a_hold_survives_the_end_of_its_conversation(conn: Connection) -> None:
    _, (slot, *_) = await make_slots(conn)
    held = await hold(conn, slot)
    await conn.execute(
        "INSERT INTO voice_consultations (voice_session_id, status) VALUES ('conv_1', 'dropped')"
    )
    assert await find_hold(conn, "conv_1", now=NOW) == held


@pytest.mark.parametrize("name", ["", "  ", "x" * 321])
async def test_a_conversation_or_caller_without_a_proper_name_is_refused(
    conn: Connection, name: str
) -> None:
    _, (slot, *_) = await make_slots(conn)
    with pytest.raises(HoldInvalid):
        await hold(conn, slot, name)
    with pytest.raises(HoldInvalid):
        await hold(conn, slot, caller=name)


@pytest.mark.parametrize("name", ["conv\0x", "\ud800", "'; DROP TABLE slot_holds; --", "ﷺ" * 320])
async def test_any_other_name_is_a_name(conn: Connection, name: str) -> None:
    _, (slot, other, *_) = await make_slots(conn)
    await hold(conn, slot, name, caller=name)
    held = await find_hold(conn, name, now=NOW)
    assert held is not None
    await renew_hold(conn, name, now=NOW)
    booking = await book_hold(conn, name, make_wish(await make_customer(conn)), now=NOW)
    assert await find_booking(conn, booking.id) == booking
    await hold(conn, other, name)
    await release_hold(conn, name)
    assert await conn.fetchval(COUNT_HOLDS) == 0


@pytest.mark.parametrize(
    "keep_for",
    [timedelta(0), -MINUTE, timedelta(hours=1, seconds=1), timedelta.max, timedelta.min],
)
async def test_a_time_is_held_for_no_less_than_a_moment_and_no_more_than_an_hour(
    conn: Connection, keep_for: timedelta
) -> None:
    _, (slot, *_) = await make_slots(conn)
    with pytest.raises(HoldInvalid):
        await hold(conn, slot, keep_for=keep_for)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (NINE.replace(tzinfo=None), NINE),
        (NINE, NINE.replace(tzinfo=None)),
        (NINE, NINE),
        (NINE, NINE - MINUTE),
        (datetime.min.replace(tzinfo=UTC), NINE),
        (NINE, datetime.max.replace(tzinfo=UTC)),
        (datetime.max.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)),
    ],
)
async def test_what_is_no_time_is_refused_in_words(
    conn: Connection, start: datetime, end: datetime
) -> None:
    _, (slot, *_) = await make_slots(conn)
    nonsense = replace(slot, start=start, end=end)
    with pytest.raises(RangeInvalid):
        await hold(conn, nonsense)
    with pytest.raises(RangeInvalid):
        await make_booking(conn, nonsense)
    assert await conn.fetchval(COUNT_HOLDS) == 0


async def test_unknown_services_and_consultants_are_refused(conn: Connection) -> None:
    _, (slot, *_) = await make_slots(conn)
    for unknown in (
        replace(slot, service_id=uuid4()),
        replace(slot, consultant_id=uuid4()),
        replace(slot, end=slot.end + MINUTE),
    ):
        with pytest.raises(BookingError):
            await hold(conn, unknown)
    assert (await hold(conn, slot)).slot == slot


async def test_the_services_own_role_holds_and_books(conn: Connection) -> None:
    _, (slot, *_) = await make_slots(conn)
    await conn.execute("SET LOCAL ROLE service_role")
    await hold(conn, slot, caller="+4930123456", rules=Rules(consultant_daily_limit=3))
    await renew_hold(conn, "conv_1", now=NOW)
    customer = await make_customer(conn)
    await book_hold(conn, "conv_1", make_wish(customer), now=NOW)
    assert await list_half_booked(conn, now=NOW) == []
    assert await purge_holds(conn, before=NOW) == 0
