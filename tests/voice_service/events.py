"""Events as ElevenLabs would send them, signed as it would sign them."""

import json
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from voice_service.elevenlabs_api.signature import sign

WEBHOOK_SECRET = "wsec_for_the_tests_and_nothing_else"
TOKEN = "a-staff-token-that-is-long-enough-for-anything"
SAMPLES = Path(__file__).parent / "samples"


def load_sample(name: str) -> dict[str, Any]:
    """A recorded event: ``phone_call`` (every field) or ``web_call`` (the sparse style)."""
    event: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text())
    return event


def signed(
    event: dict[str, Any] | bytes, *, secret: str = WEBHOOK_SECRET, at: datetime | None = None
) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a correctly signed event."""
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    signature = sign(body, secret=secret.encode(), at=at or datetime.now(UTC))
    return body, {"ElevenLabs-Signature": signature, "Content-Type": "application/json"}


STRONG_LEAD: dict[str, Any] = {
    "full_name": "Maya Lindqvist",
    "email": "maya@lindqvist.example",
    "company": "Lindqvist Logistics",
    "company_size": 40,
    "project_type": "web_app",
    "project_description": "A portal where our drivers report deliveries and customers follow "
    "them, instead of the spreadsheet that loses orders every week.",
    "budget_min": 40000,
    "budget_max": 60000,
    "budget_currency": "USD",
    "decision_role": "decision_maker",
    "timeline": "0-3",
    "wants_booking": True,
    "preferred_service": "discovery-call",
}


def make_event(
    *,
    facts: dict[str, Any] | None = None,
    turns: list[tuple[str, str]] | None = None,
    started_at: datetime | None = None,
    **data: Any,
) -> dict[str, Any]:
    """A finished conversation. ``facts`` are data-collection values, by their ids."""
    told = STRONG_LEAD if facts is None else facts
    spoken = turns or say(told)
    start = started_at or datetime.now(UTC)
    content: dict[str, Any] = {
        "agent_id": "agent_test",
        "conversation_id": f"conv_{uuid4().hex}",
        "status": "done",
        "transcript": [
            {"role": role, "message": text, "time_in_call_secs": 4 * number}
            for number, (role, text) in enumerate(spoken)
        ],
        "metadata": {
            "start_time_unix_secs": int(start.timestamp()),
            "call_duration_secs": 90,
            "main_language": "en",
            "timezone": "Europe/London",
        },
        "analysis": {
            "call_successful": "success",
            "transcript_summary": "The caller wants a portal for drivers.",
            "data_collection_results": {
                name: {"data_collection_id": name, "value": value, "rationale": "said so"}
                for name, value in told.items()
            },
        },
    }
    content.update(deepcopy(data))
    return {
        "type": "post_call_transcription",
        "event_timestamp": int(start.timestamp()) + 95,
        "data": content,
    }


SENTENCES = {
    "full_name": "My name is {}.",
    "company": "I am calling for a company called {}.",
    "company_size": "There are {} of us.",
    "email": "You can write to {}.",
    "budget_min": "We have a budget of at least {} dollars.",
    "budget_max": "For the budget, {} dollars is the most we can spend.",
}


def say(facts: dict[str, Any]) -> list[tuple[str, str]]:
    """A conversation in which the caller says what the facts hold, as far as it is told here."""
    said = [("user", SENTENCES[name].format(facts[name])) for name in SENTENCES if facts.get(name)]
    return [
        ("agent", "Hello, this is Intellectif. What would you like to build?"),
        ("user", "A portal for our drivers, the spreadsheet we have loses orders every week."),
        *said,
        ("agent", "Thank you for calling."),
        ("user", "Thank you too, goodbye."),
    ]


def conversation_id(event: dict[str, Any]) -> str:
    value: str = event["data"]["conversation_id"]
    return value
