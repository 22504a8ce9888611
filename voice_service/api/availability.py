"""When a consultant can be booked: weekly hours, exceptions of dates, time off."""

from datetime import UTC, date, timedelta
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Body, Query
from pydantic import BaseModel

from booking_core.availability import (
    TimeOff,
    add_time_off,
    delete_override,
    delete_time_off,
    list_overrides,
    list_templates,
    list_time_off,
    put_override,
    put_templates,
)
from booking_core.consultants import Consultant, change_timezone, get_consultant
from booking_core.zones import find_zone
from voice_service.api.hours import Hours, OverrideView, OverrideWish
from voice_service.api.values import Day, Request
from voice_service.dependencies import Now, Transaction

router = APIRouter(prefix="/consultants/{consultant_id}/availability", tags=["consultants"])

USUAL_DATES: Final = timedelta(days=90)


class WeeklyHours(Request):
    """All hours of a week; those over midnight are two, until ``24:00`` and from ``00:00``."""

    weekly_hours: list[Hours]


class Availability(BaseModel):
    """What free slots of a consultant are made from; clocks are those of ``timezone``."""

    consultant_id: UUID
    timezone: str
    weekly_hours: list[Hours]
    overrides: list[OverrideView]
    time_off: list[TimeOff]


class TimeOffWish(Request):
    """Both dates are off, and all between."""

    first: Day
    last: Day
    reason: str | None = None


class TimezoneWish(Request):
    timezone: str


@router.get("", summary="Read a consultant's availability")
async def read_one(
    conn: Transaction,
    now: Now,
    consultant_id: UUID,
    first: Annotated[Day | None, Query(description="Default: today, where they are")] = None,
    last: Annotated[Day | None, Query(description="Default: 90 days on")] = None,
) -> Availability:
    """Weekly hours, the exceptions of the dates asked for, and time off that is not over by then.

    Refuses with 404 ``consultant_not_found``, 422 ``range_invalid``.
    """
    consultant = await get_consultant(conn, consultant_id)
    begin = first or now.astimezone(find_zone(consultant.timezone) or UTC).date()
    overrides = await list_overrides(
        conn, consultant_id, first=begin, last=last or days_later(begin)
    )
    return Availability(
        consultant_id=consultant_id,
        timezone=consultant.timezone,
        weekly_hours=[Hours.of(row) for row in await list_templates(conn, consultant_id)],
        overrides=[OverrideView.of(override) for override in overrides],
        time_off=await list_time_off(conn, consultant_id, since=begin),
    )


def days_later(day: date) -> date:
    """The usual last date, as far as the calendar goes."""
    return day + min(USUAL_DATES, date.max - day)


@router.put("", summary="Set a consultant's weekly hours")
async def put_hours(
    conn: Transaction,
    consultant_id: UUID,
    hours: Annotated[
        WeeklyHours,
        Body(
            examples=[
                {
                    "weekly_hours": [
                        {"day_of_week": 1, "start_time": "09:00", "end_time": "12:30"},
                        {"day_of_week": 1, "start_time": "20:00", "end_time": "24:00"},
                        {"day_of_week": 2, "start_time": "00:00", "end_time": "02:00"},
                    ]
                }
            ]
        ),
    ],
) -> WeeklyHours:
    """Make these the weekly hours, instead of those there were; bookings that stand are left alone.

    Refuses with 404 ``consultant_not_found``, 422 ``hours_invalid``.
    """
    templates = [each.to_template() for each in hours.weekly_hours]
    stored = await put_templates(conn, consultant_id, templates)
    return WeeklyHours(weekly_hours=[Hours.of(row) for row in stored])


@router.post("/overrides", summary="Make an exception of a date")
async def post_override(
    conn: Transaction,
    consultant_id: UUID,
    wish: Annotated[
        OverrideWish,
        Body(
            examples=[
                {"specific_date": "2031-01-06", "reason": "Public holiday"},
                {
                    "specific_date": "2031-01-11",
                    "start_time": "10:00",
                    "end_time": "14:00",
                    "is_available": True,
                },
            ]
        ),
    ],
) -> OverrideView:
    """Close a date or some hours of it, or open more; the same hours again change what is there.

    Refuses with 404 ``consultant_not_found``, 409 ``override_conflict`` (it is part of a time off),
    422 ``hours_invalid`` or ``range_invalid``.
    """
    return OverrideView.of(await put_override(conn, consultant_id, wish.to_override()))


@router.delete("/overrides/{override_id}", status_code=204, summary="Take back an exception")
async def remove_override(conn: Transaction, consultant_id: UUID, override_id: UUID) -> None:
    """The date is then as every week. Refuses with 404 ``override_not_found``."""
    await delete_override(conn, consultant_id, override_id)


@router.post("/time-off", status_code=201, summary="Enter time off")
async def post_time_off(
    conn: Transaction,
    consultant_id: UUID,
    wish: Annotated[
        TimeOffWish,
        Body(examples=[{"first": "2031-08-01", "last": "2031-08-21", "reason": "Holiday"}]),
    ],
) -> TimeOff:
    """Close whole dates, both ends included; bookings that stand are left alone.

    Refuses with 404 ``consultant_not_found``, 409 ``override_conflict`` (a date is off already),
    422 ``hours_invalid`` (the reason is too long) or ``range_invalid``.
    """
    return await add_time_off(
        conn, consultant_id, first=wish.first, last=wish.last, reason=wish.reason
    )


@router.delete("/time-off/{time_off_id}", status_code=204, summary="Take back time off")
async def remove_time_off(conn: Transaction, consultant_id: UUID, time_off_id: UUID) -> None:
    """All dates of it. Refuses with 404 ``time_off_not_found``."""
    await delete_time_off(conn, consultant_id, time_off_id)


@router.put("/timezone", summary="Set the zone a consultant's hours are in")
async def put_timezone(
    conn: Transaction,
    consultant_id: UUID,
    wish: Annotated[TimezoneWish, Body(examples=[{"timezone": "Europe/London"}])],
) -> Consultant:
    """Read their hours in another zone from now on; bookings keep their moments.

    Refuses with 404 ``consultant_not_found``, 422 ``timezone_unknown``.
    """
    await change_timezone(conn, consultant_id, wish.timezone)
    return await get_consultant(conn, consultant_id)
