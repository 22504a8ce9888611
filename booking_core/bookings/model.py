"""A booking, a hold, and what is wanted of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

from booking_core.availability import Slot
from booking_core.bookings.states import PaymentStatus, Status
from booking_core.customers import Contact, Customer
from booking_core.database import storable
from booking_core.errors import BookingInvalid, ContactInvalid, PaymentInvalid, TimezoneUnknown
from booking_core.zones import find_zone

CancelledBy: TypeAlias = Literal["customer", "staff", "system"]

SOURCES: Final = frozenset(
    {
        "website_booking", "referral", "social_media", "google_ads", "linkedin",
        "email_campaign", "cold_outreach", "partnership", "voice_consultation",
    }
)  # fmt: skip
LARGEST_VALUE: Final = Decimal("9999999999.99")  # what the column holds
LONGEST_METHOD: Final = 50  # characters, as the columns have them
LONGEST_PAYMENT_REFERENCE: Final = 255


@dataclass(frozen=True, kw_only=True, slots=True)
class Booking:
    """A row of ``bookings``. Without a consultant or a time it is not yet on anybody's calendar.

    Attributes:
        timezone: the customer's, in which the row's own date and time are written.
        customer_data: ``email``, ``phone``, ``first_name``, ``last_name``, ``company`` as given
            when booking.
        cancellation_reason: in the words of whoever cancelled.
    """

    id: UUID
    booking_reference: str
    customer_metrics_id: UUID
    service_id: UUID
    consultant_id: UUID | None
    scheduled_datetime: datetime | None
    scheduled_end: datetime | None
    timezone: str
    status: Status
    payment_status: PaymentStatus
    payment_amount: Decimal | None
    payment_method: str | None
    payment_reference: str | None
    currency: str | None
    booking_source: str
    lead_score: int | None
    project_description: str
    customer_data: Mapping[str, Any]
    created_at: datetime
    confirmed_at: datetime | None
    completed_at: datetime | None
    actual_start_time: datetime | None
    actual_end_time: datetime | None
    cancelled_at: datetime | None
    cancelled_by: CancelledBy | None
    cancellation_reason: str | None


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Hold:
    """A slot kept for a conversation until ``expires_at``: the row of ``slot_holds``.

    Attributes:
        caller: whoever is known to be calling, in the words of whoever asked for the hold.
        created_at: when this very slot was first held; renewing leaves it.
    """

    id: UUID
    conversation_id: str
    caller: str | None
    slot: Slot
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class NearestHold:
    """What a caller gets whose time is gone: the nearest one, held, and others to choose from."""

    hold: Hold
    others: Sequence[Slot]


@dataclass(frozen=True, kw_only=True, slots=True)
class BookedOnce:
    """The booking a request made; ``repeated`` when an earlier one like it had made it already."""

    booking: Booking
    repeated: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """How a booking was paid.

    Attributes:
        method: such as ``stripe``; with ``reference`` it pays for one booking alone.
        amount: in ``currency``, an ISO 4217 code.
    Raises:
        PaymentInvalid: method or reference is blank or too long to be kept.
    """

    method: str
    reference: str
    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        for text, longest in (
            (self.method, LONGEST_METHOD),
            (self.reference, LONGEST_PAYMENT_REFERENCE),
        ):
            if not text.strip() or len(text) > longest or storable(text) != text:
                raise PaymentInvalid("A receipt names its method and its reference.")


def check_wish(wish: BookingWish) -> None:
    """Pass when the table can keep it.

    Raises:
        TimezoneUnknown: the customer's zone is no IANA name.
        BookingInvalid: an unknown source, a score outside 0 to 100, an impossible value.
    """
    if find_zone(wish.timezone) is None:
        raise TimezoneUnknown(f"There is no time zone “{wish.timezone}”.")
    if wish.source not in SOURCES:
        raise BookingInvalid("A booking cannot come from this source.")
    if wish.lead_score is not None and not 0 <= wish.lead_score <= 100:
        raise BookingInvalid("A lead's score lies between 0 and 100.")
    value = wish.estimated_value
    if value is not None and not (value.is_finite() and 0 <= value <= LARGEST_VALUE):
        raise BookingInvalid("This is not what a project can be worth.")


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
