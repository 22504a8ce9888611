"""Who is no lead at all, whatever else is known: applicants, vendors, wrong numbers, silence."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from voice_service.analysis.model import Fact, Reason, Route, Turn, caller_turns
from voice_service.analysis.points import PROJECTS_WE_DO, reason, value

# What a caller is who is no lead. Who says hardly anything is none of these, so that comes first.
CALLER_TYPES: Final = ("spam", "wrong_number", "job_seeker", "vendor", "student")
NO_CONVERSATION: Final = "no_conversation"
EXISTING_SUPPORT: Final = "existing_customer_support"
NEW_PROJECT_FACTS: Final = ("budget_min", "budget_max")  # beside a project we do
ROUTES: Final[Mapping[str, Route]] = {
    "job_seeker": "careers",
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


def find_disqualifier(turns: Sequence[Turn], facts: Mapping[str, Fact]) -> str | None:
    """Why this can be no lead, the first that holds; None when it may be one."""
    # No turn at all beside facts: the platform was told to withhold the transcript.
    withheld = not turns and bool(facts)
    if says_hardly_anything(turns) and not withheld:
        return NO_CONVERSATION
    caller_type = value(facts, "caller_type")
    if caller_type in CALLER_TYPES:
        return str(caller_type)
    if caller_type == "existing_customer" and not has_new_project(facts):
        return EXISTING_SUPPORT
    return None


def says_hardly_anything(turns: Sequence[Turn]) -> bool:
    words = 0
    for _, said in caller_turns(turns):
        for _ in WORD.finditer(GREETING.sub(" ", said.casefold())):
            words += 1
            if words >= FEWEST_WORDS:
                return False
    return True


def has_new_project(facts: Mapping[str, Fact]) -> bool:
    """A description alone may be of what is broken; a kind of project or money means a new one."""
    return value(facts, "project_type") in PROJECTS_WE_DO or any(
        name in facts for name in NEW_PROJECT_FACTS
    )


def disqualifying(disqualifier: str, caller_type: Fact | None) -> Reason:
    code = "dq_existing_support" if disqualifier == EXISTING_SUPPORT else f"dq_{disqualifier}"
    if caller_type is None or disqualifier == NO_CONVERSATION:
        return Reason(code=code, points=0, source="transcript")
    return reason(code, 0, caller_type)
