"""What a person says of themselves, and what we keep of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias
from uuid import UUID

from booking_core.money import Money

LeadQuality: TypeAlias = Literal["unqualified", "qualified", "hot"]

STATUSES: Final = ("prospect", "active", "inactive", "churned", "vip")


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """Who somebody says they are. Only an account whose token was verified is a ``user_id``.

    Attributes:
        email: any case; kept in lower case.
        phone: E.164, as in ``+4930123456``.
    """

    email: str | None = None
    phone: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    user_id: UUID | None = None

    def __post_init__(self) -> None:
        # Blank says nothing, and one address must not count twice for its capitals.
        object.__setattr__(self, "email", (self.email or "").strip().lower() or None)
        object.__setattr__(self, "phone", (self.phone or "").strip() or None)

    @property
    def identifies(self) -> bool:
        """Whether anything here tells one person from another."""
        return bool(self.user_id or self.email or self.phone)


@dataclass(frozen=True, kw_only=True, slots=True)
class Customer:
    """A row of ``customer_metrics``; ``email`` is the account's own where there is an account."""

    id: UUID
    user_id: UUID | None
    email: str | None
    phone: str | None
    lead_source: str
    lead_quality: str
    status: str
    do_not_contact_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomerDetails(Customer):
    """A customer as staff see one.

    Attributes:
        name: of the profile, else as given in the latest booking, else in the latest conversation.
        revenue: of completed and paid bookings, by currency.
    """

    name: str | None
    company: str | None
    total_bookings: int
    revenue: Money
    first_booking_date: datetime | None
    last_booking_date: datetime | None
    last_interaction_date: datetime | None
    updated_at: datetime
