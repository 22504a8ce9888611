"""Who is no lead at all, whatever else is known: applicants, vendors, wrong numbers, silence."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from voice_service.analysis.answers import Answer, says_no
from voice_service.analysis.disqualifying_phrases import (
    ANOTHER_CHOSEN,
    BUILT_BY_US,
    DEVICE_WORK,
    IN_TROUBLE,
    NEW_PROJECT,
    NO_FOLLOW_UP,
    OTHER_TRADES,
    OUR_SERVICE_DOWN,
    PHRASES,
)
from voice_service.analysis.expressions import Expression
from voice_service.analysis.model import Fact, Reason, Route, Turn, caller_turns
from voice_service.analysis.points import PROJECTS_WE_DO, reason, value
from voice_service.analysis.projects import needs_in

# What a caller is who is no lead. Who says hardly anything is none of these, so that comes first.
CALLER_TYPES: Final = ("spam", "wrong_number", "job_seeker", "vendor", "student")
NO_CONVERSATION: Final = "no_conversation"
OPT_OUT: Final = "opt_out"
EXISTING_SUPPORT: Final = "existing_customer_support"
OUT_OF_SCOPE: Final = "out_of_scope"
EXISTING_CUSTOMER: Final = "existing_customer"
NEW_PROJECT_FACTS: Final = ("budget_min", "budget_max")  # beside a project we do
# What only somebody with a project tells: beside a need, more than a wrong label can outweigh.
SERIOUS: Final = ("budget_max", "budget_min", "company_size", "timeline")
ROUTES: Final[Mapping[str, Route]] = {
    "job_seeker": "careers",
    OPT_OUT: "remove",
    EXISTING_SUPPORT: "support",
}
FEWEST_WORDS: Final = 6
GREETING: Final = re.compile(
    r"\b(?:hello|hi|hiya|hey|good ?bye|bye|good (?:morning|afternoon|evening|day)"
    r"|hola|adi[oó]s|buen[oa]s(?: (?:d[ií]as|tardes|noches))?"
    r"|hallo|guten (?:morgen|tag|abend)|bonjour|bonsoir|salut|ciao|buongiorno|ol[aá]|bom dia)\b"
)
# Thai, kana and Han are written without spaces: a character of theirs counts as a word.
UNSPACED: Final = r"\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff"
WORD: Final = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+(?:['\u2019]\w+)*")


@dataclass(frozen=True, kw_only=True)
class Disqualified:
    """Why this can be no lead, and what it rests on; ``said``: the caller's own words do."""

    code: str
    evidence: Fact | None = None

    @property
    def said(self) -> bool:
        return self.evidence is not None and self.evidence.source == "transcript"

    @property
    def reason(self) -> Reason:
        code = "dq_existing_support" if self.code == EXISTING_SUPPORT else f"dq_{self.code}"
        if self.evidence is None:
            return Reason(code=code, points=0, source="transcript")
        return reason(code, 0, self.evidence)


def find_disqualifier(
    turns: Sequence[Turn], answers: Sequence[Answer], facts: Mapping[str, Fact]
) -> Disqualified | None:
    """Why this can be no lead, the first that holds; None when it may be one.

    ``answers``: the caller's turns as far as they can be read. What is said in them beats the
    agent's label; what a person set beats both.
    """
    # No turn at all beside facts: the platform was told to withhold the transcript.
    withheld = not turns and bool(facts)
    if says_hardly_anything(turns) and not withheld:
        return Disqualified(code=NO_CONVERSATION)
    label = facts.get("caller_type")
    by_staff = label is not None and label.source == "staff"
    if by_staff or not (said := first_said(answers, facts)):
        return labelled(label, answers, facts)
    return said


def says_hardly_anything(turns: Sequence[Turn]) -> bool:
    words = 0
    for _, said in caller_turns(turns):
        for _ in WORD.finditer(GREETING.sub(" ", said.casefold())):
            words += 1
            if words >= FEWEST_WORDS:
                return False
    return True


def first_said(answers: Sequence[Answer], facts: Mapping[str, Fact]) -> Disqualified | None:
    """What the caller says of himself, by its rank."""
    for code, pattern in PHRASES.items():
        if code == OPT_OUT and (leaving := leaves(answers)):
            return leaving
        found = first_match(code, pattern, answers)
        if found and not (code == "wrong_number" and is_serious(answers, facts)):
            return found
    return in_trouble(answers) or out_of_scope(answers)


def first_match(code: str, pattern: Expression, answers: Sequence[Answer]) -> Disqualified | None:
    for answer in answers:
        if match := pattern.search(answer.text):
            return Disqualified(code=code, evidence=answer.fact("caller_type", code, match.span()))
    return None


def leaves(answers: Sequence[Answer]) -> Disqualified | None:
    """Somebody else was chosen, and nobody shall come back to it."""
    chosen = first_match(OPT_OUT, ANOTHER_CHOSEN, answers)
    refused = any(
        NO_FOLLOW_UP.search(answer.text) or (answer.asks("follow_up") and says_no(answer.text))
        for answer in answers
    )
    return chosen if refused else None


def is_serious(answers: Sequence[Answer], facts: Mapping[str, Fact]) -> bool:
    """Whether the caller asks for a project of ours and tells more of it."""
    told = any(name in facts and facts[name].source == "transcript" for name in SERIOUS)
    return told and any(need.wanted for need in needs_in(answers))


def in_trouble(answers: Sequence[Answer]) -> Disqualified | None:
    """Something we built is broken, or our bill is wrong, and nothing new is asked for."""
    if asks_for_more(answers) or any(need.wanted for need in needs_in(answers)):
        return None
    if found := first_match(EXISTING_SUPPORT, OUR_SERVICE_DOWN, answers):
        return found
    return first_match(EXISTING_SUPPORT, BUILT_BY_US, answers) if has_trouble(answers) else None


def has_trouble(answers: Sequence[Answer]) -> bool:
    return any(IN_TROUBLE.search(answer.text) for answer in answers)


def asks_for_more(answers: Sequence[Answer]) -> bool:
    return any(NEW_PROJECT.search(answer.text) for answer in answers)


def out_of_scope(answers: Sequence[Answer]) -> Disqualified | None:
    """Devices, networks, other trades; unless there is something to build as well."""
    found = first_match(OUT_OF_SCOPE, DEVICE_WORK, answers) or first_match(
        OUT_OF_SCOPE, OTHER_TRADES, answers
    )
    return found if found and not needs_in(answers) else None


def labelled(
    label: Fact | None, answers: Sequence[Answer], facts: Mapping[str, Fact]
) -> Disqualified | None:
    """What the agent, or a person, says the caller is."""
    if label is None:
        return None
    if label.value in CALLER_TYPES:
        contradicted = label.source != "staff" and is_serious(answers, facts)
        return None if contradicted else Disqualified(code=str(label.value), evidence=label)
    if label.value == EXISTING_CUSTOMER and not has_new_project(answers, facts):
        return Disqualified(code=EXISTING_SUPPORT, evidence=label)
    return None


def has_new_project(answers: Sequence[Answer], facts: Mapping[str, Fact]) -> bool:
    """Something new is asked for. Reported alone, a kind of project or money means so too, unless
    the caller tells of trouble; a description may always be of what is broken."""
    if asks_for_more(answers) or any(need.wanted for need in needs_in(answers)):
        return True
    if has_trouble(answers):
        return False
    return value(facts, "project_type") in PROJECTS_WE_DO or any(
        name in facts for name in NEW_PROJECT_FACTS
    )


def customer_already(answers: Sequence[Answer], facts: Mapping[str, Fact]) -> Fact | None:
    """What says that we built something for this caller before."""
    label = facts.get("caller_type")
    if label is not None and label.value == EXISTING_CUSTOMER:
        return label
    found = first_match(EXISTING_CUSTOMER, BUILT_BY_US, answers)
    return found.evidence if found else None
