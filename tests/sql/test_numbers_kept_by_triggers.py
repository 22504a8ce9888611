"""A customer's counts, revenue, dates and quality are always those of the bookings there are."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from booking_core.database import Connection
from tests.sql.roles import acting_as
from tests.sql.rows import MONDAY, Columns, People, book, change, make_customer, value


async def numbers(conn: Connection, customer: UUID) -> tuple[Any, ...]:
    row = await conn.fetchrow(
        "SELECT total_bookings, total_revenue FROM customer_metrics WHERE id = $1", customer
    )
    assert row is not None
    return tuple(row)


async def book_paid(conn: Connection, customer: UUID, **columns: Any) -> UUID:
    paid: Columns = {"at": MONDAY, "status": "completed", "payment_status": "paid"}
    return await book(conn, customer, **paid | columns)


async def test_an_unpaid_booking_earns_nothing(conn: Connection, people: People) -> None:
    booking = await book(conn, people.customer, at=MONDAY)
    await change(conn, "bookings", booking, status="completed")
    assert await numbers(conn, people.customer) == (1, 0)
    await change(conn, "bookings", booking, payment_status="paid")
    assert await numbers(conn, people.customer) == (1, 150)


async def test_completing_twice_earns_once(conn: Connection, people: People) -> None:
    booking = await book(conn, people.customer, at=MONDAY, payment_status="paid")
    for status in ("completed", "in_progress", "completed"):
        await change(conn, "bookings", booking, status=status)
    assert await numbers(conn, people.customer) == (1, 150)


async def test_a_refund_takes_the_revenue_back(conn: Connection, people: People) -> None:
    booking = await book_paid(conn, people.customer)
    assert await numbers(conn, people.customer) == (1, 150)
    await change(conn, "bookings", booking, payment_status="refunded")
    assert await numbers(conn, people.customer) == (1, 0)


async def test_a_cancelled_booking_earns_nothing(conn: Connection, people: People) -> None:
    booking = await book_paid(conn, people.customer)
    await change(conn, "bookings", booking, status="cancelled")
    assert (await numbers(conn, people.customer))[1] == 0


async def test_a_deleted_booking_counts_no_more(conn: Connection, people: People) -> None:
    booking = await book_paid(conn, people.customer)
    await conn.execute("DELETE FROM bookings WHERE id = $1", booking)
    assert await numbers(conn, people.customer) == (0, 0)


async def test_a_booking_given_to_another_customer_counts_there(
    conn: Connection, people: People
) -> None:
    other = await make_customer(conn, "eve@example.com")
    booking = await book_paid(conn, people.customer)
    await change(conn, "bookings", booking, customer_metrics_id=other)
    assert await numbers(conn, people.customer) == (0, 0)
    assert await numbers(conn, other) == (1, 150)


async def test_an_imported_paid_booking_earns(conn: Connection, people: People) -> None:
    await book_paid(conn, people.customer)
    assert await numbers(conn, people.customer) == (1, 150)


async def test_first_and_last_booking_are_by_date_not_by_order(
    conn: Connection, people: People
) -> None:
    may, january = (datetime(2026, month, 1, tzinfo=UTC) for month in (5, 1))
    for created_at in (may, january):
        await book(conn, people.customer, created_at=created_at)
    row = await conn.fetchrow(
        "SELECT first_booking_date, last_booking_date FROM customer_metrics WHERE id = $1",
        people.customer,
    )
    assert row is not None
    assert tuple(row) == (january, may)


async def test_a_first_booking_makes_a_qualified_active_customer(
    conn: Connection, people: People
) -> None:
    await book(conn, people.customer)
    assert await value(conn, "customer_metrics", people.customer, "lead_quality") == "qualified"
    assert await value(conn, "customer_metrics", people.customer, "status") == "active"


@pytest.mark.parametrize(
    ("quality", "status"),
    [("hot", "vip"), ("converted", "inactive"), ("churned", "churned"), ("qualified", "vip")],
)
async def test_a_booking_never_lowers_quality_or_overrides_a_status(
    conn: Connection, people: People, quality: str, status: str
) -> None:
    await change(conn, "customer_metrics", people.customer, lead_quality=quality, status=status)
    await book_paid(conn, people.customer)
    assert await value(conn, "customer_metrics", people.customer, "lead_quality") == quality
    assert await value(conn, "customer_metrics", people.customer, "status") == status


async def test_paying_again_promotes_a_customer(conn: Connection, people: People) -> None:
    qualities = []
    for _ in range(3):
        await book_paid(conn, people.customer)
        qualities.append(await value(conn, "customer_metrics", people.customer, "lead_quality"))
    assert qualities == ["qualified", "hot", "converted"]


async def test_a_booking_made_by_staff_counts_all_the_same(
    conn: Connection, people: People
) -> None:
    async with acting_as(conn, "authenticated", people.sam):
        booking = await book(
            conn, people.customer, at=MONDAY, consultant_id=people.sam, service="discovery-call"
        )
    assert await numbers(conn, people.customer) == (1, 0)
    assert await value(conn, "bookings", booking, "payment_status") == "waived"


async def test_a_booking_has_a_lead_score_unless_it_was_given_one(
    conn: Connection, people: People
) -> None:
    session = await book(conn, people.customer)
    assert await value(conn, "bookings", session, "lead_score") > 0
    judged = await book(conn, people.customer, lead_score=42)
    assert await value(conn, "bookings", judged, "lead_score") == 42
