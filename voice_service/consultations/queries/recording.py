"""Rows of ``voice_consultations`` and ``voice_turns``, as they are written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from booking_core.database import Connection
from voice_service.analysis import Turn
from voice_service.consultations.model import Channel, ConsultationState, Mark, Status

BEGIN_CONSULTATION: Final = """
    INSERT INTO voice_consultations (voice_session_id, created_at)
    VALUES ($1, $2)
    ON CONFLICT (voice_session_id) DO NOTHING
"""
LOCK_CONSULTATION: Final = """
    SELECT id, status, follow_up_booking_id, closed_at, metadata
    FROM voice_consultations WHERE voice_session_id = $1 FOR UPDATE
"""


async def lock_consultation(
    conn: Connection, conversation_id: str, *, now: datetime
) -> ConsultationState:
    """The consultation of a conversation, new or not, locked until the transaction ends."""
    await conn.execute(BEGIN_CONSULTATION, conversation_id, now)
    row = await conn.fetchrow(LOCK_CONSULTATION, conversation_id)
    assert row is not None  # it was there, or has just been made
    return ConsultationState(
        id=row["id"],
        status=Status(row["status"]),
        follow_up_booking_id=row["follow_up_booking_id"],
        closed_at=row["closed_at"],
        metadata=row["metadata"],
    )


READ_TURNS: Final = """
    SELECT position, role, text, time_in_call_secs, interrupted, original_text, event_id,
        coalesce(tool_calls, '[]'::jsonb) AS tool_calls,
        coalesce(tool_results, '[]'::jsonb) AS tool_results
    FROM voice_turns WHERE consultation_id = $1 ORDER BY position
"""


async def read_turns(conn: Connection, consultation_id: UUID) -> tuple[Turn, ...]:
    """The turns as they were recorded so far."""
    return tuple(Turn(**row) for row in await conn.fetch(READ_TURNS, consultation_id))


# With all turns there are, none that was heard live is missing any more.
DELETE_TURNS: Final = """
    WITH complete AS (
        UPDATE voice_consultations SET
            marks = array_remove(marks, $2), metadata = metadata - 'turns_missing'
        WHERE id = $1 AND $2 = ANY (marks)
    )
    DELETE FROM voice_turns WHERE consultation_id = $1
"""
INSERT_TURNS: Final = """
    INSERT INTO voice_turns (
        consultation_id, position, role, text, time_in_call_secs, said_at, source, event_id,
        sentiment, interrupted, original_text, tool_calls, tool_results
    )
    SELECT
        $1, position, role, text, time_in_call_secs,
        $2::timestamptz + make_interval(secs => time_in_call_secs), 'post_call', event_id,
        sentiment, interrupted, original_text,
        nullif(tool_calls, '[]'::jsonb), nullif(tool_results, '[]'::jsonb)
    FROM jsonb_to_recordset($3::jsonb) AS turn (
        position int, role text, text text, time_in_call_secs int, event_id text,
        sentiment numeric, interrupted boolean, original_text text,
        tool_calls jsonb, tool_results jsonb
    )
"""


async def replace_turns(
    conn: Connection,
    consultation_id: UUID,
    turns: Sequence[Turn],
    sentiments: Mapping[int, float],
    *,
    started_at: datetime,
) -> None:
    """Write the turns of a finished conversation in place of any that were recorded live."""
    rows = [
        {
            "position": turn.position,
            "role": turn.role,
            "text": turn.text,
            "time_in_call_secs": turn.time_in_call_secs,
            "event_id": turn.event_id,
            "sentiment": sentiments.get(turn.position),
            "interrupted": turn.interrupted,
            "original_text": turn.original_text,
            "tool_calls": list(turn.tool_calls),
            "tool_results": list(turn.tool_results),
        }
        for turn in turns
    ]
    await conn.execute(DELETE_TURNS, consultation_id, Mark.TURNS_MISSING)
    await conn.execute(INSERT_TURNS, consultation_id, started_at, rows)


@dataclass(frozen=True, kw_only=True)
class ConsultationUpdate:
    """What a finished conversation leaves in its row; field names are the columns'."""

    status: Status
    channel: Channel
    agent_id: str | None
    started_at: datetime
    ended_at: datetime | None
    duration_seconds: int | None
    timezone: str
    timezone_source: str
    title: str | None
    caller_name: str | None
    customer_email: str | None
    customer_phone: str | None
    customer_metrics_id: UUID | None
    conversation_transcript: str
    conversation_summary: str | None
    sentiment_score: float | None
    sentiment_source: str | None
    lead_qualified: bool
    lead_verdict: str
    lead_score: int
    qualification: dict[str, Any]
    wanted_time: dict[str, Any] | None
    end_reason: str | None
    follow_up_booking_id: UUID | None
    decided: bool  # False: marks, proposals and due time stay as they are
    marks: list[str]
    proposals: list[dict[str, Any]]
    due_at: datetime | None
    metadata: dict[str, Any]


# A summary, a name or a number that this event lacks stays what an earlier one told.
FINISH_CONSULTATION: Final = """
    UPDATE voice_consultations SET
        status = $2, channel = $3, agent_id = coalesce($4, agent_id),
        started_at = $5, ended_at = coalesce($6, ended_at),
        duration_seconds = coalesce($7, duration_seconds),
        timezone = $8, timezone_source = $9, title = coalesce($10, title),
        caller_name = coalesce($11, caller_name),
        customer_email = coalesce($12, customer_email),
        customer_phone = coalesce($13, customer_phone),
        customer_metrics_id = coalesce($14, customer_metrics_id),
        conversation_transcript = $15,
        conversation_summary = coalesce($16, conversation_summary),
        sentiment_score = $17, sentiment_source = $18,
        lead_qualified = $19, lead_verdict = $20, lead_score = $21, qualification = $22,
        wanted_time = $23, end_reason = $24,
        follow_up_booking_id = coalesce($25, follow_up_booking_id),
        marks = CASE WHEN $26 THEN $27 ELSE marks END,
        proposals = CASE WHEN $26 THEN $28 ELSE proposals END,
        due_at = CASE WHEN $26 THEN $29 ELSE due_at END,
        metadata = metadata || $30
    WHERE id = $1
"""


async def update_finished(
    conn: Connection, consultation_id: UUID, update: ConsultationUpdate
) -> None:
    await conn.execute(
        FINISH_CONSULTATION,
        consultation_id,
        update.status,
        update.channel,
        update.agent_id,
        update.started_at,
        update.ended_at,
        update.duration_seconds,
        update.timezone,
        update.timezone_source,
        update.title,
        update.caller_name,
        update.customer_email,
        update.customer_phone,
        update.customer_metrics_id,
        update.conversation_transcript,
        update.conversation_summary,
        None if update.sentiment_score is None else Decimal(str(update.sentiment_score)),
        update.sentiment_source,
        update.lead_qualified,
        update.lead_verdict,
        update.lead_score,
        update.qualification,
        update.wanted_time,
        update.end_reason,
        update.follow_up_booking_id,
        update.decided,
        update.marks,
        update.proposals,
        update.due_at,
        update.metadata,
    )


FAIL_CONSULTATION: Final = """
    INSERT INTO voice_consultations (voice_session_id, agent_id, status, end_reason, created_at)
    VALUES ($1, $2, 'failed', $3, $4)
    ON CONFLICT (voice_session_id) DO UPDATE SET
        status = 'failed',
        end_reason = excluded.end_reason,
        agent_id = coalesce(voice_consultations.agent_id, excluded.agent_id)
    WHERE voice_consultations.status IN ('in_progress', 'processing')
"""


async def mark_failed(
    conn: Connection, conversation_id: str, *, reason: str, agent_id: str | None, now: datetime
) -> None:
    """A conversation that never was, or could not be handled; one that is over stays as it is."""
    await conn.execute(FAIL_CONSULTATION, conversation_id, agent_id, reason, now)


LEAD_SCORE: Final = """
    SELECT greatest(calculate_lead_score($1::numeric, $2, $3), $4::smallint)
"""


async def lead_score(
    conn: Connection, *, price: Decimal, company_size: int | None, description: str, score: int
) -> int:
    """The score of a booking: the schema's own rule, or the conversation's where that is higher."""
    size = None if company_size is None else str(company_size)
    value: int = await conn.fetchval(LEAD_SCORE, price, size, description, score)
    return value
