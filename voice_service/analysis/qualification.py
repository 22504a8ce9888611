"""Is this a lead? Facts in; a score with its reasons, a decision and what to do next out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from voice_service.analysis.answers import Answer, answers_in
from voice_service.analysis.corrections import NONE, Corrections
from voice_service.analysis.data_collection import read_data_collection
from voice_service.analysis.disqualifiers import (
    ROUTES,
    Disqualified,
    customer_already,
    find_disqualifier,
)
from voice_service.analysis.extraction import LANGUAGES_READ, extract
from voice_service.analysis.injection import CODE as INJECTION
from voice_service.analysis.injection import mask_injections, without_orders
from voice_service.analysis.language import normalise_language
from voice_service.analysis.merging import CONFLICT, merge
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

CONFIDENCE_UNREAD: Final = 0.6
REVIEW_BELOW: Final = 0.5
REVIEW_MARGIN: Final = 5
REVIEW_SENTIMENT: Final = -0.5
REVIEW_CODES: Final = frozenset({CONFLICT, INJECTION})
CONFIDENCE_SAID: Final = 0.7  # the caller said in so many words what disqualifies
AGREED_FACTS: Final = 2  # so many facts borne out by both sources make the rest believable


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
    """Judge a conversation from what the caller said and the agent's data collection reports.

    Args:
        turns: the transcript; only the caller's turns count.
        data_collection_results: as the platform sends them; anything unusable is ignored.
        started_at: aware; dates are counted from it, a wanted time before it is not a wish.
        timezone: IANA name of the caller's zone.
        language: ISO 639-1, with or without a region. Where it is not one that can be read, the
            report counts alone, and less.
        sentiment: of the whole conversation, in [-1, 1]; an angry caller asks for a person.
        corrections: facts a person set or took away, which win over both.
    """
    collected = read_data_collection(
        data_collection_results, started_at=started_at, timezone=timezone, language=language
    )
    reported, told = without_orders(collected.facts)
    if not turns:  # withheld: there is nothing to hold the report against
        facts = corrections.apply(reported)
        notes = (*collected.ignored, *told)
        return judge_facts(turns, facts, notes, language=language, sentiment=sentiment)
    spoken_in = normalise_language(language)
    masked = mask_injections(turns)
    answers = answers_in(masked.turns)
    extracted = extract(
        masked.turns, answers, started_at=started_at, timezone=timezone, language=spoken_in
    )
    merged = merge(
        reported,
        extracted,
        answers=answers,
        language=spoken_in,
        distrusted=bool(masked.notes or told),
    )
    notes = (*collected.ignored, *told, *masked.notes, *merged.notes)
    facts = corrections.apply(merged.facts)
    return judge_facts(turns, facts, notes, answers, language=language, sentiment=sentiment)


def judge_facts(
    turns: Sequence[Turn],
    facts: Mapping[str, Fact],
    notes: Sequence[Reason] = (),
    answers: Sequence[Answer] = (),
    *,
    language: str,
    sentiment: float | None = None,
) -> Qualification:
    """Judge facts wherever they come from.

    Args:
        notes: reasons without points, kept as given.
        answers: the caller's turns without what addresses the system; what they say of the caller
            beats what is reported, in a language that can be read.
    """
    readable = normalise_language(language) in LANGUAGES_READ
    answers = answers if readable else ()
    disqualified = find_disqualifier(turns, answers, facts)
    groups = score_groups(facts)
    reasons = reasons_for(disqualified, customer_already(answers, facts), groups)
    score = capped(reasons)
    missing = what_is_missing(facts, groups)
    signs = sum(points(groups[name]) >= least for name, least in SIGNS.items())
    qualified = (
        disqualified is None
        and value(facts, "project_type") in PROJECTS_WE_DO
        and score >= QUALIFIED_FROM
        and signs >= SIGNS_NEEDED
    )
    confidence = how_sure(facts, missing, notes, disqualified, readable=readable)
    code = disqualified.code if disqualified else None
    return Qualification(
        qualified=qualified,
        score=score,
        lead_quality=quality(score, signs, qualified=qualified),
        recommended_service=recommend(facts, code, score=score, qualified=qualified),
        disqualifier=code,
        route=ROUTES.get(code or "", "none"),
        reasons=(*reasons, *notes),
        missing=missing,
        facts=facts,
        confidence=confidence,
        review=needs_review(score, confidence, sentiment, notes),
    )


def reasons_for(
    disqualified: Disqualified | None,
    customer: Fact | None,
    groups: Mapping[str, Sequence[Reason]],
) -> list[Reason]:
    """What the score is made of; a disqualifier takes the place of everything else."""
    if disqualified is not None:
        return [disqualified.reason]
    reasons = [each for group in groups.values() for each in group]
    if customer is not None:
        reasons.append(reason("existing_customer_expansion", 0, customer))
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


def how_sure(
    facts: Mapping[str, Fact],
    missing: Sequence[str],
    notes: Sequence[Reason],
    disqualified: Disqualified | None,
    *,
    readable: bool,
) -> float:
    known = len(set(GROUPS) - set(missing))
    reported = [fact for fact in facts.values() if fact.source == "data_collection"]
    agreed = sum(fact.turn is not None for fact in reported)  # only what was said has a turn
    conflicts = sum(note.code == CONFLICT for note in notes)
    confidence = 0.30 + 0.10 * known - (0.0 if reported else 0.10)
    confidence += (0.10 if agreed >= AGREED_FACTS else 0.0) - 0.15 * conflicts
    if disqualified and disqualified.said:
        confidence = max(confidence, CONFIDENCE_SAID)
    if not readable:
        confidence = min(confidence, CONFIDENCE_UNREAD)
    return round(min(max(confidence, 0.05), 0.95), 2)


def needs_review(
    score: int, confidence: float, sentiment: float | None, notes: Sequence[Reason]
) -> bool:
    near_a_line = any(
        abs(score - line) <= REVIEW_MARGIN for line in (QUALIFIED_FROM, STRATEGY_FROM)
    )
    angry = sentiment is not None and sentiment <= REVIEW_SENTIMENT
    doubted = any(note.code in REVIEW_CODES for note in notes)
    return confidence < REVIEW_BELOW or near_a_line or angry or doubted
