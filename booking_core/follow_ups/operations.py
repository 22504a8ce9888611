"""What may be done with follow-ups."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from booking_core.consultants import is_staff
from booking_core.database import Connection
from booking_core.errors import (
    BookingNotFound,
    BookingNotOver,
    FollowUpClosed,
    FollowUpNotFound,
    StaffMemberNotFound,
    ValueInvalid,
)
from booking_core.follow_ups import queries
from booking_core.follow_ups.model import (
    CLOSED,
    DEFAULT_RULES,
    EVENTS,
    PRIORITIES,
    TYPES,
    Event,
    FollowUp,
    FollowUpRule,
)
from booking_core.paging import USUAL_PAGE, Page, check_limit, cut_page, read_cursor
from booking_core.values import check_choice, check_instant, check_optional_text, check_text

LONGEST_TEXT: Final = 10_000
LONGEST_LINE: Final = 255  # of the columns for titles and next actions
LONGEST_DELAY: Final = timedelta(days=3660)


async def create_follow_ups(
    conn: Connection,
    booking_id: UUID,
    event: Event,
    *,
    rules: Sequence[FollowUpRule] = DEFAULT_RULES,
    now: datetime,
) -> list[FollowUp]:
    """Make what the rules say is owed after a booking; its consultant gets it.

    A booking never gets two of one type, however often this is called. None are made for a booking
    that needs none (``follow_up_required``), or a customer who wishes not to be contacted.

    Args:
        event: that the booking has come to; its status must say so.
        now: when it did.
    Raises:
        BookingNotFound: there is none of that id.
        BookingNotOver: its status is another.
        ValueInvalid: the event or a rule makes no sense.
    """
    check_choice("event", event, EVENTS)
    check_instant("time of the event", now)
    for rule in rules:
        check_rule(rule)
    booking = await queries.lock_booking(conn, booking_id)
    if booking is None:
        raise BookingNotFound("There is no such booking.")
    if booking.status != event:
        raise BookingNotOver(f"The booking is {booking.status}, not {event}.")
    if not booking.wants_follow_up:
        return []
    due = [rule for rule in rules if rule.event == event]
    made = await queries.insert_follow_ups(
        conn, booking_id, due, assigned_to=booking.consultant_id, now=now
    )
    return await queries.find_follow_ups(conn, made)


def check_rule(rule: FollowUpRule) -> None:
    check_choice("event of a rule", rule.event, EVENTS)
    check_choice("type of follow-up", rule.follow_up_type, TYPES)
    check_choice("priority", rule.priority, PRIORITIES)
    check_text("title of a rule", rule.title, longest=LONGEST_LINE)
    if not timedelta(0) <= rule.due_after <= LONGEST_DELAY:
        raise ValueInvalid("A rule's delay must lie between nothing and ten years.")


async def get_follow_up(conn: Connection, follow_up_id: UUID) -> FollowUp:
    """The follow-up of that id, or ``FollowUpNotFound``."""
    found = await queries.find_follow_ups(conn, [follow_up_id])
    if not found:
        raise FollowUpNotFound("There is no such follow-up.")
    return found[0]


async def list_open_follow_ups(
    conn: Connection,
    *,
    due_by: datetime | None = None,
    assigned_to: UUID | None = None,
    cursor: str | None = None,
    limit: int = USUAL_PAGE,
) -> Page[FollowUp]:
    """What is still owed, the longest due first.

    Args:
        due_by: only what is due by then.
        assigned_to: only this staff member's.
    Raises:
        ValueInvalid, PageInvalid: what is asked for makes no sense.
    """
    check_limit(limit)
    if due_by is not None:
        check_instant("due time", due_by)
    after_time, after_id = read_cursor(cursor, datetime, UUID)
    found = await queries.list_open(
        conn,
        due_by=due_by,
        assigned_to=assigned_to,
        after=(after_time, after_id),
        limit=limit + 1,
    )
    return cut_page(found, limit, lambda one: (one.comes_due_at, one.id))


async def mark_overdue(conn: Connection, *, now: datetime) -> list[UUID]:
    """Mark what is past its due time and nobody has begun; the ids of those newly marked.

    For a job: marked once, whoever runs it at the same time, and one that somebody works on at this
    moment is left for the next run.
    """
    return await queries.mark_overdue(conn, now=now)


async def start_follow_up(conn: Connection, follow_up_id: UUID) -> FollowUp:
    """Somebody works on it. ``FollowUpNotFound``, ``FollowUpClosed``."""
    return await change(conn, follow_up_id, status="in_progress")


async def complete_follow_up(
    conn: Connection,
    follow_up_id: UUID,
    *,
    outcome: str,
    next_action: str | None = None,
    now: datetime,
) -> FollowUp:
    """It is done. ``FollowUpNotFound``, ``FollowUpClosed``, ``ValueInvalid``."""
    said = check_text("outcome", outcome, longest=LONGEST_TEXT)
    then = check_optional_text("next action", next_action, longest=LONGEST_LINE)
    check_instant("time of completion", now)
    follow_up = await lock_open(conn, follow_up_id)
    if now < follow_up.created_at:
        raise ValueInvalid("A follow-up is not completed before it is made.")
    done = replace(
        follow_up, status="completed", outcome=said, next_action=then, completed_date=now
    )
    return await save(conn, done)


async def fail_follow_up(
    conn: Connection, follow_up_id: UUID, *, outcome: str, next_action: str | None = None
) -> FollowUp:
    """It was tried and came to nothing. ``FollowUpNotFound``, ``FollowUpClosed``, ``ValueInvalid``.

    A customer who cannot be reached, say.
    """
    return await change(
        conn,
        follow_up_id,
        status="failed",
        outcome=check_text("outcome", outcome, longest=LONGEST_TEXT),
        next_action=check_optional_text("next action", next_action, longest=LONGEST_LINE),
    )


async def cancel_follow_up(conn: Connection, follow_up_id: UUID, *, reason: str) -> FollowUp:
    """It is not owed any more. ``FollowUpNotFound``, ``FollowUpClosed``, ``ValueInvalid``."""
    return await change(
        conn,
        follow_up_id,
        status="cancelled",
        outcome=check_text("reason", reason, longest=LONGEST_TEXT),
    )


async def reschedule_follow_up(
    conn: Connection, follow_up_id: UUID, due_date: datetime, *, now: datetime
) -> FollowUp:
    """Give it another due time, which lies ahead; an overdue one is then pending again.

    Raises:
        FollowUpNotFound, FollowUpClosed, ValueInvalid.
    """
    if check_instant("due time", due_date) <= now:
        raise ValueInvalid("The due time must lie ahead.")
    follow_up = await lock_open(conn, follow_up_id)
    status = "pending" if follow_up.status == "overdue" else follow_up.status
    return await save(conn, replace(follow_up, status=status, due_date=due_date))


async def assign_follow_up(
    conn: Connection, follow_up_id: UUID, staff_member: UUID | None
) -> FollowUp:
    """Give it to a staff member, or to nobody.

    Raises:
        FollowUpNotFound, FollowUpClosed, StaffMemberNotFound.
    """
    if staff_member is not None and not await is_staff(conn, staff_member):
        raise StaffMemberNotFound("There is no such staff member.")
    return await change(conn, follow_up_id, assigned_to=staff_member)


async def change(conn: Connection, follow_up_id: UUID, **fields: Any) -> FollowUp:
    return await save(conn, replace(await lock_open(conn, follow_up_id), **fields))


async def lock_open(conn: Connection, follow_up_id: UUID) -> FollowUp:
    """The follow-up, which nobody else changes until the transaction ends; closed ones refused."""
    await queries.lock_follow_up(conn, follow_up_id)
    follow_up = await get_follow_up(conn, follow_up_id)
    if follow_up.status in CLOSED:
        raise FollowUpClosed(f"This follow-up is {follow_up.status} already.")
    return follow_up


async def save(conn: Connection, follow_up: FollowUp) -> FollowUp:
    await queries.update_follow_up(conn, follow_up)
    return follow_up
