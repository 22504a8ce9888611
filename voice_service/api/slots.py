"""Free slots of a service, and why a time is none."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from booking_core.availability import Reason, explain, find_slots
from booking_core.errors import TimezoneUnknown
from booking_core.services import get_service, get_service_of_any_state
from booking_core.zones import find_zone
from voice_service.dependencies import CurrentRules, CurrentSettings, Now, Transaction

router = APIRouter(prefix="/slots", tags=["slots"])

DEFAULT_RANGE: Final = timedelta(days=7)


def must_be_written(value: Any) -> Any:
    """A bare number is no time that anybody meant."""
    if not isinstance(value, str):
        raise ValueError("write the time as in 2031-01-06T09:00:00+01:00")  # noqa: TRY004
    return value


WrittenTime = Annotated[datetime, BeforeValidator(must_be_written)]


class SlotView(BaseModel):
    """A free slot. ``slot_id`` books it; its form is nobody's business."""

    slot_id: str
    start: datetime
    end: datetime
    consultant_id: UUID


class SlotList(BaseModel):
    items: list[SlotView]


class Question(BaseModel):
    """A time to be explained; without an offset it is in ``timezone``."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "service": "discovery-call",
                    "time": "2031-01-06T09:05:00",
                    "timezone": "Europe/London",
                }
            ]
        },
    )

    service: Annotated[str, Field(max_length=100, description="Slug of a service")]
    time: WrittenTime
    timezone: Annotated[str | None, Field(max_length=64)] = None
    consultant: Annotated[UUID | None, Field(description="Default: everybody")] = None


class ConsultantAnswer(BaseModel):
    """Of one consultant: the first rule that is against the time, and what is in its way."""

    consultant_id: UUID
    reason: Reason
    sentence: str
    override_id: UUID | None
    booking_id: UUID | None
    hold_id: UUID | None


class ExplanationView(BaseModel):
    """Whether a slot starts at the time, and by consultant why not."""

    service_id: UUID
    start: datetime
    end: datetime
    offered: bool
    consultants: list[ConsultantAnswer]


@router.get("", summary="List free slots")
async def list_slots(
    conn: Transaction,
    now: Now,
    settings: CurrentSettings,
    rules: CurrentRules,
    service: Annotated[str, Query(max_length=100, description="Slug of a service")],
    start: Annotated[datetime | None, Query(alias="from", description="Default: now")] = None,
    end: Annotated[datetime | None, Query(alias="to", description="Default: a week on")] = None,
    timezone: Annotated[
        str | None, Query(max_length=64, description="IANA zone that answers are written in")
    ] = None,
    consultant: Annotated[
        list[UUID] | None, Query(max_length=100, description="Any of these; default: everybody's")
    ] = None,
) -> SlotList:
    """Free slots that start in ``[from, to)``; times without an offset are in ``timezone``.

    Refuses with 404 ``service_not_found``, 422 ``timezone_unknown`` or ``range_invalid``.
    """
    zone = read_zone(timezone or settings.business_timezone)
    begin = in_zone(start, zone) if start else now
    team = set(consultant or ())
    slots = await find_slots(
        conn,
        await get_service(conn, service),
        start=begin,
        end=in_zone(end, zone) if end else a_week_after(begin),
        now=now,
        rules=rules,
        consultant_id=next(iter(team)) if len(team) == 1 else None,
    )
    return SlotList(
        items=[
            SlotView(
                slot_id=slot.slot_id,
                start=slot.start.astimezone(zone),
                end=slot.end.astimezone(zone),
                consultant_id=slot.consultant_id,
            )
            for slot in slots
            if not team or slot.consultant_id in team
        ]
    )


@router.post("/explain", summary="Explain why a time is not offered")
async def explain_time(
    conn: Transaction,
    now: Now,
    settings: CurrentSettings,
    rules: CurrentRules,
    question: Question,
) -> ExplanationView:
    """Why a time is offered or not, consultant by consultant, in sentences for staff.

    Refuses with 404 ``service_not_found``, ``consultant_not_found``; 422 ``timezone_unknown``,
    ``range_invalid``.
    """
    zone = read_zone(question.timezone or settings.business_timezone)
    told = await explain(
        conn,
        await get_service_of_any_state(conn, question.service),
        in_zone(question.time, zone),
        now=now,
        rules=rules,
        consultant_id=question.consultant,
    )
    return ExplanationView(
        service_id=told.service_id,
        start=told.start.astimezone(zone),
        end=told.end.astimezone(zone),
        offered=told.offered,
        consultants=[ConsultantAnswer(**asdict(one)) for one in told.consultants],
    )


def a_week_after(begin: datetime) -> datetime:
    try:
        return begin + DEFAULT_RANGE
    except OverflowError:
        return begin  # an empty range, which is refused as one


def in_zone(time: datetime, zone: ZoneInfo) -> datetime:
    return time if time.tzinfo is not None else time.replace(tzinfo=zone)


def read_zone(name: str) -> ZoneInfo:
    zone = find_zone(name)
    if zone is None:
        raise TimezoneUnknown(f"“{name}” is no time zone; write one such as Europe/London.")
    return zone
