"""Services given to customers at a time: holding, booking, moving, and what becomes of them."""

from booking_core.bookings.booking import (
    at_slot,
    book_hold,
    book_immediate,
    book_slot,
    book_time,
    get_booking,
)
from booking_core.bookings.changes import (
    cancel_booking,
    change_payment,
    complete_booking,
    confirm_booking,
    mark_no_show,
    release_unpaid,
    start_booking,
)
from booking_core.bookings.holds import find_hold, hold_slot, release_hold, renew_hold
from booking_core.bookings.listing import list_bookings
from booking_core.bookings.model import (
    BookedOnce,
    Booking,
    BookingWish,
    CancelledBy,
    Hold,
    NearestHold,
    NewBooking,
    Receipt,
)
from booking_core.bookings.moving import move_booking
from booking_core.bookings.nearest import hold_nearest
from booking_core.bookings.queries.bookings import find_booking, find_upcoming_booking
from booking_core.bookings.queries.holds import list_half_booked, purge_holds
from booking_core.bookings.requests import book_once
from booking_core.bookings.states import MOVES, PAYMENT_MOVES, PaymentStatus, Status

__all__ = [
    "MOVES",
    "PAYMENT_MOVES",
    "BookedOnce",
    "Booking",
    "BookingWish",
    "CancelledBy",
    "Hold",
    "NearestHold",
    "NewBooking",
    "PaymentStatus",
    "Receipt",
    "Status",
    "at_slot",
    "book_hold",
    "book_immediate",
    "book_once",
    "book_slot",
    "book_time",
    "cancel_booking",
    "change_payment",
    "complete_booking",
    "confirm_booking",
    "find_booking",
    "find_hold",
    "find_upcoming_booking",
    "get_booking",
    "hold_nearest",
    "hold_slot",
    "list_bookings",
    "list_half_booked",
    "mark_no_show",
    "move_booking",
    "purge_holds",
    "release_hold",
    "release_unpaid",
    "renew_hold",
    "start_booking",
]
