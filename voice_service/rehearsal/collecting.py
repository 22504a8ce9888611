"""The stand-in's data collection: what the caller answered, field by field. Pure.

Words are read by our own analysis, as a model would read them for the platform. It knows more than
the transcript tells: which question an answer was to, so that "20k, 3 months" is read part by part,
and what caller and agent settled on.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from voice_service.analysis import Fact, Turn, WantedTime, judge
from voice_service.analysis.model import CALLER
from voice_service.rehearsal.events import COLLECTED
from voice_service.rehearsal.offering import Offering
from voice_service.rehearsal.script import SERVICE, CallerZone, Topic

Value = str | int | float | bool
LONGEST_PART: Final = 200  # characters; longer answers are sentences, which are read as a whole
MOST_PARTS: Final = 6
PARTS: Final = re.compile(r"[,;/]\s*|\s+and\s+|\s+(?=\S+@)")
NAME: Final = {"What is your name?": ("full_name",)}
# What each part of an answer may be, were it the answer to a question of its own.
SIMPLE_QUESTIONS: Final[Mapping[Topic, Mapping[str, tuple[str, ...]]]] = {
    "company": {
        "How many people are you?": ("company_size",),
        "What is your role?": ("decision_role", "role"),
    },
    "money": {
        "What is your budget?": ("budget_min", "budget_max", "budget_currency", "budget_status"),
        "When should it be ready?": ("timeline",),
    },
    "contact": NAME,
    "contact_again": NAME,
}


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What a caller said when the agent had asked about ``topic``."""

    topic: Topic
    text: str


def collect(
    turns: Sequence[Turn],
    answered: Sequence[Answered],
    offering: Offering,
    *,
    started_at: datetime,
    zone: CallerZone,
) -> dict[str, Value]:
    """The fields of the agent's data collection that the caller said something about."""
    facts = dict(read(turns, started_at=started_at, zone=zone))
    for answer in answered:
        for name, fact in read_in_parts(answer, started_at=started_at, zone=zone):
            # A name beside an address is surer than words that only may be one.
            if name not in facts or (name == "full_name" and "@" in answer.text):
                facts[name] = fact
    values = {name: plain(facts[name]) for name in COLLECTED if name in facts}
    return values | settled(offering)


def read(turns: Sequence[Turn], *, started_at: datetime, zone: CallerZone) -> Mapping[str, Fact]:
    return judge(turns, None, started_at=started_at, timezone=zone.name, language="en").facts


def read_in_parts(
    answer: Answered, *, started_at: datetime, zone: CallerZone
) -> Iterator[tuple[str, Fact]]:
    if len(answer.text) > LONGEST_PART:
        return
    for part in PARTS.split(answer.text)[:MOST_PARTS]:
        for question, names in SIMPLE_QUESTIONS.get(answer.topic, {}).items():
            exchange = (
                Turn(position=0, role="agent", text=question),
                Turn(position=1, role=CALLER, text=part),
            )
            facts = read(exchange, started_at=started_at, zone=zone)
            yield from ((name, facts[name]) for name in names if name in facts)


def plain(fact: Fact) -> Value:
    """A value as the platform has it: a time as text."""
    value = fact.value
    if not isinstance(value, WantedTime):
        return value
    exact = value.start is not None and value.end is None
    return value.start.isoformat() if exact and value.start else value.words


def settled(offering: Offering) -> dict[str, Value]:
    """What came of the offer is known, whatever else was said of times."""
    if offering.agreed is not None:
        return {
            "wants_booking": True,
            "preferred_time": offering.agreed.isoformat(),
            "preferred_service": SERVICE,
        }
    return {"wants_booking": False} if offering.declined else {}


def has_address(turns: Sequence[Turn], *, started_at: datetime, zone: CallerZone) -> bool:
    return "email" in read(turns, started_at=started_at, zone=zone)
