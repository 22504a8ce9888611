"""Free slots of a service."""

from datetime import datetime, timedelta
from typing import Annotated, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from pydantic import BaseModel

from booking_core.availability import find_slots
from booking_core.errors import TimezoneUnknown
from booking_core.services import get_service
from booking_core.zones import find_zone
from voice_service.dependencies import CurrentRules, CurrentSettings, Now, Transaction

router = APIRouter(prefix="/slots", tags=["slots"])

DEFAULT_RANGE: Final = timedelta(days=7)


class SlotView(BaseModel):
    """A free slot. ``slot_id`` books it; its form is nobody's business."""

    slot_id: str
    start: datetime
    end: datetime
    consultant_id: UUID


class SlotList(BaseModel):
    items: list[SlotView]


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
    consultant: UUID | None = None,
) -> SlotList:
    """Free slots that start in ``[from, to)``; times without an offset are in ``timezone``.

    Refuses with 404 ``service_not_found``, 422 ``timezone_unknown`` or ``range_invalid``.
    """
    zone = read_zone(timezone or settings.business_timezone)
    begin = in_zone(start, zone) or now
    slots = await find_slots(
        conn,
        await get_service(conn, service.replace("\0", "")),
        start=begin,
        end=in_zone(end, zone) or begin + DEFAULT_RANGE,
        now=now,
        rules=rules,
        consultant_id=consultant,
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
        ]
    )


def in_zone(time: datetime | None, zone: ZoneInfo) -> datetime | None:
    if time is None or time.tzinfo is not None:
        return time
    return time.replace(tzinfo=zone)


def read_zone(name: str) -> ZoneInfo:
    zone = find_zone(name)
    if zone is None:
        raise TimezoneUnknown(f"“{name}” is no time zone; write one such as Europe/London.")
    return zone
