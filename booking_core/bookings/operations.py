"""What may be done with bookings. The database decides each race; here its answer gets a name."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Final

import asyncpg

from booking_core.availability import Slot, find_slots, require_slot
from booking_core.availability.model import EPOCH, FURTHEST, MINUTE
from booking_core.bookings import queries
from booking_core.bookings.model import Booking, BookingWish, NewBooking, check_timezone
from booking_core.database import Connection
from booking_core.errors import (
    BookingError,
    BookingNotFound,
    ContactInvalid,
    SlotNotOffered,
    SlotTaken,
    TimezoneUnknown,
)
from booking_core.services import Service, find_service_by_id

# What the table's checks say about a wish, by their name.
REFUSED_BY_CHECK: Final[Mapping[str | None, tuple[type[BookingError], str]]] = {
    "chk_bookings_timezone": (TimezoneUnknown, "This time zone is not known."),
    "chk_bookings_customer_data_format": (
        ContactInvalid,
        "This e-mail address or phone number is not valid.",
    ),
}


async def book_slot(conn: Connection, wish: NewBooking, *, now: datetime) -> Booking:
    """Book exactly this slot. After a refusal the caller's transaction is as it was before.

    Raises:
        SlotTaken: somebody has the time.
        SlotNotOffered: another rule is against it, among them all that offering applies.
        TimezoneUnknown: the customer's zone is no IANA name.
        ContactInvalid: there is no way to reach the customer.
    """
    check_timezone(wish.timezone)
    try:
        async with conn.transaction():
            await queries.lock_slot(conn, wish.slot)  # from here on nobody else books these days
            service = await find_service_by_id(conn, wish.slot.service_id)
            if service is None or not service.is_active:
                raise SlotNotOffered("This service is not offered any more.")
            await require_slot(conn, service, wish.slot, now=now)
            booking_id = await queries.insert_booking(conn, wish, now=now)
    except asyncpg.ExclusionViolationError as error:  # no seat left, says the trigger
        raise SlotTaken("Somebody has just taken this time.") from error
    except asyncpg.CheckViolationError as error:
        if error.constraint_name not in REFUSED_BY_CHECK:
            raise
        refusal, sentence = REFUSED_BY_CHECK[error.constraint_name]
        raise refusal(sentence) from error
    booking = await queries.find_booking(conn, booking_id)
    assert booking is not None  # it was inserted in this transaction
    return booking


async def book_time(
    conn: Connection, service: Service, start: datetime, wish: BookingWish, *, now: datetime
) -> Booking:
    """Book whoever is free at ``start``: the least loaded that day, then the longest idle.

    Raises:
        SlotTaken: nobody is free, or nobody is any more.
        TimezoneUnknown, ContactInvalid: as for ``book_slot``.
    """
    if not EPOCH <= start <= FURTHEST - MINUTE:
        raise SlotTaken("Nobody is free at this time.")
    free = await find_slots(conn, service, start=start, end=start + MINUTE, now=now)
    slots = {slot.consultant_id: slot for slot in free if slot.start == start}
    for consultant_id in await queries.rank_consultants(conn, list(slots), start=start):
        try:
            return await book_slot(conn, at_slot(wish, slots[consultant_id]), now=now)
        except (SlotTaken, SlotNotOffered):
            continue  # taken since we looked
    raise SlotTaken("Nobody is free at this time.")


def at_slot(wish: BookingWish, slot: Slot) -> NewBooking:
    said = {field.name: getattr(wish, field.name) for field in fields(BookingWish)}
    return NewBooking(slot=slot, **said)


async def get_booking(conn: Connection, reference: str) -> Booking:
    """The booking of that reference, or ``BookingNotFound``. Knowing it proves nothing: it can be
    guessed, so whoever asks must name the e-mail or number too."""
    booking = await queries.find_by_reference(conn, reference)
    if booking is None:
        raise BookingNotFound(f"There is no booking “{reference}”.")
    return booking
