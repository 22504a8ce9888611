"""How far away a date is that somebody names roughly: "by end of January", "this summer", "Q2".

Coarse on purpose: a project's start is asked for in steps of three months. An exact wish for a
conversation is read elsewhere.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeAlias

from voice_service.analysis.expressions import Expression
from voice_service.analysis.numerals import SAID_NUMBER, said_number

DAYS_IN_MONTH: Final = 30.44
MONTHS: Final = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
MONTH_OF: Final = (
    {name: number for number, name in enumerate(MONTHS, start=1)}
    | {name[:3]: number for number, name in enumerate(MONTHS, start=1) if name != "march"}
    | {"sept": 9}
)
MONTH: Final = "|".join(sorted(MONTH_OF, key=len, reverse=True))
UNIT_DAYS: Final = {
    "day": 1.0,
    "week": 7.0,
    "fortnight": 14.0,
    "month": DAYS_IN_MONTH,
    "quarter": 3 * DAYS_IN_MONTH,
    "year": 12 * DAYS_IN_MONTH,
}
SEASONS: Final = {  # first month; the northern half of the world
    "spring": 3,
    "summer": 6,
    "fall": 9,
    "autumn": 9,
    "winter": 12,
}
HOLIDAYS: Final = {
    "christmas": (12, 25),
    "xmas": (12, 25),
    "the holidays": (12, 15),
    "holiday season": (12, 1),
    "thanksgiving": (11, 26),
    "black friday": (11, 27),
    "cyber monday": (11, 30),
    "halloween": (10, 31),
    "easter": (4, 5),
    "new year": (1, 5),
    "valentine 's day": (2, 14),
    "back to school": (8, 20),
    "tax season": (2, 1),
    "mother 's day": (5, 10),
    "labor day": (9, 7),
    "memorial day": (5, 31),
}
NEXT_BUT_ONE: Final = 75  # days; "next winter" is not the one that begins so soon
ORDINALS: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}
WHEN: Final = (
    r"(?P<when>(?:(?:by|before|until|till|in|around|about|sometime|for|from|starting|during|the"
    r"|after|like|on|this|next|coming|latest|say|early|late|mid|middle of|start of|beginning of"
    r"|first half of|second half of|end of|of|ahead of|through|towards?|end|at) ){0,6})"
)
EARLY: Final = re.compile(r"\b(?:early|start of|beginning of|first half of)\b")
LATE: Final = re.compile(r"\b(?:late|end of|end|second half of)\b")
MAY_BE: Final = re.compile(r"(?<!\S)(?:i|we|it|they|you|that|he|she|there|which|this|who) $")
BY: Final = re.compile(r"\b(?:by|before|until|till|ahead of)\b")


@dataclass(frozen=True, slots=True)
class Horizon:
    """A date named in ``text[start:end]``, as months from the conversation."""

    months: float
    start: int
    end: int


Reader: TypeAlias = Callable[[re.Match[str], date], date | None]


def horizons_in(text: str, today: date) -> Iterator[Horizon]:
    """The dates in plain words that lie ahead; where two readings overlap, the longer one."""
    found: list[tuple[int, int, date]] = []
    for pattern, read in READERS:
        for match in pattern.finditer(text):
            named = read(match, today)
            if named is not None:
                found.append((match.start(), match.end(), named))
    found.sort(key=lambda each: (each[0], -each[1]))
    end = -1
    for start, last, named in found:
        if start >= end:
            end = last
            yield Horizon((named - today).days / DAYS_IN_MONTH, start, last)


def lengths_in(text: str, today: date) -> Iterator[Horizon]:
    """Bare stretches of time, "six months" or "a year": dates only where a date was asked for."""
    for match in LENGTH.finditer(text):
        named = span_of_time(match, today)
        if named is not None:
            yield Horizon((named - today).days / DAYS_IN_MONTH, match.start(), match.end())


def in_days(days: float, today: date) -> date | None:
    return today + timedelta(days=days) if 0 <= days < 36_500 else None


def span_of_time(match: re.Match[str], today: date) -> date | None:
    """ "In the next three or four weeks": the later end."""
    count = said_number(match["high"] or match["low"]) if match["low"] else 1.0
    said = match.groupdict()
    count += 0.5 if said.get("half") or said.get("more") else 0.0
    return in_days(count * UNIT_DAYS[match["unit"]], today)


def half_a_year(_: re.Match[str], today: date) -> date | None:
    return in_days(6 * DAYS_IN_MONTH, today)


def of_month(match: re.Match[str], today: date) -> date | None:
    if match["month"] == "may" and MAY_BE.search(match.string[: match.start()][-12:]):
        return None
    month = MONTH_OF[match["month"]]
    year = int(match["year"]) if match["year"] else today.year
    if not match["year"] and month < today.month:
        year += 1
    last_day = monthrange(year, month)[1]
    day = part(match["when"], early=5, middle=15, late=last_day, by=1)
    if match["day"] and 1 <= int(match["day"]) <= last_day:
        day = int(match["day"])
    named = date(year, month, day)
    return named if named >= today else date(year, month, last_day)


def part(when: str, *, early: int, middle: int, late: int, by: int) -> int:
    if LATE.search(when):
        return late
    if EARLY.search(when):
        return early
    return by if BY.search(when) else middle


def of_season(match: re.Match[str], today: date) -> date | None:
    first = SEASONS[match["season"]]
    year = int(match["year"]) if match["year"] else today.year
    when = match["when"]
    offset = part(when, early=10, middle=45, late=88, by=0)
    named = date(year, first, 1) + timedelta(days=offset)
    if not match["year"]:
        while named < today or (
            re.search(r"\bnext\b", when) and (named - today).days < NEXT_BUT_ONE
        ):
            year += 1
            named = date(year, first, 1) + timedelta(days=offset)
    return named


def of_holiday(match: re.Match[str], today: date) -> date | None:
    month, day = HOLIDAYS[match["holiday"]]
    named = date(today.year, month, day)
    return named if named >= today else named.replace(year=today.year + 1)


def of_quarter(match: re.Match[str], today: date) -> date | None:
    quarter = int(match["number"]) if match["number"] else ORDINALS[match["name"]]
    year = today.year + (1 if match["next"] else 0)
    if match["year"]:
        year = int(match["year"])
    first = date(year, 3 * quarter - 2, 1)
    named = first + timedelta(days=part(match["when"], early=10, middle=45, late=88, by=0))
    if named < today and not (match["year"] or match["next"]):
        named = named.replace(year=named.year + 1)
    return named


def of_year(match: re.Match[str], today: date) -> date | None:
    when = match["when"] + (match["half"] or "")
    year = int(match["year"]) if match["year"] else today.year + ("next" in match["words"])
    if year == today.year:
        return date(year, 12, 31)
    month = part(when, early=2, middle=7, late=12, by=1)
    return date(year, month, 1)


def year_after_next(_: re.Match[str], today: date) -> date | None:
    return date(today.year + 2, 1, 15)


def this_or_next(match: re.Match[str], today: date) -> date | None:
    """ "This month", "end of next quarter": the end of that stretch, or half of it more."""
    days = UNIT_DAYS[match["unit"]]
    return in_days(days * (1.5 if match["which"] == "next" else 0.5), today)


def very_soon(_: re.Match[str], today: date) -> date | None:
    return in_days(7, today)


YEAR: Final = r"(?: (?:of )?(?P<year>20[2-9]\d))?"
IN_TIME: Final = (
    r"(?:(?:in|within|inside|over|after|during)(?: (?:the next|the coming|about|around|maybe"
    r"|roughly|like|less than|under|more than|or so|say|a|another|just|approximately|next))*"
    r"|(?:the )?(?:next|coming)(?: (?:about|around))?)"
)
COUNT: Final = rf"(?P<low>{SAID_NUMBER})(?: (?:to|or|-|maybe) (?P<high>{SAID_NUMBER}))?"
UNIT: Final = r"(?P<unit>day|week|fortnight|month|quarter|year)s?"
LENGTH: Final = Expression(
    rf"(?<!\S)(?:{COUNT}|a"
    rf"|one)(?P<half> and a half)? (?:or so )?{UNIT}(?P<more> and a half)?(?! ago| old"
    rf"| of experience| in business)(?!\S)"
)
READERS: Final[tuple[tuple[Expression, Reader], ...]] = (
    (
        Expression(
            rf"(?<!\S){IN_TIME} {COUNT}(?P<half> and a half)? (?:or so )?{UNIT}(?P<more> and a "
            rf"half)?(?! ago| old)(?!\S)"
        ),
        span_of_time,
    ),
    (
        Expression(
            r"(?<!\S)(?:in|within)(?: (?:about|around|roughly|like|maybe|under|less than))* "
            r"(?P<low>)(?P<high>)(?:a|one|the) (?P<unit>day|week|fortnight|month|quarter|year)"
            r"(?P<more> and a half)?(?! ago)(?!\S)"
        ),
        span_of_time,
    ),
    (
        Expression(
            rf"(?<!\S){COUNT} {UNIT} (?:from (?:now|today)|out|at (?:the )?(?:most|latest))"
        ),
        span_of_time,
    ),
    (Expression(r"(?<!\S)(?:in |within )?(?:about )?half a year(?!\S)"), half_a_year),
    (
        Expression(
            rf"(?<!\S){WHEN}(?P<month>{MONTH})(?: (?P<day>\d{{1,2}})(?: (?:st|nd|rd|th))?(?!\S))?"
            rf"{YEAR}(?!\S)"
        ),
        of_month,
    ),
    (
        Expression(
            rf"(?<!\S){WHEN}(?P<season>spring|summer|fall|autumn|winter)(?: time)?{YEAR}(?!\S)"
        ),
        of_season,
    ),
    (Expression(rf"(?<!\S){WHEN}(?P<holiday>{'|'.join(HOLIDAYS)})(?!\S)"), of_holiday),
    (
        Expression(
            rf"(?<!\S){WHEN}(?:q(?: ?)(?P<number>[1-4])|(?P<name>first|second|third|fourth|last) "
            rf"quarter)(?: of)?(?: (?P<next>next year))?(?: (?P<year>20[2-9]\d))?(?!\S)"
        ),
        of_quarter,
    ),
    (Expression(r"(?<!\S)(?:the )?year after next(?!\S)"), year_after_next),
    (
        Expression(
            rf"(?<!\S){WHEN}(?P<half>first half (?:of )?|second half (?:of )?)?(?P<words>next year"
            rf"|this year|the year(?! after)|(?P<year>20[2-9]\d))(?: end)?(?!\S)"
        ),
        of_year,
    ),
    (
        Expression(
            r"(?<!\S)(?P<end>end of )?(?P<which>this|next|the) (?P<unit>week|month|quarter)(?!\S)"
        ),
        this_or_next,
    ),
    (
        Expression(
            r"(?<!\S)(?:tomorrow|today|tonight|(?:on|by|this|next|coming) (?:mon|tues|wednes|thurs"
            r"|fri|satur|sun)day|in no time|the coming (?:days|weeks)|the next (?:few )?(?:days"
            r"|weeks)|a matter of weeks)(?!\S)"
        ),
        very_soon,
    ),
)
