"""What staff may change: weekly hours, exceptions of a date, time off.

Every change waits for the others of the same consultant. Bookings that stand are left alone, also
where the hours around them are gone.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final, TypeGuard
from uuid import UUID, uuid4

from booking_core.availability.model import EPOCH, FURTHEST, Override, Template, TimeOff
from booking_core.availability.queries import editing as queries
from booking_core.consultants import lock_consultant
from booking_core.database import Connection, storable
from booking_core.errors import (
    HoursInvalid,
    OverrideConflict,
    OverrideNotFound,
    RangeInvalid,
    TimeOffNotFound,
)

DAY_MINUTES: Final = 24 * 60
MOST_TEMPLATES: Final = 200  # a week of them; more is a mistake of whoever asks
MOST_BOOKINGS: Final = 32767  # of the column's type
LONGEST_REASON: Final = 255  # of the column's type
MOST_DATES: Final = 366


async def put_templates(
    conn: Connection, consultant_id: UUID, templates: Sequence[Template]
) -> list[Template]:
    """Make these the consultant's weekly hours, instead of those they had.

    Hours of one day may touch or overlap; over midnight takes two, up to 1440 and from 0.

    Raises:
        ConsultantNotFound: nobody of the staff has this id.
        HoursInvalid: an hour, a day or a limit that cannot be, the same hours twice, or too many.
    """
    check_templates(templates)
    async with conn.transaction():
        await lock_consultant(conn, consultant_id)
        await queries.delete_other_templates(conn, consultant_id, templates)
        await queries.put_templates(conn, consultant_id, templates)
        return await queries.list_templates(conn, consultant_id)


async def list_overrides(
    conn: Connection, consultant_id: UUID, *, first: date, last: date
) -> list[Override]:
    """The exceptions of the local dates ``first`` to ``last``, those of a time off among them.

    Raises:
        RangeInvalid: backwards, over 366 days, or out of any calendar.
    """
    check_dates(first, last)
    return await queries.list_overrides(conn, consultant_id, first=first, last=last)


async def put_override(conn: Connection, consultant_id: UUID, override: Override) -> Override:
    """Make an exception of a date, or change the one of the same date and hours.

    Args:
        override: its ``id`` and ``time_off_id`` are not looked at.
    Raises:
        ConsultantNotFound: nobody of the staff has this id.
        HoursInvalid: hours, a limit or a reason that cannot be.
        RangeInvalid: a date out of any calendar.
        OverrideConflict: the date is part of a time off.
    """
    check_dates(override.specific_date, override.specific_date)
    check_override(override)
    override = replace(override, reason=storable(override.reason))
    async with conn.transaction():
        await lock_consultant(conn, consultant_id)
        override_id = await queries.put_override(conn, consultant_id, override)
        if override_id is None:
            raise OverrideConflict(
                f"{override.specific_date} is part of a time off; take that back first."
            )
        stored = await queries.list_overrides(
            conn, consultant_id, first=override.specific_date, last=override.specific_date
        )
    return next(one for one in stored if one.id == override_id)


async def delete_override(conn: Connection, consultant_id: UUID, override_id: UUID) -> None:
    """Take back one exception; a date of a time off is taken back with the whole of it.

    Raises:
        OverrideNotFound: the consultant has no such exception of its own.
    """
    if not await queries.delete_override(conn, consultant_id, override_id):
        raise OverrideNotFound("The consultant has no such exception of a date.")


async def add_time_off(
    conn: Connection, consultant_id: UUID, *, first: date, last: date, reason: str | None = None
) -> TimeOff:
    """Close the local dates ``first`` to ``last``, both included.

    Dates that were closed on their own before stay closed when the time off is taken back.

    Raises:
        ConsultantNotFound: nobody of the staff has this id.
        RangeInvalid: backwards, over 366 days, or out of any calendar.
        HoursInvalid: the reason is too long.
        OverrideConflict: a date among them is off already, or is open all day as an exception.
    """
    check_dates(first, last)
    check_reason(reason)
    time_off = TimeOff(id=uuid4(), first=first, last=last, reason=storable(reason))
    async with conn.transaction():
        await lock_consultant(conn, consultant_id)
        taken = await queries.find_date_in_the_way(conn, consultant_id, first=first, last=last)
        if taken is not None:
            raise OverrideConflict(f"{taken} is off already or open all day; take that back first.")
        await queries.insert_time_off(conn, consultant_id, time_off)
    return time_off


async def delete_time_off(conn: Connection, consultant_id: UUID, time_off_id: UUID) -> None:
    """Take back a time off, all dates of it, or raise ``TimeOffNotFound``."""
    if not await queries.delete_time_off(conn, consultant_id, time_off_id):
        raise TimeOffNotFound("The consultant has no such time off.")


def check_templates(templates: Sequence[Template]) -> None:
    if len(templates) > MOST_TEMPLATES:
        raise HoursInvalid(f"A week has {MOST_TEMPLATES} separate hours at the most.")
    for row in templates:
        if not is_whole(row.day_of_week) or not 0 <= row.day_of_week <= 6:
            raise HoursInvalid("A day of the week is 0 for Sunday to 6 for Saturday.")
        check_hours(row.start_minute, row.end_minute)
        check_limit(row.max_bookings)
    counted = Counter((row.day_of_week, row.start_minute, row.end_minute) for row in templates)
    if any(times > 1 for times in counted.values()):
        raise HoursInvalid("The same hours of a day are there twice.")


def check_override(override: Override) -> None:
    whole_day = override.start_minute is None and override.end_minute is None
    if not whole_day:
        check_hours(override.start_minute, override.end_minute)
    check_limit(override.max_bookings)
    check_reason(override.reason)


def is_whole(number: object) -> TypeGuard[int]:
    return isinstance(number, int) and not isinstance(number, bool)


def check_hours(start: int | None, end: int | None) -> None:
    if not (is_whole(start) and is_whole(end)):
        raise HoursInvalid("Hours have a start and an end, in whole minutes of the day.")
    if not 0 <= start < end <= DAY_MINUTES:
        raise HoursInvalid("Hours start before they end, and lie between 0 and 1440 minutes.")


def check_limit(max_bookings: int) -> None:
    if not is_whole(max_bookings) or not 1 <= max_bookings <= MOST_BOOKINGS:
        raise HoursInvalid(f"Hours take between 1 and {MOST_BOOKINGS} bookings at once.")


def check_reason(reason: str | None) -> None:
    if reason is not None and len(reason) > LONGEST_REASON:
        raise HoursInvalid(f"A reason has {LONGEST_REASON} characters at the most.")


def check_dates(first: date, last: date) -> None:
    if not (type(first) is date and type(last) is date):  # a datetime is one, too
        raise RangeInvalid("Both ends of the range are dates.")
    if not EPOCH.date() <= first <= last < FURTHEST.date():
        raise RangeInvalid("The range of dates is backwards or out of any calendar.")
    if (last - first).days >= MOST_DATES:
        raise RangeInvalid(f"The range is longer than {MOST_DATES} days.")
