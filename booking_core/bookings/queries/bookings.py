"""Bookings read from the database, and kept from changing."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from booking_core.availability import Slot
from booking_core.bookings.model import Booking
from booking_core.database import Connection, storable

LOCK_SLOT: Final = "SELECT private.lock_slot($1, $2, $3, $4)"


async def lock_slot(conn: Connection, slot: Slot) -> None:
    """Wait until nobody else is booking the same consultant's days, or a limited service's day."""
    await conn.execute(LOCK_SLOT, slot.service_id, slot.consultant_id, slot.start, slot.end)


LOCK_CONSULTANT_DATE: Final = """
    SELECT pg_advisory_xact_lock(hashtextextended(
        'limit of ' || $1::uuid || ' ' || private.local_date($1, $2), 0
    ))
"""


async def lock_consultant_date(conn: Connection, slot: Slot) -> None:
    """Wait until nobody else counts what the consultant gives on that date of their own."""
    await conn.execute(LOCK_CONSULTANT_DATE, slot.consultant_id, slot.start)


BOOKINGS: Final = """
    SELECT id, booking_reference, customer_metrics_id, service_id, consultant_id,
           scheduled_datetime, scheduled_end, timezone, status::text AS status,
           payment_status::text AS payment_status, payment_amount, payment_method,
           payment_reference, currency::text AS currency,
           booking_source::text AS booking_source, lead_score, project_description,
           customer_data, created_at, confirmed_at, completed_at,
           actual_start_time, actual_end_time, cancelled_at, cancelled_by, cancellation_reason
    FROM bookings
"""

FIND_BOOKING: Final = BOOKINGS + "WHERE id = $1"


async def find_booking(conn: Connection, booking_id: UUID) -> Booking | None:
    row = await conn.fetchrow(FIND_BOOKING, booking_id)
    return None if row is None else Booking(**row)


FIND_BY_REFERENCE: Final = BOOKINGS + "WHERE booking_reference = $1"


async def find_by_reference(conn: Connection, reference: str) -> Booking | None:
    row = await conn.fetchrow(FIND_BY_REFERENCE, storable(reference))
    return None if row is None else Booking(**row)


LOCK_BY_REFERENCE: Final = FIND_BY_REFERENCE + " FOR NO KEY UPDATE"


async def lock_by_reference(conn: Connection, reference: str) -> Booking | None:
    """As it is now that nobody else can change it before this transaction ends."""
    row = await conn.fetchrow(LOCK_BY_REFERENCE, storable(reference))
    return None if row is None else Booking(**row)


# Passed over while somebody else changes them: they may be paying just now.
LOCK_UNPAID: Final = (
    BOOKINGS
    + """
    WHERE status = 'pending' AND payment_status IN ('pending', 'failed')
      AND payment_amount > 0 AND scheduled_datetime IS NOT NULL
      AND created_at <= $1::timestamptz - $2::interval
    ORDER BY customer_metrics_id, id
    FOR NO KEY UPDATE SKIP LOCKED
"""
)


async def lock_unpaid(conn: Connection, *, older_than: timedelta, now: datetime) -> list[Booking]:
    """Pending bookings with a time and a price that nobody has begun to pay."""
    return [Booking(**row) for row in await conn.fetch(LOCK_UNPAID, now, older_than)]


FIND_UPCOMING_BOOKING: Final = (
    BOOKINGS
    + """
    WHERE customer_metrics_id = $1 AND ($2::uuid IS NULL OR service_id = $2)
      AND scheduled_datetime > $3
      AND status IN ('pending', 'confirmed', 'in_progress')
    ORDER BY scheduled_datetime
    LIMIT 1
"""
)


async def find_upcoming_booking(
    conn: Connection, customer_id: UUID, service_id: UUID | None, *, now: datetime
) -> Booking | None:
    """The customer's next live booking of the service; None: of any."""
    row = await conn.fetchrow(FIND_UPCOMING_BOOKING, customer_id, service_id, now)
    return None if row is None else Booking(**row)


FIND_PREVIOUS_CONSULTANT: Final = """
    SELECT consultant_id
    FROM bookings
    WHERE customer_metrics_id = $1 AND consultant_id IS NOT NULL
      AND status IN ('pending', 'confirmed', 'in_progress', 'completed')
    ORDER BY scheduled_datetime DESC NULLS LAST
    LIMIT 1
"""


async def find_previous_consultant(conn: Connection, customer_id: UUID) -> UUID | None:
    """Who gave or is to give the customer's latest booking."""
    found: UUID | None = await conn.fetchval(FIND_PREVIOUS_CONSULTANT, customer_id)
    return found


RANK_CONSULTANTS: Final = """
    SELECT p.id
    FROM profiles p
    CROSS JOIN LATERAL (
        SELECT date_trunc('day', $2::timestamptz, coalesce(p.timezone, 'UTC')) AS midnight
    ) d
    CROSS JOIN LATERAL (
        SELECT count(*) AS bookings
        FROM bookings b
        WHERE b.consultant_id = p.id
          AND b.status IN ('pending', 'confirmed', 'in_progress', 'completed')
          AND b.scheduled_datetime >= d.midnight
          AND b.scheduled_datetime < (
              (d.midnight AT TIME ZONE coalesce(p.timezone, 'UTC')) + interval '1 day'
          ) AT TIME ZONE coalesce(p.timezone, 'UTC')
    ) load
    LEFT JOIN LATERAL (
        SELECT b.scheduled_datetime
        FROM bookings b
        WHERE b.consultant_id = p.id
          AND b.status IN ('pending', 'confirmed', 'in_progress', 'completed')
          AND b.scheduled_datetime < $2
        ORDER BY b.scheduled_datetime DESC
        LIMIT 1
    ) last ON TRUE
    WHERE p.id = ANY($1)
    ORDER BY load.bookings, last.scheduled_datetime NULLS FIRST, p.id
"""


async def rank_consultants(
    conn: Connection, consultant_ids: Sequence[UUID], *, start: datetime
) -> list[UUID]:
    """Those with the fewest bookings on their own date of ``start`` first, then the longest idle:
    whose last booking before ``start`` is the oldest, or who never had one."""
    return [row["id"] for row in await conn.fetch(RANK_CONSULTANTS, consultant_ids, start)]
