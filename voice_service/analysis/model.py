"""What analysis reads and says: turns in; facts, a verdict and a mood out. No I/O, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

CALLER: Final = "user"  # the role of a caller's turn; every other role is not evidence

# The groups of the score, each under the name it has in ``Qualification.missing``.
GROUPS: Final = ("project_type", "budget", "decision_role", "timeline", "company_size")
GROUPS_FOR_A_NO: Final = 3  # with fewer known, "not qualified" only means "not known yet"

FactSource: TypeAlias = Literal["data_collection", "transcript", "staff"]
Verdict: TypeAlias = Literal["qualified", "unqualified", "unknown"]
LeadQuality: TypeAlias = Literal["unqualified", "qualified", "hot"]
Route: TypeAlias = Literal["support", "careers", "remove", "none"]
SentimentSource: TypeAlias = Literal["agent", "platform", "local"]
Label: TypeAlias = Literal["positive", "neutral", "negative"]


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One turn of a conversation, in the order it was said."""

    position: int
    role: str  # "user" or "agent" so far; a new one must not lose the conversation
    text: str | None = None  # None: the turn only used a tool
    time_in_call_secs: int | None = None
    tool_calls: list[dict[str, Any]] = field(default_factory=list)
    tool_results: list[dict[str, Any]] = field(default_factory=list)
    interrupted: bool = False
    original_text: str | None = None  # what an interrupted agent meant to say
    event_id: str | None = None  # the platform's; counts turns, skips, is no key


def caller_turns(turns: Sequence[Turn]) -> list[tuple[Turn, str]]:
    """The turns in which the caller said something, with what was said."""
    return [(turn, turn.text) for turn in turns if turn.role == CALLER and turn.text]


@dataclass(frozen=True, kw_only=True)
class WantedTime:
    """When the caller would like to come.

    ``start`` and ``end`` are instants in UTC. Without ``start`` the words say what was wanted and
    a person has to read them; a clock time has no ``end``.
    """

    start: datetime | None
    end: datetime | None
    words: str

    def as_json(self) -> dict[str, Any]:
        return {
            "start": self.start and self.start.isoformat(),
            "end": self.end and self.end.isoformat(),
            "words": self.words,
        }


FactValue: TypeAlias = str | int | float | bool | WantedTime


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One thing the caller said that matters. ``confidence`` is 0..1."""

    name: str
    value: FactValue
    source: FactSource
    turn: int | None = None  # position of the turn that said it; None: reported without one
    quote: str | None = None
    confidence: float

    def as_json(self) -> dict[str, Any]:
        value = self.value.as_json() if isinstance(self.value, WantedTime) else self.value
        return {
            "value": value,
            "source": self.source,
            "turn": self.turn,
            "quote": self.quote,
            "confidence": self.confidence,
        }


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why the score is what it is; ``quote`` has at most 120 characters."""

    code: str
    points: int
    source: FactSource
    turn: int | None = None
    quote: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "points": self.points,
            "source": self.source,
            "turn": self.turn,
            "quote": self.quote,
        }


@dataclass(frozen=True, kw_only=True)
class Qualification:
    """A lead as judged from one conversation; ``reasons`` add up to the score before its caps."""

    qualified: bool
    score: int  # 0..100
    lead_quality: LeadQuality
    recommended_service: str | None  # slug of a service
    disqualifier: str | None
    route: Route
    reasons: tuple[Reason, ...]
    missing: tuple[str, ...]
    facts: Mapping[str, Fact]
    confidence: float  # 0..1
    review: bool

    @property
    def verdict(self) -> Verdict:
        """Unqualified needs a disqualifier, or enough known for the score to mean something."""
        if self.qualified:
            return "qualified"
        known = len(GROUPS) - len(set(GROUPS) & set(self.missing))
        return "unqualified" if self.disqualifier or known >= GROUPS_FOR_A_NO else "unknown"

    @property
    def wanted_time(self) -> WantedTime | None:
        fact = self.facts.get("preferred_time")
        return fact.value if fact and isinstance(fact.value, WantedTime) else None

    def as_json(self) -> dict[str, Any]:
        """Plain values for a jsonb column, the same order every time."""
        return {
            "qualified": self.qualified,
            "score": self.score,
            "lead_quality": self.lead_quality,
            "recommended_service": self.recommended_service,
            "disqualifier": self.disqualifier,
            "route": self.route,
            "reasons": [reason.as_json() for reason in self.reasons],
            "missing": list(self.missing),
            "facts": {name: fact.as_json() for name, fact in self.facts.items()},
            "confidence": self.confidence,
            "review": self.review,
        }


@dataclass(frozen=True, kw_only=True)
class Sentiment:
    """The caller's mood over a whole conversation.

    ``score`` is in [-1, 1] with two decimals; None, as ``source`` then is, when nobody could tell.
    The worst moment is the caller's turn with the lowest local score, wherever ``score`` is from.
    """

    score: float | None
    source: SentimentSource | None
    worst_position: int | None
    worst_score: float | None

    @property
    def label(self) -> Label | None:
        return None if self.score is None else label(self.score)


LABEL_LINE: Final = 0.15


def label(score: float) -> Label:
    """A word for a sentiment score; the lines themselves count as felt."""
    if score >= LABEL_LINE:
        return "positive"
    return "negative" if score <= -LABEL_LINE else "neutral"
