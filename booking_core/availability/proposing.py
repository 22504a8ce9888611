"""A few slots that a caller can choose from: near their wish, and apart from one another."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Final

from booking_core.availability.bookable import (
    LONGEST_RANGE,
    check_has_zone,
    check_moment,
    latest_horizon,
)
from booking_core.availability.model import MINUTE, Diary, Rules, Slot
from booking_core.availability.operations import free_in, read_diaries, slot_of
from booking_core.database import Connection
from booking_core.services import Service

DAY: Final = timedelta(days=1)
# Proposals look near first: most callers take something soon, and a short look is a fast one.
PROPOSAL_REACHES: Final = (2 * DAY, 7 * DAY, LONGEST_RANGE / 2)
PROPOSALS_APART: Final = timedelta(hours=1)


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
    diaries = read_diaries(
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
    async for diary in diaries:
        for one in free_in(service, diary, start, end, now=now, rules=rules):
            found.setdefault(one, diary)
    return [slot_of(service, diary, one) for one, diary in sorted(found.items(), key=itemgetter(0))]


def spread(slots: Sequence[Slot], wanted: datetime, *, apart: timedelta, count: int) -> list[Slot]:
    """The ``count`` nearest to ``wanted`` whose starts are ``apart`` from one another, sorted."""
    chosen: list[Slot] = []
    for slot in sorted(slots, key=lambda slot: abs(slot.start - wanted)):
        if len(chosen) < count and all(abs(slot.start - one.start) >= apart for one in chosen):
            chosen.append(slot)
    return sorted(chosen, key=lambda slot: slot.start)
