"""The confirmation that a caller sees: a booking in the words of whoever has it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from booking_core.bookings import Booking, find_booking
from booking_core.consultants import find_consultant
from booking_core.database import Connection
from booking_core.services import find_service_by_id


@dataclass(frozen=True, kw_only=True)
class Card:
    """A booking with a time. ``timezone``: the caller's; ``consultant``: by name."""

    reference: str
    status: str
    start: datetime
    end: datetime
    timezone: str
    service: str
    consultant: str | None


async def read_card(conn: Connection, booking_id: UUID) -> Card | None:
    """None for a booking without a time, which is on nobody's calendar."""
    booking = await find_booking(conn, booking_id)
    if booking is None or booking.scheduled_datetime is None or booking.scheduled_end is None:
        return None
    service = await find_service_by_id(conn, booking.service_id)
    assert service is not None  # a booking's service is never deleted
    return Card(
        reference=booking.booking_reference,
        status=booking.status,
        start=booking.scheduled_datetime,
        end=booking.scheduled_end,
        timezone=booking.timezone,
        service=service.name,
        consultant=await name_consultant(conn, booking),
    )


async def name_consultant(conn: Connection, booking: Booking) -> str | None:
    if booking.consultant_id is None:
        return None
    consultant = await find_consultant(conn, booking.consultant_id)
    return f"{consultant.first_name} {consultant.last_name}".strip() if consultant else None
