"""Figures. A ``month`` is its first date, in UTC; money is in a sum for each currency."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from booking_core.errors import RangeInvalid, ValueInvalid
from booking_core.money import Money
from booking_core.values import check_date

LONGEST: Final = timedelta(days=3660)


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """From the first moment of ``start`` up to that of ``end``, both in UTC.

    Raises:
        RangeInvalid: it is empty, backwards, longer than ten years, or in no year that means
            anything.
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        try:
            check_date("start", self.start)
            check_date("end", self.end)
        except ValueInvalid as error:
            raise RangeInvalid(str(error)) from error
        if not timedelta(0) < self.end - self.start <= LONGEST:
            raise RangeInvalid("A report is over at least one day and at most ten years.")

    @classmethod
    def last_months(cls, end: date, *, months: int = 12) -> "Period":
        """Up to ``end``: the month of the day before it, and the whole months ahead of that one."""
        try:
            last = check_date("end", end) - timedelta(days=1)
            counted = last.year * 12 + last.month - months  # of months, from zero
            return cls(start=date(counted // 12, counted % 12 + 1, 1), end=end)
        except ValueInvalid as error:
            raise RangeInvalid(str(error)) from error

    @property
    def begins_at(self) -> datetime:
        return datetime.combine(self.start, time(), UTC)

    @property
    def ends_at(self) -> datetime:
        return datetime.combine(self.end, time(), UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class BookingFigures:
    """Bookings made, by what has become of them.

    Attributes:
        revenue: of all that is paid.
        avg_lead_score: 0..100; None without bookings.
    """

    total_bookings: int
    completed_bookings: int
    cancelled_bookings: int
    no_shows: int
    revenue: Money
    avg_lead_score: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Month(BookingFigures):
    """The bookings made in a month."""

    month: date


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceFigures(BookingFigures):
    """The bookings made of a service; its price is today's."""

    service_id: UUID
    slug: str
    name: str
    price: Decimal
    currency: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FunnelStep:
    """What became of the conversations of a month about a service.

    A booking counts for the first conversation that led to it, and stays booked when it is
    cancelled later. Callers may book without being qualified, so no step need be smaller than the
    one before.

    Attributes:
        service: slug of the booked, else the recommended service; None when neither is known.
        held: consultations that took place.
        paid: bookings that are paid; those of free services never are.
    """

    month: date
    service: str | None
    calls: int
    qualified: int
    booked: int
    held: int
    paid: int
    revenue: Money


@dataclass(frozen=True, kw_only=True, slots=True)
class VoiceMonth:
    """The conversations of a month.

    Attributes:
        channels: how many by ``phone``, ``web``, ``api`` or ``unknown``.
        statuses: how many by the status of their voice consultation.
        verdicts: how many by their lead verdict.
        mean_sentiment: in [-1, 1]; None when nobody could tell of any.
        booked: that are linked to a booking.
    """

    month: date
    conversations: int
    channels: Mapping[str, int]
    statuses: Mapping[str, int]
    verdicts: Mapping[str, int]
    mean_sentiment: float | None
    booked: int

    @property
    def conversion(self) -> float:
        """The share of conversations that are linked to a booking, 0..1."""
        return self.booked / self.conversations


@dataclass(frozen=True, kw_only=True, slots=True)
class ToolFigures:
    """How a tool of the agent did.

    Attributes:
        calls: results it gave, ``errors`` among them.
        mean_latency_secs: of those whose latency was told; None when none was, as in turns that
            were only recorded live. So is ``p95_latency_secs``.
    """

    tool: str
    calls: int
    errors: int
    mean_latency_secs: float | None
    p95_latency_secs: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class LeadQualityCount:
    """How many customers have a lead quality, and how many of them booked more than once."""

    lead_quality: str
    customers: int
    repeat_customers: int
