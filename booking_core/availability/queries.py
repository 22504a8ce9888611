"""Availability in the database."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from booking_core.availability.model import Busy, Override, Template
from booking_core.database import Connection

# 24:00 is a time to PostgreSQL and none to Python: minutes are.
LIST_TEMPLATES: Final = """
    SELECT t.consultant_id, coalesce(p.timezone, 'UTC') AS timezone, t.day_of_week,
           ceil(extract(epoch FROM t.start_time) / 60)::int AS start_minute,
           floor(extract(epoch FROM t.end_time) / 60)::int AS end_minute,
           t.max_bookings
    FROM availability_templates t JOIN profiles p ON p.id = t.consultant_id
    WHERE t.is_active AND p.is_staff AND ($1::uuid IS NULL OR t.consultant_id = $1)
"""


async def list_templates(conn: Connection, consultant_id: UUID | None) -> list[Template]:
    """The active weekly hours of staff: of one consultant, or of all."""
    return [Template(**row) for row in await conn.fetch(LIST_TEMPLATES, consultant_id)]


LIST_OVERRIDES: Final = """
    SELECT o.consultant_id, coalesce(p.timezone, 'UTC') AS timezone, o.specific_date,
           CASE WHEN o.is_available THEN ceil(extract(epoch FROM o.start_time) / 60)
                ELSE floor(extract(epoch FROM o.start_time) / 60) END::int AS start_minute,
           CASE WHEN o.is_available THEN floor(extract(epoch FROM o.end_time) / 60)
                ELSE ceil(extract(epoch FROM o.end_time) / 60) END::int AS end_minute,
           o.is_available, coalesce(o.max_bookings, 1) AS max_bookings
    FROM availability_overrides o JOIN profiles p ON p.id = o.consultant_id
    WHERE p.is_staff AND o.specific_date BETWEEN $2 AND $3
      AND ($1::uuid IS NULL OR o.consultant_id = $1)
"""


async def list_overrides(
    conn: Connection, consultant_id: UUID | None, *, first: date, last: date
) -> list[Override]:
    """The exceptions of staff on the local dates ``first`` to ``last``."""
    rows = await conn.fetch(LIST_OVERRIDES, consultant_id, first, last)
    return [Override(**row) for row in rows]


LIST_BUSY: Final = """
    WITH taken AS (
        SELECT consultant_id, service_id, seat, scheduled_datetime AS start, scheduled_end AS "end"
        FROM bookings
        WHERE consultant_id = ANY($1) AND status IN ('pending', 'confirmed', 'in_progress')
          AND id IS DISTINCT FROM $6
        UNION ALL
        SELECT consultant_id, service_id, seat, starts_at, ends_at
        FROM slot_holds
        WHERE consultant_id = ANY($1) AND expires_at > $4
          AND conversation_id IS DISTINCT FROM $5
    )
    SELECT t.consultant_id, t.service_id, t.seat, t.start, t."end",
           make_interval(mins => s.buffer_before_minutes) AS buffer_before,
           make_interval(mins => s.buffer_after_minutes) AS buffer_after
    FROM taken t JOIN services s ON s.id = t.service_id
    WHERE t.start - make_interval(mins => s.buffer_before_minutes) < $3
      AND t."end" + make_interval(mins => s.buffer_after_minutes) > $2
"""


async def list_busy(
    conn: Connection,
    consultant_ids: Sequence[UUID],
    *,
    start: datetime,
    end: datetime,
    now: datetime,
    conversation_id: str | None,
    booking_id: UUID | None,
) -> list[Busy]:
    """Live bookings and holds that, with their own buffers, meet ``[start, end)``.

    Args:
        now: holds that expire later are live.
        conversation_id: whose own hold is left out.
        booking_id: left out too.
    """
    rows = await conn.fetch(LIST_BUSY, consultant_ids, start, end, now, conversation_id, booking_id)
    return [Busy(**row) for row in rows]


LIST_FULL_DATES: Final = """
    WITH counted AS (
        SELECT consultant_id, scheduled_datetime AS start
        FROM bookings
        WHERE service_id = $1 AND status IN ('pending', 'confirmed', 'in_progress', 'completed')
          AND scheduled_datetime >= $3 AND scheduled_datetime < $4 AND id IS DISTINCT FROM $7
        UNION ALL
        SELECT consultant_id, starts_at
        FROM slot_holds
        WHERE service_id = $1 AND expires_at > $5 AND conversation_id IS DISTINCT FROM $6
          AND starts_at >= $3 AND starts_at < $4
    )
    SELECT (c.start AT TIME ZONE coalesce(p.timezone, 'UTC'))::date AS full_date
    FROM counted c LEFT JOIN profiles p ON p.id = c.consultant_id
    GROUP BY full_date
    HAVING count(*) >= $2
"""


async def list_full_dates(
    conn: Connection,
    service_id: UUID,
    limit: int,
    *,
    start: datetime,
    end: datetime,
    now: datetime,
    conversation_id: str | None,
    booking_id: UUID | None,
) -> frozenset[date]:
    """Dates on which ``limit`` bookings and live holds of the service already lie.

    Each counts on its own consultant's local date, as the database counts them when booking.

    Args:
        start: with ``end`` must hold the whole of every local date of interest.
    """
    rows = await conn.fetch(
        LIST_FULL_DATES, service_id, limit, start, end, now, conversation_id, booking_id
    )
    return frozenset(row["full_date"] for row in rows)
