"""Does a conversation claim that a booking was made? Pure.

A promise to a caller that no row stands behind is the worst thing we could hide, so this errs on
the side of a person having a look: a booking tool that answered well, or an agent who said so.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from voice_service.analysis.model import CALLER, Turn

BOOKED_WORDS: Final = frozenset({"ok", "confirmed", "booked", "success", "scheduled", "created"})

# "book_consultation", "create_booking", "bookMeeting"; not "look_up_bookings" or "cancel_booking".
BOOKING_TOOL: Final = re.compile(
    r"^(?!.*(cancel|look|list|find|get|check|move|resched))"
    r".*(book|schedule|reserve|create_?(appointment|meeting))",
    re.IGNORECASE,
)
SAID_BY_AGENT: Final = re.compile(
    r"\b(you(?:'re| are)|that(?:'s| is)|it(?:'s| is)|i(?:'ve| have)(?: now| just)?"
    r"|(?:your|the) (?:appointment|booking|call|consultation|meeting|session|slot) (?:is|has been))"
    r"(?: all| now)? (?:booked|confirmed|reserved|scheduled)\b(?! out| solid| up)",
    re.IGNORECASE,
)


def tool_reported_booking(turns: Iterable[Turn]) -> bool:
    """Whether a booking tool answered that something was booked: a new booking, no other."""
    return any(tool_booked(turn.tool_results) for turn in turns)


def agent_told_of_booking(turns: Iterable[Turn]) -> bool:
    """Whether the agent told the caller of a booking, be it a new one or one they had already."""
    return any(turn.role != CALLER and agent_says_booked(turn.text) for turn in turns)


def tool_booked(results: Iterable[Mapping[str, Any]]) -> bool:
    return any(
        BOOKING_TOOL.match(result.get("tool_name") or "")
        and not result.get("is_error")
        and reports_success(result.get("result_value"))
        for result in results
    )


def reports_success(value: str | None) -> bool:
    """Whether a tool's answer, a string of JSON, says that something was booked."""
    try:
        answer = json.loads(value or "")
    except (ValueError, RecursionError):
        return False
    if not isinstance(answer, dict):
        return False
    status = answer.get("status")
    return isinstance(status, str) and status.lower() in BOOKED_WORDS


def agent_says_booked(text: str | None) -> bool:
    """A statement, not a question: "you're booked for Friday", not "shall I get you booked?"."""
    return any(
        SAID_BY_AGENT.search(sentence) and not sentence.rstrip().endswith("?")
        for sentence in re.split(r"(?<=[.!?])\s+", text or "")
    )
