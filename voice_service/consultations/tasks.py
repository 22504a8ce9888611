"""What staff decide about a voice consultation without booking: whose it is, when, and done."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from booking_core.consultants import is_staff
from booking_core.database import Connection, storable
from booking_core.errors import StaffMemberNotFound
from booking_core.values import check_instant
from voice_service.consultations.errors import ConsultationNotFound
from voice_service.consultations.queries import tasks as queries

TIMES: Final = ("due_at", "snoozed_until", "closed_at")


async def change_task(
    conn: Connection,
    key: str,
    times: Mapping[str, datetime | None],
    *,
    assigned_to: tuple[bool, UUID | None] = (False, None),
) -> None:
    """Assign, put off, close or open again; what is not named stays.

    Args:
        key: the row's uuid or the conversation's id.
        times: of ``TIMES``, by name; None takes one away.
        assigned_to: whether that changes, and to which user.
    Raises:
        ConsultationNotFound: there is none of that id.
        StaffMemberNotFound: who shall have it is no member of the staff.
        ValueInvalid: a time has no zone or is out of any calendar.
    """
    for name, time in times.items():
        if time is not None:
            check_instant(name, time)
    row_id = await queries.lock_task(conn, storable(key))
    if row_id is None:
        raise ConsultationNotFound("There is no voice consultation of that id.")
    _, assignee = assigned_to
    if assignee is not None and not await is_staff(conn, assignee):
        raise StaffMemberNotFound("There is no such staff member.")
    due_at, snoozed_until, closed_at = ((name in times, times.get(name)) for name in TIMES)
    await queries.change_task(
        conn,
        row_id,
        assigned_to=assigned_to,
        due_at=due_at,
        snoozed_until=snoozed_until,
        closed_at=closed_at,
    )
