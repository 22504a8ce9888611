"""What may be asked of availability: which slots are free, and whether one still is."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from operator import attrgetter, itemgetter
from typing import Final
from uuid import UUID

from booking_core.availability.bookable import (
    LONGEST_RANGE,
    bookable_part,
    check_has_zone,
    check_moment,
    check_range,
    latest_horizon,
    widest_part,
)
from booking_core.availability.hours import openings
from booking_core.availability.model import (
    MINUTE,
    Diary,
    Rules,
    Slot,
    read_slot_id,
)
from booking_core.availability.offers import free_starts, overlaps
from booking_core.availability.queries import pages
from booking_core.database import Connection, storable
from booking_core.errors import ServiceNotFound, SlotNotOffered, SlotTaken
from booking_core.services import Service, find_service_by_id
from booking_core.zones import find_zone

DAY: Final = timedelta(days=1)
# Proposals look near first: most callers take something soon, and a short look is a fast one.
PROPOSAL_REACHES: Final = (2 * DAY, 7 * DAY, LONGEST_RANGE / 2)
PROPOSALS_APART: Final = timedelta(hours=1)
# So many diaries are searched before others on the event loop get a turn: a few milliseconds.
DIARIES_A_TURN: Final = 20


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
) -> list[Slot]:
    """The free slots that start in ``[start, end)``, by start, then by consultant.

    A start lies in a consultant's hours, on the service's step counted from where the hours begin,
    not before ``now`` and the minimum notice, and before ``now`` and the horizon. A window's
    ``max_bookings`` is read as how many bookings may run at any one moment of it, not as how many
    it may hold in all: nine to five with a limit of one is a whole day of slots.

    Args:
        consultant_id: only theirs; None: everybody's.
        conversation_id: whose own hold hides nothing.
    Raises:
        RangeInvalid: without a zone, empty or backwards, over 62 days, or out of any calendar.
    """
    check_range(start, end)
    diaries = await load_diaries(
        conn,
        service,
        start,
        end,
        now=now,
        rules=rules,
        consultant_id=consultant_id,
        conversation_id=conversation_id,
    )
    slots: list[Slot] = []
    for number, diary in enumerate(diaries, start=1):
        free = free_in(service, diary, start, end, now=now, rules=rules)
        slots += [slot_of(service, diary, one) for one in free]
        if number % DIARIES_A_TURN == 0:
            await asyncio.sleep(0)
    slots.sort(key=attrgetter("start"))  # stable: the diaries come by consultant
    return slots


def free_in(
    service: Service, diary: Diary, start: datetime, end: datetime, *, now: datetime, rules: Rules
) -> list[datetime]:
    """The starts that the diary has free in ``[start, end)``, notice and horizon minded."""
    earliest, before = bookable_part(service, start, end, now=now, rules=rules, zone=diary.zone)
    return free_starts(service, diary, earliest=earliest, before=before)


def slot_of(service: Service, diary: Diary, start: datetime) -> Slot:
    return Slot(
        consultant_id=diary.consultant_id,
        service_id=service.id,
        start=start,
        end=start + service.duration,
    )


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
    rules: Rules = Rules(),
    conversation_id: str | None = None,
) -> bool:
    """Whether ``find_slots`` would offer exactly this slot."""
    try:
        await require_slot(
            conn, service, slot, now=now, rules=rules, conversation_id=conversation_id
        )
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
) -> None:
    """Pass when ``find_slots`` would offer exactly this slot.

    Raises:
        SlotTaken: it would, were it not for somebody who has this time.
        SlotNotOffered: any other rule is against it.
        RangeInvalid: its start has no time zone or is out of any calendar.
    """
    check_moment(slot.start)
    until = slot.start + MINUTE
    diaries = await load_diaries(
        conn,
        service,
        slot.start,
        until,
        now=now,
        rules=rules,
        consultant_id=slot.consultant_id,
        conversation_id=conversation_id,
    )
    for diary in diaries:
        free = free_in(service, diary, slot.start, until, now=now, rules=rules)
        if slot in [slot_of(service, diary, start) for start in free]:
            return
        somebody = any(overlaps(other, slot.start, slot.end) for other in diary.busy)
        alone = replace(diary, busy=())
        if somebody and slot.start in free_in(
            service, alone, slot.start, until, now=now, rules=rules
        ):
            raise SlotTaken("Somebody has just taken this time.")
    raise SlotNotOffered("This time is not offered.")


async def propose_slots(
    conn: Connection,
    service: Service,
    *,
    around: datetime | None,
    now: datetime,
    rules: Rules = Rules(),
    count: int = 3,
    conversation_id: str | None = None,
) -> list[Slot]:
    """A few slots a caller can choose from, in order of time.

    Those nearest to ``around`` come first to be taken, each an hour or the service's duration
    from the others; closer ones fill up only when there are not enough. With nothing free for a
    month before and after the wish, the next two months are looked through.

    Args:
        around: what the caller would like; None, or a time too soon or too far: what is nearest.
        conversation_id: whose own hold hides nothing.
    Raises:
        RangeInvalid: ``around`` or ``now`` has no time zone.
    """
    check_moment(now)
    soonest = now + service.minimum_notice
    furthest = latest_horizon(service, now, rules)
    if soonest >= furthest:
        return []
    wanted = soonest
    if around is not None:
        check_has_zone(around)
        wanted = min(max(around, soonest), furthest)
    slots: list[Slot] = []

    async def look(start: datetime, end: datetime) -> list[Slot]:
        return await list_one_a_start(
            conn,
            service,
            max(start, soonest),
            min(end, furthest),
            now=now,
            rules=rules,
            conversation_id=conversation_id,
        )

    for reach in PROPOSAL_REACHES:
        slots = await look(wanted - reach, wanted + reach)
        chosen = spread(slots, wanted, apart=max(PROPOSALS_APART, service.duration), count=count)
        if len(chosen) == count:
            return chosen
    if not slots:
        slots = await look(soonest, soonest + LONGEST_RANGE)
    return spread(slots, wanted, apart=MINUTE, count=count)


async def list_one_a_start(
    conn: Connection,
    service: Service,
    start: datetime,
    end: datetime,
    *,
    now: datetime,
    rules: Rules,
    conversation_id: str | None,
) -> list[Slot]:
    """One slot for each free start, with whichever consultant comes first: enough to propose from,
    and far fewer than there are."""
    diaries = await load_diaries(
        conn,
        service,
        start,
        end,
        now=now,
        rules=rules,
        consultant_id=None,
        conversation_id=conversation_id,
    )
    found: dict[datetime, Diary] = {}
    for number, diary in enumerate(diaries, start=1):
        for one in free_in(service, diary, start, end, now=now, rules=rules):
            found.setdefault(one, diary)
        if number % DIARIES_A_TURN == 0:
            await asyncio.sleep(0)
    return [slot_of(service, diary, one) for one, diary in sorted(found.items(), key=itemgetter(0))]


def spread(slots: Sequence[Slot], wanted: datetime, *, apart: timedelta, count: int) -> list[Slot]:
    """The ``count`` nearest to ``wanted`` whose starts are ``apart`` from one another, sorted."""
    chosen: list[Slot] = []
    for slot in sorted(slots, key=lambda slot: abs(slot.start - wanted)):
        if len(chosen) < count and all(abs(slot.start - one.start) >= apart for one in chosen):
            chosen.append(slot)
    return sorted(chosen, key=lambda slot: slot.start)


async def load_diaries(
    conn: Connection,
    service: Service,
    start: datetime,
    end: datetime,
    *,
    now: datetime,
    rules: Rules,
    consultant_id: UUID | None,
    conversation_id: str | None,
) -> list[Diary]:
    """The diaries of all who have hours, as far as starts in ``[start, end)`` need them.

    Sorted by consultant; none when no start of the range can be booked at all. One query, however
    many there are.
    """
    earliest, before = widest_part(service, start, end, now=now, rules=rules)
    if earliest >= before or not service.is_active:
        return []
    until = before + service.duration
    # A local date differs from the one in UTC by one at the most; one more tells where hours
    # that were met at a midnight began.
    first, last = earliest.date() - 2 * DAY, until.date() + DAY
    found = await pages.list_pages(
        conn,
        service,
        consultant_id,
        rules,
        dates=(first, last),
        busy_between=(earliest - service.buffer_before, until + service.buffer_after),
        counted_between=(earliest - 2 * DAY, before + 2 * DAY),
        now=now,
        conversation_id=storable(conversation_id),
    )
    return [
        Diary(
            consultant_id=page.consultant_id,
            zone=zone,
            templates=page.templates,
            overrides=page.overrides,
            openings=openings(zone, page.templates, page.overrides, first=first, last=last),
            busy=page.busy,
            service_full_on=page.service_full_on,
            consultant_full_on=page.consultant_full_on,
        )
        for page in found
        if (page.templates or page.overrides) and (zone := find_zone(page.timezone)) is not None
    ]
