"""The inbox: every event as it came, once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from booking_core.database import Connection

INSERT_EVENT: Final = """
    INSERT INTO voice_events
        (type, conversation_id, body, body_sha256, body_bytes, received_at, last_error)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (type, conversation_id, body_sha256) DO NOTHING
    RETURNING id
"""


async def insert_event(
    conn: Connection,
    *,
    event_type: str | None,
    conversation_id: str | None,
    body: bytes | None,
    body_sha256: bytes,
    body_bytes: int,
    received_at: datetime,
    error: str | None = None,
) -> UUID | None:
    """The new row's id; None for a redelivery, which is the same row."""
    event_id: UUID | None = await conn.fetchval(
        INSERT_EVENT,
        event_type,
        conversation_id,
        body,
        body_sha256,
        body_bytes,
        received_at,
        error,
    )
    return event_id


FIND_GIVEN_UP: Final = """
    SELECT id FROM voice_events
    WHERE type IS NOT DISTINCT FROM $1 AND conversation_id IS NOT DISTINCT FROM $2
        AND body_sha256 = $3 AND handled_at IS NULL AND attempts > 0
"""


async def find_given_up(
    conn: Connection, *, event_type: str | None, conversation_id: str | None, body_sha256: bytes
) -> UUID | None:
    """An event that was tried in vain, when it comes again."""
    event_id: UUID | None = await conn.fetchval(
        FIND_GIVEN_UP, event_type, conversation_id, body_sha256
    )
    return event_id


@dataclass(frozen=True, kw_only=True)
class Event:
    """One row of the inbox. ``body`` is gone for audio we do not store, and after a while."""

    id: UUID
    type: str | None
    conversation_id: str | None
    body: bytes | None
    received_at: datetime
    handled_at: datetime | None


LOCK_EVENT: Final = """
    SELECT id, type, conversation_id, body, received_at, handled_at
    FROM voice_events WHERE id = $1 FOR UPDATE
"""


async def lock_event(conn: Connection, event_id: UUID) -> Event | None:
    """The event, kept from other workers until the transaction ends."""
    row = await conn.fetchrow(LOCK_EVENT, event_id)
    return Event(**row) if row else None


MARK_HANDLED: Final = """
    UPDATE voice_events
    SET handled_at = clock_timestamp(), attempts = attempts + 1, last_error = $2
    WHERE id = $1
"""


async def mark_handled(conn: Connection, event_id: UUID, *, remark: str | None) -> None:
    """Done with; ``remark`` says why nothing came of it."""
    await conn.execute(MARK_HANDLED, event_id, remark)


MARK_ATTEMPT_FAILED: Final = """
    UPDATE voice_events SET attempts = attempts + 1, last_error = $2
    WHERE id = $1 AND handled_at IS NULL
    RETURNING conversation_id
"""


async def mark_attempt_failed(conn: Connection, event_id: UUID, *, reason: str) -> str | None:
    """The conversation the event is about, where it names one."""
    conversation_id: str | None = await conn.fetchval(MARK_ATTEMPT_FAILED, event_id, reason)
    return conversation_id


EMPTY_HANDLED: Final = """
    UPDATE voice_events SET body = NULL WHERE handled_at < $1 AND body IS NOT NULL
"""


async def empty_handled(conn: Connection, *, handled_before: datetime) -> None:
    """Let go of raw bodies; hash and length stay, so that a late redelivery is still known."""
    await conn.execute(EMPTY_HANDLED, handled_before)
