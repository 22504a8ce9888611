"""Voice consultations as they are read: by the desk and by programs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from booking_core.database import Connection


@dataclass(frozen=True, kw_only=True)
class ConsultationSummary:
    """One row of a list; field names are the columns'."""

    id: UUID
    voice_session_id: str | None
    status: str
    channel: str | None
    agent_id: str | None
    started_at: datetime | None
    ended_at: datetime | None
    duration_seconds: int | None
    timezone: str | None
    timezone_source: str | None
    title: str | None
    caller_name: str | None
    customer_email: str | None
    customer_phone: str | None
    customer_metrics_id: UUID | None
    conversation_summary: str | None
    sentiment_score: float | None
    sentiment_source: str | None
    lead_qualified: bool
    lead_verdict: str
    lead_score: int | None
    wanted_time: dict[str, Any] | None
    end_reason: str | None
    follow_up_booking_id: UUID | None
    marks: list[str]
    proposals: list[dict[str, Any]] | None
    callback_requested_at: datetime | None
    due_at: datetime | None
    assigned_to: UUID | None
    snoozed_until: datetime | None
    closed_at: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class RecordedTurn:
    """One row of ``voice_turns``. ``sentiment`` is null for agents and unread languages."""

    position: int
    role: str
    text: str | None
    time_in_call_secs: int | None
    said_at: datetime | None
    source: str | None
    event_id: str | None
    sentiment: float | None
    interrupted: bool
    original_text: str | None
    spoken: bool
    tool_calls: list[dict[str, Any]] | None
    tool_results: list[dict[str, Any]] | None


@dataclass(frozen=True, kw_only=True)
class ConsultationDetail(ConsultationSummary):
    """A whole consultation, without its turns."""

    conversation_transcript: str | None
    qualification: dict[str, Any] | None
    consent_at: datetime | None
    metadata: dict[str, Any]


SUMMARY_COLUMNS: Final = """
    id, voice_session_id, status, channel, agent_id, started_at, ended_at, duration_seconds,
    timezone, timezone_source, title, caller_name, customer_email, customer_phone,
    customer_metrics_id, conversation_summary, sentiment_score::float8 AS sentiment_score,
    sentiment_source, lead_qualified, lead_verdict, lead_score, wanted_time, end_reason,
    follow_up_booking_id, marks, proposals, callback_requested_at, due_at, assigned_to,
    snoozed_until, closed_at, created_at, updated_at
"""

# Text is searched by position, so that % and _ in a query mean themselves.
LIST_CONSULTATIONS: Final = f"""
    SELECT {SUMMARY_COLUMNS}
    FROM voice_consultations
    WHERE ($1::text IS NULL OR status = $1)
        AND ($2::text IS NULL OR lead_verdict = $2)
        AND ($3::text IS NULL OR position(lower($3) IN lower(concat_ws(
            ' ', caller_name, customer_email, customer_phone, title, conversation_summary,
            voice_session_id, qualification #>> '{{facts,company,value}}'
        ))) > 0)
        AND ($4::timestamptz IS NULL OR (coalesce(started_at, created_at), id) < ($4, $5::uuid))
    ORDER BY coalesce(started_at, created_at) DESC, id DESC
    LIMIT $6
"""  # noqa: S608  # no value is pasted in, only our own column list


async def list_consultations(
    conn: Connection,
    *,
    status: str | None,
    verdict: str | None,
    query: str | None,
    before: tuple[datetime | None, UUID | None],
    limit: int,
) -> list[ConsultationSummary]:
    """Newest first; ``before`` is the place where the page before this one ended, if any."""
    rows = await conn.fetch(LIST_CONSULTATIONS, status, verdict, query, *before, limit)
    return [ConsultationSummary(**row) for row in rows]


def row_id_of(key: str) -> UUID | None:
    """The row's id, where a key is one; else it can only be a conversation's."""
    try:
        return UUID(key)
    except ValueError:
        return None


FIND_CONSULTATION: Final = f"""
    SELECT {SUMMARY_COLUMNS}, conversation_transcript, qualification, consent_at, metadata
    FROM voice_consultations
    WHERE voice_session_id = $1 OR id = $2
    ORDER BY id = $2 DESC
    LIMIT 1
"""  # noqa: S608  # no value is pasted in, only our own column list


async def find_consultation(conn: Connection, key: str) -> ConsultationDetail | None:
    """By the row's uuid or by the conversation's id."""
    row = await conn.fetchrow(FIND_CONSULTATION, key, row_id_of(key))
    return ConsultationDetail(**row) if row else None


LIST_TURNS: Final = """
    SELECT position, role, text, time_in_call_secs, said_at, source, event_id,
        sentiment::float8 AS sentiment, interrupted, original_text, spoken, tool_calls, tool_results
    FROM voice_turns WHERE consultation_id = $1 ORDER BY position
"""


async def list_turns(conn: Connection, consultation_id: UUID) -> list[RecordedTurn]:
    return [RecordedTurn(**row) for row in await conn.fetch(LIST_TURNS, consultation_id)]
