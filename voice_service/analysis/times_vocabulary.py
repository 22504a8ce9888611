"""What a language must bring for its wishes for a time to be understood.

All patterns meet canonical text: lower case, words and signs apart by one space, numbers as digits
("half past two" is ``half past 2``, "third" is ``3th``).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Half: TypeAlias = Literal["am", "pm"]
PartName: TypeAlias = Literal["morning", "lunch", "afternoon", "evening"]

CLOCK_HOUR: Final = "(?:1[0-9]|2[0-4]|0?[0-9])"
HOUR_12: Final = "(?:1[0-2]|0?[1-9])"
DAY_OF_MONTH: Final = "[0-3]?[0-9]"
MINUTE: Final = "[0-5][0-9]"
YEAR: Final = "20[0-9]{2}"
# In any language: 2026-11-25, 25.11.2026, and 25/12 or 12/25, read where it can be one alone.
NUMERIC_DATES: Final = (
    f"(?P<year>{YEAR}) - (?P<month>[01]?[0-9]) - (?P<dom>[0-3]?[0-9])",
    f"(?P<dom>[0-3]?[0-9]) \\. (?P<month>[01]?[0-9]) \\. (?P<year>{YEAR})",
    f"(?P<a>[0-3]?[0-9]) / (?P<b>[0-3]?[0-9])(?: / (?P<year>{YEAR}))?",
)


@dataclass(frozen=True, kw_only=True)
class Dialogue:
    """How callers answer, and what agents ask. Each pattern is searched, ``yes`` and ``no`` at the
    start."""

    yes: re.Pattern[str]
    no: re.Pattern[str]
    choices: tuple[re.Pattern[str], ...]  # of the offers, in their order: "the second one"
    asks_for_time: re.Pattern[str]
    asks_about_project: re.Pattern[str]
    asks_for_zone: re.Pattern[str]
    offers: re.Pattern[str]
    lives_in: re.Pattern[str]  # what stands before a zone that a caller names as theirs


@dataclass(frozen=True, kw_only=True)
class Context:
    """Words around a stretch of time words that say what it is.

    The ``…_before`` patterns are searched in what stands before it, since the last of ``turning``;
    the ``…_after`` patterns right behind it.
    """

    either: re.Pattern[str]
    adding: re.Pattern[str]  # all that stands between two times of which the same is said
    or_so: re.Pattern[str]  # has a word of ``either``, but offers no other time
    correcting: re.Pattern[str]
    correcting_after: re.Pattern[str]
    turning: re.Pattern[str]
    refused_before: re.Pattern[str]
    refused_after: re.Pattern[str]
    deadline_before: re.Pattern[str]
    aim_before: re.Pattern[str]  # what happens then is not the consultation
    elsewhere_before: re.Pattern[str]  # what happens or happened then is told, not wished for
    elsewhere_after: re.Pattern[str]
    wish: re.Pattern[str]
    booking: re.Pattern[str]


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """One language. ``kinds`` are tried in their order; each one's groups: where it is read."""

    language: str
    cardinals: Mapping[str, int]
    tens: Mapping[str, int]  # those that a unit may follow as a word of its own
    ordinals: Mapping[str, int]
    ten_joiners: frozenset[str]  # between the two: "twenty-five", "treinta y cinco"
    respelled: Mapping[str, str]  # names of days as the date library knows them
    halves: Mapping[str, Half]  # words for a half of the day
    parts: Mapping[str, PartName]  # words for a part of the day
    kinds: tuple[tuple[str, str], ...]
    connecting: frozenset[str]  # words inside one stretch of time words
    at: re.Pattern[str]  # before a bare number, makes it a clock time
    followers: frozenset[str]  # words that may follow a bare number that is a clock time
    pointing: frozenset[str]  # words before a number that is none: "the one"
    counted: frozenset[str]  # what a bare number counts when it is no clock time
    context: Context
    dialogue: Dialogue


def words(*alternatives: str) -> re.Pattern[str]:
    """Any of them, as whole words."""
    return re.compile(rf"(?<!\S)(?:{'|'.join(alternatives)})(?!\S)")


def leading_up(*alternatives: str, within: int) -> re.Pattern[str]:
    """Any of them with at most so many words between it and the end of the text."""
    return re.compile(rf"(?<!\S)(?:{'|'.join(alternatives)})(?: \S+){{0,{within}}}$")


def one_of(*patterns: re.Pattern[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern.pattern})" for pattern in patterns))


def in_order(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def listed(text: str) -> frozenset[str]:
    return frozenset(text.split())
