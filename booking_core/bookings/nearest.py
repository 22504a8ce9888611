"""Another time at once for a caller whose time is gone."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from heapq import merge
from typing import Final
from uuid import UUID

from booking_core.availability import Rules, Slot, find_slots
from booking_core.availability.model import EPOCH, FURTHEST
from booking_core.bookings.holds import HOLD_FOR, HOLDS_PER_CALLER, check_hold, require_share
from booking_core.bookings.model import Hold, NearestHold
from booking_core.bookings.placing import refusals
from booking_core.bookings.queries import bookings, holds
from booking_core.database import Connection
from booking_core.errors import RangeInvalid, SlotTaken
from booking_core.services import Service

OTHERS: Final = 2
# The shortest look is the fastest, and who loses a time mostly takes one close to it.
REACHES: Final = (
    timedelta(hours=3), timedelta(days=1), timedelta(days=7), timedelta(days=30),
)  # fmt: skip


async def hold_nearest(
    conn: Connection,
    service: Service,
    around: datetime,
    conversation_id: str,
    *,
    now: datetime,
    rules: Rules = Rules(),
    caller: str | None = None,
    keep_for: timedelta = HOLD_FOR,
    caller_limit: int = HOLDS_PER_CALLER,
) -> NearestHold:
    """Hold the free slot nearest to ``around``, whoever gives it, and name two more.

    The two are free at this moment, and not held. Of what is free, a day on which others book just
    now is looked at again once they are done, so that nobody is sent from one lost slot to another.

    Raises:
        SlotTaken: nothing is free for a month before and after.
        RangeInvalid: ``around`` has no zone or is out of any calendar.
        TooManyHolds, HoldInvalid: as for ``hold_slot``.
    """
    conversation_id, caller = check_hold(conversation_id, caller, keep_for)
    if around.utcoffset() is None or not EPOCH <= around <= FURTHEST:
        raise RangeInvalid("No calendar has this time.")
    await require_share(conn, caller, conversation_id, limit=caller_limit, now=now)
    hold: Hold | None = None
    others: Sequence[Slot] = ()
    for reach in REACHES:
        free = await find_slots(
            conn,
            service,
            start=max(around - reach, EPOCH),
            end=min(around + reach, FURTHEST),
            now=now,
            rules=rules,
            conversation_id=conversation_id,
        )
        sorted_free = nearest_first(free, around)
        nearest: Iterable[Slot] = sorted_free
        if hold is None:
            hold, nearest = await hold_one_of(
                conn,
                service,
                sorted_free,
                around,
                conversation_id,
                caller=caller,
                expires_at=now + keep_for,
                now=now,
                rules=rules,
            )
        if hold is not None:
            others = choose_others(nearest, hold)
            if len(others) == OTHERS:
                break
    if hold is None:
        raise SlotTaken("Nothing is free near this time.")
    return NearestHold(hold=hold, others=others)


async def hold_one_of(
    conn: Connection,
    service: Service,
    free: Sequence[Slot],
    around: datetime,
    conversation_id: str,
    *,
    caller: str | None,
    expires_at: datetime,
    now: datetime,
    rules: Rules,
) -> tuple[Hold | None, Iterable[Slot]]:
    """Go from day to day, as ``free`` names them, until one has a slot still to be held.

    Returns:
        The hold, or None, and what is free as far as is known by now, the nearest first.
    """
    for slot in first_of_each_day(free):
        try:
            async with refusals(conn):  # a day that turns out to be full is let go again
                that_day = await find_under_lock(
                    conn, service, slot, around, conversation_id, now=now, rules=rules
                )
                hold = await holds.put_hold(
                    conn,
                    that_day[0],
                    conversation_id,
                    caller=caller,
                    expires_at=expires_at,
                    now=now,
                )
        except SlotTaken:
            continue
        others = (one for one in free if day_of(one) != day_of(slot))
        return hold, merge(that_day, others, key=lambda one: abs(one.start - around))
    return None, free


async def find_under_lock(
    conn: Connection,
    service: Service,
    slot: Slot,
    around: datetime,
    conversation_id: str,
    *,
    now: datetime,
    rules: Rules,
) -> list[Slot]:
    """What is free on the slot's day once nobody else can book there, the nearest first.

    Raises:
        SlotTaken: nothing is.
    """
    if rules.consultant_daily_limit is not None:
        await bookings.lock_consultant_date(conn, slot)
    start, end = await holds.lock_local_day(conn, slot)
    free = await find_slots(
        conn,
        service,
        start=start,
        end=end,
        now=now,
        rules=rules,
        consultant_id=slot.consultant_id,
        conversation_id=conversation_id,
    )
    if not free:
        raise SlotTaken("Nothing is free on this day any more.")
    return nearest_first(free, around)


def nearest_first(slots: Iterable[Slot], around: datetime) -> list[Slot]:
    return sorted(slots, key=lambda slot: (abs(slot.start - around), slot.start))


def day_of(slot: Slot) -> tuple[UUID, date]:
    return slot.consultant_id, slot.start.date()


def first_of_each_day(slots: Iterable[Slot]) -> Iterator[Slot]:
    """The first slot of each consultant's day, in the order they come."""
    seen: set[tuple[UUID, date]] = set()
    for slot in slots:
        if day_of(slot) not in seen:
            seen.add(day_of(slot))
            yield slot


def choose_others(nearest: Iterable[Slot], hold: Hold) -> Sequence[Slot]:
    """Two more starts than the held one, the first that come, in order of time."""
    starts: dict[datetime, Slot] = {}
    for slot in nearest:
        if slot.start != hold.slot.start:
            starts.setdefault(slot.start, slot)
        if len(starts) == OTHERS:
            break
    return sorted(starts.values(), key=lambda slot: slot.start)
