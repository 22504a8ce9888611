"""Each role sees and writes its own rows of each table, and no others."""

from datetime import time
from typing import Any

import pytest

from booking_core.database import Connection
from tests.sql.roles import FORBIDDEN, acting_as, refused, rows_seen, rows_touched
from tests.sql.rows import (
    MONDAY,
    People,
    book,
    change,
    day,
    insert,
    make_customer,
    service_id,
    sign_up,
    value,
)

REPORTS = ["monthly_booking_stats", "service_performance"]


async def test_every_table_has_row_security(conn: Connection) -> None:
    open_tables = await conn.fetch(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p') AND NOT relrowsecurity"
    )
    assert [row[0] for row in open_tables] == []


async def test_a_transcript_is_seen_by_staff_and_the_service_alone(
    conn: Connection, people: People
) -> None:
    await insert(
        conn,
        "voice_consultations",
        voice_session_id="conv_1",
        customer_email="bob@example.com",
        conversation_transcript="Caller: hello",
    )
    query = "SELECT conversation_transcript FROM voice_consultations"
    seen = {}
    for name, role, user_id in (
        ("visitor", "anon", None),
        ("bob", "authenticated", people.bob),
        ("sam", "authenticated", people.sam),
        ("service", "service_role", None),
    ):
        async with acting_as(conn, role, user_id):
            seen[name] = len(await rows_seen(conn, query))
    assert seen == {"visitor": 0, "bob": 0, "sam": 1, "service": 1}


@pytest.mark.parametrize("role", ["anon", "authenticated"])
async def test_visitors_and_customers_write_nothing_of_the_business(
    conn: Connection, people: People, role: str
) -> None:
    await insert(conn, "voice_consultations", voice_session_id="conv_1")
    template = {"consultant_id": people.sam, "day_of_week": 1}
    await insert(conn, "availability_templates", start_time=time(9), end_time=time(17), **template)
    booking = await book(conn, people.customer)
    writes: list[tuple[Any, ...]] = [
        ("UPDATE services SET price = 0.01",),
        ("DELETE FROM voice_consultations",),
        ("DELETE FROM availability_templates",),
        (
            "INSERT INTO availability_templates (consultant_id, day_of_week, start_time, end_time)"
            " VALUES ($1, 2, '00:00', '23:00')",
            people.sam,
        ),
        (
            "INSERT INTO availability_overrides (consultant_id, specific_date) VALUES ($1, $2)",
            people.sam,
            day("2031-01-06"),
        ),
        (
            "INSERT INTO projects (customer_metrics_id, project_name, status, actual_value)"
            " VALUES ($1, 'Mine', 'signed', 1000000)",
            people.customer,
        ),
        (
            "INSERT INTO customer_interactions (customer_metrics_id, interaction_type)"
            " VALUES ($1, 'contract_signed')",
            people.customer,
        ),
        ("UPDATE bookings SET payment_status = 'paid' WHERE id = $1", booking),
        ("UPDATE customer_metrics SET lead_quality = 'hot' WHERE id = $1", people.customer),
    ]
    async with acting_as(conn, role, None if role == "anon" else people.bob):
        touched = [await rows_touched(conn, *write) for write in writes]
    assert touched == [0] * len(writes)


@pytest.mark.parametrize("view", [*REPORTS, "customer_conversion_funnel"])
async def test_reports_show_what_their_reader_may_see(
    conn: Connection, people: People, view: str
) -> None:
    await book(conn, people.customer)
    column = "customers" if view == "customer_conversion_funnel" else "total_bookings"
    counted = {}
    for name, role, user_id in (
        ("visitor", "anon", None),
        ("bob", "authenticated", people.bob),
        ("sam", "authenticated", people.sam),
        ("service", "service_role", None),
    ):
        async with acting_as(conn, role, user_id):
            rows = await rows_seen(conn, f"SELECT {column} FROM {view}")
        counted[name] = sum(row[0] for row in rows)
    assert counted == {"visitor": 0, "bob": 0, "sam": 1, "service": 1}
    assert not await conn.fetchval("SELECT has_table_privilege('anon', $1, 'select')", view)


@pytest.mark.parametrize(("confirmed", "seen"), [(True, 1), (False, 0)])
async def test_a_booking_by_e_mail_belongs_to_whoever_confirmed_the_address(
    conn: Connection, people: People, *, confirmed: bool, seen: int
) -> None:
    eve = await sign_up(conn, "eve@example.com", confirmed=confirmed)
    customer = await make_customer(conn, "EVE@example.com")
    booking = await book(
        conn,
        customer,
        customer_data={"email": "Eve@Example.com", "first_name": "Eve", "last_name": "Poe"},
    )
    await insert(
        conn,
        "follow_ups",
        booking_id=booking,
        assigned_to=people.sam,
        follow_up_type="email",
        title="Thank them",
    )
    async with acting_as(conn, "authenticated", eve):
        for table in ("bookings", "follow_ups", "customer_metrics"):
            assert len(await rows_seen(conn, f"SELECT id FROM {table}")) == seen, table


async def test_admins_alone_read_the_audit_log(conn: Connection, people: People) -> None:
    await book(conn, people.customer)
    query = "SELECT id FROM audit_log"
    async with acting_as(conn, "authenticated", people.sam):
        assert await rows_seen(conn, query) == []
    async with acting_as(conn, "authenticated", people.mia):
        assert await rows_seen(conn, query) != []


async def test_staff_confirm_bookings_and_work_with_customers(
    conn: Connection, people: People
) -> None:
    booking = await book(conn, people.customer, at=MONDAY)
    async with acting_as(conn, "authenticated", people.sam):
        await change(conn, "bookings", booking, status="confirmed")
        assert people.customer in {
            row["id"] for row in await conn.fetch("SELECT id FROM customer_metrics")
        }
        eve = await make_customer(conn, "eve@example.com")
        await change(conn, "customer_metrics", eve, lead_quality="hot")
        await book(conn, eve)
    assert await value(conn, "bookings", booking, "status") == "confirmed"


async def test_staff_manage_services_hours_and_projects(conn: Connection, people: People) -> None:
    async with acting_as(conn, "authenticated", people.sam):
        assert await conn.execute("UPDATE services SET is_popular = true") == "UPDATE 2"
        await insert(
            conn,
            "availability_templates",
            consultant_id=people.sam,
            day_of_week=1,
            start_time=time(9),
            end_time=time(17),
        )
        await insert(
            conn, "projects", customer_metrics_id=people.customer, project_name="A web shop"
        )
        await insert(
            conn,
            "customer_interactions",
            customer_metrics_id=people.customer,
            interaction_type="proposal_sent",
        )


@pytest.mark.parametrize("role", ["anon", "authenticated"])
async def test_bookings_are_not_made_from_outside(
    conn: Connection, people: People, role: str
) -> None:
    strategy_session = await service_id(conn, "strategy-session")
    user_id = None if role == "anon" else people.bob
    async with acting_as(conn, role, user_id), refused(conn, FORBIDDEN):
        await insert(
            conn,
            "bookings",
            customer_metrics_id=people.customer,
            user_id=user_id,
            customer_data={"email": "bob@example.com", "first_name": "B", "last_name": "R"},
            project_description="Free of charge",
            service_id=strategy_session,
            payment_status="paid",
        )


async def test_the_reason_of_an_override_is_for_staff(conn: Connection, people: People) -> None:
    await insert(
        conn,
        "availability_overrides",
        consultant_id=people.sam,
        specific_date=day("2031-01-06"),
        reason="surgery",
    )
    query = "SELECT reason FROM availability_overrides WHERE reason IS NOT NULL"
    seen = {}
    for name, role, user_id in (
        ("visitor", "anon", None),
        ("bob", "authenticated", people.bob),
        ("sam", "authenticated", people.sam),
    ):
        async with acting_as(conn, role, user_id):
            seen[name] = [row[0] for row in await rows_seen(conn, query)]
    assert seen == {"visitor": [], "bob": [], "sam": ["surgery"]}


async def test_policies_ask_who_is_there_once_a_statement(conn: Connection) -> None:
    bare = await conn.fetch(
        "SELECT tablename, policyname FROM pg_policies,"
        " regexp_replace(concat(qual, ' ', with_check), '\\( SELECT auth\\.\\w+\\(\\)', '', 'g')"
        " AS rest WHERE rest ~ 'auth\\.\\w+\\('"
    )
    assert [tuple(row) for row in bare] == []
    asked = await conn.fetchval(
        "SELECT count(*) FROM pg_policies WHERE concat(qual, with_check) ~ 'auth\\.uid\\('"
    )
    assert asked > 0
