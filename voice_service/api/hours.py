"""Hours as they are written on the wire: ``09:00`` to ``24:00``, by the consultant's clock."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, TypeAlias
from uuid import UUID

from pydantic import BaseModel, Field, StrictBool, StrictInt

from booking_core.availability import Override, Template
from voice_service.api.values import Day, Request

Clock: TypeAlias = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]


def to_minute(clock: str) -> int:
    """Minutes since midnight."""
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute)


def to_clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


class Hours(Request):
    """Hours of every week; ``day_of_week`` 0 is Sunday, ``max_bookings`` may run at once."""

    day_of_week: StrictInt
    start_time: Clock
    end_time: Clock
    max_bookings: StrictInt = 1

    @classmethod
    def of(cls, template: Template) -> "Hours":
        return cls(
            day_of_week=template.day_of_week,
            start_time=to_clock(template.start_minute),
            end_time=to_clock(template.end_minute),
            max_bookings=template.max_bookings,
        )

    def to_template(self) -> Template:
        return Template(
            day_of_week=self.day_of_week,
            start_minute=to_minute(self.start_time),
            end_minute=to_minute(self.end_time),
            max_bookings=self.max_bookings,
        )


class OverrideWish(Request):
    """An exception of a date: the whole of it where no hours are said, closed unless available."""

    specific_date: Day
    start_time: Clock | None = None
    end_time: Clock | None = None
    is_available: StrictBool = False
    max_bookings: StrictInt = 1
    reason: str | None = None

    def to_override(self) -> Override:
        return Override(
            specific_date=self.specific_date,
            start_minute=None if self.start_time is None else to_minute(self.start_time),
            end_minute=None if self.end_time is None else to_minute(self.end_time),
            is_available=self.is_available,
            max_bookings=self.max_bookings,
            reason=self.reason,
        )


class OverrideView(BaseModel):
    """An exception; one with a ``time_off_id`` is taken back with the whole time off."""

    id: UUID
    specific_date: date
    start_time: str | None
    end_time: str | None
    is_available: bool
    max_bookings: int
    reason: str | None
    time_off_id: UUID | None

    @classmethod
    def of(cls, override: Override) -> "OverrideView":
        columns = asdict(override)
        start, end = columns.pop("start_minute"), columns.pop("end_minute")
        return cls(
            **columns,
            start_time=None if start is None else to_clock(start),
            end_time=None if end is None else to_clock(end),
        )
