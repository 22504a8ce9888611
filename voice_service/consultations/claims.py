"""Does a conversation claim that a booking was made? Pure.

A promise to a caller that no row stands behind is the worst thing we could hide, so this errs on
the side of a person having a look: a booking tool that did not say no, or an agent who said so.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from voice_service.analysis import Turn
from voice_service.analysis.model import CALLER

# "book_consultation", "create_booking", "bookMeeting"; not "look_up_bookings" or "cancel_booking".
BOOKING_TOOL: Final = re.compile(
    r"(?!.*(?:cancel|look|list|find|get|check|move|resched))"
    r".*(?:book|schedule|reserve|create_?(?:appointment|meeting))",
    re.IGNORECASE,
)
REFUSAL: Final = re.compile(
    r"\b(?:not|no|cannot|can't|unable|fail\w*|error|taken|unavailable|refused?|rejected|conflict"
    r"|invalid|denied|need|later|offered|missing|sorry|false|null|none)\b",
    re.IGNORECASE,
)
OUTCOME_KEYS: Final = ("status", "success", "booked", "confirmed", "ok", "error", "result")

EVENT: Final = r"(?:appointment|booking|call|consultation|meeting|reservation|session|slot|time)"
DONE: Final = r"(?:booked|confirmed|reserved|scheduled|arranged|set up|all set)"
CLAIM: Final = re.compile(
    rf"\b(?:you're|you are|that's|that is|it's|it is|we're|we are)(?: (?:now|all|already))*"
    rf" {DONE}\b"
    rf"|\b(?:i've|i have|we've|we have)(?: (?:now|just|already|got|gone ahead and))*"
    rf"(?: (?:you|it|that|this|the \w+|your \w+))?(?: (?:all|now))? {DONE}\b"
    rf"|\b(?:i|we)(?: just)? (?:booked|scheduled|reserved) (?:you|it|that|the|your|a)\b"
    rf"|\b{EVENT}(?: (?:with|for|on|at) [^.!?,;]{{1,40}}?)? (?:is|has been|was)"
    rf"(?: (?:now|all|successfully|already|hereby))* {DONE}\b"
    rf"|\b{EVENT} (?:booked|confirmed)\b|\byou're all set\b|\byou are all set\b"
    r"|\b(?:ha quedado|queda|est[aá]|he|hemos|ha sido) (?:\w+ ){0,3}"
    r"(?:reservad|agendad|confirmad|programad)[oa]\b"
    r"|\b(?:ist|sind|habe|haben|wurde) (?:[^.!?]{0,60} )?"
    r"(?:gebucht|best[aä]tigt|reserviert|eingetragen|vereinbart)\b",
    re.IGNORECASE,
)
# What makes a sentence no statement that something was done.
UNSAID: Final = re.compile(
    r"\b(?:not|never|nothing|unable|cannot|can't|couldn't|haven't|hasn't|isn't|aren't|wasn't|didn't"
    r"|if|whether|once|when|until|before|as soon as|shall|should|would|could"
    r"|nicht|kein\w*|wenn|sobald|falls|si|cuando|todav[ií]a no)\b"
    r"|\b(?:booked|scheduled) (?:out|up|solid)\b",
    re.IGNORECASE,
)


def claims_booking(turns: Iterable[Turn]) -> bool:
    """Whether a booking tool reported success, or the agent told the caller of a booking."""
    return any(
        tool_booked(turn.tool_results) or (turn.role != CALLER and agent_says_booked(turn.text))
        for turn in turns
    )


def tool_booked(results: Iterable[Mapping[str, Any]]) -> bool:
    return any(
        BOOKING_TOOL.match(result.get("tool_name") or "")
        and not result.get("is_error")
        and reports_success(result.get("result_value"))
        for result in results
    )


def reports_success(value: str | None) -> bool:
    """Whether a tool's answer can be read as a booking: it says something, and not no.

    Args:
        value: a string of JSON, or words; each tool has its own way to answer.
    """
    try:
        answer = json.loads(value or "")
    except (ValueError, RecursionError):
        return bool(value and value.strip()) and REFUSAL.search(value or "") is None
    if not isinstance(answer, dict):
        return answer not in (None, False, "", []) and REFUSAL.search(str(answer)) is None
    outcome = {key: item for key, item in answer.items() if key in OUTCOME_KEYS}
    error = outcome.pop("error", None)
    said_no = any(REFUSAL.search(str(item).replace("_", " ")) for item in outcome.values())
    return bool(answer) and not error and not said_no


def agent_says_booked(text: str | None) -> bool:
    """A statement, not a question or a condition: "you're booked for Friday"."""
    plain = (text or "").replace("\u2019", "'")
    return any(
        CLAIM.search(sentence)
        and not sentence.rstrip().endswith("?")
        and UNSAID.search(sentence) is None
        for sentence in re.split(r"(?<=[.!?])\s+", plain)
    )
