"""A voice consultation as a task: whose it is, when it is due, whether it is done."""

from datetime import datetime
from typing import Final
from uuid import UUID

from booking_core.database import Connection
from voice_service.consultations.queries.reading import row_id_of

LOCK_TASK: Final = """
    SELECT id FROM voice_consultations
    WHERE voice_session_id = $1 OR id = $2
    ORDER BY id = $2 DESC
    LIMIT 1
    FOR NO KEY UPDATE
"""


async def lock_task(conn: Connection, key: str) -> UUID | None:
    """The row of that id or conversation id; nobody else changes it until we are done."""
    found: UUID | None = await conn.fetchval(LOCK_TASK, key, row_id_of(key))
    return found


CHANGE_TASK: Final = """
    UPDATE voice_consultations
    SET assigned_to = CASE WHEN $2 THEN $3 ELSE assigned_to END,
        due_at = CASE WHEN $4 THEN $5 ELSE due_at END,
        snoozed_until = CASE WHEN $6 THEN $7 ELSE snoozed_until END,
        closed_at = CASE WHEN $8 THEN $9 ELSE closed_at END
    WHERE id = $1
"""


async def change_task(
    conn: Connection,
    row_id: UUID,
    *,
    assigned_to: tuple[bool, UUID | None],
    due_at: tuple[bool, datetime | None],
    snoozed_until: tuple[bool, datetime | None],
    closed_at: tuple[bool, datetime | None],
) -> None:
    """Write what is to change: each value stands behind whether it is."""
    await conn.execute(CHANGE_TASK, row_id, *assigned_to, *due_at, *snoozed_until, *closed_at)
