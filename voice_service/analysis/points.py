"""What each fact is worth: the table of points, a group at a time."""

from collections.abc import Mapping
from typing import Final

from voice_service.analysis.data_collection import PROJECT_TYPES
from voice_service.analysis.model import Fact, FactValue, Reason
from voice_service.analysis.spoken import QUOTE_LENGTH

PROJECTS_WE_DO: Final = frozenset(PROJECT_TYPES) - {"other"}
DETAIL_FROM: Final = 100  # characters; a longer description says something

USD_PER: Final[Mapping[str, float]] = {"USD": 1.0, "EUR": 1.10, "GBP": 1.25}  # fixed: same result
BUDGET_STEPS: Final = (  # at least so many USD, points, code
    (25_000, 25, "budget_ge_25k"),
    (10_000, 20, "budget_ge_10k"),
    (5_000, 14, "budget_ge_5k"),
    (1_000, 6, "budget_ge_1k"),
    (0, 0, "budget_low"),
)
AUTHORITY: Final = {
    "decision_maker": (15, "authority_dm"),
    "influencer": (8, "authority_influencer"),
    "researcher": (0, "authority_none"),
}
TIMELINE: Final = {
    "0-3": (15, "timeline_0_3m"),
    "3-6": (10, "timeline_3_6m"),
    "6-12": (5, "timeline_6_12m"),
    "later": (0, "timeline_later"),
}
COMPANY_STEPS: Final = ((10, 10, "company_10plus"), (2, 7, "company_2_9"), (1, 4, "company_solo"))


def score_groups(facts: Mapping[str, Fact]) -> dict[str, list[Reason]]:
    """The reasons of each group, in the order they are told; none where nothing is known."""
    return {
        "project_type": need(facts),
        "budget": budget(facts),
        "decision_role": graded(facts.get("decision_role"), AUTHORITY),
        "timeline": graded(facts.get("timeline"), TIMELINE),
        "company_size": company(facts),
        "engagement": engagement(facts),
    }


def need(facts: Mapping[str, Fact]) -> list[Reason]:
    reasons = []
    project = facts.get("project_type")
    if project and project.value in PROJECTS_WE_DO:
        reasons.append(reason("need_clear", 12, project))
    description = facts.get("project_description")
    if description and len(str(description.value)) > DETAIL_FROM:
        reasons.append(reason("need_detail", 8, description))
    if pain := facts.get("pain"):
        reasons.append(reason("pain_stated", 10, pain))
    return reasons


def budget(facts: Mapping[str, Fact]) -> list[Reason]:
    """A number says more than a status. One in a currency without a fixed rate says nothing."""
    stated = [facts[name] for name in ("budget_max", "budget_min") if name in facts]
    if stated:
        amount = midpoint_in_usd(facts)
        return [] if amount is None else [budget_step(amount, stated[0])]
    status = facts.get("budget_status")
    if status and status.value == "approved":
        return [reason("budget_approved", 15, status)]
    if status and status.value == "none":
        return [reason("budget_none", -10, status)]
    return []


def budget_step(amount: float, fact: Fact) -> Reason:
    return next(
        reason(code, points, fact) for least, points, code in BUDGET_STEPS if amount >= least
    )


def midpoint_in_usd(facts: Mapping[str, Fact]) -> float | None:
    """The middle of the range, or the one end that was said."""
    ends = [in_usd(facts, name) for name in ("budget_min", "budget_max") if name in facts]
    known = [end for end in ends if end is not None]
    return sum(known) / len(known) if known else None


def in_usd(facts: Mapping[str, Fact], name: str) -> float | None:
    """``budget_min`` or ``budget_max`` in USD; None without a number or a fixed rate."""
    amount = number(value(facts, name))
    rate = USD_PER.get(str(value(facts, "budget_currency") or "USD"))
    return None if amount is None or rate is None else amount * rate


def company(facts: Mapping[str, Fact]) -> list[Reason]:
    size = number(value(facts, "company_size"))
    if size is None:
        return []
    fact = facts["company_size"]
    return [reason(code, points, fact) for least, points, code in COMPANY_STEPS if size >= least][
        :1
    ]


def engagement(facts: Mapping[str, Fact]) -> list[Reason]:
    wish = facts.get("wants_booking")
    if wish and wish.value is True:
        return [reason("booking_agreed", 5, wish)]
    contact = facts.get("email") or facts.get("phone")
    return [reason("contact_given", 3, contact)] if contact else []


def graded(fact: Fact | None, grades: Mapping[str, tuple[int, str]]) -> list[Reason]:
    if fact is None or fact.value not in grades:
        return []
    points, code = grades[str(fact.value)]
    return [reason(code, points, fact)]


def reason(code: str, points: int, fact: Fact) -> Reason:
    """Points for a fact, with what it rests on."""
    quote = None if fact.quote is None else fact.quote[:QUOTE_LENGTH]
    return Reason(code=code, points=points, source=fact.source, turn=fact.turn, quote=quote)


def value(facts: Mapping[str, Fact], name: str) -> FactValue | None:
    fact = facts.get(name)
    return None if fact is None else fact.value


def number(amount: FactValue | None) -> float | None:
    if isinstance(amount, bool) or not isinstance(amount, int | float):
        return None
    return float(amount)
