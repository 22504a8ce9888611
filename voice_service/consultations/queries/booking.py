"""A voice consultation and the booking that staff make of it."""

from datetime import datetime
from typing import Final
from uuid import UUID

from booking_core.database import Connection
from voice_service.consultations.model import Mark

LINK_BOOKING: Final = """
    UPDATE voice_consultations
    SET follow_up_booking_id = $2,
        customer_metrics_id = coalesce(customer_metrics_id, $3),
        closed_at = coalesce(closed_at, $4),
        marks = array_remove(marks, $5)
    WHERE id = $1
"""


async def link_booking(
    conn: Connection, consultation_id: UUID, booking_id: UUID, *, customer_id: UUID, now: datetime
) -> None:
    """The consultation has its booking, and nothing is left to be done about it."""
    await conn.execute(
        LINK_BOOKING, consultation_id, booking_id, customer_id, now, Mark.HALF_BOOKED
    )


# One that somebody writes at this moment is left for the next time.
MARK_HALF_BOOKED: Final = """
    UPDATE voice_consultations
    SET marks = array_append(marks, $3::text), due_at = coalesce(due_at, $2)
    WHERE id IN (
        SELECT id FROM voice_consultations
        WHERE voice_session_id = ANY($1::text[])
          AND status IN ('completed', 'dropped', 'failed')
          AND follow_up_booking_id IS NULL AND closed_at IS NULL
          AND NOT $3 = ANY(marks)
        FOR NO KEY UPDATE SKIP LOCKED
    )
"""


async def mark_half_booked(
    conn: Connection, conversation_ids: list[str], *, due_at: datetime
) -> None:
    """Show staff the conversations that are over and have no booking; each is marked once."""
    await conn.execute(MARK_HALF_BOOKED, conversation_ids, due_at, Mark.HALF_BOOKED)
