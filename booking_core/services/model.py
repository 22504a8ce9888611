"""A service as the rest of the core sees it."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TypedDict
from uuid import UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """A row of ``services``; minutes have become durations.

    Attributes:
        max_daily_bookings: of this service on one local date, over all consultants; None: any.
        max_concurrent_bookings: how many one consultant can give at the same time.
        slot_step: from one offered start to the next.
        buffer_before: kept free before each booking; adds to the other booking's ``buffer_after``.
        minimum_notice: elapsed time that must lie between now and a start.
        horizon_days: a start lies less than that many days of 24 hours ahead.
    """

    id: UUID
    slug: str
    name: str
    description: str
    price: Decimal
    currency: str
    duration: timedelta
    booking_type: str
    is_active: bool
    requires_payment: bool
    auto_confirm: bool
    max_daily_bookings: int | None
    max_concurrent_bookings: int
    slot_step: timedelta
    buffer_before: timedelta
    buffer_after: timedelta
    minimum_notice: timedelta
    horizon_days: int


class RuleChanges(TypedDict, total=False):
    """New values of a service's rules, in the words of ``Service``; the others stay."""

    is_active: bool
    max_daily_bookings: int | None
    max_concurrent_bookings: int
    slot_step: timedelta
    buffer_before: timedelta
    buffer_after: timedelta
    minimum_notice: timedelta
    horizon_days: int
