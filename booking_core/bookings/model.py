"""A booking, and what is wanted of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from booking_core.availability import Slot
from booking_core.customers import Contact, Customer
from booking_core.errors import ContactInvalid, TimezoneUnknown
from booking_core.zones import find_zone


@dataclass(frozen=True, kw_only=True, slots=True)
class Booking:
    """A row of ``bookings``. Without a consultant or a time it is not yet on anybody's calendar.

    Attributes:
        timezone: the customer's, in which the row's own date and time are written.
        customer_data: ``email``, ``phone``, ``first_name``, ``last_name``, ``company`` as given
            when booking.
    """

    id: UUID
    booking_reference: str
    customer_metrics_id: UUID
    service_id: UUID
    consultant_id: UUID | None
    scheduled_datetime: datetime | None
    scheduled_end: datetime | None
    timezone: str
    status: str
    payment_status: str
    payment_amount: Decimal | None
    currency: str | None
    booking_source: str
    lead_score: int | None
    project_description: str
    customer_data: Mapping[str, Any]
    created_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class BookingWish:
    """All a booking needs but its slot.

    Attributes:
        contact: how this booking's customer wants to be called and reached; where it says
            nothing, the customer's row does.
        timezone: IANA name of the customer's zone.
        source: a value of the enum of lead sources.
        lead_score: 0 to 100; None: the database reckons one.
    """

    customer: Customer
    contact: Contact
    project_description: str
    timezone: str
    source: str = "website_booking"
    lead_score: int | None = None
    estimated_value: Decimal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NewBooking(BookingWish):
    """A wish for one particular slot."""

    slot: Slot


def snapshot(customer: Customer, contact: Contact) -> dict[str, str | None]:
    """What a booking keeps of its customer, whatever becomes of the customer's row.

    Raises:
        ContactInvalid: there is neither an e-mail address nor a phone number to reach them by.
    """
    email, phone = contact.email or customer.email, contact.phone or customer.phone
    if not email and not phone:
        raise ContactInvalid("A booking needs an e-mail address or a phone number.")
    called = (contact.first_name or "").strip()
    return {
        "email": email,
        "phone": phone,
        "first_name": called or (email.partition("@")[0] if email else "Guest"),
        "last_name": (contact.last_name or "").strip(),
        "company": (contact.company or "").strip() or None,
    }


def check_timezone(name: str) -> None:
    """Raise ``TimezoneUnknown`` unless it is an IANA name."""
    if find_zone(name) is None:
        raise TimezoneUnknown(f"There is no time zone “{name}”.")
