"""Bookings in pages."""

from datetime import datetime
from typing import Final, get_args
from uuid import UUID

from booking_core.bookings.model import Booking
from booking_core.bookings.queries import listing
from booking_core.bookings.states import Status
from booking_core.database import Connection
from booking_core.errors import RangeInvalid
from booking_core.paging import USUAL_PAGE, Page, check_limit, cut_page, read_cursor
from booking_core.values import check_choice, check_instant

STATUSES: Final[tuple[str, ...]] = get_args(Status)


async def list_bookings(
    conn: Connection,
    *,
    status: str | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    consultant_id: UUID | None = None,
    customer_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = USUAL_PAGE,
) -> Page[Booking]:
    """Bookings, the latest made first.

    Args:
        start: with ``end`` only those whose time begins in ``[start, end)``; either may be left
            out. Bookings without a time are then left out too.
    Raises:
        RangeInvalid: the range is empty or backwards.
        ValueInvalid, PageInvalid: what is asked for makes no sense.
    """
    check_limit(limit)
    if status is not None:
        check_choice("status", status, STATUSES)
    for name, instant in (("start of the range", start), ("end of the range", end)):
        if instant is not None:
            check_instant(name, instant)
    if start is not None and end is not None and start >= end:
        raise RangeInvalid("The range must end after it starts.")
    after_time, after_id = read_cursor(cursor, datetime, UUID)
    found = await listing.list_bookings(
        conn,
        status=status,
        start=start,
        end=end,
        consultant_id=consultant_id,
        customer_id=customer_id,
        after=(after_time, after_id),
        limit=limit + 1,
    )
    return cut_page(found, limit, lambda booking: (booking.created_at, booking.id))
