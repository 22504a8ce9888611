"""What became of a visitor's conversation."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from booking_core.database import Connection, storable
from voice_service.consultations.model import Mark

FIND_CONSULTATION_OF_SESSION: Final = """
    SELECT consultation.id
    FROM relay_sessions AS session
    JOIN voice_consultations AS consultation
        ON consultation.voice_session_id = session.conversation_id
    WHERE session.id = $1
"""


async def find_consultation_of_session(conn: Connection, session_id: UUID) -> UUID | None:
    """None before the conversation has begun."""
    consultation_id: UUID | None = await conn.fetchval(FIND_CONSULTATION_OF_SESSION, session_id)
    return consultation_id


# A booking the caller had before is linked too, but who says an address need not be its owner.
READ_VISIT: Final = """
    SELECT status, CASE WHEN NOT $2 = ANY (marks) THEN follow_up_booking_id END AS booking_id
    FROM voice_consultations WHERE id = $1
"""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """``booking_id``: of the booking that this very conversation led to."""

    status: str
    booking_id: UUID | None


async def read_visit(conn: Connection, consultation_id: UUID) -> Visit | None:
    """None for a consultation that was erased."""
    row = await conn.fetchrow(READ_VISIT, consultation_id, Mark.EXISTING_BOOKING)
    return Visit(**row) if row else None


FIND_KEPT_BOOKING: Final = """
    SELECT id, greatest(0, extract(epoch FROM updated_at - created_at))::int AS sequence
    FROM bookings WHERE booking_reference = $1
"""


@dataclass(frozen=True, kw_only=True)
class KeptBooking:
    """``sequence``: grows with each change of the booking."""

    id: UUID
    sequence: int


async def find_kept_booking(conn: Connection, reference: str) -> KeptBooking | None:
    row = await conn.fetchrow(FIND_KEPT_BOOKING, storable(reference))
    return KeptBooking(**row) if row else None
