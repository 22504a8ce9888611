"""The two tables of legal moves, and that no operation knows another way."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from typing import Final, get_args

import pytest

from booking_core.bookings import (
    MOVES,
    PAYMENT_MOVES,
    Booking,
    PaymentStatus,
    Receipt,
    Status,
    cancel_booking,
    change_payment,
    complete_booking,
    confirm_booking,
    get_booking,
    mark_no_show,
    move_booking,
    start_booking,
)
from booking_core.bookings.states import (
    MOVABLE,
    is_settled,
    require_movable,
    require_move,
    require_payment_move,
)
from booking_core.database import Connection
from booking_core.errors import MoveNotAllowed
from booking_core.services import find_service_by_id
from tests.booking_core.factories import (
    NOW,
    TODAY,
    at,
    make_booking,
    make_consultant,
    make_service,
    slot_at,
)

NINE: Final = at(TODAY, "09:00")
LATER: Final = NINE + timedelta(minutes=20)
STATUSES: Final = get_args(Status)
PAYMENTS: Final = get_args(PaymentStatus)
RECEIPT: Final = Receipt(
    method="stripe", reference="pi_1", amount=Decimal("150.00"), currency="USD"
)

Change = Callable[[Connection, str], Awaitable[Booking]]
TO: Final[dict[str, Change]] = {
    "confirmed": lambda conn, reference: confirm_booking(conn, reference, now=LATER),
    "in_progress": lambda conn, reference: start_booking(conn, reference, now=LATER),
    "completed": lambda conn, reference: complete_booking(conn, reference, now=LATER),
    "no_show": lambda conn, reference: mark_no_show(conn, reference, now=LATER),
    "cancelled": lambda conn, reference: cancel_booking(conn, reference, by="staff", now=LATER),
}


async def values_of(conn: Connection, enum: str) -> set[str]:
    found = await conn.fetch(
        "SELECT enumlabel FROM pg_enum WHERE enumtypid = $1::text::regtype", enum
    )
    return {row["enumlabel"] for row in found}


async def test_the_tables_name_every_value_of_the_schema_and_no_other(conn: Connection) -> None:
    assert set(MOVES) == set(STATUSES) == await values_of(conn, "booking_status")
    assert set(PAYMENT_MOVES) == set(PAYMENTS) == await values_of(conn, "payment_status")
    assert set().union(*MOVES.values()) <= set(STATUSES)
    assert set().union(*PAYMENT_MOVES.values()) <= set(PAYMENTS)


def test_a_refused_move_says_from_where_to_where() -> None:
    with pytest.raises(MoveNotAllowed, match="from “pending” to “completed”") as refusal:
        require_move("pending", "completed")
    assert refusal.value.code == "move_not_allowed"
    with pytest.raises(MoveNotAllowed, match="from “refunded” to “paid”"):
        require_payment_move("refunded", "paid")
    with pytest.raises(MoveNotAllowed, match="“cancelled”"):
        require_movable("cancelled")


@pytest.mark.parametrize("forged", ["", "CONFIRMED", "confirmed\0", "'; DROP TABLE bookings; --"])
def test_a_state_that_does_not_exist_is_reached_from_nowhere(forged: str) -> None:
    for status in (*STATUSES, forged):
        with pytest.raises(MoveNotAllowed):
            require_move(status, forged)
    for status in (*PAYMENTS, forged):
        with pytest.raises(MoveNotAllowed):
            require_payment_move(status, forged)


@pytest.mark.parametrize(
    ("payment_status", "amount", "settled"),
    [
        ("pending", Decimal(0), True),
        ("pending", None, True),
        ("pending", Decimal("0.01"), False),
        ("processing", Decimal(150), False),
        ("failed", Decimal(150), False),
        ("refunded", Decimal(150), False),
        ("paid", Decimal(150), True),
        ("waived", Decimal(150), True),
    ],
)
def test_what_costs_nothing_is_paid_or_waived_is_settled(
    payment_status: str, amount: Decimal | None, settled: bool
) -> None:
    assert is_settled(payment_status, amount) is settled


async def booking_in(conn: Connection, status: str) -> Booking:
    """A booking put into a state through another door than ours."""
    await make_consultant(conn)
    service = await make_service(conn, auto_confirm=False)
    booking = await make_booking(conn, await slot_at(conn, service, NINE))
    await conn.execute(
        "UPDATE bookings SET status = $2::text::booking_status WHERE id = $1", booking.id, status
    )
    return await get_booking(conn, booking.booking_reference)


@pytest.mark.parametrize("before", STATUSES)
@pytest.mark.parametrize("wanted", TO)
async def test_every_operation_keeps_to_the_table(
    conn: Connection, before: str, wanted: str
) -> None:
    booking = await booking_in(conn, before)
    if wanted in MOVES[before]:
        assert (await TO[wanted](conn, booking.booking_reference)).status == wanted
        return
    with pytest.raises(MoveNotAllowed):
        await TO[wanted](conn, booking.booking_reference)
    assert await get_booking(conn, booking.booking_reference) == booking


@pytest.mark.parametrize("before", STATUSES)
async def test_only_what_has_not_begun_is_given_another_time(conn: Connection, before: str) -> None:
    booking = await booking_in(conn, before)
    service = await find_service_by_id(conn, booking.service_id)
    assert service is not None
    slot = await slot_at(conn, service, at(TODAY, "14:00"))
    if before in MOVABLE:
        moved = await move_booking(conn, booking.booking_reference, slot, now=NOW)
        assert (moved.status, moved.scheduled_datetime) == (before, slot.start)
        return
    with pytest.raises(MoveNotAllowed):
        await move_booking(conn, booking.booking_reference, slot, now=NOW)
    assert await get_booking(conn, booking.booking_reference) == booking


@pytest.mark.parametrize("before", PAYMENTS)
@pytest.mark.parametrize("wanted", PAYMENTS)
async def test_payments_keep_to_their_table(
    conn: Connection, before: PaymentStatus, wanted: PaymentStatus
) -> None:
    await make_consultant(conn)
    service = await make_service(
        conn, price=Decimal("150.00"), requires_payment=True, auto_confirm=False
    )
    booking = await make_booking(conn, await slot_at(conn, service, NINE))
    await conn.execute(
        "UPDATE bookings SET payment_status = $2::text::payment_status WHERE id = $1",
        booking.id,
        before,
    )
    reference = booking.booking_reference
    if wanted in PAYMENT_MOVES[before]:
        changed = await change_payment(conn, reference, wanted, receipt=RECEIPT, now=NOW)
        assert (changed.payment_status, changed.status) == (wanted, "pending")
        return
    with pytest.raises(MoveNotAllowed):
        await change_payment(conn, reference, wanted, receipt=RECEIPT, now=NOW)
    assert (await get_booking(conn, reference)).payment_status == before
