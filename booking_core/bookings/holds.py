"""Keeping a slot for a few minutes while a caller decides."""

from datetime import datetime, timedelta
from typing import Final

from booking_core.availability import Rules, Slot
from booking_core.bookings.model import Hold
from booking_core.bookings.placing import lock_place, refusals, require_rules
from booking_core.bookings.queries import holds
from booking_core.database import Connection, storable
from booking_core.errors import HoldInvalid, HoldNotFound, TooManyHolds

HOLD_FOR: Final = timedelta(minutes=5)
LONGEST_HOLD: Final = timedelta(hours=1)
HOLDS_PER_CALLER: Final = 3
LONGEST_NAME: Final = 320  # characters of a conversation's id or a caller's: an e-mail's most


async def hold_slot(
    conn: Connection,
    slot: Slot,
    conversation_id: str,
    *,
    now: datetime,
    rules: Rules = Rules(),
    caller: str | None = None,
    keep_for: timedelta = HOLD_FOR,
    caller_limit: int = HOLDS_PER_CALLER,
) -> Hold:
    """Keep a slot for a conversation. What it kept so far is free once this one is won, not before.

    Holding the same slot again renews the hold. Hanging up changes nothing: it lasts its time.

    Args:
        caller: tells one caller from another over all their conversations: a phone number, an
            e-mail address, the hash of an address. None: nobody knows, and no limit holds.
        keep_for: over no more than an hour.
        caller_limit: how many times one caller may keep at once.
    Raises:
        SlotTaken: somebody has the time.
        SlotNotOffered: another rule is against it, among them all that offering applies.
        TooManyHolds: the caller keeps as many times as one may.
        HoldInvalid: the conversation or the caller has no such name, or the time is too long.
    """
    conversation_id, caller = check_hold(conversation_id, caller, keep_for)
    async with refusals(conn):
        await require_share(conn, caller, conversation_id, limit=caller_limit, now=now)
        held = await holds.find_hold(conn, conversation_id)
        again = held is not None and held.slot == slot and held.expires_at > now
        await lock_place(conn, slot, rules=rules)
        await require_rules(
            conn,
            slot,
            now=now,
            rules=rules,
            asked_at=min(held.created_at, now) if held and again else None,
            conversation_id=conversation_id,
        )
        return await holds.put_hold(
            conn, slot, conversation_id, caller=caller, expires_at=now + keep_for, now=now
        )


async def renew_hold(
    conn: Connection,
    conversation_id: str,
    *,
    now: datetime,
    rules: Rules = Rules(),
    keep_for: timedelta = HOLD_FOR,
) -> Hold:
    """Keep what a conversation keeps for longer, counted from now; one that ran out is won anew.

    Raises:
        HoldNotFound: nothing was held.
        SlotTaken, SlotNotOffered, HoldInvalid: as for ``hold_slot``.
    """
    held = await holds.find_hold(conn, storable(conversation_id))
    if held is None:
        raise HoldNotFound("No time is held for this conversation.")
    return await hold_slot(
        conn, held.slot, held.conversation_id, now=now, rules=rules, keep_for=keep_for
    )


async def release_hold(conn: Connection, conversation_id: str) -> None:
    """Give back what a conversation keeps; nothing happens when that is nothing."""
    await holds.delete_hold(conn, storable(conversation_id))


async def find_hold(conn: Connection, conversation_id: str, *, now: datetime) -> Hold | None:
    """What is kept for a conversation at this moment."""
    hold = await holds.find_hold(conn, storable(conversation_id))
    return hold if hold is not None and hold.expires_at > now else None


def check_hold(
    conversation_id: str, caller: str | None, keep_for: timedelta
) -> tuple[str, str | None]:
    """The two names as the table can keep them, or ``HoldInvalid``."""
    for name in (conversation_id, caller):
        if name is not None and not 0 < len(name.strip()) <= LONGEST_NAME:
            raise HoldInvalid("Neither a conversation nor a caller has such a name.")
    if not timedelta(0) < keep_for <= LONGEST_HOLD:
        raise HoldInvalid("A time is held for an hour at the most.")
    return storable(conversation_id), storable(caller)


async def require_share(
    conn: Connection, caller: str | None, conversation_id: str, *, limit: int, now: datetime
) -> None:
    """Pass while the caller keeps fewer than ``limit`` times in other conversations."""
    if caller is None:
        return
    await holds.lock_caller(conn, caller)
    if await holds.count_other_holds(conn, caller, conversation_id, now=now) >= limit:
        raise TooManyHolds(f"One caller can keep {limit} times at once, and no more.")
