"""Bookings written to the database; each statement gives the row as it then is."""

from dataclasses import fields
from datetime import datetime
from typing import Final
from uuid import UUID

from booking_core.availability import Slot
from booking_core.bookings.model import Booking, BookingWish, CancelledBy, Receipt, snapshot
from booking_core.bookings.states import PaymentStatus, Status
from booking_core.database import Connection, Record, storable

BOOKING_FIELDS: Final = [field.name for field in fields(Booking)]


def as_booking(row: "Record | None") -> Booking:
    """Of a whole row just written."""
    assert row is not None  # it is new, or locked, and hence there
    return Booking(**{name: row[name] for name in BOOKING_FIELDS})


# Seat, end, price and reference are the database's own to fill, for every writer alike; so is the
# state of what has a time.
INSERT_BOOKING: Final = """
    INSERT INTO bookings (
        service_id, consultant_id, scheduled_datetime, status, timezone,
        customer_metrics_id, user_id, customer_data, project_description,
        booking_source, lead_score, estimated_project_value, created_at
    )
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, coalesce($11, 0), $12, $13)
    RETURNING *
"""


async def insert_booking(
    conn: Connection,
    wish: BookingWish,
    *,
    service_id: UUID,
    consultant_id: UUID | None,
    start: datetime | None,
    status: Status = "pending",
    now: datetime,
) -> Booking:
    """Insert it.

    Args:
        start: None for an immediate service.
        status: a pending one that has a time is confirmed by the database where its service says
            so and nothing is owed.
    """
    row = await conn.fetchrow(
        INSERT_BOOKING,
        service_id,
        consultant_id,
        start,
        status,
        wish.timezone,
        wish.customer.id,
        wish.customer.user_id,
        storable(snapshot(wish.customer, wish.contact)),
        storable(wish.project_description),
        wish.source,
        wish.lead_score,
        wish.estimated_value,
        now,
    )
    return as_booking(row)


MOVE_BOOKING: Final = """
    UPDATE bookings
    SET consultant_id = $2, scheduled_datetime = $3,
        duration_minutes = extract(epoch FROM $4::interval) / 60
    WHERE id = $1
    RETURNING *
"""


async def move_booking(conn: Connection, booking_id: UUID, slot: Slot) -> Booking:
    row = await conn.fetchrow(
        MOVE_BOOKING, booking_id, slot.consultant_id, slot.start, slot.end - slot.start
    )
    return as_booking(row)


# One statement a move: the database tells of each change of status once.
CHANGE_STATUS: Final = """
    UPDATE bookings
    SET status = $2::text::booking_status,
        confirmed_at = CASE $2 WHEN 'confirmed' THEN $3 ELSE confirmed_at END,
        completed_at = CASE $2 WHEN 'completed' THEN $3 ELSE completed_at END,
        actual_start_time = CASE $2 WHEN 'in_progress' THEN $3 ELSE actual_start_time END,
        actual_end_time = CASE
            WHEN $2 = 'completed' THEN greatest($3, actual_start_time) ELSE actual_end_time
        END
    WHERE id = $1
    RETURNING *
"""


async def change_status(
    conn: Connection, booking_id: UUID, status: Status, *, now: datetime
) -> Booking:
    """Write a status, and the time at which it was reached."""
    return as_booking(await conn.fetchrow(CHANGE_STATUS, booking_id, status, now))


CANCEL_BOOKING: Final = """
    UPDATE bookings
    SET status = 'cancelled', cancelled_at = $2, cancelled_by = $3, cancellation_reason = $4
    WHERE id = $1
    RETURNING *
"""


async def cancel_booking(
    conn: Connection, booking_id: UUID, *, by: CancelledBy, reason: str | None, now: datetime
) -> Booking:
    return as_booking(await conn.fetchrow(CANCEL_BOOKING, booking_id, now, by, storable(reason)))


CHANGE_PAYMENT: Final = """
    UPDATE bookings
    SET payment_status = $2::text::payment_status,
        payment_method = coalesce($3, payment_method),
        payment_reference = coalesce($4, payment_reference),
        status = CASE WHEN $5 THEN 'confirmed' ELSE status END,
        confirmed_at = CASE WHEN $5 THEN $6 ELSE confirmed_at END
    WHERE id = $1
    RETURNING *
"""


async def change_payment(
    conn: Connection,
    booking_id: UUID,
    payment_status: PaymentStatus,
    *,
    receipt: Receipt | None,
    confirms: bool,
    now: datetime,
) -> Booking:
    """Write how the payment stands.

    Args:
        confirms: the booking waited for nothing else.
    """
    method, reference = (receipt.method, receipt.reference) if receipt else (None, None)
    row = await conn.fetchrow(
        CHANGE_PAYMENT, booking_id, payment_status, method, reference, confirms, now
    )
    return as_booking(row)
