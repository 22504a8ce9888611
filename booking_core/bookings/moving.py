"""Giving a booking another time."""

from dataclasses import replace
from datetime import datetime

from booking_core.availability import Rules, Slot
from booking_core.bookings.model import Booking
from booking_core.bookings.placing import lock_place, refusals, require_rules
from booking_core.bookings.queries import bookings as queries
from booking_core.bookings.queries import holds, writing
from booking_core.bookings.states import require_movable
from booking_core.database import Connection, storable
from booking_core.errors import BookingNotFound, SlotNotOffered


async def move_booking(
    conn: Connection,
    reference: str,
    slot: Slot,
    *,
    now: datetime,
    rules: Rules = Rules(),
    conversation_id: str | None = None,
) -> Booking:
    """Give a booking another time, and with it perhaps another consultant.

    It keeps its reference, its state and the duration agreed on. Its old time is free when it has
    the new one, never before, and is not in its way: it may be moved by less than its own length.

    Args:
        conversation_id: whose hold, of this slot or another, ends with the move.
    Raises:
        BookingNotFound: there is no such booking.
        MoveNotAllowed: it has begun, or is over.
        SlotTaken: somebody has the new time; the booking keeps its old one.
        SlotNotOffered: another rule is against it, or the slot is another service's.
    """
    kept_for: str | None = storable(conversation_id)
    async with refusals(conn):
        booking = await queries.lock_by_reference(conn, reference)
        if booking is None:
            raise BookingNotFound(f"There is no booking “{reference}”.")
        require_movable(booking.status)
        if slot.service_id != booking.service_id:
            raise SlotNotOffered("This time is for another service.")
        duration = None
        if booking.scheduled_datetime is not None and booking.scheduled_end is not None:
            duration = booking.scheduled_end - booking.scheduled_datetime
            slot = replace(slot, end=slot.start + duration)
        await lock_place(conn, slot, rules=rules)
        await require_rules(
            conn,
            slot,
            now=now,
            rules=rules,
            conversation_id=kept_for,
            booking_id=booking.id,
            duration=duration,
        )
        if kept_for is not None:
            await holds.delete_hold(conn, kept_for)
        return await writing.move_booking(conn, booking.id, slot)
