"""Every change of what matters leaves a trace: who, from where, and no secrets."""

from datetime import time
from typing import Any
from uuid import UUID

import pytest

from booking_core.database import Connection, Record
from tests.sql.roles import FORBIDDEN, acting_as, refused
from tests.sql.rows import MONDAY, People, book, change, day, insert, service_id

TRACES = "SELECT * FROM audit_log WHERE record_id = $1 AND operation = $2"


async def traces(conn: Connection, row_id: UUID, operation: str) -> list[Record]:
    return await conn.fetch(TRACES, row_id, operation)


async def everything_kept(conn: Connection, row_id: UUID) -> str:
    rows = await conn.fetch("SELECT a::text FROM audit_log a WHERE record_id = $1", row_id)
    return "".join(row[0] for row in rows)


async def test_making_somebody_admin_and_changing_a_price_leave_a_trace(
    conn: Connection, people: People
) -> None:
    session = await service_id(conn, "strategy-session")
    await change(conn, "profiles", people.bob, role="admin", is_staff=True)
    await change(conn, "services", session, price=1)
    (promotion,) = await traces(conn, people.bob, "UPDATE")
    assert promotion["table_name"] == "profiles"
    assert promotion["old_values"]["role"] == "customer"
    assert promotion["new_values"]["role"] == "admin"
    (reduction,) = await traces(conn, session, "UPDATE")
    assert reduction["table_name"] == "services"
    assert (reduction["old_values"]["price"], reduction["new_values"]["price"]) == (150, 1)


async def test_the_other_tables_of_the_business_leave_a_trace(
    conn: Connection, people: People
) -> None:
    rows: dict[str, dict[str, Any]] = {
        "availability_templates": {
            "consultant_id": people.sam,
            "day_of_week": 1,
            "start_time": time(9),
            "end_time": time(17),
        },
        "availability_overrides": {
            "consultant_id": people.sam,
            "specific_date": day("2031-01-06"),
        },
        "follow_ups": {
            "booking_id": await book(conn, people.customer),
            "assigned_to": people.sam,
            "follow_up_type": "email",
            "title": "Thank them",
        },
        "projects": {"customer_metrics_id": people.customer, "project_name": "A web shop"},
    }
    for table, row in rows.items():
        row_id = await insert(conn, table, **row)
        await conn.execute(f"DELETE FROM {table} WHERE id = $1", row_id)
        for operation in ("INSERT", "DELETE"):
            (trace,) = await traces(conn, row_id, operation)
            assert trace["table_name"] == table


async def test_a_meeting_password_is_never_kept(conn: Connection, people: People) -> None:
    booking = await book(conn, people.customer, meeting_password="hunter2")
    await change(conn, "bookings", booking, meeting_password="hunter3")
    await conn.execute("DELETE FROM bookings WHERE id = $1", booking)
    kept = await everything_kept(conn, booking)
    assert "A web shop" in kept
    assert "hunter" not in kept


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_log SET user_agent = 'x'", "DELETE FROM audit_log", "TRUNCATE audit_log"],
)
async def test_the_audit_log_is_not_rewritten_even_by_the_service(
    conn: Connection, people: People, statement: str
) -> None:
    async with acting_as(conn, "service_role"), refused(conn, FORBIDDEN):
        await conn.execute(statement)


async def test_a_change_tells_who_made_it_and_from_where(conn: Connection, people: People) -> None:
    booking = await book(conn, people.customer, at=MONDAY)
    headers = {"user-agent": "Firefox", "x-forwarded-for": "203.0.113.9, 10.0.0.1"}
    async with acting_as(conn, "authenticated", people.sam, headers):
        await change(conn, "bookings", booking, status="confirmed")
    (trace,) = await traces(conn, booking, "UPDATE")
    assert trace["changed_by"] == people.sam
    assert trace["user_agent"] == "Firefox"
    assert str(trace["ip_address"]) == "203.0.113.9"


@pytest.mark.parametrize("address", ["unknown", "", "203.0.113.9:4711"])
async def test_an_odd_address_in_the_headers_blocks_no_write(
    conn: Connection, people: People, address: str
) -> None:
    headers = {"user-agent": "Firefox", "x-forwarded-for": address}
    async with acting_as(conn, "service_role", people.sam, headers):
        booking = await book(conn, people.customer)
    (trace,) = await traces(conn, booking, "INSERT")
    assert trace["user_agent"] == "Firefox"


async def test_a_voice_consultation_leaves_its_decisions_and_no_text(
    conn: Connection, people: People
) -> None:
    consultation = await insert(
        conn,
        "voice_consultations",
        voice_session_id="conv_1",
        customer_email="eve@example.com",
        customer_phone="+41790000009",
        caller_name="Eve Poe",
        title="Eve asks for a shop",
        conversation_transcript="Caller: my secret plan",
        conversation_summary="A secret plan",
        qualification={"facts": {"pain": "secret"}},
        metadata={"number": "secret"},
    )
    booking = await book(conn, people.customer)
    closed_at = await conn.fetchval("SELECT now()")
    await change(
        conn,
        "voice_consultations",
        consultation,
        status="completed",
        lead_verdict="qualified",
        assigned_to=people.sam,
        closed_at=closed_at,
        follow_up_booking_id=booking,
    )
    await conn.execute("DELETE FROM voice_consultations WHERE id = $1", consultation)
    assert len(await traces(conn, consultation, "INSERT")) == 1
    (update,) = await traces(conn, consultation, "UPDATE")
    assert len(await traces(conn, consultation, "DELETE")) == 1
    new_values = update["new_values"]
    assert (new_values["status"], new_values["lead_verdict"]) == ("completed", "qualified")
    assert new_values["assigned_to"] == str(people.sam)
    assert new_values["follow_up_booking_id"] == str(booking)
    assert new_values["closed_at"] is not None
    kept = await everything_kept(conn, consultation)
    for words in ("secret", "eve", "Eve", "+4179"):
        assert words not in kept
