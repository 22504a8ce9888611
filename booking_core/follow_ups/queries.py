"""Follow-ups in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from booking_core.database import Connection
from booking_core.follow_ups.model import FollowUp, FollowUpRule


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowedBooking:
    """What a booking says about its follow-ups."""

    status: str
    consultant_id: UUID | None
    wants_follow_up: bool


LOCK_BOOKING: Final = "SELECT id FROM bookings WHERE id = $1 FOR NO KEY UPDATE"
FIND_FOLLOWED_BOOKING: Final = """
    SELECT b.status::text AS status, b.consultant_id,
           b.follow_up_required AND c.do_not_contact_at IS NULL AS wants_follow_up
    FROM bookings b JOIN customer_metrics c ON c.id = b.customer_metrics_id
    WHERE b.id = $1
"""


async def lock_booking(conn: Connection, booking_id: UUID) -> FollowedBooking | None:
    """The booking, for which nobody else makes follow-ups until the transaction ends.

    The lock is a statement of its own: the next one sees what others did before they let go.
    """
    await conn.execute(LOCK_BOOKING, booking_id)
    row = await conn.fetchrow(FIND_FOLLOWED_BOOKING, booking_id)
    return None if row is None else FollowedBooking(**row)


INSERT_FOLLOW_UPS: Final = """
    INSERT INTO follow_ups
        (booking_id, assigned_to, follow_up_type, priority, due_date, title, created_at)
    SELECT DISTINCT ON (r.type)
        $1, $2::uuid, r.type::follow_up_type, r.priority::priority_level,
        $3::timestamptz + r.due_after, r.title, $3
    FROM unnest($4::text[], $5::text[], $6::interval[], $7::text[])
        AS r (type, priority, due_after, title)
    WHERE NOT EXISTS (
        SELECT FROM follow_ups f
        WHERE f.booking_id = $1 AND f.follow_up_type = r.type::follow_up_type
    )
    ORDER BY r.type, r.due_after
    RETURNING id
"""


async def insert_follow_ups(
    conn: Connection,
    booking_id: UUID,
    rules: Sequence[FollowUpRule],
    *,
    assigned_to: UUID | None,
    now: datetime,
) -> list[UUID]:
    """One for each type that the booking has none of yet; the soonest of several rules for it."""
    rows = await conn.fetch(
        INSERT_FOLLOW_UPS,
        booking_id,
        assigned_to,
        now,
        [rule.follow_up_type for rule in rules],
        [rule.priority for rule in rules],
        [rule.due_after for rule in rules],
        [rule.title for rule in rules],
    )
    return [row["id"] for row in rows]


FOLLOW_UPS: Final = """
    SELECT f.id, f.booking_id, f.customer_metrics_id, f.assigned_to,
           f.follow_up_type::text AS follow_up_type, f.priority::text AS priority,
           f.status::text AS status, f.scheduled_date, f.due_date, f.completed_date, f.title,
           f.notes, f.outcome, f.next_action, f.created_at, c.do_not_contact_at
    FROM follow_ups f LEFT JOIN customer_metrics c ON c.id = f.customer_metrics_id
"""

FIND_FOLLOW_UPS: Final = FOLLOW_UPS + "WHERE f.id = ANY ($1) ORDER BY f.due_date, f.id"


async def find_follow_ups(conn: Connection, ids: Sequence[UUID]) -> list[FollowUp]:
    """Those of these ids that there are, by their due date."""
    return [FollowUp(**row) for row in await conn.fetch(FIND_FOLLOW_UPS, ids)]


LIST_OPEN: Final = (
    FOLLOW_UPS
    + """
    WHERE f.status IN ('pending', 'in_progress', 'overdue')
      AND ($1::timestamptz IS NULL OR coalesce(f.due_date, f.created_at) <= $1)
      AND ($2::uuid IS NULL OR f.assigned_to = $2)
      AND ($3::timestamptz IS NULL OR (coalesce(f.due_date, f.created_at), f.id) > ($3, $4::uuid))
    ORDER BY coalesce(f.due_date, f.created_at), f.id
    LIMIT $5
"""
)


async def list_open(
    conn: Connection,
    *,
    due_by: datetime | None,
    assigned_to: UUID | None,
    after: tuple[datetime | None, UUID | None],
    limit: int,
) -> list[FollowUp]:
    """The longest due first; ``after`` is the key of the last one seen."""
    rows = await conn.fetch(LIST_OPEN, due_by, assigned_to, *after, limit)
    return [FollowUp(**row) for row in rows]


MARK_OVERDUE: Final = """
    UPDATE follow_ups
    SET status = 'overdue'
    WHERE id IN (
        SELECT id FROM follow_ups
        WHERE status = 'pending' AND due_date < $1
        ORDER BY id
        FOR NO KEY UPDATE SKIP LOCKED
    )
    RETURNING id
"""


async def mark_overdue(conn: Connection, *, now: datetime) -> list[UUID]:
    return [row["id"] for row in await conn.fetch(MARK_OVERDUE, now)]


LOCK_FOLLOW_UP: Final = "SELECT id FROM follow_ups WHERE id = $1 FOR NO KEY UPDATE"


async def lock_follow_up(conn: Connection, follow_up_id: UUID) -> None:
    await conn.execute(LOCK_FOLLOW_UP, follow_up_id)


UPDATE_FOLLOW_UP: Final = """
    UPDATE follow_ups
    SET status = $2::text::follow_up_status, assigned_to = $3, due_date = $4, completed_date = $5,
        outcome = $6, next_action = $7
    WHERE id = $1
"""


async def update_follow_up(conn: Connection, follow_up: FollowUp) -> None:
    await conn.execute(
        UPDATE_FOLLOW_UP,
        follow_up.id,
        follow_up.status,
        follow_up.assigned_to,
        follow_up.due_date,
        follow_up.completed_date,
        follow_up.outcome,
        follow_up.next_action,
    )
