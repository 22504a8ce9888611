"""What availability speaks of. Every range is half-open, ``[start, end)``, every time aware UTC."""

import base64
import binascii
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from booking_core.errors import SlotIdInvalid

SLOT_ID: Final = struct.Struct(">16s16sI")  # consultant, service, minutes since 1970
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
FURTHEST: Final = datetime(3000, 1, 1, tzinfo=UTC)  # room to add durations and offsets
MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """A time that one consultant has free for one service: offered, not stored."""

    consultant_id: UUID
    service_id: UUID
    start: datetime
    end: datetime

    @property
    def slot_id(self) -> str:
        """48 URL-safe characters that stand for this slot, whoever reads them back."""
        minutes = (self.start - EPOCH) // MINUTE
        packed = SLOT_ID.pack(self.consultant_id.bytes, self.service_id.bytes, minutes)
        return base64.urlsafe_b64encode(packed).decode()


@dataclass(frozen=True, kw_only=True, slots=True)
class SlotKey:
    """What a slot id says; the end is the service's to tell."""

    consultant_id: UUID
    service_id: UUID
    start: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """What the business asks for beyond each service's own rules.

    Attributes:
        consultant_daily_limit: bookings of any service that one consultant gives on one date of
            their own, live holds of others counted; None: any number.
        horizon_in_business_days: a service's ``horizon_days`` are read as Mondays to Fridays.
    """

    consultant_daily_limit: int | None = None
    horizon_in_business_days: bool = False


def read_slot_id(text: str) -> SlotKey:
    """Read what ``Slot.slot_id`` wrote; anything else is ``SlotIdInvalid``."""
    try:
        packed = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
        consultant, service, minutes = SLOT_ID.unpack(packed)
        start = EPOCH + minutes * MINUTE
    except (UnicodeEncodeError, binascii.Error, struct.error, OverflowError) as error:
        raise SlotIdInvalid("This is not the id of a slot.") from error
    if start >= FURTHEST:
        raise SlotIdInvalid("This is not the id of a slot.")
    return SlotKey(
        consultant_id=UUID(bytes=consultant), service_id=UUID(bytes=service), start=start
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Template:
    """Weekly hours; ``day_of_week`` 0 is Sunday, minutes count from the local midnight to 1440."""

    consultant_id: UUID
    timezone: str
    day_of_week: int
    start_minute: int
    end_minute: int
    max_bookings: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Override:
    """One date's exception: other hours, hours off, or the whole day when the minutes are None."""

    consultant_id: UUID
    timezone: str
    specific_date: date
    start_minute: int | None
    end_minute: int | None
    is_available: bool
    max_bookings: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """Opened hours; ``max_bookings`` of them may run at any one moment."""

    start: datetime
    end: datetime
    max_bookings: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """Windows that touch or overlap, joined.

    Attributes:
        origins: ascending moments from which starts are counted, the first being ``start``.
        windows: what it was joined from; a slot keeps to the smallest limit among those it meets.
    """

    start: datetime
    end: datetime
    origins: tuple[datetime, ...]
    windows: tuple[Window, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Busy:
    """A live booking or hold, with the buffers of its own service."""

    consultant_id: UUID
    service_id: UUID
    seat: int
    start: datetime
    end: datetime
    buffer_before: timedelta
    buffer_after: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Diary:
    """All that decides which slots one consultant has free for one service.

    Attributes:
        busy: live bookings and holds near the openings, of any service.
        full_on: local dates on which the service has all the bookings it may have.
    """

    consultant_id: UUID
    zone: ZoneInfo
    openings: Sequence[Opening]
    busy: Sequence[Busy]
    full_on: frozenset[date]


def find_nearest(slots: Iterable[Slot], wanted: datetime, *, within: timedelta) -> Slot | None:
    """The slot that starts nearest to ``wanted``, at most ``within`` away; of two, the earlier."""
    near = [slot for slot in slots if abs(slot.start - wanted) <= within]
    return min(near, key=lambda slot: (abs(slot.start - wanted), slot.start), default=None)
