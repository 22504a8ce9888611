"""Facts out of a transcript: what the caller says, and nothing of what the agent says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from voice_service.analysis.answers import Answer
from voice_service.analysis.authority import authority
from voice_service.analysis.booking_wish import booking_wish
from voice_service.analysis.budget import read_budget
from voice_service.analysis.company_size import company_size
from voice_service.analysis.model import Fact, Turn, WantedTime
from voice_service.analysis.people import person
from voice_service.analysis.projects import project_facts
from voice_service.analysis.spoken import QUOTE_LENGTH
from voice_service.analysis.spoken_email import addresses_in
from voice_service.analysis.spoken_phone import spoken_phone
from voice_service.analysis.timeline import timeline
from voice_service.analysis.times_turns import wanted_time_in

LANGUAGES_READ: Final = frozenset({"en"})  # every fact
CONTACT_READ: Final = frozenset({"en", "de", "es"})  # addresses, numbers and times


@dataclass(frozen=True)
class Extracted:
    """Facts by name; but contacts and times none where the language is not read.

    ``budgets``: every amount the caller named as one, whether it is the last word or not.
    ``not_budgets``: amounts the caller named that are none, whatever is reported of them.
    """

    facts: dict[str, Fact]
    budgets: frozenset[float] = frozenset()
    not_budgets: frozenset[float] = frozenset()
    not_approved: bool = False  # the caller said that the money still has to be approved


def extract(
    turns: Sequence[Turn],
    answers: Sequence[Answer],
    *,
    started_at: datetime,
    timezone: str,
    language: str,
) -> Extracted:
    """Read the facts from turns whose words to the system are masked already.

    Args:
        answers: the caller's turns, each with the question it answers.
        started_at: aware; dates are counted from it.
        timezone: IANA name of the caller's zone, for phone numbers and times.
        language: ISO 639-1 without a region.
    """
    facts = contact(answers, timezone=timezone, language=language)
    wanted = wanted_time_in(turns, started_at=started_at, timezone=timezone, language=language)
    if wanted is not None:
        facts["preferred_time"] = time_fact(*wanted)
    if language not in LANGUAGES_READ:
        return Extracted(facts=facts)
    budget = read_budget(answers)
    facts |= person(answers)
    facts |= authority(answers)
    facts |= project_facts(answers)
    facts |= budget.facts
    facts |= booking_wish(answers)
    for fact in (company_size(answers), timeline(answers, started_at=started_at)):
        if fact is not None:
            facts[fact.name] = fact
    return Extracted(
        facts=facts,
        budgets=budget.named,
        not_budgets=budget.others,
        not_approved=budget.not_approved,
    )


def time_fact(wanted: WantedTime, turn: Turn) -> Fact:
    quote = (turn.text or "").strip()[:QUOTE_LENGTH]
    return Fact(
        name="preferred_time",
        value=wanted,
        source="transcript",
        turn=turn.position,
        quote=quote,
        confidence=0.9 if wanted.start else 0.5,
    )


def contact(answers: Sequence[Answer], *, timezone: str, language: str) -> dict[str, Fact]:
    if language not in CONTACT_READ:
        return {}
    facts: dict[str, Fact] = {}
    for answer in answers:
        for said in addresses_in(answer.spoken.said, language):
            quote = answer.spoken.said[max(said.start - 20, 0) :].strip()[:QUOTE_LENGTH]
            facts["email"] = Fact(
                name="email",
                value=said.address,
                source="transcript",
                turn=answer.position,
                quote=quote,
                confidence=0.9,
            )
    phone = spoken_phone(answers, timezone=timezone, language=language)
    return facts | ({"phone": phone} if phone else {})
