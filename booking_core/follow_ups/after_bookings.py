"""The end of a booking with what we then owe its customer: both or neither."""

from datetime import datetime

from booking_core.bookings import Booking, complete_booking, mark_no_show
from booking_core.database import Connection
from booking_core.follow_ups.operations import create_follow_ups


async def complete_and_follow_up(conn: Connection, reference: str, *, now: datetime) -> Booking:
    """The consultation was given. Refuses as ``complete_booking`` does."""
    booking = await complete_booking(conn, reference, now=now)
    await create_follow_ups(conn, booking.id, "completed", now=now)
    return booking


async def miss_and_follow_up(conn: Connection, reference: str, *, now: datetime) -> Booking:
    """The customer did not come. Refuses as ``mark_no_show`` does."""
    booking = await mark_no_show(conn, reference, now=now)
    await create_follow_ups(conn, booking.id, "no_show", now=now)
    return booking
