"""Bookings in the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from booking_core.availability import Slot
from booking_core.bookings.model import Booking, NewBooking, snapshot
from booking_core.database import Connection

LOCK_SLOT: Final = "SELECT private.lock_slot($1, $2, $3, $4)"


async def lock_slot(conn: Connection, slot: Slot) -> None:
    """Wait until nobody else is booking the same consultant's days, or a limited service's day."""
    await conn.execute(LOCK_SLOT, slot.service_id, slot.consultant_id, slot.start, slot.end)


# Seat, end, price, state and reference are the database's own to fill, for every writer alike.
INSERT_BOOKING: Final = """
    INSERT INTO bookings (
        service_id, consultant_id, scheduled_datetime, timezone,
        customer_metrics_id, user_id, customer_data, project_description,
        booking_source, lead_score, estimated_project_value, created_at
    )
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, coalesce($10, 0), $11, $12)
    RETURNING id
"""


async def insert_booking(conn: Connection, wish: NewBooking, *, now: datetime) -> UUID:
    booking_id: UUID = await conn.fetchval(
        INSERT_BOOKING,
        wish.slot.service_id,
        wish.slot.consultant_id,
        wish.slot.start,
        wish.timezone,
        wish.customer.id,
        wish.customer.user_id,
        snapshot(wish.customer, wish.contact),
        wish.project_description,
        wish.source,
        wish.lead_score,
        wish.estimated_value,
        now,
    )
    return booking_id


BOOKINGS: Final = """
    SELECT id, booking_reference, customer_metrics_id, service_id, consultant_id,
           scheduled_datetime, scheduled_end, timezone, status::text AS status,
           payment_status::text AS payment_status, payment_amount, currency::text AS currency,
           booking_source::text AS booking_source, lead_score, project_description,
           customer_data, created_at
    FROM bookings
"""

FIND_BOOKING: Final = BOOKINGS + "WHERE id = $1"


async def find_booking(conn: Connection, booking_id: UUID) -> Booking | None:
    row = await conn.fetchrow(FIND_BOOKING, booking_id)
    return None if row is None else Booking(**row)


FIND_BY_REFERENCE: Final = BOOKINGS + "WHERE booking_reference = $1"


async def find_by_reference(conn: Connection, reference: str) -> Booking | None:
    row = await conn.fetchrow(FIND_BY_REFERENCE, reference)
    return None if row is None else Booking(**row)


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


RANK_CONSULTANTS: Final = """
    SELECT p.id
    FROM profiles p LEFT JOIN bookings b
      ON b.consultant_id = p.id AND b.status IN ('pending', 'confirmed', 'in_progress', 'completed')
    WHERE p.id = ANY($1)
    GROUP BY p.id
    ORDER BY
        count(b.id) FILTER (
            WHERE (b.scheduled_datetime AT TIME ZONE coalesce(p.timezone, 'UTC'))::date
                = ($2 AT TIME ZONE coalesce(p.timezone, 'UTC'))::date
        ),
        max(b.scheduled_datetime) FILTER (WHERE b.scheduled_datetime < $2) NULLS FIRST,
        p.id
"""


async def rank_consultants(
    conn: Connection, consultant_ids: Sequence[UUID], *, start: datetime
) -> list[UUID]:
    """Those with the fewest bookings on their own date of ``start`` first, then the longest idle:
    whose last booking before ``start`` is the oldest, or who never had one."""
    return [row["id"] for row in await conn.fetch(RANK_CONSULTANTS, consultant_ids, start)]
