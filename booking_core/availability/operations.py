"""What may be asked of availability: which slots are free, and whether one still is."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Final
from uuid import UUID

from booking_core.availability.bookable import (
    bookable_part,
    check_has_zone,
    check_moment,
    check_range,
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
# So many diaries are read and searched before others on the event loop get a turn.
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
    diaries = read_diaries(
        conn,
        service,
        start,
        end,
        now=now,
        rules=rules,
        consultant_id=consultant_id,
        conversation_id=conversation_id,
        booking_id=booking_id,
    )
    slots: list[Slot] = []
    async for diary in diaries:
        free = free_in(service, diary, start, end, now=now, rules=rules)
        slots += [slot_of(service, diary, one) for one in free]
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
    booking_id: UUID | None = None,
) -> None:
    """Pass when ``find_slots`` would offer exactly this slot.

    Raises:
        SlotTaken: it would, were it not for somebody who has this time.
        SlotNotOffered: any other rule is against it.
        RangeInvalid: its start has no time zone or is out of any calendar.
    """
    check_moment(slot.start)
    check_has_zone(slot.end)
    until = slot.start + MINUTE
    diaries = read_diaries(
        conn,
        service,
        slot.start,
        until,
        now=now,
        rules=rules,
        consultant_id=slot.consultant_id,
        conversation_id=conversation_id,
        booking_id=booking_id,
    )
    for diary in [diary async for diary in diaries]:  # theirs, or none
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


async def read_diaries(
    conn: Connection,
    service: Service,
    start: datetime,
    end: datetime,
    *,
    now: datetime,
    rules: Rules,
    consultant_id: UUID | None,
    conversation_id: str | None,
    booking_id: UUID | None = None,
) -> AsyncIterator[Diary]:
    """The diaries of all who have hours, as far as starts in ``[start, end)`` need them.

    Sorted by consultant; none when no start of the range can be booked at all. One query, however
    many there are.
    """
    earliest, before = widest_part(service, start, end, now=now, rules=rules)
    if earliest >= before or not service.is_active:
        return
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
        booking_id=booking_id,
    )
    for number, page in enumerate(found, start=1):
        zone = find_zone(page.timezone)
        if zone is None or not (page.templates or page.overrides):
            continue
        yield Diary(
            consultant_id=page.consultant_id,
            zone=zone,
            templates=page.templates,
            overrides=page.overrides,
            openings=openings(zone, page.templates, page.overrides, first=first, last=last),
            busy=page.busy,
            service_full_on=page.service_full_on,
            consultant_full_on=page.consultant_full_on,
        )
        if number % DIARIES_A_TURN == 0:
            await asyncio.sleep(0)
