"""Sessions of the relay, over all processes, and what staff ask of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from booking_core.database import Connection

LOCK_SESSIONS: Final = "SELECT pg_advisory_xact_lock(hashtext('relay_sessions'))"
COUNT_SESSIONS: Final = """
    SELECT
        count(*) FILTER (WHERE closed_at IS NULL AND seen_at > $2)::int AS open_now,
        count(*) FILTER (WHERE closed_at IS NULL AND seen_at > $2 AND visitor = $1)::int
            AS visitors,
        count(*) FILTER (WHERE opened_at > $3 AND visitor = $1)::int AS lately
    FROM relay_sessions
    WHERE closed_at IS NULL OR (visitor = $1 AND opened_at > $3)
"""


@dataclass(frozen=True, kw_only=True)
class SessionCounts:
    """How many conversations there are: of all, of one visitor, of that visitor lately."""

    open_now: int
    visitors: int
    lately: int


async def count_sessions(
    conn: Connection, visitor: str | None, *, seen_since: datetime, opened_since: datetime
) -> SessionCounts:
    """Counted under a lock, so that the next one to begin counts this one."""
    await conn.execute(LOCK_SESSIONS)
    row = await conn.fetchrow(COUNT_SESSIONS, visitor, seen_since, opened_since)
    assert row is not None  # an aggregate always has its row
    return SessionCounts(**row)


INSERT_SESSION: Final = """
    INSERT INTO relay_sessions (id, visitor, opened_at, seen_at) VALUES ($1, $2, $3, $3)
    ON CONFLICT (id) DO NOTHING
    RETURNING id
"""


async def insert_session(
    conn: Connection, session_id: UUID, visitor: str | None, *, now: datetime
) -> bool:
    """False for a session that there was already."""
    return await conn.fetchval(INSERT_SESSION, session_id, visitor, now) is not None


# One that began while the database was away has no row yet.
TOUCH_SESSIONS: Final = """
    INSERT INTO relay_sessions (id, conversation_id, opened_at, seen_at)
    SELECT id, conversation_id, $3, $3
    FROM unnest($1::uuid[], $2::text[]) AS live (id, conversation_id)
    ON CONFLICT (id) DO UPDATE SET
        seen_at = excluded.seen_at, conversation_id = excluded.conversation_id, closed_at = NULL
"""


async def touch_sessions(conn: Connection, live: dict[UUID, str | None], *, now: datetime) -> None:
    """Say that these sessions are still served, and which conversation each has."""
    await conn.execute(TOUCH_SESSIONS, list(live), list(live.values()), now)


CLOSE_SESSION: Final = """
    INSERT INTO relay_sessions (id, conversation_id, opened_at, seen_at, closed_at)
    VALUES ($1, $2, $3, $3, $3)
    ON CONFLICT (id) DO UPDATE SET closed_at = $3, conversation_id = $2
"""


async def close_session(
    conn: Connection, session_id: UUID, conversation_id: str | None, *, now: datetime
) -> None:
    await conn.execute(CLOSE_SESSION, session_id, conversation_id, now)


CLOSE_LOST_SESSIONS: Final = """
    UPDATE relay_sessions SET closed_at = $2
    WHERE id IN (
        SELECT id FROM relay_sessions WHERE closed_at IS NULL AND seen_at < $1
        FOR UPDATE SKIP LOCKED
    )
    RETURNING conversation_id
"""


async def close_lost_sessions(
    conn: Connection, *, seen_before: datetime, now: datetime
) -> list[str]:
    """Close what no process serves any more; the conversations these sessions had."""
    rows = await conn.fetch(CLOSE_LOST_SESSIONS, seen_before, now)
    return [row["conversation_id"] for row in rows if row["conversation_id"] is not None]


DELETE_SESSIONS: Final = "DELETE FROM relay_sessions WHERE closed_at < $1"


async def delete_sessions(conn: Connection, *, closed_before: datetime) -> None:
    """Forget sessions whose tokens have long expired."""
    await conn.execute(DELETE_SESSIONS, closed_before)


class CommandKind(StrEnum):
    """What staff may ask of a running conversation."""

    CONTEXTUAL_UPDATE = "contextual_update"
    END = "end"


@dataclass(frozen=True, kw_only=True)
class Command:
    """``body``: what the agent is told; None to end the conversation."""

    id: UUID
    conversation_id: str
    kind: CommandKind
    body: str | None
    created_at: datetime


INSERT_COMMAND: Final = """
    INSERT INTO relay_commands (conversation_id, kind, body, created_at)
    SELECT $1, $2, $3, $4
    WHERE EXISTS (
        SELECT FROM relay_sessions
        WHERE conversation_id = $1 AND closed_at IS NULL AND seen_at > $5
    )
    RETURNING id
"""


async def insert_command(
    conn: Connection,
    conversation_id: str,
    kind: CommandKind,
    body: str | None,
    *,
    seen_since: datetime,
    now: datetime,
) -> UUID | None:
    """None when no process has served that conversation lately."""
    command_id: UUID | None = await conn.fetchval(
        INSERT_COMMAND, conversation_id, kind, body, now, seen_since
    )
    return command_id


TAKE_COMMANDS: Final = """
    UPDATE relay_commands SET taken_at = $2
    WHERE id IN (
        SELECT id FROM relay_commands
        WHERE conversation_id = ANY ($1) AND taken_at IS NULL
        FOR UPDATE SKIP LOCKED
    )
    RETURNING id, conversation_id, kind, body, created_at
"""


async def take_commands(
    conn: Connection, conversation_ids: Sequence[str], *, now: datetime
) -> list[Command]:
    """What is asked of these conversations, each once, the oldest first."""
    rows = await conn.fetch(TAKE_COMMANDS, conversation_ids, now)
    commands = [Command(**{**row, "kind": CommandKind(row["kind"])}) for row in rows]
    return sorted(commands, key=lambda command: command.created_at)


IS_COMMAND_TAKEN: Final = "SELECT taken_at IS NOT NULL FROM relay_commands WHERE id = $1"


async def is_command_taken(conn: Connection, command_id: UUID) -> bool:
    return bool(await conn.fetchval(IS_COMMAND_TAKEN, command_id))


WITHDRAW_COMMAND: Final = """
    DELETE FROM relay_commands WHERE id = $1 AND taken_at IS NULL RETURNING id
"""


async def withdraw_command(conn: Connection, command_id: UUID) -> bool:
    """False when it was taken meanwhile."""
    return await conn.fetchval(WITHDRAW_COMMAND, command_id) is not None


DELETE_COMMANDS: Final = "DELETE FROM relay_commands WHERE created_at < $1"


async def delete_commands(conn: Connection, *, created_before: datetime) -> None:
    await conn.execute(DELETE_COMMANDS, created_before)
