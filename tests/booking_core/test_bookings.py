"""Booking: what was offered is booked, nobody is booked twice, every no has its name."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from booking_core.bookings import (
    Booking,
    book_slot,
    book_time,
    find_booking,
    find_upcoming_booking,
    get_booking,
)
from booking_core.consultants import list_consultants
from booking_core.customers import Contact, raise_lead_quality
from booking_core.database import Connection, open_pool
from booking_core.errors import (
    BookingError,
    BookingNotFound,
    ContactInvalid,
    SlotNotOffered,
    SlotTaken,
    TimezoneUnknown,
)
from booking_core.interactions import record_interaction
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
    slot_at,
    slots_on,
)
from tests.conftest import FreshDatabase

DAY = timedelta(days=1)
NINE = at(TODAY, "09:00")
MORNING = (("09:00", "10:00"),)
COUNT_BOOKINGS = "SELECT count(*) FROM bookings WHERE service_id = $1"


async def work_on(conn: Connection, consultant_id: UUID, day: date) -> None:
    """Give a consultant a booking on a day gone by."""
    service, now = await make_service(conn), at(day, "00:00")
    slots = await slots_on(conn, service, day, now=now, consultant_id=consultant_id)
    await book_slot(conn, make_new_booking(await make_customer(conn), slots[0]), now=now)


async def test_a_booking_is_what_was_wished_for(conn: Connection) -> None:
    consultant = await make_consultant(conn)
    service = await make_service(conn, duration_minutes=60)
    slot = await slot_at(conn, service, NINE)
    customer = await make_customer(conn, phone="+4930123456")
    wish = make_new_booking(
        customer,
        slot,
        contact=Contact(first_name=" Ada ", last_name="Lovelace", company="Analytical"),
        project_description="A machine",
        timezone="America/New_York",
        source="voice_consultation",
        lead_score=81,
    )
    booking = await book_slot(conn, wish, now=NOW)
    assert booking.booking_reference.startswith("INT-")
    assert (booking.service_id, booking.consultant_id) == (service.id, consultant)
    assert (booking.scheduled_datetime, booking.scheduled_end) == (slot.start, slot.end)
    assert (booking.customer_metrics_id, booking.timezone) == (customer.id, "America/New_York")
    assert (booking.booking_source, booking.lead_score) == ("voice_consultation", 81)
    assert (booking.status, booking.payment_status) == ("confirmed", "waived")
    assert (booking.project_description, booking.created_at) == ("A machine", NOW)
    assert booking.customer_data == {
        "email": "ada@example.com",
        "phone": "+4930123456",
        "first_name": "Ada",
        "last_name": "Lovelace",
        "company": "Analytical",
    }


async def test_a_paid_service_is_pending_with_its_price(conn: Connection) -> None:
    await make_consultant(conn)
    service = await make_service(
        conn, price=Decimal("150.00"), requires_payment=True, auto_confirm=False
    )
    booking = await make_booking(conn, await slot_at(conn, service, NINE))
    assert (booking.status, booking.payment_status) == ("pending", "pending")
    assert (booking.payment_amount, booking.currency) == (Decimal("150.00"), "USD")


@pytest.mark.parametrize(
    ("email", "phone", "called"),
    [("ada.l@example.com", None, "ada.l"), (None, "+4930123456", "Guest")],
)
async def test_who_says_no_name_is_still_called_something(
    conn: Connection, email: str | None, phone: str | None, called: str
) -> None:
    await make_consultant(conn)
    slot = await slot_at(conn, await make_service(conn), NINE)
    customer = await make_customer(conn, email=email, phone=phone)
    wish = make_new_booking(customer, slot, contact=Contact(first_name=" "))
    said = (await book_slot(conn, wish, now=NOW)).customer_data
    assert (said["first_name"], said["last_name"]) == (called, "")
    assert (said["email"], said["phone"]) == (email, phone)


async def test_without_a_way_to_reach_them_nobody_is_booked(conn: Connection) -> None:
    await make_consultant(conn)
    slot = await slot_at(conn, await make_service(conn), NINE)
    unreachable = replace(await make_customer(conn), email=None)
    garbled = Contact(email="no address")
    for wish in (
        make_new_booking(unreachable, slot),
        make_new_booking(unreachable, slot, contact=garbled),
    ):
        with pytest.raises(ContactInvalid):
            await book_slot(conn, wish, now=NOW)
    assert await conn.fetchval(COUNT_BOOKINGS, slot.service_id) == 0


@pytest.mark.parametrize(
    "timezone", ["", "Mars/Phobos", "PST", "../etc/passwd", "EST5EDT", "Japan"]
)
async def test_a_zone_that_not_everybody_knows_is_refused(conn: Connection, timezone: str) -> None:
    await make_consultant(conn)
    slot = await slot_at(conn, await make_service(conn), NINE)
    wish = make_new_booking(await make_customer(conn), slot, timezone=timezone)
    with pytest.raises(TimezoneUnknown):
        await book_slot(conn, wish, now=NOW)
    assert await conn.fetchval(COUNT_BOOKINGS, slot.service_id) == 0


async def test_a_taken_slot_is_refused_and_the_transaction_goes_on(conn: Connection) -> None:
    await make_consultant(conn)
    slot = await slot_at(conn, await make_service(conn), NINE)
    first = await make_booking(conn, slot)
    with pytest.raises(SlotTaken):
        await make_booking(conn, slot)
    assert await find_booking(conn, first.id) == first


async def test_what_only_the_database_knows_is_taken_is_refused_alike(conn: Connection) -> None:
    """A hold whose time is up for the caller's clock, but not yet for the server's."""
    await make_consultant(conn)
    slot = await slot_at(conn, await make_service(conn), NINE)
    await conn.execute(
        """INSERT INTO slot_holds
            (conversation_id, consultant_id, service_id, starts_at, ends_at, expires_at)
        VALUES ('conv_1', $1, $2, $3, $4, $5)""",
        slot.consultant_id,
        slot.service_id,
        slot.start,
        slot.end,
        NOW,
    )
    with pytest.raises(SlotTaken):
        await make_booking(conn, slot)
    assert await conn.fetchval("SELECT 1") == 1


async def test_booking_applies_the_rules_again_as_they_are_now(conn: Connection) -> None:
    await make_consultant(conn)
    service = await make_service(conn)
    slot = await slot_at(conn, service, NINE)
    wish = make_new_booking(await make_customer(conn), slot)
    with pytest.raises(SlotNotOffered):
        await book_slot(conn, wish, now=NINE + timedelta(minutes=1))
    for change in (
        "minimum_notice_minutes = 120",
        "duration_minutes = 30",
        "is_active = FALSE",
    ):
        async with conn.transaction():
            await conn.execute(f"UPDATE services SET {change} WHERE id = $1", service.id)
            with pytest.raises(SlotNotOffered):
                await book_slot(conn, wish, now=NOW)
            await conn.execute(
                """UPDATE services
                SET minimum_notice_minutes = 0, duration_minutes = 15, is_active = TRUE
                WHERE id = $1""",
                service.id,
            )
    assert (await book_slot(conn, wish, now=NOW)).scheduled_datetime == NINE


async def test_a_full_day_is_not_offered_rather_than_taken(conn: Connection) -> None:
    await make_consultant(conn)
    service = await make_service(conn, max_daily_bookings=1)
    first, second = (await slots_on(conn, service))[:2]
    await make_booking(conn, first)
    with pytest.raises(SlotNotOffered):
        await make_booking(conn, second)


async def test_any_consultant_means_the_least_loaded_that_day(conn: Connection) -> None:
    busy, idle = await make_consultant(conn), await make_consultant(conn)
    service = await make_service(conn)
    for slot in await slots_on(conn, service, consultant_id=busy):
        if slot.start == at(TODAY, "15:00"):
            await make_booking(conn, slot)
    await work_on(conn, idle, TODAY - 3 * DAY)
    wish = make_wish(await make_customer(conn))
    assert (await book_time(conn, service, NINE, wish, now=NOW)).consultant_id == idle
    assert (await book_time(conn, service, NINE, wish, now=NOW)).consultant_id == busy


async def test_of_equally_loaded_consultants_the_longest_idle_is_booked(conn: Connection) -> None:
    lately, long_ago, never = [await make_consultant(conn) for _ in range(3)]
    service = await make_service(conn)
    await work_on(conn, lately, TODAY - 3 * DAY)
    await work_on(conn, long_ago, TODAY - 20 * DAY)
    wish = make_wish(await make_customer(conn))
    chosen = [(await book_time(conn, service, NINE, wish, now=NOW)).consultant_id for _ in range(3)]
    assert chosen == [never, long_ago, lately]


async def test_when_nobody_is_free_the_time_is_taken(conn: Connection) -> None:
    await make_consultant(conn, hours=MORNING)
    service = await make_service(conn, duration_minutes=60)
    wish = make_wish(await make_customer(conn))
    await book_time(conn, service, NINE, wish, now=NOW)
    for start in (NINE, at(TODAY, "12:00")):
        with pytest.raises(SlotTaken):
            await book_time(conn, service, start, wish, now=NOW)


async def test_a_reference_finds_its_booking_or_says_there_is_none(conn: Connection) -> None:
    await make_consultant(conn)
    booking = await make_booking(conn, await slot_at(conn, await make_service(conn), NINE))
    assert await get_booking(conn, booking.booking_reference) == booking
    with pytest.raises(BookingNotFound):
        await get_booking(conn, "INT-20310106-0000")


async def test_the_upcoming_booking_is_the_next_live_one_of_the_service(conn: Connection) -> None:
    await make_consultant(conn)
    service, other = await make_service(conn), await make_service(conn)
    second, first = [
        await make_booking(conn, await slot_at(conn, service, at(TODAY, clock)))
        for clock in ("11:00", "09:00")
    ]
    customer_id = first.customer_metrics_id

    async def upcoming(wanted: Service, *, now: datetime) -> Booking | None:
        return await find_upcoming_booking(conn, customer_id, wanted.id, now=now)

    assert await upcoming(service, now=NOW) == first
    assert await upcoming(service, now=NINE) == second
    assert await upcoming(service, now=at(TODAY, "11:00")) is None
    assert await upcoming(other, now=NOW) is None
    await conn.execute("UPDATE bookings SET status = 'cancelled' WHERE id = $1", first.id)
    assert await upcoming(service, now=NOW) == second


async def test_the_services_own_role_may_do_all_of_it(conn: Connection) -> None:
    """Not a superuser, not the owner: what a deployed service signs in as."""
    await make_consultant(conn)
    service = await make_service(conn, max_daily_bookings=5)
    await conn.execute("SET LOCAL ROLE service_role")
    assert len(await list_consultants(conn)) > 0
    customer = await make_customer(conn, phone="+4930123456")
    await raise_lead_quality(conn, customer.id, "hot", now=NOW)
    booking = await book_time(conn, service, NINE, make_wish(customer), now=NOW)
    assert await get_booking(conn, booking.booking_reference) == booking
    await record_interaction(
        conn, customer.id, "booking_created", booking_id=booking.id, details={}, now=NOW
    )


async def test_fifty_callers_at_one_slot_make_one_booking(fresh_database: FreshDatabase) -> None:
    async with fresh_database() as dsn, await open_pool(dsn, max_size=20) as pool:
        async with pool.acquire() as conn:
            await make_consultant(conn)
            slot = await slot_at(conn, await make_service(conn), NINE)

        async def call(number: int) -> type[BookingError] | None:
            async with pool.acquire() as conn, conn.transaction():
                customer = await make_customer(conn, email=f"caller{number}@example.com")
                try:
                    await book_slot(conn, make_new_booking(customer, slot), now=NOW)
                except BookingError as refusal:
                    return type(refusal)
                return None

        answers = await asyncio.gather(*(call(number) for number in range(50)))
        assert sorted(answers, key=str).count(None) == 1
        assert answers.count(SlotTaken) == 49
        assert await pool.fetchval("SELECT count(*) FROM bookings") == 1
        assert await pool.fetchval("SELECT count(*) FROM customer_metrics") == 50


async def test_fifty_callers_at_one_time_fill_every_seat_of_everybody(
    fresh_database: FreshDatabase,
) -> None:
    async with fresh_database() as dsn, await open_pool(dsn, max_size=20) as pool:
        async with pool.acquire() as conn:
            for _ in range(3):
                await make_consultant(conn, max_bookings=2)
            service = await make_service(
                conn, max_concurrent_bookings=2, buffer_before_minutes=15, buffer_after_minutes=15
            )

        async def call(number: int) -> bool:
            async with pool.acquire() as conn, conn.transaction():
                customer = await make_customer(conn, email=f"caller{number}@example.com")
                start = NINE + timedelta(minutes=15 * (number % 2))  # these overlap by the buffers
                try:
                    await book_time(conn, service, start, make_wish(customer), now=NOW)
                except SlotTaken:
                    return False
                return True

        won = await asyncio.gather(*(call(number) for number in range(50)))
        assert won.count(True) == 6
        assert await pool.fetchval("SELECT count(*) FROM bookings") == 6
