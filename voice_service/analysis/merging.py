"""Two sources made one: what the agent reports, held against what the caller said."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from voice_service.analysis.answers import Answer
from voice_service.analysis.data_collection import FIELDS
from voice_service.analysis.extraction import CONTACT_READ, LANGUAGES_READ, Extracted
from voice_service.analysis.model import Fact, FactSource, FactValue, Reason, WantedTime
from voice_service.analysis.points import DETAIL_FROM, PROJECTS_WE_DO, number
from voice_service.analysis.tracing import (
    email_stands,
    foreign_number_stands,
    head_count_stands,
    number_stands,
    phone_stands,
    words_stand,
)

CONFLICT: Final = "source_conflict"
AGREED_CONFIDENCE: Final = 0.95
SAME_WITHIN: Final = 0.2  # of the larger number
SURE_FROM: Final = 0.8  # a surer reading of the caller's words beats the agent's report
BUDGET: Final = ("budget_min", "budget_max", "budget_currency", "budget_status")
# Reports that can only lower the score. They stand even when the caller tried to give orders, for
# dropping one of them would be a reward.
LOWERING: Final[Mapping[str, frozenset[FactValue]]] = {
    "caller_type": frozenset(
        {"existing_customer", "job_seeker", "vendor", "student", "wrong_number", "spam"}
    ),
    "budget_status": frozenset({"none"}),
    "decision_role": frozenset({"researcher"}),
    "timeline": frozenset({"later"}),
    "wants_booking": frozenset({False}),
    "preferred_service": frozenset({"discovery-call"}),
}


@dataclass
class Merge:
    """The work of one merge: reported and said facts in, merged facts and conflicts out."""

    reported: Mapping[str, Fact]
    extracted: Extracted
    answers: Sequence[Answer]
    language: str
    distrusted: bool  # the caller gave orders to the system
    facts: dict[str, Fact] = field(default_factory=dict)
    notes: list[Reason] = field(default_factory=list)

    @property
    def said(self) -> Mapping[str, Fact]:
        return self.extracted.facts

    def agree(self, name: str) -> None:
        """Both sources say the same: the report, with the turn that bears it out."""
        said = self.said[name]
        self.facts[name] = replace(
            self.reported[name], turn=said.turn, quote=said.quote, confidence=AGREED_CONFIDENCE
        )

    def overrule(self, name: str) -> None:
        """The caller said something else, and that counts."""
        said = self.said[name]
        self.facts[name] = said
        self.note(said.quote, said.turn)

    def drop(self, name: str) -> None:
        """Nothing the caller said bears the report out."""
        self.note(name, None)

    def note(self, quote: str | None, turn: int | None) -> None:
        """A conflict; without a turn of the caller's the quote is the name of the field."""
        source: FactSource = "data_collection" if turn is None else "transcript"
        self.notes.append(Reason(code=CONFLICT, points=0, source=source, turn=turn, quote=quote))

    def trust(self, name: str) -> None:
        """A report the caller's words say nothing about; orders to the system make it worthless."""
        fact = self.reported[name]
        if not self.distrusted or fact.value in LOWERING.get(name, ()):
            self.facts[name] = fact


@dataclass(frozen=True)
class Merged:
    facts: dict[str, Fact]
    notes: tuple[Reason, ...]


def merge(
    reported: Mapping[str, Fact],
    extracted: Extracted,
    *,
    answers: Sequence[Answer],
    language: str,
    distrusted: bool,
) -> Merged:
    """Merge the agent's report with what was read from the caller's turns.

    Numbers and addresses of the report count only when the caller said them. Where both sources
    speak and agree, the report is taken; where they differ, the caller's words. Each difference
    is noted.
    """
    work = Merge(
        reported=reported,
        extracted=extracted,
        answers=answers,
        language=language,
        distrusted=distrusted,
    )
    if any(name in reported or name in work.said for name in BUDGET):
        merge_budget(work)
    for name in (*FIELDS, "pain"):
        if name in BUDGET:
            continue
        if name in reported:
            RULES.get(name, merge_word)(work, name)
        elif name in work.said:
            work.facts[name] = work.said[name]
    ordered = {name: work.facts[name] for name in (*FIELDS, "pain") if name in work.facts}
    return Merged(facts=ordered, notes=tuple(work.notes))


Rule: TypeAlias = Callable[[Merge, str], None]


def merge_word(work: Merge, name: str) -> None:
    """One of a few words, or yes and no."""
    reported, said = work.reported[name], work.said.get(name)
    if said is None:
        work.trust(name)
    elif said.value == reported.value:
        work.agree(name)
    elif said.confidence >= SURE_FROM:
        work.overrule(name)
    else:
        work.trust(name)
        work.facts.setdefault(name, said)


def merge_project(work: Merge, name: str) -> None:
    """Any two kinds we do agree: what a project is called is a matter of taste."""
    said = work.said.get(name)
    if said is None:
        work.trust(name)
    elif work.reported[name].value in PROJECTS_WE_DO:
        work.agree(name)
    else:
        work.overrule(name)


def merge_description(work: Merge, name: str) -> None:
    """The report, unless the caller tells more of it."""
    work.trust(name)
    said = work.said.get(name)
    kept = work.facts.get(name)
    if said and (kept is None or len(str(kept.value)) <= DETAIL_FROM < len(str(said.value))):
        work.facts[name] = said


def merge_name(work: Merge, name: str) -> None:
    """Names are heard badly: a report whose words were said is right, another loses."""
    said = work.said.get(name)
    if words_stand(work.reported[name].value, work.answers):
        if said:
            work.agree(name)
        else:
            work.facts[name] = work.reported[name]
    elif said:
        work.overrule(name)
    else:
        work.trust(name)


def merge_email(work: Merge, name: str) -> None:
    if work.language not in CONTACT_READ:
        work.trust(name)
        return
    reported, said = str(work.reported[name].value), work.said.get(name)
    stands = email_stands(reported, work.answers, language=work.language)
    if said is None:
        keep_or_drop(work, name, stands=stands)
    elif same_address(reported, str(said.value), stands=stands):
        work.agree(name)
    else:
        work.overrule(name)


def same_address(reported: str, said: str, *, stands: bool) -> bool:
    """The same, or the same sounds joined in another way: "jane smith" or "smith" at one domain."""
    local, _, domain = reported.partition("@")
    said_local, _, said_domain = said.partition("@")
    sounds, said_sounds = letters(local), letters(said_local)
    return reported == said or (
        stands and letters(domain) == letters(said_domain) and sounds.endswith(said_sounds)
    )


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def merge_phone(work: Merge, name: str) -> None:
    if work.language not in CONTACT_READ:
        work.trust(name)
        return
    reported, said = str(work.reported[name].value), work.said.get(name)
    if said is None:
        stands = phone_stands(reported, work.answers, language=work.language)
        keep_or_drop(work, name, stands=stands)
    elif said.value == reported:
        work.agree(name)
    else:
        work.overrule(name)


def keep_or_drop(work: Merge, name: str, *, stands: bool) -> None:
    if stands:
        work.facts[name] = work.reported[name]
    else:
        work.drop(name)


def merge_size(work: Merge, name: str) -> None:
    reported, said = work.reported[name], work.said.get(name)
    if work.language not in LANGUAGES_READ:
        trust_number(work, name)
    elif said is None:
        people = number(reported.value) or 0.0
        keep_or_drop(work, name, stands=head_count_stands(people, work.answers))
    elif close(reported.value, said.value):
        work.agree(name)
    else:
        work.overrule(name)


def trust_number(work: Merge, name: str) -> None:
    """In a language of which only the numbers are read."""
    amount = number(work.reported[name].value) or 0.0
    if not work.distrusted or (
        work.language in CONTACT_READ
        and foreign_number_stands(amount, work.answers, language=work.language)
    ):
        work.facts[name] = work.reported[name]


def close(one: FactValue, other: FactValue) -> bool:
    first, second = number(one), number(other)
    if first is None or second is None:
        return False
    return abs(first - second) <= SAME_WITHIN * max(first, second)


def merge_time(work: Merge, name: str) -> None:
    """A time nobody could read is worth less than one that was read."""
    reported, said = work.reported[name].value, work.said.get(name)
    assert isinstance(reported, WantedTime)
    said_start = said.value.start if said and isinstance(said.value, WantedTime) else None
    if said is None or (said_start is None and reported.start):
        work.trust(name)
    elif reported.start == said_start:
        work.agree(name)
    elif reported.start is None:
        work.facts[name] = said
    else:
        work.overrule(name)


def merge_budget(work: Merge) -> None:
    """All that is known of the money, from one source: half of each would be nobody's word."""
    if work.language not in LANGUAGES_READ:
        trust_foreign_budget(work)
        return
    reported = {name: fact for name, fact in work.reported.items() if name in BUDGET}
    said = {name: fact for name, fact in work.said.items() if name in BUDGET}
    amounts = [name for name in ("budget_min", "budget_max") if name in reported]
    if "budget_max" in said:
        merge_amounts(work, reported, said, amounts)
    elif said.get("budget_status") and said["budget_status"].value == "none":
        work.facts["budget_status"] = said["budget_status"]
        if amounts or value_of(reported, "budget_status") == "approved":
            work.note(said["budget_status"].quote, said["budget_status"].turn)
        elif value_of(reported, "budget_status") == "none":
            work.agree("budget_status")
    else:
        merge_reported_amounts(work, reported, amounts)
        merge_status(work)


def merge_amounts(
    work: Merge, reported: Mapping[str, Fact], said: Mapping[str, Fact], amounts: Sequence[str]
) -> None:
    """The caller named an amount; the report agrees with it or gives way to it."""
    if not amounts:
        work.facts |= {name: said[name] for name in BUDGET if name in said}
        if value_of(reported, "budget_status") == "none":
            work.note(said["budget_max"].quote, said["budget_max"].turn)
        else:
            merge_status(work)
        return
    currency = (value_of(reported, "budget_currency"), value_of(said, "budget_currency"))
    same_currency = None in currency or currency[0] == currency[1]
    if same_currency and all(
        agrees(reported[name].value, name, said, work.extracted.budgets) for name in amounts
    ):
        for name in ("budget_min", "budget_max", "budget_currency"):
            if name in reported:
                bearing = said.get(name, said["budget_max"])
                work.facts[name] = replace(
                    reported[name],
                    turn=bearing.turn,
                    quote=bearing.quote,
                    confidence=AGREED_CONFIDENCE,
                )
            elif name in said:
                work.facts[name] = said[name]
        merge_status(work)
        return
    work.facts |= {name: said[name] for name in BUDGET if name in said}
    work.note(said["budget_max"].quote, said["budget_max"].turn)


def agrees(
    amount: FactValue, name: str, said: Mapping[str, Fact], budgets: Collection[float]
) -> bool:
    """Close to the same end of the range, or inside it; a lower end may stand in another turn."""
    if name == "budget_min" and any(close(amount, named) for named in budgets):
        return True
    low = said.get("budget_min", said["budget_max"]).value
    high = said["budget_max"].value
    same_end = low if name == "budget_min" else high
    inside = (number(low) or 0) <= (number(amount) or 0) <= (number(high) or 0)
    return close(amount, same_end) or inside


def merge_reported_amounts(
    work: Merge, reported: Mapping[str, Fact], amounts: Sequence[str]
) -> None:
    """The caller named no budget: a reported one stands if its number was said, and for that."""
    stands = all(
        number_stands(amount, work.answers) and amount not in work.extracted.not_budgets
        for amount in (number(reported[name].value) or 0.0 for name in amounts)
    )
    if amounts and not stands:
        work.drop(amounts[-1])
    elif amounts:
        kept = (*amounts, "budget_currency")
        work.facts |= {name: reported[name] for name in kept if name in reported}


def merge_status(work: Merge) -> None:
    name = "budget_status"
    if value_of(work.reported, name) == "approved" and work.extracted.not_approved:
        work.drop(name)
    elif name in work.reported:
        merge_word(work, name)
    elif name in work.said:
        work.facts[name] = work.said[name]


def trust_foreign_budget(work: Merge) -> None:
    for name in ("budget_min", "budget_max"):
        if name in work.reported:
            trust_number(work, name)
    for name in ("budget_currency", "budget_status"):
        if name in work.reported:
            work.trust(name)


def value_of(facts: Mapping[str, Fact], name: str) -> FactValue | None:
    return facts[name].value if name in facts else None


RULES: Final[Mapping[str, Rule]] = {
    "full_name": merge_name,
    "company": merge_name,
    "role": merge_name,
    "email": merge_email,
    "phone": merge_phone,
    "company_size": merge_size,
    "project_type": merge_project,
    "project_description": merge_description,
    "preferred_time": merge_time,
}
