"""What a booking is: its reference, its time, its price and whom it is for."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from booking_core.database import Connection
from tests.sql.roles import CHECK, UNIQUE, refused
from tests.sql.rows import (
    HOUR,
    MONDAY,
    Columns,
    People,
    book,
    change,
    day,
    make_service,
    service_id,
    value,
)


async def test_references_stay_unique_and_short_past_every_power_of_ten(
    conn: Connection, people: People
) -> None:
    references = []
    for start in (9998, 99998, 1234567):
        await conn.execute(f"ALTER SEQUENCE booking_ref_seq RESTART {start}")
        for _ in range(4):
            booking = await book(conn, people.customer)
            references.append(await value(conn, "bookings", booking, "booking_reference"))
    assert len(set(references)) == 12
    assert max(len(reference) for reference in references) <= 20
    numbers = [int(reference.rsplit("-", 1)[-1]) for reference in references]
    assert numbers[:4] == [9998, 9999, 10000, 10001]
    assert numbers[-1] == 1234570


async def test_a_short_number_is_padded(conn: Connection, people: People) -> None:
    await conn.execute("ALTER SEQUENCE booking_ref_seq RESTART 7")
    booking = await book(conn, people.customer)
    reference = await value(conn, "bookings", booking, "booking_reference")
    assert reference.endswith("-0007")


async def test_the_day_of_a_reference_is_that_of_utc(conn: Connection) -> None:
    references = []
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        await conn.execute(f"SET LOCAL timezone = '{zone}'")
        references.append(await conn.fetchval("SELECT public.generate_booking_reference()"))
    today = await conn.fetchval("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD')")
    assert [reference[:13] for reference in references] == [f"INT-{today}-"] * 2


async def test_a_blank_reference_counts_as_none(conn: Connection, people: People) -> None:
    for blank in ("", "  ", None):
        booking = await book(conn, people.customer, booking_reference=blank)
        reference = await value(conn, "bookings", booking, "booking_reference")
        assert reference.startswith("INT-")


async def test_date_and_time_follow_the_instant(conn: Connection, people: People) -> None:
    booking = await book(
        conn,
        people.customer,
        scheduled_date=day("2031-01-06"),
        scheduled_time=time(10),
        scheduled_datetime=datetime(2031, 12, 24, 15, 30, tzinfo=UTC),
    )
    assert await shown(conn, booking) == ("2031-12-24", "15:30:00", "UTC")
    moved = datetime(2031, 6, 1, 23, 30, tzinfo=UTC)
    await change(conn, "bookings", booking, scheduled_datetime=moved)
    assert await shown(conn, booking) == ("2031-06-01", "23:30:00", "UTC")
    await change(conn, "bookings", booking, timezone="Europe/Zurich")
    assert await shown(conn, booking) == ("2031-06-02", "01:30:00", "Europe/Zurich")


async def shown(conn: Connection, booking: Any) -> tuple[str, ...]:
    row = await conn.fetchrow(
        "SELECT scheduled_date::text, scheduled_time::text, timezone FROM bookings WHERE id = $1",
        booking,
    )
    assert row is not None
    return tuple(row)


async def test_the_instant_alone_is_enough_and_read_in_the_callers_zone(
    conn: Connection, people: People
) -> None:
    booking = await book(
        conn, people.customer, scheduled_datetime=MONDAY, timezone="America/New_York"
    )
    assert await shown(conn, booking) == ("2031-01-06", "05:00:00", "America/New_York")


async def test_a_booking_takes_only_a_zone_that_exists(conn: Connection, people: People) -> None:
    async with refused(conn, CHECK):
        await book(conn, people.customer, timezone="Mars/Phobos")


async def test_an_immediate_call_may_be_scheduled_now(conn: Connection, people: People) -> None:
    now: datetime = await conn.fetchval("SELECT now()")
    booking = await book(conn, people.customer, at=now)
    assert await value(conn, "bookings", booking, "scheduled_datetime") == now


async def test_a_past_booking_is_imported_with_its_own_date_only(
    conn: Connection, people: People
) -> None:
    past = datetime(2025, 5, 5, 10, tzinfo=UTC)
    async with refused(conn, CHECK):
        await book(conn, people.customer, at=past)
    booking = await book(conn, people.customer, at=past, created_at=past - HOUR)
    assert await value(conn, "bookings", booking, "scheduled_datetime") == past


@pytest.mark.parametrize("status", ["confirmed", "in_progress"])
async def test_a_scheduled_service_is_not_confirmed_without_a_time(
    conn: Connection, people: People, status: str
) -> None:
    pending = await book(conn, people.customer)
    async with refused(conn, CHECK):
        await change(conn, "bookings", pending, status=status)
    async with refused(conn, CHECK):
        await book(conn, people.customer, status=status)
    service = await make_service(conn, "call-now", booking_type="immediate")
    booking = await book(conn, people.customer, service=service, status=status)
    assert await value(conn, "bookings", booking, "scheduled_datetime") is None


async def test_each_end_of_a_booking_is_dated(conn: Connection, people: People) -> None:
    now: datetime = await conn.fetchval("SELECT now()")
    for status, column in (
        ("confirmed", "confirmed_at"),
        ("completed", "completed_at"),
        ("cancelled", "cancelled_at"),
    ):
        booking = await book(conn, people.customer, at=MONDAY)
        assert await value(conn, "bookings", booking, column) is None
        await change(conn, "bookings", booking, status=status)
        assert await value(conn, "bookings", booking, column) == now


async def test_a_date_that_was_given_is_kept(conn: Connection, people: People) -> None:
    told = datetime(2026, 1, 1, tzinfo=UTC)
    booking = await book(conn, people.customer, at=MONDAY, status="completed", completed_at=told)
    assert await value(conn, "bookings", booking, "completed_at") == told


async def test_a_free_call_with_a_time_is_confirmed_at_once(
    conn: Connection, people: People
) -> None:
    call = await book(conn, people.customer, at=MONDAY, service="discovery-call")
    assert await value(conn, "bookings", call, "status") == "confirmed"
    assert await value(conn, "bookings", call, "confirmed_at") is not None
    session = await book(conn, people.customer, at=MONDAY)
    assert await value(conn, "bookings", session, "status") == "pending"
    undated = await book(conn, people.customer, service="discovery-call")
    assert await value(conn, "bookings", undated, "status") == "pending"


async def test_a_payment_starts_as_the_service_says(conn: Connection, people: People) -> None:
    session = await book(conn, people.customer)
    assert await value(conn, "bookings", session, "payment_amount") == 150
    assert await value(conn, "bookings", session, "payment_status") == "pending"
    call = await book(conn, people.customer, service="discovery-call")
    assert await value(conn, "bookings", call, "payment_status") == "waived"
    agreed = await book(conn, people.customer, payment_amount=99)
    assert await value(conn, "bookings", agreed, "payment_amount") == 99


async def test_changing_a_service_changes_no_booking(conn: Connection, people: People) -> None:
    booking = await book(conn, people.customer, at=MONDAY)
    session = await service_id(conn, "strategy-session")
    await change(conn, "services", session, duration_minutes=15, price=1, currency="EUR")
    await change(conn, "bookings", booking, follow_up_notes="Bring plans")
    row = await conn.fetchrow(
        "SELECT duration_minutes, scheduled_end, currency, payment_amount FROM bookings"
        " WHERE id = $1",
        booking,
    )
    assert row is not None
    assert tuple(row) == (60, MONDAY + HOUR, "USD", 150)


async def test_a_moved_booking_ends_as_much_later(conn: Connection, people: People) -> None:
    booking = await book(conn, people.customer, at=MONDAY)
    await change(conn, "bookings", booking, scheduled_datetime=MONDAY + 3 * HOUR)
    assert await value(conn, "bookings", booking, "scheduled_end") == MONDAY + 4 * HOUR


@pytest.mark.parametrize(
    "customer_data",
    [
        ["email", "first_name", "last_name"],
        {"email": None, "first_name": "Ann", "last_name": "Lee"},
        {"email": "not an address", "first_name": "Ann", "last_name": "Lee"},
        {"email": "a@example.com", "first_name": " ", "last_name": "Lee"},
        {"email": "a@example.com", "first_name": "Ann", "last_name": None},
        {"email": "a@example.com", "first_name": ["Ann"], "last_name": "Lee"},
        {"email": "a@example.com", "first_name": "Ann"},
        {"email": None, "phone": "079 000 00 01", "first_name": "Ann", "last_name": "Lee"},
        {"phone": "+41790000001", "first_name": "Ann", "last_name": "Lee"},
        '"email first_name last_name"',
        None,
    ],
)
async def test_customer_data_without_a_person_in_it_is_refused(
    conn: Connection, people: People, customer_data: Any
) -> None:
    async with refused(conn, "23"):
        await book(conn, people.customer, customer_data=customer_data)


@pytest.mark.parametrize(
    "customer_data",
    [
        {"email": "ann@example.com", "first_name": "Ann", "last_name": "", "company": None},
        {"email": None, "phone": "+41790000001", "first_name": "Guest", "last_name": ""},
    ],
)
async def test_a_name_and_one_way_to_reach_somebody_are_enough(
    conn: Connection, people: People, customer_data: dict[str, Any]
) -> None:
    booking = await book(conn, people.customer, customer_data=customer_data)
    assert await value(conn, "bookings", booking, "customer_data") == customer_data


async def test_a_consultant_is_staff(conn: Connection, people: People) -> None:
    async with refused(conn, "23"):
        await book(conn, people.customer, at=MONDAY, consultant_id=people.bob)
    booking = await book(conn, people.customer, at=MONDAY)
    async with refused(conn, "23"):
        await change(conn, "bookings", booking, consultant_id=people.bob)
    await change(conn, "bookings", booking, consultant_id=people.sam)
    assert await value(conn, "bookings", booking, "consultant_id") == people.sam


async def test_a_call_may_end_at_once_but_not_before_it_began(
    conn: Connection, people: People
) -> None:
    booking = await book(conn, people.customer)
    await change(conn, "bookings", booking, actual_start_time=MONDAY, actual_end_time=MONDAY)
    async with refused(conn, CHECK):
        await change(conn, "bookings", booking, actual_end_time=MONDAY - timedelta(seconds=1))


async def test_one_payment_pays_one_booking(conn: Connection, people: People) -> None:
    payment: Columns = {"payment_method": "card", "payment_reference": "pay_1"}
    await book(conn, people.customer, **payment)
    async with refused(conn, UNIQUE):
        await book(conn, people.customer, **payment)
    await book(conn, people.customer, payment_method="card")
    await book(conn, people.customer, payment_method="card")
    await book(conn, people.customer, payment_method="wire", payment_reference="pay_1")
