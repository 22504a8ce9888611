"""What a finished conversation was about and how it felt. Pure, and never on the event loop."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from voice_service.analysis import (
    Fact,
    Qualification,
    Sentiment,
    Turn,
    caller_sentiment,
    choose_sentiment,
    detect_language,
    judge,
    score_turns,
)
from voice_service.analysis.cards import mask_text, mask_turns, mask_value
from voice_service.analysis.corrections import NONE, Corrections, FactUnusable, read_corrections
from voice_service.analysis.model import CALLER
from voice_service.consultations.model import FinishedConversation

DEFAULT_LANGUAGE: Final = "en"


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What analysis says of one conversation; ``turn_sentiments`` by the turn's position."""

    language: str
    sentiment: Sentiment
    turn_sentiments: Mapping[int, float]
    qualification: Qualification

    def fact(self, name: str) -> Fact | None:
        return self.qualification.facts.get(name)

    def text(self, name: str) -> str | None:
        """The value of a fact that is text."""
        fact = self.fact(name)
        return fact.value if fact and isinstance(fact.value, str) else None


@dataclass(frozen=True, kw_only=True)
class Material:
    """What a conversation is judged from, be it fresh or stored; nothing secret is in it."""

    turns: Sequence[Turn]
    data_collection_results: object
    started_at: datetime
    timezone: str
    language: str | None  # ISO 639-1 as told; None: to be detected
    platform_sentiment: float | None
    corrections: Corrections = NONE


def mask_conversation(finished: FinishedConversation) -> FinishedConversation:
    """The same conversation without card numbers, before anybody judges or stores it."""
    return replace(
        finished,
        turns=mask_turns(finished.turns),
        data_collection_results=mask_value(finished.data_collection_results),
        summary=mask_text(finished.summary),
        title=mask_text(finished.title),
    )


def material_of(finished: FinishedConversation, corrections: Corrections) -> Material:
    return Material(
        turns=finished.turns,
        data_collection_results=finished.data_collection_results,
        started_at=finished.started_at,
        timezone=finished.zone.name,
        language=finished.language,
        platform_sentiment=finished.platform_sentiment,
        corrections=corrections,
    )


def read_stored_corrections(
    stored: Mapping[str, Any], *, started_at: datetime, timezone: str
) -> Corrections:
    """Corrections as they lie in a row: ``{"value", "by", "at", "original"}`` by fact.

    One that cannot be read any more is left out: it must not keep a conversation from being
    handled.
    """
    facts: dict[str, Fact] = {}
    removed: set[str] = set()
    for name, correction in stored.items():
        with suppress(FactUnusable):
            one = {name: correction["value"]}
            read = read_corrections(one, started_at=started_at, timezone=timezone)
            facts |= read.facts
            removed |= read.removed
    return Corrections(facts=facts, removed=frozenset(removed))


def warm_up() -> None:
    """Load what judging loads on first use: models, patterns, lexicon; a third of a second."""
    words = "See you on Monday at ten, then, so that we can talk about all of it."
    for language in (None, "en", "de", "es"):
        judge_material(
            Material(
                turns=[Turn(position=0, role=CALLER, text=words)],
                data_collection_results={},
                started_at=datetime(2026, 1, 1, tzinfo=UTC),
                timezone="UTC",
                language=language,
                platform_sentiment=None,
            )
        )


def judge_material(material: Material) -> Judgement:
    """Judge a conversation: language first, then mood, then facts and verdict."""
    language = material.language or detect_language(material.turns) or DEFAULT_LANGUAGE
    scores = score_turns(material.turns, language)
    sentiment = choose_sentiment(
        scores,
        agent=caller_sentiment(material.data_collection_results),
        platform=material.platform_sentiment,
    )
    return Judgement(
        language=language,
        sentiment=sentiment,
        turn_sentiments=scores,
        qualification=judge(
            material.turns,
            material.data_collection_results,
            started_at=material.started_at,
            timezone=material.timezone,
            language=language,
            sentiment=sentiment.score,
            corrections=material.corrections,
        ),
    )
