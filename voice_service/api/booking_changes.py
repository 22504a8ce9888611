"""What becomes of a booking: moved, cancelled, confirmed, begun, completed, missed, paid."""

from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Body
from pydantic import BaseModel, ConfigDict, Field

from booking_core import bookings
from booking_core.availability import get_slot
from booking_core.bookings import CancelledBy, PaymentStatus, Receipt
from booking_core.follow_ups import complete_and_follow_up, miss_and_follow_up
from voice_service.api.booking_making import SlotId
from voice_service.api.bookings import BookingView, Reference
from voice_service.dependencies import CurrentRules, Now, Transaction

router = APIRouter(prefix="/bookings/{reference}", tags=["bookings"])


class MoveWish(BaseModel):
    """The slot to move to."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"slot_id": "rqGkuL3FRoyXvuYy5lSZ5AtEeYFzmEx6l4jKo0c5cVUB6q5E"}]
        },
    )

    slot_id: SlotId


class Cancellation(BaseModel):
    """Who cancels, and why; without a body staff do, and say nothing."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str | None, Field(max_length=2000)] = None
    by: Annotated[CancelledBy, Field(description="Who cancels")] = "staff"


class ReceiptData(BaseModel):
    """How a booking was paid; ``method`` and ``reference`` together pay for one booking alone."""

    model_config = ConfigDict(extra="forbid")

    method: Annotated[str, Field(max_length=50)]
    reference: Annotated[str, Field(max_length=255)]
    amount: Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
    currency: Annotated[str, Field(max_length=3, description="ISO 4217")]


class PaymentChange(BaseModel):
    """How the payment stands now; ``paid`` needs its receipt."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "to": "paid",
                    "receipt": {
                        "method": "stripe",
                        "reference": "pi_3OqJ",
                        "amount": "150.00",
                        "currency": "USD",
                    },
                },
                {"to": "waived"},
            ]
        },
    )

    to: PaymentStatus
    receipt: ReceiptData | None = None


@router.post("/move", summary="Move a booking")
async def move_booking(
    conn: Transaction, now: Now, rules: CurrentRules, reference: Reference, wish: MoveWish
) -> BookingView:
    """Give a booking another free slot under the same reference; until then it keeps its own.

    Refuses with 404 ``booking_not_found``, ``service_not_found``; 409 ``slot_taken``,
    ``slot_not_offered``, ``move_not_allowed``; 422 ``slot_id_invalid``.
    """
    slot = await get_slot(conn, wish.slot_id)
    return BookingView.of(await bookings.move_booking(conn, reference, slot, now=now, rules=rules))


@router.post("/cancel", summary="Cancel a booking")
async def cancel_booking(
    conn: Transaction,
    now: Now,
    reference: Reference,
    wish: Annotated[
        Cancellation | None,
        Body(examples=[{"reason": "The project is off.", "by": "customer"}]),
    ] = None,
) -> BookingView:
    """Give the time back. What was paid stays paid until it is refunded.

    Refuses with 404 ``booking_not_found``, 409 ``move_not_allowed``.
    """
    said = wish or Cancellation()
    return BookingView.of(
        await bookings.cancel_booking(conn, reference, by=said.by, reason=said.reason, now=now)
    )


@router.post("/confirm", summary="Confirm a booking")
async def confirm_booking(conn: Transaction, now: Now, reference: Reference) -> BookingView:
    """Promise the customer the time.

    Refuses with 404 ``booking_not_found``; 409 ``move_not_allowed``, ``payment_missing``,
    ``booking_has_no_time``.
    """
    return BookingView.of(await bookings.confirm_booking(conn, reference, now=now))


@router.post("/start", summary="Begin a consultation")
async def start_booking(conn: Transaction, now: Now, reference: Reference) -> BookingView:
    """The consultation begins, perhaps with a customer who was given up already.

    Refuses with 404 ``booking_not_found``; 409 ``move_not_allowed``, ``slot_taken``.
    """
    return BookingView.of(await bookings.start_booking(conn, reference, now=now))


@router.post("/complete", summary="Complete a booking")
async def complete_booking(conn: Transaction, now: Now, reference: Reference) -> BookingView:
    """The consultation was given; what is then owed to the customer becomes follow-ups.

    Refuses with 404 ``booking_not_found``; 409 ``move_not_allowed``, ``too_early``.
    """
    return BookingView.of(await complete_and_follow_up(conn, reference, now=now))


@router.post("/no-show", summary="Note that the customer did not come")
async def mark_no_show(conn: Transaction, now: Now, reference: Reference) -> BookingView:
    """The customer did not come; offering them another time becomes a follow-up.

    Refuses with 404 ``booking_not_found``; 409 ``move_not_allowed``, ``too_early``.
    """
    return BookingView.of(await miss_and_follow_up(conn, reference, now=now))


@router.post("/payment", summary="Note how the payment of a booking stands")
async def change_payment(
    conn: Transaction, now: Now, reference: Reference, change: PaymentChange
) -> BookingView:
    """Paid or waived, a pending booking is confirmed where its service confirms by itself.

    Refuses with 404 ``booking_not_found``; 409 ``move_not_allowed``, ``payment_already_used``;
    422 ``payment_invalid``.
    """
    receipt = Receipt(**change.receipt.model_dump()) if change.receipt else None
    return BookingView.of(
        await bookings.change_payment(conn, reference, change.to, receipt=receipt, now=now)
    )
