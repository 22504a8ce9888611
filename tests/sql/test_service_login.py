"""A login that is a member of service_role, and nothing more, does all the service's work."""

from collections.abc import AsyncIterator
from datetime import time
from uuid import UUID

import asyncpg
import pytest

from booking_core.database import Connection, connect
from booking_core.local_postgres import LocalPostgres
from booking_core.migrate import pending
from tests.conftest import FreshDatabase
from tests.sql.roles import FORBIDDEN, TAKEN, refused
from tests.sql.rows import (
    HOUR,
    MONDAY,
    book,
    change,
    day,
    hold,
    insert,
    make_customer,
    make_people,
    service_id,
)

LOGIN = "service_login"


@pytest.fixture
async def login(server: LocalPostgres) -> AsyncIterator[str]:
    root = await asyncpg.connect(server.dsn())
    await root.execute(f"CREATE ROLE {LOGIN} LOGIN NOBYPASSRLS IN ROLE service_role")
    yield LOGIN
    await root.execute(f"DROP ROLE {LOGIN}")
    await root.close()


async def test_a_member_of_the_service_role_does_all_the_services_work(
    login: str, server: LocalPostgres, fresh_database: FreshDatabase
) -> None:
    async with fresh_database() as dsn:
        owner = await connect(dsn)
        people = await make_people(owner)
        database = await owner.fetchval("SELECT current_database()")
        await owner.close()
        conn = await connect(server.dsn(database, user=login))
        try:
            assert await pending(conn) == []
            customer = await make_customer(conn, "eve@example.com")
            booking = await book_through_a_hold(conn, customer, people.sam)
            await keep_a_conversation(conn, customer, booking, people.sam)
            await work_with_customers(conn, customer, booking, people.sam)
            await plan_hours(conn, people.sam)
            await know_accounts(conn, people.ann)
            async with refused(conn, FORBIDDEN):
                await conn.execute("DELETE FROM audit_log")
        finally:
            await conn.close()


async def book_through_a_hold(conn: Connection, customer: UUID, consultant: UUID) -> UUID:
    async with conn.transaction():
        await conn.execute(
            "SELECT private.lock_slot($1, $2, $3, $4)",
            await service_id(conn, "strategy-session"),
            consultant,
            MONDAY,
            MONDAY + HOUR,
        )
        held = await hold(conn, "conv_1", consultant, at=MONDAY)
        async with refused(conn, TAKEN):
            await hold(conn, "conv_2", consultant, at=MONDAY)
        assert await conn.execute("DELETE FROM slot_holds WHERE id = $1", held) == "DELETE 1"
        booking = await book(conn, customer, at=MONDAY, consultant_id=consultant)
    await change(conn, "bookings", booking, status="confirmed")
    row = await conn.fetchrow("SELECT status, seat FROM bookings WHERE id = $1", booking)
    assert row is not None
    assert tuple(row) == ("confirmed", 1)
    assert await conn.fetchval("SELECT sum(total_bookings) FROM service_performance") == 1
    return booking


async def keep_a_conversation(
    conn: Connection, customer: UUID, booking: UUID, consultant: UUID
) -> None:
    body = b'{"type": "post_call_transcription"}'
    await conn.execute(
        "INSERT INTO voice_events (type, conversation_id, body, body_sha256, body_bytes)"
        " VALUES ('post_call', 'conv_1', $1, sha256($1), length($1))",
        body,
    )
    assert await conn.fetchval("SELECT body FROM voice_events") == body
    assert await conn.execute("UPDATE voice_events SET handled_at = now()") == "UPDATE 1"
    consultation = await insert(
        conn, "voice_consultations", voice_session_id="conv_1", customer_metrics_id=customer
    )
    await conn.execute(
        "INSERT INTO voice_turns (consultation_id, position, role, text)"
        " VALUES ($1, 0, 'user', 'Hello')",
        consultation,
    )
    await change(
        conn,
        "voice_consultations",
        consultation,
        status="completed",
        follow_up_booking_id=booking,
        assigned_to=consultant,
    )
    assert await conn.fetchval("SELECT text FROM voice_turns") == "Hello"
    for table in ("voice_turns", "voice_consultations", "voice_events"):
        assert await conn.execute(f"DELETE FROM {table}") == "DELETE 1"


async def work_with_customers(
    conn: Connection, customer: UUID, booking: UUID, consultant: UUID
) -> None:
    await change(conn, "customer_metrics", customer, lead_quality="hot")
    await insert(
        conn,
        "customer_interactions",
        customer_metrics_id=customer,
        booking_id=booking,
        interaction_type="voice_consultation",
    )
    await insert(
        conn,
        "follow_ups",
        booking_id=booking,
        assigned_to=consultant,
        follow_up_type="email",
        title="Thank them",
    )
    await insert(conn, "projects", customer_metrics_id=customer, project_name="A web shop")
    for table in ("projects", "follow_ups", "customer_interactions", "bookings"):
        assert await conn.execute(f"DELETE FROM {table}") == "DELETE 1"


async def plan_hours(conn: Connection, consultant: UUID) -> None:
    hours = {"start_time": time(9), "end_time": time(17)}
    template = {"consultant_id": consultant, "day_of_week": 1}
    await insert(conn, "availability_templates", **template | hours)
    closed = {"consultant_id": consultant, "specific_date": day("2031-01-06")}
    await insert(conn, "availability_overrides", **closed)
    await insert(
        conn, "services", slug="talk", name="Talk", description="Talk", duration_minutes=30
    )
    for table in ("availability_templates", "availability_overrides"):
        assert await conn.execute(f"DELETE FROM {table}") == "DELETE 1"


async def know_accounts(conn: Connection, ann: UUID) -> None:
    assert await conn.fetchval("SELECT public.get_user_email($1)", ann) == "ann@example.com"
    assert await conn.fetchval("SELECT first_name FROM profiles WHERE id = $1", ann) == "Ann"
    assert await conn.fetchval("SELECT count(*) FROM audit_log") > 0
