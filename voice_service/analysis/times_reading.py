"""What each kind of time words says, one reader a kind."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final, TypeAlias

from voice_service.analysis.times_calendar import (
    WEEK,
    Day,
    days_until,
    month_called,
    weekday_called,
)
from voice_service.analysis.times_vocabulary import Vocabulary
from voice_service.analysis.times_wish import Clock, Clocks, Part, Wish
from voice_service.analysis.times_zones import UNKNOWN, utc_offset, zone_name

MONTHS: Final = 12
ROUND_THE_CLOCK: Final = (24, 7)  # "24/7" is no date

Groups: TypeAlias = Mapping[str, str | None]
Reader: TypeAlias = Callable[[Groups, Vocabulary], Wish | None]  # None: no time of a wish


def read_elapsed(groups: Groups, _: Vocabulary) -> Wish:
    """Groups: ``hours`` ("2", "an"), ``minutes``, ``half`` and ``half_after`` of an hour."""
    half = groups.get("half") or groups.get("half_after")
    minutes = int(groups.get("minutes") or 0) + (30 if half else 0)
    return Wish(elapsed=timedelta(hours=count(groups.get("hours")), minutes=minutes))


def read_date(groups: Groups, vocabulary: Vocabulary) -> Wish | None:
    """Groups: ``dom`` with ``month`` or ``month_name``, or ``a`` and ``b``; a ``year``."""
    year = groups.get("year") or (groups.get("short_year") and f"20{groups['short_year']}")
    dom, month = day_and_month(groups, vocabulary)
    if not month or not dom:
        return None
    return Wish(day=Day(dom=dom, month=month, year=int(year) if year else None))


def day_and_month(groups: Groups, vocabulary: Vocabulary) -> tuple[int, int]:
    """0 where it cannot be told which of two numbers is the month."""
    name = spelled(groups.get("month_name"), vocabulary)
    if name:
        return count(groups.get("dom")), month_called(name, vocabulary.language)
    if groups.get("month"):
        return count(groups.get("dom")), count(groups.get("month"))
    one, other = count(groups.get("a")), count(groups.get("b"))
    if (one, other) == ROUND_THE_CLOCK or (one != other and max(one, other) <= MONTHS):
        return 0, 0
    return max(one, other), min(one, other)


def read_relative(groups: Groups, vocabulary: Vocabulary) -> Wish:
    """Groups: ``name`` of a day, after it ``days`` or ``weeks``; ``same_day``, ``tonight``."""
    name = spelled(groups.get("name"), vocabulary)
    days = days_until(name, vocabulary.language) if name else 0
    days += count(groups.get("days")) + WEEK * count(groups.get("weeks"))
    part = groups.get("part") or groups.get("tonight")
    return Wish(day=Day(days=days), part=Part(name=vocabulary.parts[part]) if part else None)


def read_loose_weeks(groups: Groups, _: Vocabulary) -> Wish:
    """Groups: ``weeks`` or ``fortnight``."""
    weeks = 2 if groups.get("fortnight") else count(groups.get("weeks"))
    return Wish(day=Day(days=WEEK * weeks, loosely=True))


def read_weekday(groups: Groups, vocabulary: Vocabulary) -> Wish | None:
    """Groups: ``weekday``; before it ``next``, ``this``, ``off`` (not to be booked), ``later``
    or ``fortnight`` ("a week on"); after it ``after_next``, ``week`` or a ``part``."""
    if groups.get("off"):
        return None
    name = spelled(groups["weekday"], vocabulary)
    assert name is not None
    later = weeks_later(groups) or None
    part = groups.get("part")
    weeks = 2 if groups.get("after_next") else 1 if groups.get("next") else None
    day = Day(
        weekday=weekday_called(name, vocabulary.language),
        weeks=None if weeks is None else weeks + (later or 0),
        later=later,
        today_counts=True if groups.get("this") else None,
    )
    return Wish(day=day, part=Part(name=vocabulary.parts[part]) if part else None)


def weeks_later(groups: Groups) -> int:
    if groups.get("fortnight"):
        return 2
    return count(groups.get("later")) or int(named(groups, "week_on", "week"))


def read_week(groups: Groups, _: Vocabulary) -> Wish:
    """Groups: ``first`` or ``second`` after this one."""
    return Wish(day=Day(weeks=2 if groups.get("second") else 1 if groups.get("first") else 0))


def read_dom(groups: Groups, _: Vocabulary) -> Wish:
    """Groups: ``dom``; ``next`` month."""
    next_month = True if groups.get("next") else None
    return Wish(day=Day(dom=count(groups["dom"]), next_month=next_month))


def read_part(groups: Groups, vocabulary: Vocabulary) -> Wish:
    """Groups: ``part``; ``early`` or ``late`` in it."""
    name = vocabulary.parts[groups["part"] or ""]
    return Wish(part=Part(name=name, early=named(groups, "early"), late=named(groups, "late")))


def read_clock(groups: Groups, vocabulary: Vocabulary) -> Wish:
    """Groups: ``noon``, ``midnight``, or ``hour`` with ``minute`` or ``few`` minutes and the
    ``half`` of the day; ``half_past`` or ``half_to`` an hour; ``count``, ``quarter`` or ``thirty``
    minutes, ``past`` the hour or before it; ``end_hour``, ``end_minute`` and ``end_half``."""
    end = clock_of(groups, vocabulary, "end_") if groups.get("end_hour") else None
    return Wish(clocks=Clocks(start=moved_clock(groups, vocabulary), end=end))


def moved_clock(groups: Groups, vocabulary: Vocabulary) -> Clock:
    if named(groups, "noon", "midnight"):
        return Clock(hour=12 if groups.get("noon") else 0, as_said=True)
    minutes = minutes_away(groups)
    clock = clock_of(groups, vocabulary)
    if minutes >= 0:
        return replace(clock, minute=clock.minute + minutes)
    return before(clock, -minutes)


def minutes_away(groups: Groups) -> int:
    if groups.get("half_past"):
        return 30
    if groups.get("half_to"):
        return -30
    minutes = 15 if groups.get("quarter") else 30 if groups.get("thirty") else 0  # before or past
    minutes += count(groups.get("count"))
    return minutes if groups.get("past") else -minutes


def before(clock: Clock, minutes: int) -> Clock:
    """So many minutes before a full hour: "quarter to one" is 12:45, in the half that 1 is in."""
    hour = (clock.hour - 1) % 24 if clock.as_said or clock.hour > 12 else (clock.hour - 2) % 12 + 1
    half = clock.half
    if half and clock.hour == 12:
        half = "am" if half == "pm" else "pm"
    return replace(clock, hour=hour, minute=60 - minutes, half=half)


def clock_of(groups: Groups, vocabulary: Vocabulary, end: str = "") -> Clock:
    hour = groups.get(f"{end}hour") or groups.get("half_past") or groups.get("half_to") or ""
    half = groups.get(f"{end}half")
    return Clock(
        hour=int(hour),
        minute=count(groups.get(f"{end}minute") or groups.get(f"{end}few")),
        half=vocabulary.halves[half] if half else None,
        as_said=hour.startswith("0") and half is None,
    )


def read_zone(groups: Groups, _: Vocabulary) -> Wish:
    """Groups: ``place``; ``utc`` with ``sign`` and ``offset``; neither: another's zone."""
    if groups.get("sign"):
        return Wish(zone=utc_offset(groups["sign"] or "", groups["offset"] or ""))
    place = groups.get("place") or groups.get("utc")
    return Wish(zone=zone_name(place) if place else UNKNOWN)


def named(groups: Groups, *names: str) -> bool:
    return any(groups.get(name) for name in names)


def count(said: str | None) -> int:
    """A number, or 1 for the article before "hour" and the like."""
    if not said:
        return 0
    return int(said) if said.isdecimal() else 1


def spelled(name: str | None, vocabulary: Vocabulary) -> str | None:
    if name is None:
        return None
    plain = name.removesuffix(".").strip()
    return vocabulary.respelled.get(plain, plain)


READERS: Final[Mapping[str, Reader]] = {
    "greeting": lambda groups, vocabulary: None,
    "off": lambda groups, vocabulary: None,
    "elapsed": read_elapsed,
    "date": read_date,
    "relative": read_relative,
    "loose_weeks": read_loose_weeks,
    "weekday": read_weekday,
    "week": read_week,
    "dom": read_dom,
    "part": read_part,
    "clock": read_clock,
    "zone": read_zone,
    "vague": lambda groups, vocabulary: Wish(vague=True),
}
