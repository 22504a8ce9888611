"""What a finished conversation was about and how it felt. Pure, and never on the event loop."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from voice_service.analysis import (
    Fact,
    Qualification,
    Sentiment,
    caller_sentiment,
    choose_sentiment,
    detect_language,
    judge,
    score_turns,
)
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


def judge_conversation(finished: FinishedConversation) -> Judgement:
    """Judge a conversation: language first, then mood, then facts and verdict."""
    language = finished.language or detect_language(finished.turns) or DEFAULT_LANGUAGE
    scores = score_turns(finished.turns, language)
    sentiment = choose_sentiment(
        scores,
        agent=caller_sentiment(finished.data_collection_results),
        platform=finished.platform_sentiment,
    )
    return Judgement(
        language=language,
        sentiment=sentiment,
        turn_sentiments=scores,
        qualification=judge(
            finished.turns,
            finished.data_collection_results,
            started_at=finished.started_at,
            timezone=finished.zone.name,
            language=language,
            sentiment=sentiment.score,
        ),
    )
