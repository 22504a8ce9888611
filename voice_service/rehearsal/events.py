"""From a dialogue to the event ElevenLabs would send once the conversation is over. Pure.

Calls by phone come in the full style, with every field there is; conversations on a web page in
the sparse one, with nulls for lists and few fields a turn. Real events have either, so both must be
understood. The figures in them are made up.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, TypeAlias

from voice_service.rehearsal.model import Dialogue, Line, Occasion, ToolUse

Json: TypeAlias = dict[str, Any]
Style: TypeAlias = Literal["full", "sparse"]

AGENT_NAME: Final = "Consultation booking"
MODEL: Final = "gemini-2.5-flash"
OUR_NUMBER: Final = "+442079460100"
WORDS_PER_SECOND: Final = 2.5
# The fields that the agent collects, and the platform's type of each.
COLLECTED: Final[Mapping[str, str]] = {
    "caller_type": "string",
    "full_name": "string",
    "company": "string",
    "role": "string",
    "email": "string",
    "phone": "string",
    "company_size": "integer",
    "project_type": "string",
    "project_description": "string",
    "budget_min": "number",
    "budget_max": "number",
    "budget_currency": "string",
    "budget_status": "string",
    "decision_role": "string",
    "timeline": "string",
    "preferred_time": "string",
    "wants_booking": "boolean",
    "caller_sentiment": "number",
    "preferred_service": "string",
}


def make_event(dialogue: Dialogue, occasion: Occasion, *, agent_id: str) -> Json:
    """A whole ``post_call_transcription``, ready to be written as JSON."""
    started = int(occasion.started_at.timestamp())
    style: Style = "full" if dialogue.phone else "sparse"
    words = occasion.words(dialogue)
    transcript = list(make_transcript(dialogue, words, style=style, agent_id=agent_id))
    duration = transcript[-1]["time_in_call_secs"] + 4 if transcript else 2
    spoken = [turn["role"] for turn in transcript if turn["message"]]
    return {
        "type": "post_call_transcription",
        "event_timestamp": started,
        "data": {
            "agent_id": agent_id,
            "agent_name": AGENT_NAME,
            "conversation_id": occasion.conversation_id,
            "status": "done",
            "user_id": None,
            "branch_id": None,
            "version_id": None,
            "environment": "production",
            "transcript": transcript,
            "metadata": make_metadata(dialogue, started=started, duration=duration),
            "analysis": make_analysis(dialogue, words, style=style),
            "conversation_initiation_client_data": make_initiation(
                dialogue, occasion, agent_id=agent_id, duration=duration
            ),
            "user_message_count": spoken.count("user"),
            "agent_message_count": spoken.count("agent"),
            "visited_agents": [{"agent_id": agent_id, "branch_id": None}],
            "has_audio": bool(spoken),
            "has_user_audio": "user" in spoken,
            "has_response_audio": "agent" in spoken,
            "has_auxiliary_audio": False,
            "tag_ids": [],
        },
    }


def make_transcript(
    dialogue: Dialogue, words: Mapping[str, str], *, style: Style, agent_id: str
) -> Iterator[Json]:
    seconds = 0.0
    for number, line in enumerate(dialogue.lines, start=1):
        text = line.text.format_map(words) if line.text else None
        for entry in entries(line, text, words, number=number):
            turn = {"role": line.role, "time_in_call_secs": int(seconds), **entry}
            yield full_turn(turn, number, agent_id) if style == "full" else sparse_turn(turn)
            seconds += 1
        seconds += len((text or "").split()) / WORDS_PER_SECOND


def entries(
    line: Line, text: str | None, words: Mapping[str, str], *, number: int
) -> Iterator[Json]:
    """What is said in a turn; a tool's use makes two turns of its own, the call and the answer."""
    if line.tool is None:
        cut = line.cut_off
        yield {
            "message": text,
            "interrupted": cut is not None,
            "original_message": f"{text} {cut}" if cut else None,
        }
        return
    shared = {
        "type": "webhook",
        "request_id": f"{line.tool.name}_{number:06x}",
        "tool_name": line.tool.name,
        "tool_id": f"tool_{line.tool.name}",
        "tool_has_been_called": True,
    }
    given, answer = tool_texts(line.tool, words)
    yield {"message": None, "tool_calls": [shared | {"params_as_json": given}]}
    yield {
        "message": None,
        "tool_results": [
            shared | {"result_value": answer, "is_error": False, "tool_latency_secs": 0.184}
        ],
    }


def tool_texts(tool: ToolUse, words: Mapping[str, str]) -> tuple[str, str]:
    """What a tool was given and what it answered: JSON inside a string, as the platform has it."""
    given = {"conversation_id": "{conversation_id}", **tool.given}
    return json.dumps(filled(given, words)), json.dumps(filled(tool.answer, words))


def filled(values: Mapping[str, Any], words: Mapping[str, str]) -> Json:
    return {
        name: value.format_map(words) if isinstance(value, str) else value
        for name, value in values.items()
    }


def full_turn(turn: Json, number: int, agent_id: str) -> Json:
    by_agent = turn["role"] == "agent"
    timing = "convai_llm_service_ttfb" if by_agent else "convai_asr_trailing_service_latency"
    agent = {"agent_id": agent_id, "branch_id": None, "workflow_node_id": None, "version_id": None}
    return {
        "agent_metadata": agent if by_agent else None,
        "multivoice_message": None,
        "tool_calls": [],
        "tool_results": [],
        "feedback": None,
        "llm_override": None,
        "producing_llm": MODEL if by_agent else None,
        "conversation_turn_metrics": {
            "metrics": {timing: {"elapsed_time": 0.312}},
            "convai_asr_provider": "scribe_realtime",
            "convai_tts_model": "eleven_flash_v2_5",
        },
        "rag_retrieval_info": None,
        "llm_usage": None,
        "interrupted": False,
        "original_message": None,
        "source_medium": None if by_agent else "audio",
        "source_event_id": number,
        **turn,
    }


def sparse_turn(turn: Json) -> Json:
    said = {name: turn[name] for name in ("role", "message", "time_in_call_secs")}
    return {
        **said,
        "tool_calls": turn.get("tool_calls"),
        "tool_results": turn.get("tool_results"),
        "feedback": None,
        "conversation_turn_metrics": None,
    }


def make_metadata(dialogue: Dialogue, *, started: int, duration: int) -> Json:
    return {
        "start_time_unix_secs": started,
        "accepted_time_unix_secs": started,
        "call_duration_secs": duration,
        "cost": 8 * duration,
        "deletion_settings": {
            "deletion_time_unix_secs": None,
            "deleted_logs_at_time_unix_secs": None,
            "deleted_audio_at_time_unix_secs": None,
            "deleted_transcript_at_time_unix_secs": None,
            "delete_transcript_and_pii": True,
            "delete_audio": True,
        },
        "feedback": {"overall_score": None, "likes": 0, "dislikes": 0},
        "authorization_method": "authorization_header" if dialogue.phone else "signed_url",
        "charging": {
            "dev_discount": False,
            "is_burst": False,
            "tier": "pro",
            "call_charge": 8 * duration,
        },
        "phone_call": make_phone_call(dialogue.phone) if dialogue.phone else None,
        "batch_call": None,
        "termination_reason": "end_call tool was called."
        if dialogue.phone
        else "Client disconnected: 1000",
        "error": None,
        "warnings": [],
        "main_language": dialogue.language,
        "rag_usage": None,
        "text_only": False,
        "features_usage": {"language_detection": {"enabled": True, "used": False}},
        "eleven_assistant": {"is_eleven_assistant": False},
        "initiator_id": None,
        "conversation_initiation_source": "twilio" if dialogue.phone else "js_sdk",
        "conversation_initiation_source_version": None if dialogue.phone else "1.25.0",
        "timezone": dialogue.timezone,
        "whatsapp": None,
        "sms": None,
    }


def make_phone_call(number: str) -> Json:
    return {
        "type": "twilio",
        "direction": "inbound",
        "phone_number_id": "phnum_rehearsal",
        "agent_number": OUR_NUMBER,
        "external_number": number,
        "stream_sid": "MZ9b31c6a2f0e84d57a6c1d9e20b7f3845",
        "call_sid": "CA5d0f8b3e7a914c26b1d4e0f7a3c96b52",
    }


def make_analysis(dialogue: Dialogue, words: Mapping[str, str], *, style: Style) -> Json | None:
    """Every field the agent collects, null where the caller did not say it."""
    if dialogue.facts is None:
        return None
    analysis = analysis_of(
        filled(dialogue.facts, words),
        title=dialogue.title,
        summary=(dialogue.summary or "").format_map(words),
    )
    results = list(analysis["data_collection_results"].values())
    lists = {"evaluation_criteria_results_list": [], "data_collection_results_list": results}
    return analysis | (lists if style == "full" else {})


def analysis_of(facts: Mapping[str, Any], *, title: str | None, summary: str) -> Json:
    results = {
        name: {
            "data_collection_id": name,
            "value": facts.get(name),
            "json_schema": {"type": kind, "description": name.replace("_", " ").capitalize()},
            "rationale": "Said by the caller." if name in facts else "Not mentioned.",
        }
        for name, kind in COLLECTED.items()
    }
    return {
        "evaluation_criteria_results": {},
        "data_collection_results": results,
        "call_successful": "success",
        "transcript_summary": summary,
        "call_summary_title": title,
    }


def make_initiation(
    dialogue: Dialogue, occasion: Occasion, *, agent_id: str, duration: int
) -> Json:
    address = {"system__caller_id": dialogue.phone, "system__called_number": OUR_NUMBER}
    return {
        "conversation_config_override": None,
        "custom_llm_extra_body": {},
        "user_id": None,
        "source_info": {"source": None, "version": None},
        "dynamic_variables": {
            "system__agent_id": agent_id,
            "system__conversation_id": occasion.conversation_id,
            "system__call_duration_secs": duration,
            "system__time_utc": occasion.started_at.isoformat(),
            "system__timezone": dialogue.timezone,
            **(address if dialogue.phone else {}),
        },
    }
