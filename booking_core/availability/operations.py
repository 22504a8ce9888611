"""What may be asked of availability: which slots are free, and whether one still is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter
from typing import Final, TypeVar
from uuid import UUID

from booking_core.availability import queries
from booking_core.availability.hours import openings
from booking_core.availability.model import (
    EPOCH,
    FURTHEST,
    MINUTE,
    Busy,
    Diary,
    Override,
    Rules,
    Slot,
    Template,
    read_slot_id,
)
from booking_core.availability.offers import offers, overlaps
from booking_core.database import Connection
from booking_core.errors import RangeInvalid, ServiceNotFound, SlotNotOffered, SlotTaken
from booking_core.services import Service, find_service_by_id
from booking_core.zones import find_zone

LONGEST_RANGE: Final = timedelta(days=62)
DAY: Final = timedelta(days=1)
# Proposals look near first: most callers take something soon, and a short look is a fast one.
PROPOSAL_REACHES: Final = (2 * DAY, 7 * DAY, LONGEST_RANGE / 2)
PROPOSALS_APART: Final = timedelta(hours=1)


async def find_slots(
    conn: Connection,
    service: Service,
    *,
    start: datetime,
    end: datetime,
    now: datetime,
    rules: Rules = Rules(),
    consultant_id: UUID | None = None,
    conversation_id: str | None = None,
    booking_id: UUID | None = None,
) -> list[Slot]:
    """The free slots that start in ``[start, end)``, by start, then by consultant.

    A start lies in a consultant's hours, on the service's step counted from where the hours begin,
    not before ``now`` and the minimum notice, and before ``now`` and the horizon. A window's
    ``max_bookings`` is read as how many bookings may run at any one moment of it, not as how many
    it may hold in all: nine to five with a limit of one is a whole day of slots.

    Args:
        consultant_id: only theirs; None: everybody's.
        conversation_id: whose own hold hides nothing.
        booking_id: which is to be moved, and hides nothing either.
    Raises:
        RangeInvalid: without a zone, empty or backwards, over 62 days, or out of any calendar.
    """
    check_range(start, end)
    earliest, before = bookable_part(service, start, end, now=now)
    diaries = await load_diaries(
        conn,
        service,
        earliest,
        before,
        now=now,
        consultant_id=consultant_id,
        conversation_id=conversation_id,
        booking_id=booking_id,
    )
    slots = [
        slot
        for diary in diaries
        for slot in offers(service, diary, earliest=earliest, before=before)
    ]
    return sorted(slots, key=attrgetter("start"))  # stable: the diaries come by consultant


async def get_slot(conn: Connection, slot_id: str) -> Slot:
    """The slot an id stands for, free or not.

    Raises:
        SlotIdInvalid: it is not an id of ours.
        ServiceNotFound: its service is not offered any more.
    """
    key = read_slot_id(slot_id)
    service = await find_service_by_id(conn, key.service_id)
    if service is None or not service.is_active:
        raise ServiceNotFound("This service is not offered any more.")
    return Slot(
        consultant_id=key.consultant_id,
        service_id=key.service_id,
        start=key.start,
        end=key.start + service.duration,
    )


async def is_offered(
    conn: Connection,
    service: Service,
    slot: Slot,
    *,
    now: datetime,
    conversation_id: str | None = None,
) -> bool:
    """Whether ``find_slots`` would offer exactly this slot."""
    try:
        await require_slot(conn, service, slot, now=now, conversation_id=conversation_id)
    except (SlotNotOffered, SlotTaken):
        return False
    return True


async def require_slot(
    conn: Connection,
    service: Service,
    slot: Slot,
    *,
    now: datetime,
    rules: Rules = Rules(),
    conversation_id: str | None = None,
    booking_id: UUID | None = None,
) -> None:
    """Pass when ``find_slots`` would offer exactly this slot.

    Raises:
        SlotTaken: it would, were it not for somebody who has this time.
        SlotNotOffered: any other rule is against it.
    """
    earliest, before = bookable_part(service, slot.start, slot.start + MINUTE, now=now)
    diaries = await load_diaries(
        conn,
        service,
        earliest,
        before,
        now=now,
        consultant_id=slot.consultant_id,
        conversation_id=conversation_id,
        booking_id=booking_id,
    )
    for diary in diaries:
        if slot in offers(service, diary, earliest=earliest, before=before):
            return
        somebody = any(overlaps(other, slot.start, slot.end) for other in diary.busy)
        alone = replace(diary, busy=())
        if somebody and slot in offers(service, alone, earliest=earliest, before=before):
            raise SlotTaken("Somebody has just taken this time.")
    raise SlotNotOffered("This time is not offered.")


async def propose_slots(
    conn: Connection,
    service: Service,
    *,
    around: datetime | None,
    now: datetime,
    count: int = 3,
) -> list[Slot]:
    """A few slots a caller can choose from, in order of time.

    Those nearest to ``around`` come first to be taken, each an hour or the service's duration
    from the others; closer ones fill up only when there are not enough. With nothing free for a
    month before and after the wish, the next two months are looked through.

    Args:
        around: what the caller would like; None, or a time too soon or too far: what is nearest.
    """
    soonest, furthest = now + service.minimum_notice, end_of_horizon(service, now)
    wanted = min(max(around or soonest, soonest), furthest)
    slots: list[Slot] = []
    for reach in PROPOSAL_REACHES:
        start, end = max(wanted - reach, EPOCH), min(wanted + reach, FURTHEST)
        slots = await find_slots(conn, service, start=start, end=end, now=now)
        chosen = spread(slots, wanted, apart=max(PROPOSALS_APART, service.duration), count=count)
        if len(chosen) == count:
            return chosen
    if not slots:
        slots = await find_slots(conn, service, start=soonest, end=soonest + LONGEST_RANGE, now=now)
    return spread(slots, wanted, apart=MINUTE, count=count)


def spread(slots: Sequence[Slot], wanted: datetime, *, apart: timedelta, count: int) -> list[Slot]:
    """The ``count`` nearest to ``wanted`` whose starts are ``apart`` from one another, sorted."""
    chosen: list[Slot] = []
    for slot in sorted(slots, key=lambda slot: abs(slot.start - wanted)):
        if len(chosen) < count and all(abs(slot.start - one.start) >= apart for one in chosen):
            chosen.append(slot)
    return sorted(chosen, key=lambda slot: slot.start)


def check_range(start: datetime, end: datetime) -> None:
    if start.utcoffset() is None or end.utcoffset() is None:
        raise RangeInvalid("Both ends of the range need a time zone.")
    if not EPOCH <= start < end <= FURTHEST:
        raise RangeInvalid("The range is empty, backwards or out of any calendar.")
    if end - start > LONGEST_RANGE:
        raise RangeInvalid(f"The range is longer than {LONGEST_RANGE.days} days.")


def end_of_horizon(service: Service, now: datetime) -> datetime:
    return now + timedelta(days=service.horizon_days)


def bookable_part(
    service: Service, start: datetime, end: datetime, *, now: datetime
) -> tuple[datetime, datetime]:
    """What notice and horizon leave of ``[start, end)``, in UTC; may be empty or backwards."""
    earliest = max(start, now + service.minimum_notice)
    return earliest.astimezone(UTC), min(end, end_of_horizon(service, now)).astimezone(UTC)


async def load_diaries(
    conn: Connection,
    service: Service,
    earliest: datetime,
    before: datetime,
    *,
    now: datetime,
    consultant_id: UUID | None,
    conversation_id: str | None,
    booking_id: UUID | None,
) -> list[Diary]:
    """The diaries of all who have hours, as far as starts in ``[earliest, before)`` need them.

    Sorted by consultant. How many there are makes no difference to the number of queries.
    """
    if earliest >= before:
        return []
    until = before + service.duration
    # A local date differs from the one in UTC by one at the most; one more tells where hours
    # that were met at a midnight began.
    first, last = earliest.date() - 2 * DAY, until.date() + DAY
    templates = await queries.list_templates(conn, consultant_id)
    overrides = await queries.list_overrides(conn, consultant_id, first=first, last=last)
    rows: list[Template | Override] = [*templates, *overrides]
    zones = {row.consultant_id: row.timezone for row in rows}
    busy = await queries.list_busy(
        conn,
        list(zones),
        start=earliest - service.buffer_before,
        end=until + service.buffer_after,
        now=now,
        conversation_id=conversation_id,
        booking_id=booking_id,
    )
    full_on: frozenset[date] = frozenset()
    if service.max_daily_bookings is not None:
        full_on = await queries.list_full_dates(
            conn,
            service.id,
            service.max_daily_bookings,
            start=earliest - 2 * DAY,
            end=before + 2 * DAY,
            now=now,
            conversation_id=conversation_id,
            booking_id=booking_id,
        )
    templates_of, overrides_of, busy_of = of_each(templates), of_each(overrides), of_each(busy)
    return [
        Diary(
            consultant_id=one,
            zone=zone,
            openings=openings(zone, templates_of[one], overrides_of[one], first=first, last=last),
            busy=busy_of[one],
            full_on=full_on,
        )
        for one, name in sorted(zones.items())
        if (zone := find_zone(name)) is not None
    ]


Row = TypeVar("Row", Template, Override, Busy)


def of_each(rows: Iterable[Row]) -> Mapping[UUID, Sequence[Row]]:
    """By consultant; nothing for one who has none."""
    grouped: defaultdict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row.consultant_id].append(row)
    return grouped
