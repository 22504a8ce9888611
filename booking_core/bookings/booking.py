"""Booking: a slot, whoever is free at a time, what was held, or a service that needs no time."""

from collections.abc import Collection
from dataclasses import fields
from datetime import datetime
from uuid import UUID

from booking_core.availability import Rules, Slot, find_slots
from booking_core.availability.model import EPOCH, FURTHEST, MINUTE
from booking_core.bookings.model import Booking, BookingWish, NewBooking, check_wish
from booking_core.bookings.placing import lock_place, refusals, require_rules
from booking_core.bookings.queries import bookings as queries
from booking_core.bookings.queries import holds, writing
from booking_core.bookings.states import Status
from booking_core.database import Connection, storable
from booking_core.errors import (
    BookingNotFound,
    HoldExpired,
    HoldNotFound,
    RangeInvalid,
    ServiceNeedsTime,
    SlotNotOffered,
    SlotTaken,
)
from booking_core.interactions import record_interaction
from booking_core.services import Service


async def book_slot(
    conn: Connection,
    wish: NewBooking,
    *,
    now: datetime,
    rules: Rules = Rules(),
    conversation_id: str | None = None,
) -> Booking:
    """Book exactly this slot. After a refusal the caller's transaction is as it was before.

    Args:
        conversation_id: whose hold, of this slot or another, ends with the booking.
    Raises:
        SlotTaken: somebody has the time.
        SlotNotOffered: another rule is against it, among them all that offering applies.
        RangeInvalid: the slot is no time at all.
        TimezoneUnknown: the customer's zone is no IANA name.
        ContactInvalid: there is no way to reach the customer.
        BookingInvalid: an unknown source, an impossible score or value.
    """
    check_wish(wish)
    kept_for: str | None = storable(conversation_id)
    async with refusals(conn):
        await lock_place(conn, wish.slot, rules=rules)
        await require_rules(conn, wish.slot, now=now, rules=rules, conversation_id=kept_for)
        if kept_for is not None:
            await holds.delete_hold(conn, kept_for)  # its own seat is the one to be taken
        return await insert_at_slot(conn, wish, wish.slot, now=now)


async def book_hold(
    conn: Connection,
    conversation_id: str,
    wish: BookingWish,
    *,
    now: datetime,
    rules: Rules = Rules(),
) -> Booking:
    """Book the slot that is held for a conversation; the hold ends with it.

    Notice and horizon are counted from when the slot was held: who takes a minute to spell their
    name does not lose the time over it.

    Raises:
        HoldNotFound: nothing is held, or not any more.
        HoldExpired: it was, but not until now.
        SlotTaken, SlotNotOffered, TimezoneUnknown, ContactInvalid, BookingInvalid: as for
            ``book_slot``; the hold then stays.
    """
    check_wish(wish)
    hold = await holds.find_hold(conn, storable(conversation_id))
    if hold is None:
        raise HoldNotFound("No time is held for this conversation.")
    if hold.expires_at <= now:
        raise HoldExpired("This time was held for a while, and is not any more.")
    async with refusals(conn):
        await lock_place(conn, hold.slot, rules=rules)
        if not await holds.take_hold(conn, hold.id):
            raise HoldNotFound("This time has just been booked or given back.")
        asked_at = min(hold.created_at, now)
        await require_rules(conn, hold.slot, now=now, rules=rules, asked_at=asked_at)
        return await insert_at_slot(conn, wish, hold.slot, now=now)


async def insert_at_slot(
    conn: Connection, wish: BookingWish, slot: Slot, *, now: datetime
) -> Booking:
    """Insert under the locks, the rules being kept."""
    booking = await writing.insert_booking(
        conn,
        wish,
        service_id=slot.service_id,
        consultant_id=slot.consultant_id,
        start=slot.start,
        now=now,
    )
    await note_created(conn, booking, now=now)
    return booking


async def note_created(conn: Connection, booking: Booking, *, now: datetime) -> None:
    await record_interaction(
        conn,
        booking.customer_metrics_id,
        "booking_created",
        booking_id=booking.id,
        details={"booking_source": booking.booking_source},
        now=now,
    )


async def book_time(
    conn: Connection,
    service: Service,
    start: datetime,
    wish: BookingWish,
    *,
    now: datetime,
    rules: Rules = Rules(),
    team: Collection[UUID] | None = None,
    previous_first: bool = False,
    conversation_id: str | None = None,
) -> Booking:
    """Book whoever is free at ``start``: the least loaded that day, then the longest idle.

    Args:
        team: consultants to choose from, one or several; None: everybody.
        previous_first: whoever gave the customer's latest booking, when free.
        conversation_id: as for ``book_slot``.
    Raises:
        SlotTaken: nobody is free, or nobody is any more.
        RangeInvalid: ``start`` has no time zone.
        TimezoneUnknown, ContactInvalid, BookingInvalid: as for ``book_slot``.
    """
    check_wish(wish)
    if start.utcoffset() is None:
        raise RangeInvalid("A time to book needs a time zone.")
    if not EPOCH <= start <= FURTHEST - MINUTE:
        raise SlotTaken("Nobody is free at this time.")
    free = await find_slots(
        conn,
        service,
        start=start,
        end=start + MINUTE,
        now=now,
        rules=rules,
        conversation_id=storable(conversation_id),
    )
    slots = {
        slot.consultant_id: slot
        for slot in free
        if slot.start == start and (team is None or slot.consultant_id in team)
    }
    ranked = await queries.rank_consultants(conn, list(slots), start=start)
    if previous_first:
        previous = await queries.find_previous_consultant(conn, wish.customer.id)
        ranked.sort(key=lambda one: one != previous)  # stable: the others stay as they are
    for consultant_id in ranked:
        try:
            return await book_slot(
                conn,
                at_slot(wish, slots[consultant_id]),
                now=now,
                rules=rules,
                conversation_id=conversation_id,
            )
        except (SlotTaken, SlotNotOffered):
            continue  # taken since we looked
    raise SlotTaken("Nobody is free at this time.")


def at_slot(wish: BookingWish, slot: Slot) -> NewBooking:
    """The same wish, for this slot."""
    said = {field.name: getattr(wish, field.name) for field in fields(BookingWish)}
    return NewBooking(slot=slot, **said)


async def book_immediate(
    conn: Connection,
    service: Service,
    wish: BookingWish,
    *,
    now: datetime,
    consultant_id: UUID | None = None,
) -> Booking:
    """Book a service that is given without a time. It takes nobody's time from the calendar.

    One that confirms by itself and costs nothing is confirmed at once.

    Raises:
        ServiceNeedsTime: it is a scheduled service.
        SlotNotOffered: the service, or this consultant, is not to be had any more.
        TimezoneUnknown, ContactInvalid, BookingInvalid: as for ``book_slot``.
    """
    check_wish(wish)
    if service.booking_type != "immediate":
        raise ServiceNeedsTime("This service is booked with a time.")
    if not service.is_active:
        raise SlotNotOffered("This service is not offered any more.")
    free = service.auto_confirm and not service.requires_payment
    status: Status = "confirmed" if free else "pending"
    async with refusals(conn):
        booking = await writing.insert_booking(
            conn,
            wish,
            service_id=service.id,
            consultant_id=consultant_id,
            start=None,
            status=status,
            now=now,
        )
        await note_created(conn, booking, now=now)
        return booking


async def get_booking(conn: Connection, reference: str) -> Booking:
    """The booking of that reference, or ``BookingNotFound``. Knowing it proves nothing: it can be
    guessed, so whoever asks must name the e-mail or number too."""
    booking = await queries.find_by_reference(conn, reference)
    if booking is None:
        raise BookingNotFound(f"There is no booking “{reference}”.")
    return booking
