"""Dates that keep themselves, values that make sense, reports that do not depend on the reader."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

import pytest

from booking_core.database import Connection
from tests.sql.roles import CHECK, UNIQUE, refused
from tests.sql.rows import (
    MONDAY,
    People,
    book,
    change,
    day,
    insert,
    make_customer,
    make_service,
    value,
)

LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
UNINDEXED = """
    SELECT conrelid::regclass || '.' || conname
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
    WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND NOT EXISTS (
        SELECT FROM pg_index WHERE indrelid = conrelid AND indkey[0] = conkey[1]
            -- A partial index covers the look-up when it leaves out nothing but nulls.
            AND (indpred IS NULL OR pg_get_expr(indpred, indrelid) ~ '^\\(\\w+ IS NOT NULL\\)$')
    )
"""


def old(table: str, **columns: Any) -> Callable[[Connection, People], Awaitable[UUID]]:
    async def make(conn: Connection, people: People) -> UUID:
        owner = {"consultant_id": people.sam} if table.startswith("availability") else {}
        owner |= {"customer_metrics_id": people.customer} if table == "projects" else {}
        return await insert(conn, table, updated_at=LONG_AGO, **columns, **owner)

    return make


async def old_profile(conn: Connection, people: People) -> UUID:
    await conn.execute("DELETE FROM profiles WHERE id = $1", people.bob)
    row = {"first_name": "Bob", "last_name": "Ray", "updated_at": LONG_AGO}
    return await insert(conn, "profiles", id=people.bob, **row)


async def old_booking(conn: Connection, people: People) -> UUID:
    return await book(conn, people.customer, updated_at=LONG_AGO)


async def old_follow_up(conn: Connection, people: People) -> UUID:
    return await make_follow_up(
        conn, people, await book(conn, people.customer), updated_at=LONG_AGO
    )


async def make_follow_up(conn: Connection, people: People, booking: UUID, **columns: Any) -> UUID:
    row = {"assigned_to": people.sam, "follow_up_type": "email", "title": "Thank them"}
    return await insert(conn, "follow_ups", booking_id=booking, **row | columns)


@pytest.mark.parametrize(
    ("table", "make", "columns"),
    [
        ("profiles", old_profile, {"bio": "Bakes bread"}),
        ("customer_metrics", old("customer_metrics", email="e@example.com"), {"status": "vip"}),
        (
            "services",
            old("services", slug="s", name="S", description="S", duration_minutes=5),
            {"is_popular": True},
        ),
        ("bookings", old_booking, {"follow_up_notes": "Bring plans"}),
        ("follow_ups", old_follow_up, {"notes": "Bring plans"}),
        ("projects", old("projects", project_name="A web shop"), {"status": "signed"}),
        (
            "availability_templates",
            old("availability_templates", day_of_week=1, start_time=time(9), end_time=time(17)),
            {"is_active": False},
        ),
        (
            "availability_overrides",
            old("availability_overrides", specific_date=day("2031-01-06")),
            {"reason": "Holiday"},
        ),
        (
            "voice_consultations",
            old("voice_consultations", voice_session_id="conv_1"),
            {"conversation_summary": "A web shop"},
        ),
    ],
)
async def test_every_change_of_a_row_is_dated(
    conn: Connection,
    people: People,
    table: str,
    make: Callable[[Connection, People], Awaitable[UUID]],
    columns: dict[str, Any],
) -> None:
    row_id = await make(conn, people)
    assert await value(conn, table, row_id, "updated_at") == LONG_AGO
    await change(conn, table, row_id, **columns)
    assert await value(conn, table, row_id, "updated_at") == await conn.fetchval("SELECT now()")


@pytest.mark.parametrize(
    "columns",
    [
        {"currency": "x  "},
        {"currency": "usd"},
        {"prerequisites": {"a": 1}},
        {"name": "  "},
        {"requires_payment": True, "price": 0},
    ],
    ids=str,
)
async def test_a_service_that_makes_no_sense_is_refused(
    conn: Connection, columns: dict[str, Any]
) -> None:
    async with refused(conn, CHECK):
        await make_service(conn, "odd", **columns)


async def test_a_date_is_overridden_as_a_whole_once(conn: Connection, people: People) -> None:
    whole_day = {"consultant_id": people.sam, "specific_date": day("2031-01-06")}
    await insert(conn, "availability_overrides", **whole_day)
    async with refused(conn, UNIQUE):
        await insert(conn, "availability_overrides", **whole_day)
    hours = {"start_time": time(9), "end_time": time(12), "is_available": True}
    await insert(conn, "availability_overrides", **whole_day | hours)


@pytest.mark.parametrize("column", ["start_time", "end_time"])
async def test_hours_of_an_override_have_both_ends(
    conn: Connection, people: People, column: str
) -> None:
    async with refused(conn, CHECK):
        await insert(
            conn,
            "availability_overrides",
            consultant_id=people.sam,
            specific_date=day("2031-01-06"),
            **{column: time(9)},
        )


async def test_a_completed_follow_up_is_dated(conn: Connection, people: People) -> None:
    follow_up = await make_follow_up(conn, people, await book(conn, people.customer))
    await change(conn, "follow_ups", follow_up, status="completed")
    now = await conn.fetchval("SELECT now()")
    assert await value(conn, "follow_ups", follow_up, "completed_date") == now


async def test_a_follow_up_completed_early_can_be_dated_too(
    conn: Connection, people: People
) -> None:
    booking = await book(conn, people.customer)
    follow_up = await make_follow_up(conn, people, booking, scheduled_date=MONDAY)
    await change(conn, "follow_ups", follow_up, status="completed")
    assert await value(conn, "follow_ups", follow_up, "completed_date") is not None


async def test_a_follow_up_is_for_the_customer_of_its_booking(
    conn: Connection, people: People
) -> None:
    booking = await book(conn, people.customer)
    other = await make_customer(conn, "eve@example.com")
    for named in (None, other, people.customer):
        follow_up = await make_follow_up(conn, people, booking, customer_metrics_id=named)
        found = await value(conn, "follow_ups", follow_up, "customer_metrics_id")
        assert found == people.customer


async def test_a_month_begins_at_the_same_instant_for_every_reader(
    conn: Connection, people: People
) -> None:
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    await book(conn, people.customer, created_at=late)
    months = set()
    for zone in ("UTC", "Europe/Zurich", "Pacific/Pago_Pago"):
        await conn.execute(f"SET LOCAL timezone = '{zone}'")
        months.add(await conn.fetchval("SELECT month FROM monthly_booking_stats"))
    assert months == {datetime(2026, 6, 1, tzinfo=UTC)}


async def test_reports_count_what_was_paid_as_revenue(conn: Connection, people: People) -> None:
    for status in ("pending", "refunded", "failed", "paid"):
        await book(conn, people.customer, payment_status=status)
    month = await conn.fetchrow("SELECT total_bookings, total_revenue FROM monthly_booking_stats")
    service = await conn.fetchrow(
        "SELECT total_bookings, total_revenue FROM service_performance"
        " WHERE name = 'Technical Strategy Session'"
    )
    assert month is not None
    assert service is not None
    assert tuple(month) == (4, 150)
    assert tuple(service) == (4, 150)


async def test_every_foreign_key_has_an_index_that_begins_with_it(conn: Connection) -> None:
    assert [row[0] for row in await conn.fetch(UNINDEXED)] == []


async def test_the_busy_times_of_a_consultant_have_an_index(conn: Connection) -> None:
    definitions = await conn.fetch(
        "SELECT indexdef FROM pg_indexes WHERE tablename = 'bookings'"
        " AND indexdef ~ '\\(consultant_id, .*scheduled_datetime'"
    )
    assert [row[0] for row in definitions if "pending" in row[0] or "WHERE" not in row[0]] != []


@pytest.mark.parametrize(
    ("table", "expression"),
    [
        ("bookings", "lower(customer_data ->> 'email'::text)"),
        ("voice_consultations", "lower(customer_email::text)"),
        ("customer_metrics", "lower(email::text)"),
    ],
)
async def test_addresses_are_found_in_any_case_by_an_index(
    conn: Connection, table: str, expression: str
) -> None:
    leading = await conn.fetch(
        "SELECT pg_get_indexdef(indexrelid, 1, true) FROM pg_index"
        " WHERE indrelid = $1::regclass AND indpred IS NULL",
        table,
    )
    assert expression in {row[0] for row in leading}


async def test_overdue_follow_ups_are_found_by_an_index(conn: Connection) -> None:
    await conn.execute("SET LOCAL enable_seqscan = off")
    plan = await conn.fetch(
        "EXPLAIN SELECT id FROM follow_ups WHERE due_date < now()"
        " AND status IN ('pending', 'in_progress', 'overdue')"
    )
    text = "\n".join(row[0] for row in plan)
    assert "Index" in text, text
