"""Which part of a range of time can be booked at all: calendar, notice, horizon. Pure."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from booking_core.availability.model import EPOCH, FURTHEST, Rules
from booking_core.errors import RangeInvalid
from booking_core.services import Service

LONGEST_RANGE: Final = timedelta(days=62)
DAY: Final = timedelta(days=1)
FRIDAY: Final = 5  # as isoweekday() counts


def check_has_zone(moment: datetime) -> None:
    if moment.utcoffset() is None:
        raise RangeInvalid("A time needs a time zone.")


def check_moment(moment: datetime) -> None:
    """Raise ``RangeInvalid`` for a time without a zone, or that no booking can have."""
    check_has_zone(moment)
    if not EPOCH <= moment < FURTHEST:
        raise RangeInvalid("This time is out of any calendar.")


def check_range(start: datetime, end: datetime) -> None:
    if start.utcoffset() is None or end.utcoffset() is None:
        raise RangeInvalid("Both ends of the range need a time zone.")
    if not EPOCH <= start < end <= FURTHEST:
        raise RangeInvalid("The range is empty, backwards or out of any calendar.")
    if end - start > LONGEST_RANGE:
        raise RangeInvalid(f"The range is longer than {LONGEST_RANGE.days} days.")


def bookable_part(
    service: Service,
    start: datetime,
    end: datetime,
    *,
    now: datetime,
    rules: Rules,
    zone: ZoneInfo,
) -> tuple[datetime, datetime]:
    """What notice and horizon leave of ``[start, end)`` to a consultant in ``zone``, in UTC; may be
    empty or backwards."""
    earliest = max(start, now + service.minimum_notice)
    before = min(end, end_of_horizon(service, now, rules, zone))
    return earliest.astimezone(UTC), before.astimezone(UTC)


def widest_part(
    service: Service, start: datetime, end: datetime, *, now: datetime, rules: Rules
) -> tuple[datetime, datetime]:
    """``bookable_part`` for whoever is left the most, wherever they are."""
    check_moment(now)
    earliest = max(start, now + service.minimum_notice)
    before = min(end, latest_horizon(service, now, rules))
    return earliest.astimezone(UTC), before.astimezone(UTC)


def end_of_horizon(service: Service, now: datetime, rules: Rules, zone: ZoneInfo) -> datetime:
    """Where a service's horizon ends. Its days have 24 hours each, also when the clocks change."""
    if not rules.horizon_in_business_days:
        return min(now + service.horizon_days * DAY, FURTHEST)
    weekday = now.astimezone(zone).isoweekday()
    return min(now + calendar_days(weekday, service.horizon_days) * DAY, FURTHEST)


def latest_horizon(service: Service, now: datetime, rules: Rules) -> datetime:
    """The end of the horizon for the consultant who has the furthest one."""
    if not rules.horizon_in_business_days:
        return min(now + service.horizon_days * DAY, FURTHEST)
    furthest = max(calendar_days(weekday, service.horizon_days) for weekday in range(1, 8))
    return min(now + furthest * DAY, FURTHEST)


@lru_cache
def calendar_days(weekday: int, business_days: int) -> int:
    """How many days after one of that weekday (1 is Monday) so many business days have passed."""
    days = 0
    while business_days:
        days += 1
        if (weekday - 1 + days) % 7 < FRIDAY:
            business_days -= 1
    return days
