"""Rows of a conversation that still runs, as the relay hears it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from booking_core.database import Connection, storable
from voice_service.consultations.model import Channel, LiveTurn, Mark


@dataclass(frozen=True, kw_only=True)
class LiveConversation:
    """What is known of a conversation when it begins. ``timezone``: as the browser told it."""

    consultation_id: UUID
    conversation_id: str
    agent_id: str
    channel: Channel
    started_at: datetime
    timezone: str | None


@dataclass(frozen=True, kw_only=True)
class LiveRow:
    """``reported``: the post-call event was here already, and what it told is not touched."""

    id: UUID
    reported: bool


# One statement, so that a distant database costs one round trip. Whoever else holds the row is
# waited for briefly: others' words are to be written. The id is another conversation's when one
# token opened two, which can happen while the database is away. The reaper may have taken a
# conversation for lost meanwhile.
WRITE_LIVE: Final = """
    WITH patience AS MATERIALIZED (SELECT set_config('lock_timeout', '3s', true)),
    live AS (
        INSERT INTO voice_consultations AS known (
            id, voice_session_id, agent_id, channel, started_at, timezone, timezone_source,
            created_at
        )
        SELECT
            CASE WHEN EXISTS (
                SELECT FROM voice_consultations WHERE id = $1 AND voice_session_id <> $2
            ) THEN gen_random_uuid() ELSE $1 END,
            $2, $3, $4, $5, $6, CASE WHEN $6::text IS NOT NULL THEN 'browser' END, $5
        FROM patience
        ON CONFLICT (voice_session_id) DO UPDATE SET
            agent_id = coalesce(known.agent_id, excluded.agent_id),
            channel = coalesce(known.channel, excluded.channel),
            started_at = coalesce(known.started_at, excluded.started_at),
            timezone = coalesce(known.timezone, excluded.timezone),
            timezone_source = coalesce(known.timezone_source, excluded.timezone_source),
            status = CASE
                WHEN known.status = 'dropped' AND NOT known.metadata ? 'event_timestamp'
                THEN 'in_progress' ELSE known.status
            END
        RETURNING id, metadata ? 'event_timestamp' AS reported
    ),
    written AS (
        INSERT INTO voice_turns (
            consultation_id, position, role, text, time_in_call_secs, said_at, source, event_id,
            interrupted, original_text, spoken, tool_calls, tool_results
        )
        SELECT
            live.id, position, role, text, time_in_call_secs, said_at, source, event_id,
            interrupted, original_text, spoken,
            nullif(tool_calls, '[]'::jsonb), nullif(tool_results, '[]'::jsonb)
        FROM live, jsonb_to_recordset($7::jsonb) AS turn (
            position int, role text, text text, time_in_call_secs int, said_at timestamptz,
            source text, event_id text, interrupted boolean, original_text text, spoken boolean,
            tool_calls jsonb, tool_results jsonb
        )
        WHERE NOT live.reported
        ON CONFLICT (consultation_id, position) DO UPDATE SET
            text = excluded.text, interrupted = excluded.interrupted,
            original_text = excluded.original_text, spoken = excluded.spoken,
            tool_calls = excluded.tool_calls, tool_results = excluded.tool_results
    )
    SELECT id, reported FROM live
"""


async def write_live(
    conn: Connection, live: LiveConversation, turns: Sequence[LiveTurn] = ()
) -> LiveRow:
    """The consultation of a running conversation, new or not, locked until the transaction ends.

    Turns are written as they were heard, unless the conversation is reported; one that was written
    before is brought up to date.
    """
    row = await conn.fetchrow(
        WRITE_LIVE,
        live.consultation_id,
        storable(live.conversation_id),
        live.agent_id,
        live.channel,
        live.started_at,
        live.timezone,
        storable([row_of(turn) for turn in turns]),
    )
    assert row is not None  # INSERT … DO UPDATE always gives its row
    return LiveRow(**row)


def row_of(turn: LiveTurn) -> dict[str, Any]:
    return {
        "position": turn.position,
        "role": turn.role,
        "text": turn.text,
        "time_in_call_secs": turn.time_in_call_secs,
        "said_at": turn.said_at.isoformat(),
        "source": turn.source,
        "event_id": turn.event_id,
        "interrupted": turn.interrupted,
        "original_text": turn.original_text,
        "spoken": turn.spoken,
        "tool_calls": turn.tool_calls,
        "tool_results": turn.tool_results,
    }


# No row is waited for: whoever holds one holds up that conversation alone.
WRITE_MANY_LIVE: Final = """
    WITH known AS (
        SELECT id, voice_session_id FROM voice_consultations
        WHERE voice_session_id = ANY ($1::text[]) AND status = 'in_progress'
            AND NOT metadata ? 'event_timestamp'
        ORDER BY voice_session_id
        FOR NO KEY UPDATE SKIP LOCKED
    ),
    begun AS (
        INSERT INTO voice_consultations (
            id, voice_session_id, agent_id, channel, started_at, timezone, timezone_source,
            created_at
        )
        SELECT
            id, voice_session_id, agent_id, channel, started_at, timezone,
            CASE WHEN timezone IS NOT NULL THEN 'browser' END, started_at
        FROM jsonb_to_recordset($3::jsonb) AS new (
            id uuid, voice_session_id text, agent_id text, channel text,
            started_at timestamptz, timezone text
        )
        ORDER BY voice_session_id
        ON CONFLICT DO NOTHING
        RETURNING id, voice_session_id
    ),
    live AS (SELECT * FROM known UNION ALL SELECT * FROM begun),
    written AS (
        INSERT INTO voice_turns (
            consultation_id, position, role, text, time_in_call_secs, said_at, source, event_id,
            interrupted, original_text, spoken, tool_calls, tool_results
        )
        SELECT
            live.id, position, role, text, time_in_call_secs, said_at, source, event_id,
            interrupted, original_text, spoken,
            nullif(tool_calls, '[]'::jsonb), nullif(tool_results, '[]'::jsonb)
        FROM live JOIN jsonb_to_recordset($2::jsonb) AS turn (
            conversation_id text, position int, role text, text text, time_in_call_secs int,
            said_at timestamptz, source text, event_id text, interrupted boolean,
            original_text text, spoken boolean, tool_calls jsonb, tool_results jsonb
        ) ON turn.conversation_id = live.voice_session_id
        ORDER BY live.id, position
        ON CONFLICT (consultation_id, position) DO UPDATE SET
            text = excluded.text, interrupted = excluded.interrupted,
            original_text = excluded.original_text, spoken = excluded.spoken,
            tool_calls = excluded.tool_calls, tool_results = excluded.tool_results
    )
    SELECT voice_session_id FROM live
"""


async def write_many_live(
    conn: Connection,
    turns: Mapping[str, Sequence[LiveTurn]],
    *,
    begun: Sequence[LiveConversation] = (),
) -> frozenset[str]:
    """Write turns of several running conversations, by the conversations' ids.

    Args:
        begun: those among them that have not been written before.
    Returns:
        Those that were written: not one whose row is held, or that is not in progress any more,
        nor a new one that others have told of.
    """
    rows = [
        {"conversation_id": conversation_id, **row_of(turn)}
        for conversation_id, said in turns.items()
        for turn in said
    ]
    new = [
        {
            "id": str(live.consultation_id),
            "voice_session_id": live.conversation_id,
            "agent_id": live.agent_id,
            "channel": live.channel,
            "started_at": live.started_at.isoformat(),
            "timezone": live.timezone,
        }
        for live in begun
    ]
    known = turns.keys() - {live.conversation_id for live in begun}
    found = await conn.fetch(WRITE_MANY_LIVE, list(known), storable(rows), storable(new))
    return frozenset(row["voice_session_id"] for row in found)


NOTE_MISSING: Final = """
    UPDATE voice_consultations SET
        marks = CASE WHEN $2 = ANY (marks) THEN marks ELSE marks || $2::text END,
        metadata = metadata || jsonb_build_object('turns_missing', $3::int)
    WHERE id = $1
"""


async def note_missing(conn: Connection, consultation_id: UUID, missing: int) -> None:
    """Let staff see that so many turns were not kept whole."""
    await conn.execute(NOTE_MISSING, consultation_id, Mark.TURNS_MISSING, missing)


END_LIVE: Final = """
    UPDATE voice_consultations SET
        status = 'processing', ended_at = $2, end_reason = $3,
        duration_seconds = greatest(0, extract(epoch FROM $2 - started_at))::int
    WHERE id = $1 AND status = 'in_progress'
"""


async def end_live(
    conn: Connection, consultation_id: UUID, *, ended_at: datetime, reason: str
) -> None:
    await conn.execute(END_LIVE, consultation_id, ended_at, storable(reason))


LOCK_UNFINISHED: Final = """
    SELECT agent_id, coalesce(channel, 'api') AS channel, timezone, timezone_source,
        coalesce(started_at, created_at) AS started_at,
        coalesce(ended_at, (SELECT max(said_at) FROM voice_turns WHERE consultation_id = id))
            AS ended_at,
        end_reason
    FROM voice_consultations
    WHERE voice_session_id = $1 AND status IN ('in_progress', 'processing')
        AND NOT metadata ? 'event_timestamp'
    FOR UPDATE
"""


@dataclass(frozen=True, kw_only=True)
class Unfinished:
    """A conversation of which only the relay knows so far."""

    agent_id: str | None
    channel: str
    timezone: str | None
    timezone_source: str | None
    started_at: datetime
    ended_at: datetime | None
    end_reason: str | None

    @property
    def duration(self) -> timedelta | None:
        return None if self.ended_at is None else max(timedelta(), self.ended_at - self.started_at)


async def lock_unfinished(conn: Connection, conversation_id: str) -> Unfinished | None:
    """None for one that is over, that its post-call event told about, or that is unknown."""
    row = await conn.fetchrow(LOCK_UNFINISHED, storable(conversation_id))
    return Unfinished(**row) if row else None


LIST_UNREPORTED: Final = """
    SELECT voice_session_id FROM voice_consultations
    WHERE status = 'processing' AND NOT metadata ? 'event_timestamp'
        AND voice_session_id IS NOT NULL AND ended_at < $1
"""


async def list_unreported(conn: Connection, *, ended_before: datetime) -> list[Any]:
    """Conversations that ended long ago and whose post-call event never came."""
    rows = await conn.fetch(LIST_UNREPORTED, ended_before)
    return [row["voice_session_id"] for row in rows]
