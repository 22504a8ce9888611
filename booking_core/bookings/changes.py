"""What becomes of a booking: confirmed, begun, done, missed, cancelled, paid.

Each operation is one update, so that the database tells of it once; two at once wait for each
other at the booking's row, and the second finds the state moved on.
"""

from datetime import datetime, timedelta
from typing import Final

import asyncpg

from booking_core.bookings.model import Booking, CancelledBy, Receipt
from booking_core.bookings.placing import refusals
from booking_core.bookings.queries import bookings as queries
from booking_core.bookings.queries import writing
from booking_core.bookings.states import (
    SETTLED,
    PaymentStatus,
    Status,
    is_settled,
    require_move,
    require_payment_move,
)
from booking_core.database import Connection
from booking_core.errors import (
    BookingNotFound,
    PaymentAlreadyUsed,
    PaymentInvalid,
    PaymentMissing,
    RangeInvalid,
    TooEarly,
)
from booking_core.interactions import record_interaction
from booking_core.services import find_service_by_id

NOT_PAID: Final = "Not paid in time."


async def confirm_booking(conn: Connection, reference: str, *, now: datetime) -> Booking:
    """Promise the customer the time.

    Raises:
        BookingNotFound, MoveNotAllowed
        PaymentMissing: it costs something and is neither paid nor waived.
        BookingHasNoTime: its service is a scheduled one, and nobody has said when.
    """
    async with refusals(conn):
        booking = await lock_for(conn, reference, "confirmed")
        if not is_settled(booking.payment_status, booking.payment_amount):
            raise PaymentMissing("This booking is neither paid nor waived.")
        return await writing.change_status(conn, booking.id, "confirmed", now=now)


async def start_booking(conn: Connection, reference: str, *, now: datetime) -> Booking:
    """The consultation begins, perhaps before its time, perhaps with a customer given up already.

    Raises:
        BookingNotFound, MoveNotAllowed
        SlotTaken: the customer was given up, and somebody else has the time.
    """
    async with refusals(conn):
        booking = await lock_for(conn, reference, "in_progress")
        return await writing.change_status(conn, booking.id, "in_progress", now=now)


async def complete_booking(conn: Connection, reference: str, *, now: datetime) -> Booking:
    """The consultation was given.

    Raises:
        BookingNotFound, MoveNotAllowed
        TooEarly: it was not begun, and its time has not come.
    """
    async with refusals(conn):
        booking = await lock_for(conn, reference, "completed")
        require_begun(booking, now=now)
        completed = await writing.change_status(conn, booking.id, "completed", now=now)
        await record_interaction(
            conn,
            booking.customer_metrics_id,
            "consultation_completed",
            booking_id=booking.id,
            details={},
            now=now,
        )
        return completed


async def mark_no_show(conn: Connection, reference: str, *, now: datetime) -> Booking:
    """The customer did not come.

    Raises:
        BookingNotFound, MoveNotAllowed
        TooEarly: they still may: the time has not come.
    """
    async with refusals(conn):
        booking = await lock_for(conn, reference, "no_show")
        require_begun(booking, now=now)
        return await writing.change_status(conn, booking.id, "no_show", now=now)


async def cancel_booking(
    conn: Connection, reference: str, *, by: CancelledBy, reason: str | None = None, now: datetime
) -> Booking:
    """Give the time back. What was paid stays paid until it is refunded.

    Raises:
        BookingNotFound, MoveNotAllowed
    """
    async with refusals(conn):
        booking = await lock_for(conn, reference, "cancelled")
        return await writing.cancel_booking(conn, booking.id, by=by, reason=reason, now=now)


async def change_payment(
    conn: Connection,
    reference: str,
    to: PaymentStatus,
    *,
    receipt: Receipt | None = None,
    now: datetime,
) -> Booking:
    """Note how the payment stands. Waiving is for staff to decide.

    Paid or waived, a pending booking is confirmed at once where its service confirms by itself;
    any other waits for ``confirm_booking``. Money that comes for a cancelled booking is noted too.

    Args:
        receipt: needed for ``paid``, of exactly what was asked for.
    Raises:
        BookingNotFound
        MoveNotAllowed: the payment cannot go there from where it is.
        PaymentInvalid: no receipt, or of another amount or currency.
        PaymentAlreadyUsed: the receipt is another booking's.
    """
    try:
        async with refusals(conn):
            booking = await lock_booking(conn, reference)
            require_payment_move(booking.payment_status, to)
            if to == "paid":
                require_receipt(booking, receipt)
            return await writing.change_payment(
                conn,
                booking.id,
                to,
                receipt=receipt if to == "paid" else None,
                confirms=to in SETTLED and await waits_for_money(conn, booking),
                now=now,
            )
    except asyncpg.UniqueViolationError as error:
        raise PaymentAlreadyUsed("This payment has paid for another booking.") from error


async def release_unpaid(
    conn: Connection, *, older_than: timedelta, now: datetime
) -> list[Booking]:
    """Cancel the pending bookings that nobody has begun to pay for so long, and free their times.

    Returns:
        The cancelled bookings, whose customers are to be told.
    Raises:
        RangeInvalid: ``older_than`` is negative, or longer than any calendar.
    """
    if not timedelta(0) <= older_than <= timedelta(days=3650):
        raise RangeInvalid("Unpaid bookings are kept for some time between none and ten years.")
    return [
        await writing.cancel_booking(conn, booking.id, by="system", reason=NOT_PAID, now=now)
        for booking in await queries.lock_unpaid(conn, older_than=older_than, now=now)
    ]


async def lock_booking(conn: Connection, reference: str) -> Booking:
    booking = await queries.lock_by_reference(conn, reference)
    if booking is None:
        raise BookingNotFound(f"There is no booking “{reference}”.")
    return booking


async def lock_for(conn: Connection, reference: str, wanted: Status) -> Booking:
    """The booking as it is until the transaction ends, when it may go to ``wanted``."""
    booking = await lock_booking(conn, reference)
    require_move(booking.status, wanted)
    return booking


async def waits_for_money(conn: Connection, booking: Booking) -> bool:
    """Whether the booking is confirmed as soon as nothing is owed."""
    service = await find_service_by_id(conn, booking.service_id)
    return (
        booking.status == "pending"
        and service is not None
        and service.auto_confirm
        and (booking.scheduled_datetime is not None or service.booking_type == "immediate")
    )


def require_begun(booking: Booking, *, now: datetime) -> None:
    waits = booking.scheduled_datetime is not None and booking.scheduled_datetime > now
    if waits and booking.actual_start_time is None:
        raise TooEarly("The time of this booking has not come yet.")


def require_receipt(booking: Booking, receipt: Receipt | None) -> None:
    if receipt is None:
        raise PaymentInvalid("Whatever is paid has a receipt.")
    asked = booking.payment_amount, booking.currency
    if not receipt.amount.is_finite() or (receipt.amount, receipt.currency) != asked:
        raise PaymentInvalid("This is not the amount or the currency that was asked for.")
