"""Customers are one row each, and a conversation can be kept from its first second."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from booking_core.database import Connection
from tests.sql.roles import CHECK, FORBIDDEN, UNIQUE, acting_as, refused, rows_seen, rows_touched
from tests.sql.rows import People, change, insert, make_customer, value

ADDED_COLUMNS = (
    "customer_metrics_id status channel agent_id started_at ended_at timezone timezone_source "
    "title caller_name lead_verdict lead_score qualification sentiment_source end_reason "
    "wanted_time proposals marks callback_requested_at due_at assigned_to snoozed_until "
    "closed_at consent_at metadata updated_at"
)
INSERT_TURN = """
    INSERT INTO voice_turns (consultation_id, position, role, text)
    VALUES ($1, 0, 'user', 'Hello')
"""
INSERT_EVENT = """
    INSERT INTO voice_events (type, conversation_id, body, body_sha256, body_bytes)
    VALUES ($1, $2, $3, sha256($3), length($3))
"""


async def test_an_address_is_one_customer_whatever_its_case(conn: Connection) -> None:
    await make_customer(conn, "new@example.com")
    for address in ("new@example.com", "New@Example.com"):
        async with refused(conn, UNIQUE):
            await make_customer(conn, address)


async def test_an_account_is_one_customer(conn: Connection, people: People) -> None:
    async with refused(conn, UNIQUE):
        await make_customer(conn, "ann@work.example.com", user_id=people.ann)


async def test_a_guest_may_have_the_address_of_an_account(conn: Connection, people: People) -> None:
    guest = await make_customer(conn, "bob@example.com")
    account = await make_customer(conn, "bob@example.com", user_id=people.bob)
    assert guest != account


@pytest.mark.parametrize("address", ["o'brien@example.com", "jörg@example.com", "a+b@x.co.uk"])
async def test_real_addresses_are_taken(conn: Connection, address: str) -> None:
    customer = await make_customer(conn, address)
    assert await value(conn, "customer_metrics", customer, "email") == address


@pytest.mark.parametrize(
    "address",
    ["plain", "a b@example.com", "a@b", "@example.com", "a..b@-x..co", "a@b@example.com", ""],
)
async def test_what_is_no_address_is_refused(conn: Connection, address: str) -> None:
    async with refused(conn, CHECK):
        await make_customer(conn, address)


async def test_a_customer_needs_an_account_an_address_or_a_phone(
    conn: Connection, people: People
) -> None:
    await make_customer(conn, None, user_id=people.bob)
    await make_customer(conn, None, phone="+41790000009")
    async with refused(conn, CHECK):
        await make_customer(conn, None)


async def test_a_conversation_has_one_row(conn: Connection) -> None:
    await insert(conn, "voice_consultations", voice_session_id="conv_1")
    async with refused(conn, UNIQUE):
        await insert(conn, "voice_consultations", voice_session_id="conv_1")
    repeated = await conn.execute(
        "INSERT INTO voice_consultations (voice_session_id) VALUES ('conv_1')"
        " ON CONFLICT (voice_session_id) DO NOTHING"
    )
    assert repeated == "INSERT 0 0"


async def test_a_conversation_begins_with_any_way_to_tell_it(conn: Connection) -> None:
    for columns in (
        {"voice_session_id": "conv_1"},
        {"customer_email": "eve@example.com"},
        {"customer_phone": "+41790000009"},
    ):
        await insert(conn, "voice_consultations", **columns)
    async with refused(conn, CHECK):
        await insert(conn, "voice_consultations", conversation_summary="Nobody")


@pytest.mark.parametrize(
    "columns",
    [
        {"duration_seconds": -5},
        {"customer_email": "nonsense"},
        {"status": "lost"},
        {"channel": "letter"},
        {"lead_verdict": "maybe"},
        {"lead_score": 101},
    ],
    ids=str,
)
async def test_a_consultation_holds_no_nonsense(conn: Connection, columns: dict[str, Any]) -> None:
    async with refused(conn, CHECK):
        await insert(conn, "voice_consultations", **{"voice_session_id": "conv_1"} | columns)


async def test_a_consultation_has_room_for_what_the_service_knows(conn: Connection) -> None:
    consultation = await insert(conn, "voice_consultations", voice_session_id="conv_1")
    row = await conn.fetchrow("SELECT * FROM voice_consultations WHERE id = $1", consultation)
    assert row is not None
    assert set(ADDED_COLUMNS.split()) - set(row.keys()) == set()
    assert (row["status"], row["lead_verdict"]) == ("in_progress", "unknown")
    assert (row["marks"], row["metadata"]) == ([], {})


async def test_a_lead_is_qualified_only_when_the_verdict_says_so(conn: Connection) -> None:
    by_document = await insert(
        conn, "voice_consultations", voice_session_id="conv_1", lead_qualified=True
    )
    by_verdict = await insert(
        conn,
        "voice_consultations",
        voice_session_id="conv_2",
        lead_verdict="qualified",
        lead_qualified=True,
    )
    assert await value(conn, "voice_consultations", by_document, "lead_qualified") is True
    # Refusing the pair and mending it are both right; storing it is not.
    with suppress(asyncpg.IntegrityConstraintViolationError):
        async with conn.transaction():
            await change(conn, "voice_consultations", by_verdict, lead_verdict="unqualified")
    unlike = (
        "SELECT 1 FROM voice_consultations WHERE lead_qualified <> (lead_verdict = 'qualified')"
    )
    assert await conn.fetch(unlike) == []


@pytest.mark.parametrize("enum", ["lead_source_enum", "interaction_type"])
async def test_voice_is_a_source_and_an_interaction(conn: Connection, enum: str) -> None:
    values = await conn.fetch("SELECT enumlabel FROM pg_enum WHERE enumtypid = $1::regtype", enum)
    assert "voice_consultation" in [row[0] for row in values]


async def test_turns_are_read_by_staff_and_written_by_the_service(
    conn: Connection, people: People
) -> None:
    consultation = await insert(conn, "voice_consultations", voice_session_id="conv_1")
    async with acting_as(conn, "service_role"):
        assert await rows_touched(conn, INSERT_TURN, consultation) == 1
    seen = {}
    for name, role, user_id in (
        ("visitor", "anon", None),
        ("bob", "authenticated", people.bob),
        ("sam", "authenticated", people.sam),
        ("service", "service_role", None),
    ):
        async with acting_as(conn, role, user_id):
            seen[name] = len(await rows_seen(conn, "SELECT text FROM voice_turns"))
            if name in ("visitor", "bob"):
                assert await rows_touched(conn, "DELETE FROM voice_turns") == 0
    assert seen == {"visitor": 0, "bob": 0, "sam": 1, "service": 1}


async def test_turns_go_with_their_consultation(conn: Connection) -> None:
    consultation = await insert(conn, "voice_consultations", voice_session_id="conv_1")
    await conn.execute(INSERT_TURN, consultation)
    async with refused(conn, UNIQUE):
        await conn.execute(INSERT_TURN, consultation)
    await conn.execute("DELETE FROM voice_consultations WHERE id = $1", consultation)
    assert await conn.fetchval("SELECT count(*) FROM voice_turns") == 0


async def test_events_are_the_services_alone(conn: Connection, people: People) -> None:
    body = b'{"type": "post_call_transcription"}'
    async with acting_as(conn, "service_role"):
        await conn.execute(INSERT_EVENT, "post_call", "conv_1", body)
        assert await conn.fetchval("SELECT body FROM voice_events") == body
        await conn.execute(
            "UPDATE voice_events SET handled_at = $1, body = NULL", datetime(2026, 1, 1, tzinfo=UTC)
        )
    for role, user_id in (("anon", None), ("authenticated", people.sam)):
        async with acting_as(conn, role, user_id), refused(conn, FORBIDDEN):
            await conn.fetch("SELECT id FROM voice_events")


@pytest.mark.parametrize(
    ("event_type", "conversation"),
    [("post_call", "conv_1"), (None, None), ("post_call", None)],
)
async def test_a_redelivered_event_is_the_same_row(
    conn: Connection, event_type: str | None, conversation: str | None
) -> None:
    await conn.execute(INSERT_EVENT, event_type, conversation, b"first")
    async with refused(conn, UNIQUE):
        await conn.execute(INSERT_EVENT, event_type, conversation, b"first")
    await conn.execute(INSERT_EVENT, event_type, conversation, b"other")
    assert await conn.fetchval("SELECT count(*) FROM voice_events") == 2


async def test_the_body_of_an_event_is_stored_as_it_came(conn: Connection) -> None:
    storage = await conn.fetchval(
        "SELECT attstorage::text FROM pg_attribute"
        " WHERE attrelid = 'voice_events'::regclass AND attname = 'body'"
    )
    assert storage == "e"
