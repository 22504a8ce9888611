"""Holds in the database."""

from datetime import datetime
from typing import Final
from uuid import UUID

from booking_core.availability import Slot
from booking_core.bookings.model import Hold
from booking_core.database import Connection, Record

LOCK_CALLER: Final = "SELECT pg_advisory_xact_lock(hashtextextended('caller ' || $1, 0))"


async def lock_caller(conn: Connection, caller: str) -> None:
    """Wait until nobody else keeps a time for the same caller."""
    await conn.execute(LOCK_CALLER, caller)


COUNT_OTHER_HOLDS: Final = """
    SELECT count(*) FROM slot_holds
    WHERE caller = $1 AND conversation_id <> $2 AND expires_at > $3
"""


async def count_other_holds(
    conn: Connection, caller: str, conversation_id: str, *, now: datetime
) -> int:
    """Live holds of a caller in other conversations than this one."""
    found: int = await conn.fetchval(COUNT_OTHER_HOLDS, caller, conversation_id, now)
    return found


# The old hold of the conversation gives way in the very statement that wins the new one. The seat
# is the trigger's to give. Renewed, a hold stays the same and keeps the moment it was first won.
PUT_HOLD: Final = """
    INSERT INTO slot_holds AS h (
        conversation_id, caller, consultant_id, service_id, starts_at, ends_at,
        expires_at, created_at
    )
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (conversation_id) DO UPDATE
    SET (
        id, caller, consultant_id, service_id, starts_at, ends_at, expires_at, created_at
    ) = (
        SELECT
            CASE WHEN s.same THEN h.id ELSE excluded.id END,
            coalesce(excluded.caller, h.caller),
            excluded.consultant_id, excluded.service_id, excluded.starts_at, excluded.ends_at,
            excluded.expires_at,
            CASE WHEN s.same THEN h.created_at ELSE excluded.created_at END
        FROM (
            SELECT h.expires_at > excluded.created_at
                AND (h.consultant_id, h.service_id) = (excluded.consultant_id, excluded.service_id)
                AND (h.starts_at, h.ends_at) = (excluded.starts_at, excluded.ends_at) AS same
        ) s
    )
    RETURNING id, conversation_id, caller, consultant_id, service_id, starts_at, ends_at,
              created_at, expires_at
"""


async def put_hold(
    conn: Connection,
    slot: Slot,
    conversation_id: str,
    *,
    caller: str | None,
    expires_at: datetime,
    now: datetime,
) -> Hold:
    """Keep a slot for a conversation, instead of the one it has kept so far."""
    row = await conn.fetchrow(
        PUT_HOLD,
        conversation_id,
        caller,
        slot.consultant_id,
        slot.service_id,
        slot.start,
        slot.end,
        expires_at,
        now,
    )
    assert row is not None  # INSERT … RETURNING gives its row or raises
    return as_hold(row)


FIND_HOLD: Final = """
    SELECT id, conversation_id, caller, consultant_id, service_id, starts_at, ends_at,
           created_at, expires_at
    FROM slot_holds
    WHERE conversation_id = $1
"""


async def find_hold(conn: Connection, conversation_id: str) -> Hold | None:
    """The conversation's hold, live or expired."""
    row = await conn.fetchrow(FIND_HOLD, conversation_id)
    return None if row is None else as_hold(row)


LIST_EXPIRED_HOLDS: Final = """
    SELECT id, conversation_id, caller, consultant_id, service_id, starts_at, ends_at,
           created_at, expires_at
    FROM slot_holds
    WHERE expires_at <= $1
    ORDER BY expires_at, id
"""


async def list_half_booked(conn: Connection, *, now: datetime) -> list[Hold]:
    """Holds that ran out unbooked, the longest expired first: their callers were nearly booked.

    A hold that is booked or given back is deleted; one that ran out stays until it is purged, or
    until its conversation holds or books another time.
    """
    return [as_hold(row) for row in await conn.fetch(LIST_EXPIRED_HOLDS, now)]


DELETE_HOLD: Final = "DELETE FROM slot_holds WHERE conversation_id = $1"


async def delete_hold(conn: Connection, conversation_id: str) -> None:
    await conn.execute(DELETE_HOLD, conversation_id)


TAKE_HOLD: Final = "DELETE FROM slot_holds WHERE id = $1 RETURNING id"


async def take_hold(conn: Connection, hold_id: UUID) -> bool:
    """Delete this very hold; false when it is there no more."""
    return await conn.fetchval(TAKE_HOLD, hold_id) is not None


PURGE_HOLDS: Final = """
    WITH purged AS (DELETE FROM slot_holds WHERE expires_at < $1 RETURNING id)
    SELECT count(*) FROM purged
"""


async def purge_holds(conn: Connection, *, before: datetime) -> int:
    """Forget holds that ran out before then; how many there were."""
    found: int = await conn.fetchval(PURGE_HOLDS, before)
    return found


# The whole local date at once, so that any slot of it may be chosen afterwards: its locks are
# taken in the order that every other writer takes them.
LOCK_LOCAL_DAY: Final = """
    WITH local AS (
        SELECT coalesce((SELECT timezone FROM profiles WHERE id = $2), 'UTC') AS zone
    ), midnight AS (
        SELECT l.zone, date_trunc('day', $3::timestamptz, l.zone) AS starts_at FROM local l
    ), day AS MATERIALIZED (
        SELECT m.starts_at,
               ((m.starts_at AT TIME ZONE m.zone) + interval '1 day') AT TIME ZONE m.zone AS ends_at
        FROM midnight m
    )
    SELECT d.starts_at, d.ends_at,
           private.lock_slot($1, $2, d.starts_at, d.ends_at + $4::interval)
    FROM day d
"""


async def lock_local_day(conn: Connection, slot: Slot) -> tuple[datetime, datetime]:
    """Wait until nobody else books any slot of the same service on the consultant's date.

    Returns:
        Where that date begins and where it ends.
    """
    row = await conn.fetchrow(
        LOCK_LOCAL_DAY, slot.service_id, slot.consultant_id, slot.start, slot.end - slot.start
    )
    assert row is not None  # a SELECT from a single row
    return row["starts_at"], row["ends_at"]


def as_hold(row: Record) -> Hold:
    return Hold(
        id=row["id"],
        conversation_id=row["conversation_id"],
        caller=row["caller"],
        slot=Slot(
            consultant_id=row["consultant_id"],
            service_id=row["service_id"],
            start=row["starts_at"],
            end=row["ends_at"],
        ),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
    )
