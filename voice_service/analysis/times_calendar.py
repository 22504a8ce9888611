"""Days as they are named, and which date each one is."""

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from functools import cache
from typing import Final

from dateparser.date import DateDataParser

# Everything is read as if said on this Monday of a leap year. What counts is how far from it a
# named day is, which weekday, which month: so one reading serves every conversation.
READ_ON: Final = datetime(2024, 1, 1)  # noqa: DTZ001 - a calendar's day, nobody's instant
SETTINGS: Final = {
    "RELATIVE_BASE": READ_ON,
    "TIMEZONE": "UTC",
    "RETURN_AS_TIMEZONE_AWARE": False,
    "PREFER_DATES_FROM": "future",
    "PARSERS": ["relative-time", "absolute-time"],
}
WEEK: Final = 7
JUST_OVER: Final = timedelta(days=30)  # a date so far back is a slip, not one of next year
YEAR: Final = timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class Day:
    """What was said of a day; more than one thing must agree ("Tuesday the 24th")."""

    weekday: int | None = None  # Monday is 0
    weeks: int | None = None  # ISO weeks from this one; without it, the coming such weekday
    later: int | None = None  # weeks after that: "a week on Tuesday"
    today_counts: bool | None = None  # "this Tuesday", on a Tuesday
    days: int | None = None  # from today
    loosely: bool | None = None  # ``days`` names the week, and the day only without a weekday
    month: int | None = None
    dom: int | None = None  # day of the month
    next_month: bool | None = None
    year: int | None = None


def both(first: Day, second: Day) -> Day | None:
    """One day of which both is said; None when they contradict each other."""
    said = {}
    for field in fields(Day):
        one, other = getattr(first, field.name), getattr(second, field.name)
        if None not in (one, other) and one != other:
            return None
        said[field.name] = other if one is None else one
    return Day(**said)


def date_of(day: Day, today: date) -> date | None:
    """The date meant, seen from ``today``; None when none is named or what is said disagrees."""
    try:
        stated = stated_date(day, today)
        if day.weekday is None:
            return stated
        if day.dom is not None or (day.days is not None and not day.loosely):
            return stated if stated and stated.weekday() == day.weekday else None
        return coming_weekday(day, day.weekday, today)
    except (OverflowError, ValueError):
        return None  # beyond the calendar


def stated_date(day: Day, today: date) -> date | None:
    if day.days is not None:
        return today + timedelta(days=day.days)
    if day.dom is None:
        return None
    if day.year is not None and day.month is not None:
        return date(day.year, day.month, day.dom)
    return yearly(day.month, day.dom, today) if day.month else monthly(day, day.dom, today)


def yearly(month: int, dom: int, today: date) -> date | None:
    """The next date of that name, unless it was only just over or there is none within a year."""
    for year in (today.year, today.year + 1):
        found = real_date(year, month, dom)
        if found and found >= today:
            return found if found - today < YEAR - JUST_OVER else None
    return None


def monthly(day: Day, dom: int, today: date) -> date | None:
    """The next day of that number, in this month or the one after."""
    following = today.replace(day=1) + timedelta(days=31)
    found = None if day.next_month else real_date(today.year, today.month, dom)
    return found if found and found >= today else real_date(following.year, following.month, dom)


def real_date(year: int, month: int, dom: int) -> date | None:
    try:
        return date(year, month, dom)
    except ValueError:
        return None


def coming_weekday(day: Day, weekday: int, today: date) -> date:
    """The coming such day, or the one in the ISO week that was named."""
    if day.weeks is not None or day.loosely:
        week = today + timedelta(days=(day.weeks or 0) * WEEK + (day.days or 0))
        return week + timedelta(days=weekday - week.weekday())
    ahead = (weekday - today.weekday()) % WEEK
    if ahead == 0 and not day.today_counts:
        ahead = WEEK
    return today + timedelta(days=ahead + WEEK * (day.later or 0))


def weekday_called(name: str, language: str) -> int:
    return named_date(name, language).weekday()


def month_called(name: str, language: str) -> int:
    return named_date(f"1 {name}", language).month


def days_until(name: str, language: str) -> int:
    """From today: 1 for "tomorrow"."""
    return (named_date(name, language) - READ_ON.date()).days


@cache  # the vocabularies' names of days and months, nothing else
def named_date(name: str, language: str) -> date:
    """Seen from ``READ_ON``.

    Raises:
        LookupError: no name of a day in that language.
    """
    found = parser(language).get_date_data(name).date_obj
    if found is None:
        raise LookupError(name)
    return found.date()


@cache
def parser(language: str) -> DateDataParser:
    return DateDataParser(languages=[language], settings=SETTINGS)
