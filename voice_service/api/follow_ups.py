"""What we owe customers after a booking."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query

from booking_core.follow_ups import (
    FollowUp,
    assign_follow_up,
    cancel_follow_up,
    complete_follow_up,
    fail_follow_up,
    get_follow_up,
    list_open_follow_ups,
    reschedule_follow_up,
    start_follow_up,
)
from booking_core.paging import USUAL_PAGE
from voice_service.api.paging import Cursor, Limit, PageOf
from voice_service.api.values import Instant, Request
from voice_service.dependencies import Now, Transaction

router = APIRouter(prefix="/follow-ups", tags=["follow-ups"])


class Assignment(Request):
    """A staff member, or null for nobody."""

    assigned_to: UUID | None


class Outcome(Request):
    """What came of it, and what is to be done next."""

    outcome: str
    next_action: str | None = None


class NewDueDate(Request):
    due_date: Instant


class CancelReason(Request):
    reason: str


@router.get("", summary="List follow-ups that are owed")
async def list_page(
    conn: Transaction,
    due_by: Annotated[Instant | None, Query(description="Only what is due by then")] = None,
    assigned_to: Annotated[UUID | None, Query(description="Only this staff member's")] = None,
    cursor: Cursor = None,
    limit: Limit = USUAL_PAGE,
) -> PageOf[FollowUp]:
    """Those neither completed, cancelled nor failed, the longest due first.

    Refuses with 422 ``value_invalid`` (a time without an offset) or ``page_invalid``.
    """
    page = await list_open_follow_ups(
        conn, due_by=due_by, assigned_to=assigned_to, cursor=cursor, limit=limit
    )
    return PageOf.of(page)


@router.get("/{follow_up_id}", summary="Read a follow-up")
async def read_one(conn: Transaction, follow_up_id: UUID) -> FollowUp:
    """One follow-up. Refuses with 404 ``follow_up_not_found``."""
    return await get_follow_up(conn, follow_up_id)


@router.post("/{follow_up_id}/assign", summary="Assign a follow-up")
async def assign(
    conn: Transaction,
    follow_up_id: UUID,
    wish: Annotated[
        Assignment,
        Body(examples=[{"assigned_to": "7f7c1a52-3f0e-4f0b-9a53-0f2c64f1d1b7"}]),
    ],
) -> FollowUp:
    """Give it to a staff member, or to nobody.

    Refuses with 404 ``follow_up_not_found`` or ``staff_member_not_found``, 409
    ``follow_up_closed``.
    """
    return await assign_follow_up(conn, follow_up_id, wish.assigned_to)


@router.post("/{follow_up_id}/start", summary="Begin a follow-up")
async def start(conn: Transaction, follow_up_id: UUID) -> FollowUp:
    """Somebody works on it. Refuses with 404 ``follow_up_not_found``, 409 ``follow_up_closed``."""
    return await start_follow_up(conn, follow_up_id)


@router.post("/{follow_up_id}/complete", summary="Complete a follow-up")
async def complete(
    conn: Transaction,
    now: Now,
    follow_up_id: UUID,
    result: Annotated[
        Outcome,
        Body(examples=[{"outcome": "Sent the summary", "next_action": "Write the offer"}]),
    ],
) -> FollowUp:
    """It is done.

    Refuses with 404 ``follow_up_not_found``, 409 ``follow_up_closed``, 422 ``value_invalid``.
    """
    return await complete_follow_up(
        conn, follow_up_id, outcome=result.outcome, next_action=result.next_action, now=now
    )


@router.post("/{follow_up_id}/fail", summary="Give up a follow-up")
async def fail(
    conn: Transaction,
    follow_up_id: UUID,
    result: Annotated[Outcome, Body(examples=[{"outcome": "Did not pick up three times"}])],
) -> FollowUp:
    """It was tried and came to nothing.

    Refuses with 404 ``follow_up_not_found``, 409 ``follow_up_closed``, 422 ``value_invalid``.
    """
    return await fail_follow_up(
        conn, follow_up_id, outcome=result.outcome, next_action=result.next_action
    )


@router.post("/{follow_up_id}/reschedule", summary="Give a follow-up another due time")
async def reschedule(
    conn: Transaction,
    now: Now,
    follow_up_id: UUID,
    wish: Annotated[NewDueDate, Body(examples=[{"due_date": "2031-01-06T10:00:00Z"}])],
) -> FollowUp:
    """It is due later, or sooner; an overdue one is then pending again.

    Refuses with 404 ``follow_up_not_found``, 409 ``follow_up_closed``, 422 ``value_invalid`` (the
    time has no offset, or does not lie ahead).
    """
    return await reschedule_follow_up(conn, follow_up_id, wish.due_date, now=now)


@router.post("/{follow_up_id}/cancel", summary="Cancel a follow-up")
async def cancel(
    conn: Transaction,
    follow_up_id: UUID,
    wish: Annotated[CancelReason, Body(examples=[{"reason": "They wrote to us themselves"}])],
) -> FollowUp:
    """It is not owed any more.

    Refuses with 404 ``follow_up_not_found``, 409 ``follow_up_closed``, 422 ``value_invalid``.
    """
    return await cancel_follow_up(conn, follow_up_id, reason=wish.reason)
