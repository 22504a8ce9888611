"""Staff book for a conversation: what the caller said fills in what staff do not say."""

import asyncio
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from booking_core.availability import Rules, get_slot
from booking_core.bookings import BookedOnce, Booking, at_slot, book_slot, find_booking
from booking_core.customers import (
    Contact,
    Customer,
    find_customer,
    find_or_create_customer,
    get_customer,
)
from booking_core.database import Connection, storable
from booking_core.errors import ServiceNotFound
from booking_core.services import Service, find_service_by_id
from voice_service.consultations.conversion import SOURCE, describe_project, to_booking_wish
from voice_service.consultations.errors import ConsultationNotFound
from voice_service.consultations.operations import read_contact
from voice_service.consultations.queries import booking as queries
from voice_service.consultations.queries.rejudging import StoredConversation, lock_stored
from voice_service.consultations.rejudging import judge_stored


@dataclass(frozen=True, kw_only=True)
class StaffWish:
    """What staff say of the booking; everything but the slot may be left to the conversation."""

    slot_id: str
    contact: Contact
    project_description: str | None = None
    timezone: str | None = None


async def book_for_consultation(
    conn: Connection,
    key: str,
    wish: StaffWish,
    *,
    default_timezone: str,
    now: datetime,
    rules: Rules = Rules(),
) -> BookedOnce:
    """Book a slot for a conversation's caller, link the two and close the task.

    A conversation that has its booking keeps it: asked again, also at the same moment, this is the
    first one, ``repeated``. Only after that was cancelled another may be made. What the
    conversation holds ends with the booking.

    Args:
        key: the row's uuid or the conversation's id.
        default_timezone: where neither staff nor the conversation name the caller's.
    Raises:
        ConsultationNotFound, SlotIdInvalid, ServiceNotFound, SlotTaken, SlotNotOffered,
        TimezoneUnknown, BookingInvalid
        ContactInvalid: neither staff nor the conversation say how to reach the caller.
    """
    stored = await lock_stored(conn, storable(key))
    if stored is None:
        raise ConsultationNotFound("There is no voice consultation of that id.")
    first = await find_standing(conn, stored.follow_up_booking_id)
    if first is not None:
        return BookedOnce(booking=first, repeated=True)
    slot = await get_slot(conn, wish.slot_id)
    judgement = await asyncio.to_thread(judge_stored, stored, stored.corrections)
    said = read_contact(judgement, caller_phone=stored.caller_phone)
    contact = first_of(wish.contact, said)
    customer = await identify(conn, stored, wish.contact, contact, now=now)
    booking_wish = await to_booking_wish(
        conn,
        judgement,
        customer=customer,
        contact=contact,
        service=await get_service_of(conn, slot.service_id),
        description=wish.project_description or describe_project(stored, judgement),
        timezone=storable(wish.timezone) or stored.known_timezone or default_timezone,
    )
    booking = await book_slot(
        conn,
        at_slot(booking_wish, slot),
        now=now,
        rules=rules,
        conversation_id=stored.conversation_id,
    )
    await queries.link_booking(
        conn, stored.id, booking.id, customer_id=booking.customer_metrics_id, now=now
    )
    return BookedOnce(booking=booking, repeated=False)


async def find_standing(conn: Connection, booking_id: UUID | None) -> Booking | None:
    """The booking that the conversation has, unless it was cancelled."""
    booking = await find_booking(conn, booking_id) if booking_id else None
    return booking if booking is not None and booking.status != "cancelled" else None


async def get_service_of(conn: Connection, service_id: UUID) -> Service:
    service = await find_service_by_id(conn, service_id)
    if service is None:
        raise ServiceNotFound("This service is not offered any more.")
    return service


def first_of(staff: Contact, caller: Contact) -> Contact:
    """What staff say, and where they say nothing what the caller did."""
    names = [field.name for field in fields(Contact)]
    return Contact(**{name: getattr(staff, name) or getattr(caller, name) for name in names})


async def identify(
    conn: Connection,
    stored: StoredConversation,
    staff: Contact,
    contact: Contact,
    *,
    now: datetime,
) -> Customer:
    """Whose address staff give; else the conversation's customer; else whom its facts identify."""
    named = await find_customer(conn, staff) if staff.identifies else None
    if named is not None:
        return named
    if stored.customer_metrics_id is not None:
        return await get_customer(conn, stored.customer_metrics_id)
    return await find_or_create_customer(conn, contact, lead_source=SOURCE, now=now)
