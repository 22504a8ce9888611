"""Is this a lead? Facts in; a score with its reasons, a decision and what to do next out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from voice_service.analysis.corrections import NONE, Corrections
from voice_service.analysis.data_collection import read_data_collection
from voice_service.analysis.disqualifiers import ROUTES, disqualifying, find_disqualifier
from voice_service.analysis.extraction import with_heard_time
from voice_service.analysis.language import normalise_language
from voice_service.analysis.model import (
    GROUPS,
    Fact,
    LeadQuality,
    Qualification,
    Reason,
    Turn,
)
from voice_service.analysis.points import PROJECTS_WE_DO, reason, score_groups, value

QUALIFIED_FROM: Final = 50  # where a booking's own score ends: 50 for a described project
STRATEGY_FROM: Final = 70  # … and 70 for a paid service
HOT_FROM: Final = 80
SIGNS_NEEDED: Final = 2  # of a budget, someone who decides, and a date
SCORE_CAPS: Final[Mapping[str, int]] = {"budget_low": 45, "budget_none": 45}
# Each sign of a lead that can be won, and the points its group has when it is there.
SIGNS: Final[Mapping[str, int]] = {"budget": 14, "decision_role": 8, "timeline": 10}

LANGUAGES_READ: Final = frozenset({"en"})  # elsewhere nothing can be held against what was said
CONFIDENCE_UNREAD: Final = 0.6
REVIEW_BELOW: Final = 0.5
REVIEW_MARGIN: Final = 5
REVIEW_SENTIMENT: Final = -0.5


def judge(
    turns: Sequence[Turn],
    data_collection_results: object,
    *,
    started_at: datetime,
    timezone: str,
    language: str,
    sentiment: float | None = None,
    corrections: Corrections = NONE,
) -> Qualification:
    """Judge a conversation from what the agent's data collection says about it, and from the
    time its caller asked for.

    Args:
        turns: the transcript; only the caller's turns count.
        data_collection_results: as the platform sends them; anything unusable is ignored.
        started_at: aware; a wanted time before it is not a wish.
        timezone: IANA name of the caller's zone.
        language: ISO 639-1, with or without a region.
        sentiment: of the whole conversation, in [-1, 1]; an angry caller asks for a person.
        corrections: what staff know better; wins over what was heard.
    """
    collected = read_data_collection(
        data_collection_results, started_at=started_at, timezone=timezone, language=language
    )
    heard = with_heard_time(
        collected.facts, turns, started_at=started_at, timezone=timezone, language=language
    )
    facts = corrections.apply(heard)
    return judge_facts(turns, facts, collected.ignored, language=language, sentiment=sentiment)


def judge_facts(
    turns: Sequence[Turn],
    facts: Mapping[str, Fact],
    notes: Sequence[Reason] = (),
    *,
    language: str,
    sentiment: float | None = None,
) -> Qualification:
    """Judge facts wherever they come from; ``notes`` are reasons without points, kept as given."""
    disqualifier = find_disqualifier(turns, facts)
    groups = score_groups(facts)
    reasons = reasons_for(disqualifier, facts, groups)
    score = capped(reasons)
    missing = what_is_missing(facts, groups)
    signs = sum(points(groups[name]) >= least for name, least in SIGNS.items())
    qualified = (
        disqualifier is None
        and value(facts, "project_type") in PROJECTS_WE_DO
        and score >= QUALIFIED_FROM
        and signs >= SIGNS_NEEDED
    )
    confidence = how_sure(facts, missing, language=language)
    return Qualification(
        qualified=qualified,
        score=score,
        lead_quality=quality(score, signs, qualified=qualified),
        recommended_service=recommend(facts, disqualifier, score=score, qualified=qualified),
        disqualifier=disqualifier,
        route=ROUTES.get(disqualifier or "", "none"),
        reasons=(*reasons, *notes),
        missing=missing,
        facts=facts,
        confidence=confidence,
        review=needs_review(score, confidence, sentiment),
    )


def reasons_for(
    disqualifier: str | None, facts: Mapping[str, Fact], groups: Mapping[str, Sequence[Reason]]
) -> list[Reason]:
    """What the score is made of; a disqualifier takes the place of everything else."""
    caller_type = facts.get("caller_type")
    if disqualifier is not None:
        return [disqualifying(disqualifier, caller_type)]
    reasons = [each for group in groups.values() for each in group]
    if caller_type is not None and caller_type.value == "existing_customer":
        reasons.append(reason("existing_customer_expansion", 0, caller_type))
    return reasons


def capped(reasons: Sequence[Reason]) -> int:
    """0..100, and no more than the lowest cap. A disqualified conversation has no points at all."""
    caps = [SCORE_CAPS[each.code] for each in reasons if each.code in SCORE_CAPS]
    return min(max(points(reasons), 0), 100, *caps)


def points(reasons: Sequence[Reason]) -> int:
    return sum(each.points for each in reasons)


def what_is_missing(
    facts: Mapping[str, Fact], groups: Mapping[str, Sequence[Reason]]
) -> tuple[str, ...]:
    """What is still to be asked. An amount whose worth is not known leaves the budget open."""
    unknown = [name for name in GROUPS if not (groups[name] if name == "budget" else name in facts)]
    contact = {"email": "email", "phone": "phone", "name": "full_name"}
    return (*unknown, *(name for name, fact in contact.items() if fact not in facts))


def quality(score: int, signs: int, *, qualified: bool) -> LeadQuality:
    if not qualified:
        return "unqualified"
    return "hot" if signs == len(SIGNS) and score >= HOT_FROM else "qualified"


def recommend(
    facts: Mapping[str, Fact], disqualifier: str | None, *, score: int, qualified: bool
) -> str | None:
    """The service to book: what the caller asked for, though the paid one only for a lead."""
    if disqualifier is not None:
        return None
    asked = value(facts, "preferred_service")
    if asked == "discovery-call" or (asked == "strategy-session" and qualified):
        return str(asked)
    return "strategy-session" if qualified and score >= STRATEGY_FROM else "discovery-call"


def how_sure(facts: Mapping[str, Fact], missing: Sequence[str], *, language: str) -> float:
    known = len(set(GROUPS) - set(missing))
    collected = any(fact.source == "data_collection" for fact in facts.values())
    confidence = 0.30 + 0.10 * known - (0.0 if collected else 0.10)
    if normalise_language(language) not in LANGUAGES_READ:
        confidence = min(confidence, CONFIDENCE_UNREAD)
    return round(min(max(confidence, 0.05), 0.95), 2)


def needs_review(score: int, confidence: float, sentiment: float | None) -> bool:
    near_a_line = any(
        abs(score - line) <= REVIEW_MARGIN for line in (QUALIFIED_FROM, STRATEGY_FROM)
    )
    angry = sentiment is not None and sentiment <= REVIEW_SENTIMENT
    return confidence < REVIEW_BELOW or near_a_line or angry
