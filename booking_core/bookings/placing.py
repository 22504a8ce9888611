"""Putting something on a consultant's calendar: the locks, then the rules, then the row.

Everything that holds, books or moves passes here, so that what is offered is what is taken. Locks
come in one order everywhere: the caller's or the request's, the booking's row, the consultant's
date where it is limited, and last those of ``private.lock_slot``.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg

from booking_core.availability import Rules, Slot, require_slot
from booking_core.availability.model import EPOCH, FURTHEST
from booking_core.bookings.queries import bookings as queries
from booking_core.database import Connection
from booking_core.errors import (
    BookingError,
    BookingHasNoTime,
    ContactInvalid,
    RangeInvalid,
    SlotNotOffered,
    SlotTaken,
    TimezoneUnknown,
)
from booking_core.services import Service, find_service_by_id

# What the table's checks say, by their name.
REFUSED_BY_CHECK: Final[Mapping[str | None, tuple[type[BookingError], str]]] = {
    "chk_bookings_timezone": (TimezoneUnknown, "This time zone is not known."),
    "chk_bookings_customer_data_format": (
        ContactInvalid,
        "This e-mail address or phone number is not valid.",
    ),
    "chk_bookings_confirmed_has_time": (
        BookingHasNoTime,
        "This booking needs a time before it can be confirmed.",
    ),
    "chk_bookings_consultant_is_staff": (
        SlotNotOffered,
        "This consultant gives no consultations any more.",
    ),
}


@asynccontextmanager
async def refusals(conn: Connection) -> AsyncIterator[None]:
    """A savepoint; what the database refuses inside it gets its name.

    After a refusal the caller's transaction is as it was before, and so are its locks.
    """
    try:
        async with conn.transaction():
            yield
    except asyncpg.ExclusionViolationError as error:  # no seat left, says the trigger
        raise SlotTaken("Somebody has just taken this time.") from error
    except asyncpg.CheckViolationError as error:
        if error.constraint_name not in REFUSED_BY_CHECK:
            raise
        refusal, sentence = REFUSED_BY_CHECK[error.constraint_name]
        raise refusal(sentence) from error


async def lock_place(conn: Connection, slot: Slot, *, rules: Rules) -> None:
    """Wait until nobody else can take what this slot needs.

    Raises:
        RangeInvalid: the slot has no time zone, ends before it starts, or is out of any calendar.
    """
    aware = slot.start.utcoffset() is not None and slot.end.utcoffset() is not None
    if not aware or not EPOCH <= slot.start < slot.end <= FURTHEST:
        raise RangeInvalid("No calendar has this time.")
    if rules.consultant_daily_limit is not None:
        await queries.lock_consultant_date(conn, slot)
    await queries.lock_slot(conn, slot)  # from here on nobody else books these days


async def require_rules(
    conn: Connection,
    slot: Slot,
    *,
    now: datetime,
    rules: Rules,
    asked_at: datetime | None = None,
    conversation_id: str | None = None,
    booking_id: UUID | None = None,
    duration: timedelta | None = None,
) -> None:
    """Pass when every rule that offering applies lets a locked slot be taken.

    Args:
        asked_at: when the slot was first held: notice and horizon are counted from then.
        conversation_id: whose own hold is not in the way.
        booking_id: of the booking to be moved, which is not in its own way.
        duration: agreed on for that booking, whatever its service's is now.
    Raises:
        SlotTaken: somebody has the time.
        SlotNotOffered: any other rule is against it.
    """
    service = await find_active_service(conn, slot.service_id)
    if slot.start < now:
        raise SlotNotOffered("This time has gone by.")
    await require_slot(
        conn,
        replace(service, duration=duration or service.duration),
        slot,
        now=asked_at or now,
        rules=rules,
        conversation_id=conversation_id,
        booking_id=booking_id,
    )


async def find_active_service(conn: Connection, service_id: UUID) -> Service:
    service = await find_service_by_id(conn, service_id)
    if service is None or not service.is_active:
        raise SlotNotOffered("This service is not offered any more.")
    return service
