"""Services given to customers at a time: booking them, and finding them again."""

from booking_core.bookings.model import Booking, BookingWish, NewBooking
from booking_core.bookings.operations import book_slot, book_time, get_booking
from booking_core.bookings.queries import find_booking, find_upcoming_booking

__all__ = [
    "Booking",
    "BookingWish",
    "NewBooking",
    "book_slot",
    "book_time",
    "find_booking",
    "find_upcoming_booking",
    "get_booking",
]
