"""The event after a conversation with the stand-in, as the platform would report it. Pure.

The figures in it (costs and the like) are made up; no audio is kept.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from voice_service.consultations.model import LiveTurn
from voice_service.rehearsal.collecting import Value, collect
from voice_service.rehearsal.events import AGENT_NAME, Json, analysis_of, make_metadata
from voice_service.rehearsal.model import Dialogue
from voice_service.rehearsal.offering import Offering
from voice_service.rehearsal.talking import AGENT, Talk
from voice_service.relay.frames import Frame, part, text_of

TITLE: Final = "A talk with the stand-in"
LONGEST_SUMMARY: Final = 400  # characters of the caller's own words


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a conversation ended.

    Attributes:
        reason: as the platform words it, such as ``Client disconnected: 1000``.
        error_code: of the close frame, where the conversation failed.
    """

    at: datetime
    reason: str
    error_code: int | None = None


def make_post_call_event(
    talk: Talk, ended: Ended, *, conversation_id: str, agent_id: str, initiation: Frame
) -> Json:
    """A whole ``post_call_transcription``, ready to be written as JSON. Takes a tenth of a second.

    Args:
        initiation: the message the conversation was begun with.
    """
    answered = [turn for turn in talk.turns if turn.role != AGENT]
    facts = collect(
        talk.turns_of_words(),
        talk.answered,
        talk.offering,
        started_at=talk.started_at,
        zone=talk.zone,
    )
    spoken = [turn for turn in talk.turns if turn.text]
    return {
        "type": "post_call_transcription",
        "event_timestamp": int(ended.at.timestamp()),
        "data": {
            "agent_id": agent_id,
            "agent_name": AGENT_NAME,
            "conversation_id": conversation_id,
            "status": "done" if ended.error_code is None else "failed",
            "user_id": text_of(initiation, "user_id"),
            "branch_id": None,
            "version_id": None,
            "environment": "production",
            "transcript": [transcript_entry(turn) for turn in talk.turns],
            "metadata": metadata_of(talk, ended, initiation),
            "analysis": analysis_for(talk, facts) if answered else None,
            "conversation_initiation_client_data": initiation_data(
                talk, ended, initiation, conversation_id=conversation_id, agent_id=agent_id
            ),
            "user_message_count": sum(turn.role != AGENT for turn in spoken),
            "agent_message_count": sum(turn.role == AGENT for turn in spoken),
            "visited_agents": [{"agent_id": agent_id, "branch_id": None}],
            "has_audio": False,
            "has_user_audio": False,
            "has_response_audio": False,
            "has_auxiliary_audio": False,
            "tag_ids": [],
        },
    }


def transcript_entry(turn: LiveTurn) -> Json:
    """In the sparse style of conversations on a web page."""
    medium = {} if turn.role == AGENT else {"source_medium": turn.source}
    return {
        "role": turn.role,
        "message": turn.text,
        "time_in_call_secs": turn.time_in_call_secs,
        "tool_calls": turn.tool_calls or None,
        "tool_results": turn.tool_results or None,
        "feedback": None,
        "conversation_turn_metrics": None,
        "interrupted": turn.interrupted,
        "original_message": turn.original_text,
        "source_event_id": int(turn.event_id) if turn.event_id else None,
        **medium,
    }


def metadata_of(talk: Talk, ended: Ended, initiation: Frame) -> Json:
    seconds = int((ended.at - talk.started_at).total_seconds())
    source = part(initiation, "source_info")
    failed = {"code": ended.error_code, "reason": ended.reason}
    return {
        **make_metadata(
            Dialogue(timezone=talk.zone.name, lines=()),
            started=int(talk.started_at.timestamp()),
            duration=seconds,
        ),
        "termination_reason": ended.reason,
        "error": None if ended.error_code is None else failed,
        "text_only": talk.text_only,
        "conversation_initiation_source": text_of(source, "source") or "unknown",
        "conversation_initiation_source_version": text_of(source, "version"),
    }


def initiation_data(
    talk: Talk, ended: Ended, initiation: Frame, *, conversation_id: str, agent_id: str
) -> Json:
    """What the conversation was begun with, and the platform's own variables."""
    ours = {
        "system__agent_id": agent_id,
        "system__conversation_id": conversation_id,
        "system__call_duration_secs": int((ended.at - talk.started_at).total_seconds()),
        "system__time_utc": talk.started_at.isoformat(),
        "system__timezone": talk.zone.name,
    }
    return {
        "conversation_config_override": part(initiation, "conversation_config_override") or None,
        "custom_llm_extra_body": {},
        "user_id": text_of(initiation, "user_id"),
        "source_info": part(initiation, "source_info") or None,
        "dynamic_variables": {**part(initiation, "dynamic_variables"), **ours},
    }


def analysis_for(talk: Talk, facts: Mapping[str, Value]) -> Json:
    summary = " ".join(sentences(talk, facts))
    return {
        **analysis_of(facts, title=TITLE, summary=summary),
        "call_successful": success_of(talk.offering),
    }


def success_of(offering: Offering) -> str:
    """The goal is a time for a consultation."""
    if offering.agreed is not None:
        return "success"
    return "failure" if offering.declined else "unknown"


def sentences(talk: Talk, facts: Mapping[str, Any]) -> Iterator[str]:
    """A summary: what is to be built, what else is known, what was settled."""
    project = next((each.text for each in talk.answered if each.topic == "project"), "")
    name = facts.get("full_name") or "The caller"
    yield f"{name} asked for: {shortened(project.strip())}." if project else f"{name} called."
    if "company_size" in facts:
        yield f"People: {facts['company_size']}."
    if "budget_max" in facts:
        yield f"Budget: {facts['budget_max']} {facts.get('budget_currency', '')}".rstrip() + "."
    offering = talk.offering
    if offering.agreed is not None:
        yield f"Settled on the discovery call on {talk.zone.say(offering.agreed)}."
    elif offering.declined:
        yield "Wanted no call."


def shortened(words: str) -> str:
    kept = words if len(words) <= LONGEST_SUMMARY else words[: LONGEST_SUMMARY - 1] + "…"
    return kept.rstrip(".")
