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
class Rules:
    """What the business decides beside the columns of its services.

    Attributes:
        consultant_daily_limit: live and completed bookings, and other callers' live holds, of any
            service that one consultant may have on one of their own dates; None: any number.
        horizon_in_business_days: a service's ``horizon_days`` count Monday to Friday only, by the
            consultant's calendar.
    """

    consultant_daily_limit: int | None = None
    horizon_in_business_days: bool = False

    def __post_init__(self) -> None:
        if self.consultant_daily_limit is not None and self.consultant_daily_limit < 1:
            raise ValueError("A consultant's daily limit is at least one booking.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Template:
    """Weekly hours; ``day_of_week`` 0 is Sunday, minutes count from the local midnight to 1440."""

    day_of_week: int
    start_minute: int
    end_minute: int
    max_bookings: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Override:
    """One date's exception: other hours, hours off, or the whole day when the minutes are None.

    Attributes:
        id: None while it is not stored.
        reason: for staff alone; left out where only the hours matter.
        time_off_id: the time off it is a date of.
    """

    specific_date: date
    start_minute: int | None = None
    end_minute: int | None = None
    is_available: bool = False
    max_bookings: int = 1
    reason: str | None = None
    id: UUID | None = None
    time_off_id: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeOff:
    """Whole dates off, ``first`` to ``last`` inclusive, entered together."""

    id: UUID
    first: date
    last: date
    reason: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """Opened hours; ``max_bookings`` of them may run at any one moment."""

    start: datetime
    end: datetime
    max_bookings: int


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Opening:
    """Windows that touch or overlap, joined. Equal to itself alone, which makes it a cheap key.

    Attributes:
        origins: ascending moments from which starts are counted, the first being ``start``.
        windows: what it was joined from; a slot keeps to the smallest limit among those it meets.
    """

    start: datetime
    end: datetime
    origins: tuple[datetime, ...]
    windows: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class Busy:
    """A live booking or hold. Its fields come by position: there may be thousands to read.

    Attributes:
        id: of the booking, or of the hold.
        is_ours: of the service that slots are looked for, not of another.
        kept_from: with ``kept_until`` the time from start to end and its own buffers around it.
    """

    id: UUID
    is_hold: bool
    is_ours: bool
    seat: int
    start: datetime
    end: datetime
    kept_from: datetime
    kept_until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Diary:
    """All that decides which slots one consultant has free for one service.

    Attributes:
        templates: with ``overrides`` what the openings were made from.
        busy: live bookings and holds near the openings, of any service.
        service_full_on: local dates on which the service has all the bookings it may have.
        consultant_full_on: those on which the consultant has.
    """

    consultant_id: UUID
    zone: ZoneInfo
    templates: Sequence[Template]
    overrides: Sequence[Override]
    openings: Sequence[Opening]
    busy: Sequence[Busy]
    service_full_on: frozenset[date] = frozenset()
    consultant_full_on: frozenset[date] = frozenset()


def find_nearest(slots: Iterable[Slot], wanted: datetime, *, within: timedelta) -> Slot | None:
    """The slot that starts nearest to ``wanted``, at most ``within`` away; of two, the earlier."""
    near = [slot for slot in slots if abs(slot.start - wanted) <= within]
    return min(near, key=lambda slot: (abs(slot.start - wanted), slot.start), default=None)
