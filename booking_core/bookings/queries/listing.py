"""Bookings in the database, a page at a time."""

from datetime import datetime
from typing import Final
from uuid import UUID

from booking_core.bookings.model import Booking
from booking_core.bookings.queries.bookings import BOOKINGS
from booking_core.database import Connection

LIST_BOOKINGS: Final = (
    BOOKINGS
    + """
    WHERE ($1::text IS NULL OR status::text = $1)
      AND ($2::timestamptz IS NULL OR scheduled_datetime >= $2)
      AND ($3::timestamptz IS NULL OR scheduled_datetime < $3)
      AND ($4::uuid IS NULL OR consultant_id = $4)
      AND ($5::uuid IS NULL OR customer_metrics_id = $5)
      AND ($6::timestamptz IS NULL OR (created_at, id) < ($6, $7::uuid))
    ORDER BY created_at DESC, id DESC
    LIMIT $8
"""
)


async def list_bookings(
    conn: Connection,
    *,
    status: str | None,
    start: datetime | None,
    end: datetime | None,
    consultant_id: UUID | None,
    customer_id: UUID | None,
    after: tuple[datetime | None, UUID | None],
    limit: int,
) -> list[Booking]:
    """The latest made first; ``after`` is the key of the last one seen."""
    rows = await conn.fetch(
        LIST_BOOKINGS, status, start, end, consultant_id, customer_id, *after, limit
    )
    return [Booking(**row) for row in rows]
