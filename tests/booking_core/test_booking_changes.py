"""What becomes of a booking, and how it is paid."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest

from booking_core.availability import Slot
from booking_core.bookings import (
    Booking,
    PaymentStatus,
    Receipt,
    book_immediate,
    cancel_booking,
    change_payment,
    complete_booking,
    confirm_booking,
    find_booking,
    get_booking,
    mark_no_show,
    release_unpaid,
    start_booking,
)
from booking_core.database import Connection
from booking_core.errors import (
    BookingHasNoTime,
    BookingNotFound,
    MoveNotAllowed,
    PaymentAlreadyUsed,
    PaymentInvalid,
    PaymentMissing,
    RangeInvalid,
    SlotTaken,
    TooEarly,
)
from booking_core.services import find_service_by_id
from tests.booking_core.factories import (
    NOW,
    TODAY,
    at,
    make_booking,
    make_consultant,
    make_customer,
    make_service,
    make_wish,
    slot_at,
    slots_on,
)

NINE: Final = at(TODAY, "09:00")
MINUTE: Final = timedelta(minutes=1)
PRICE: Final = Decimal("150.00")


async def make_free(conn: Connection, **columns: Any) -> Booking:
    await make_consultant(conn)
    return await make_booking(conn, await slot_at(conn, await make_service(conn, **columns), NINE))


async def make_unpaid(conn: Connection, **columns: Any) -> Booking:
    paid = {"price": PRICE, "requires_payment": True, "auto_confirm": False}
    return await make_free(conn, **(paid | columns))


async def slots_of(conn: Connection, booking: Booking) -> list[Slot]:
    """What the booking's consultant has free for its service."""
    service = await find_service_by_id(conn, booking.service_id)
    assert service is not None
    return await slots_on(conn, service, consultant_id=booking.consultant_id)


def receipt(**said: Any) -> Receipt:
    usual: dict[str, Any] = {
        "method": "stripe",
        "reference": "pi_1",
        "amount": PRICE,
        "currency": "USD",
    }
    return Receipt(**(usual | said))


async def times_of(conn: Connection, booking: Booking) -> dict[str, datetime]:
    row = await conn.fetchrow(
        """SELECT confirmed_at, actual_start_time, actual_end_time, completed_at, cancelled_at
        FROM bookings WHERE id = $1""",
        booking.id,
    )
    assert row is not None
    return {name: value for name, value in row.items() if value is not None}


async def test_a_booking_is_confirmed_begun_and_completed_at_its_times(conn: Connection) -> None:
    reference = (await make_free(conn, auto_confirm=False)).booking_reference
    assert (await confirm_booking(conn, reference, now=NOW)).status == "confirmed"
    assert (await start_booking(conn, reference, now=NINE)).status == "in_progress"
    end = NINE + 16 * MINUTE
    done = await complete_booking(conn, reference, now=end)
    assert (done.status, done.actual_start_time, done.actual_end_time) == ("completed", NINE, end)
    assert await times_of(conn, done) == {
        "confirmed_at": NOW,
        "actual_start_time": NINE,
        "actual_end_time": end,
        "completed_at": end,
    }


async def test_creating_and_completing_are_remembered_of_the_customer(conn: Connection) -> None:
    booking = await make_free(conn)
    await complete_booking(conn, booking.booking_reference, now=NINE + 15 * MINUTE)
    rows = await conn.fetch(
        """SELECT interaction_type::text, interaction_date FROM customer_interactions
        WHERE booking_id = $1 AND customer_metrics_id = $2 ORDER BY interaction_date""",
        booking.id,
        booking.customer_metrics_id,
    )
    assert [tuple(row) for row in rows] == [
        ("booking_created", NOW),
        ("consultation_completed", NINE + 15 * MINUTE),
    ]


async def test_a_clock_that_goes_back_makes_no_consultation_of_negative_length(
    conn: Connection,
) -> None:
    reference = (await make_free(conn)).booking_reference
    await start_booking(conn, reference, now=NINE)
    done = await complete_booking(conn, reference, now=NINE - MINUTE)
    assert done.actual_end_time == NINE


async def test_nothing_is_over_before_its_time_has_come(conn: Connection) -> None:
    booking = await make_free(conn)
    reference = booking.booking_reference
    for operation in (complete_booking, mark_no_show):
        with pytest.raises(TooEarly):
            await operation(conn, reference, now=NINE - MINUTE)
    assert await get_booking(conn, reference) == booking
    await start_booking(conn, reference, now=NINE - 5 * MINUTE)
    assert (await complete_booking(conn, reference, now=NINE - MINUTE)).status == "completed"


async def test_a_late_customer_is_given_the_time_unless_it_is_somebody_elses(
    conn: Connection,
) -> None:
    booking = await make_free(conn, duration_minutes=60)
    reference = booking.booking_reference
    assert (await mark_no_show(conn, reference, now=NINE)).status == "no_show"
    late = NINE + 20 * MINUTE
    assert (await start_booking(conn, reference, now=late)).status == "in_progress"
    await mark_no_show(conn, reference, now=late)
    (freed,) = [slot for slot in await slots_of(conn, booking) if slot.start == NINE]
    await make_booking(conn, freed)
    with pytest.raises(SlotTaken):
        await start_booking(conn, reference, now=late)
    assert (await get_booking(conn, reference)).status == "no_show"


async def test_a_cancelled_booking_says_by_whom_and_why_and_frees_its_time(
    conn: Connection,
) -> None:
    booking = await make_free(conn)
    cancelled = await cancel_booking(
        conn, booking.booking_reference, by="customer", reason="I am ill\0; DROP", now=NOW
    )
    assert (cancelled.status, cancelled.cancelled_at) == ("cancelled", NOW)
    assert cancelled.cancelled_by == "customer"
    assert cancelled.cancellation_reason == "I am ill\ufffd; DROP"
    assert NINE in [slot.start for slot in await slots_of(conn, booking)]
    with pytest.raises(MoveNotAllowed):
        await cancel_booking(conn, booking.booking_reference, by="staff", now=NOW)
    assert await get_booking(conn, booking.booking_reference) == cancelled


async def test_nothing_unpaid_is_confirmed_by_any_operation(conn: Connection) -> None:
    booking = await make_unpaid(conn)
    reference = booking.booking_reference
    states: tuple[PaymentStatus, ...] = ("processing", "failed", "pending")
    for status in states:
        await change_payment(conn, reference, status, now=NOW)
        with pytest.raises(PaymentMissing):
            await confirm_booking(conn, reference, now=NOW)
        with pytest.raises(MoveNotAllowed):
            await start_booking(conn, reference, now=NINE)
    assert (await get_booking(conn, reference)).status == "pending"


async def test_a_paid_service_that_confirms_by_itself_waits_for_the_money(
    conn: Connection,
) -> None:
    booking = await make_unpaid(conn, auto_confirm=True)
    assert (booking.status, booking.payment_status) == ("pending", "pending")
    paid = await change_payment(
        conn, booking.booking_reference, "paid", receipt=receipt(), now=NOW + MINUTE
    )
    assert (paid.status, paid.payment_status) == ("confirmed", "paid")
    assert (paid.payment_method, paid.payment_reference) == ("stripe", "pi_1")
    assert await times_of(conn, booking) == {"confirmed_at": NOW + MINUTE}


@pytest.mark.parametrize("settled", ["paid", "waived"])
async def test_what_is_settled_waits_for_staff_where_its_service_does(
    conn: Connection, settled: PaymentStatus
) -> None:
    reference = (await make_unpaid(conn)).booking_reference
    changed = await change_payment(conn, reference, settled, receipt=receipt(), now=NOW)
    assert (changed.status, changed.payment_status) == ("pending", settled)
    assert (await confirm_booking(conn, reference, now=NOW)).status == "confirmed"


async def test_money_that_comes_too_late_is_noted_and_given_back(conn: Connection) -> None:
    booking = await make_unpaid(conn, auto_confirm=True)
    reference = booking.booking_reference
    await cancel_booking(conn, reference, by="system", now=NOW)
    paid = await change_payment(conn, reference, "paid", receipt=receipt(), now=NOW)
    assert (paid.status, paid.payment_status) == ("cancelled", "paid")
    refunded = await change_payment(conn, reference, "refunded", now=NOW)
    assert (refunded.status, refunded.payment_status) == ("cancelled", "refunded")
    assert refunded.payment_reference == "pi_1"


@pytest.mark.parametrize(
    "said",
    [
        {"amount": Decimal("149.99")},
        {"amount": Decimal("NaN")},
        {"amount": Decimal("Infinity")},
        {"amount": -PRICE},
        {"currency": "EUR"},
        {"currency": "usd"},
        {"currency": "'; DROP TABLE bookings; --"},
    ],
)
async def test_another_amount_or_currency_is_refused(
    conn: Connection, said: dict[str, Any]
) -> None:
    booking = await make_unpaid(conn)
    with pytest.raises(PaymentInvalid):
        await change_payment(
            conn, booking.booking_reference, "paid", receipt=receipt(**said), now=NOW
        )
    with pytest.raises(PaymentInvalid):
        await change_payment(conn, booking.booking_reference, "paid", now=NOW)
    assert await get_booking(conn, booking.booking_reference) == booking


@pytest.mark.parametrize("text", ["", " ", "\0", "\ud800", "x" * 300])
def test_a_receipt_that_cannot_be_kept_is_none(text: str) -> None:
    with pytest.raises(PaymentInvalid):
        receipt(method=text)
    with pytest.raises(PaymentInvalid):
        receipt(reference=text)


async def test_one_payment_pays_for_one_booking(conn: Connection) -> None:
    first, second = await make_unpaid(conn), await make_unpaid(conn)
    await change_payment(conn, first.booking_reference, "paid", receipt=receipt(), now=NOW)
    with pytest.raises(PaymentAlreadyUsed):
        await change_payment(conn, second.booking_reference, "paid", receipt=receipt(), now=NOW)
    assert await get_booking(conn, second.booking_reference) == second


async def test_a_scheduled_service_is_confirmed_with_its_time_or_not_at_all(
    conn: Connection,
) -> None:
    booking = await make_free(conn, auto_confirm=False)
    await conn.execute("UPDATE bookings SET scheduled_datetime = NULL WHERE id = $1", booking.id)
    with pytest.raises(BookingHasNoTime):
        await confirm_booking(conn, booking.booking_reference, now=NOW)
    assert await conn.fetchval("SELECT 1") == 1


async def test_unpaid_times_are_freed_only_when_asked_and_old_enough(conn: Connection) -> None:
    old = await make_unpaid(conn)
    being_paid, waived, free, no_time = [
        await make_unpaid(conn),
        await make_unpaid(conn),
        await make_free(conn, auto_confirm=False),
        await make_unpaid(conn),
    ]
    await change_payment(conn, being_paid.booking_reference, "processing", now=NOW)
    await change_payment(conn, waived.booking_reference, "waived", now=NOW)
    await conn.execute("UPDATE bookings SET scheduled_datetime = NULL WHERE id = $1", no_time.id)
    an_hour = timedelta(hours=1)
    assert await release_unpaid(conn, older_than=an_hour, now=NOW + 59 * MINUTE) == []
    (released,) = await release_unpaid(conn, older_than=an_hour, now=NOW + an_hour)
    assert (released.id, released.status, released.cancelled_by) == (old.id, "cancelled", "system")
    assert released.cancellation_reason
    assert await release_unpaid(conn, older_than=an_hour, now=NOW + an_hour) == []
    for kept in (being_paid, waived, free, no_time):
        found = await find_booking(conn, kept.id)
        assert found is not None
        assert found.status == "pending"


@pytest.mark.parametrize("older_than", [-MINUTE, timedelta.max, timedelta.min])
async def test_absurd_ages_free_nothing(conn: Connection, older_than: timedelta) -> None:
    with pytest.raises(RangeInvalid):
        await release_unpaid(conn, older_than=older_than, now=NOW)


async def test_a_service_without_a_time_is_booked_begun_and_completed(conn: Connection) -> None:
    service = await make_service(conn, booking_type="immediate")
    wish = make_wish(await make_customer(conn))
    booking = await book_immediate(conn, service, wish, now=NOW)
    assert (booking.status, booking.scheduled_datetime, booking.consultant_id) == (
        "confirmed",
        None,
        None,
    )
    await start_booking(conn, booking.booking_reference, now=NOW)
    done = await complete_booking(conn, booking.booking_reference, now=NOW + MINUTE)
    assert done.status == "completed"


async def test_a_paid_service_without_a_time_waits_for_the_money(conn: Connection) -> None:
    service = await make_service(conn, booking_type="immediate", price=PRICE, requires_payment=True)
    wish = make_wish(await make_customer(conn))
    consultant = await make_consultant(conn)
    booking = await book_immediate(conn, service, wish, now=NOW, consultant_id=consultant)
    assert (booking.status, booking.consultant_id) == ("pending", consultant)
    paid = await change_payment(conn, booking.booking_reference, "paid", receipt=receipt(), now=NOW)
    assert paid.status == "confirmed"


@pytest.mark.parametrize("reference", ["", "INT-0\0", "' OR 1=1 --", "\udfff"])
async def test_unknown_references_change_nothing(conn: Connection, reference: str) -> None:
    for operation in (confirm_booking, start_booking, complete_booking, mark_no_show):
        with pytest.raises(BookingNotFound):
            await operation(conn, reference, now=NOW)
    with pytest.raises(BookingNotFound):
        await cancel_booking(conn, reference, by="staff", now=NOW)
    with pytest.raises(BookingNotFound):
        await change_payment(conn, reference, "waived", now=datetime(2031, 1, 6, tzinfo=UTC))
