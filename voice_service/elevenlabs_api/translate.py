"""From ElevenLabs' words to ours. Pure."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat
from phonenumbers.timezone import time_zones_for_number

from booking_core.zones import find_zone
from voice_service.analysis import Turn, normalise_language
from voice_service.consultations.model import CallZone, Channel, FinishedConversation, Status
from voice_service.elevenlabs_api.wire import Conversation, InitiationData, TranscriptTurn

LONGEST_CALL: Final = timedelta(days=2)
WEB_SOURCES: Final = frozenset(
    {"js_sdk", "react_sdk", "react_native_sdk", "widget", "swift_sdk", "android_sdk", "flutter_sdk"}
)
STATUS_OF: Final = {
    "done": Status.COMPLETED,
    "failed": Status.FAILED,
    "in-progress": Status.IN_PROGRESS,
    "initiated": Status.IN_PROGRESS,
    "processing": Status.PROCESSING,
}


def to_finished_conversation(
    wire: Conversation, *, received_at: datetime, business_timezone: str
) -> FinishedConversation:
    """What a post-call event says, in our terms.

    Args:
        wire: as it came.
        received_at: stands in for a start that the event does not tell.
        business_timezone: where nothing tells the caller's.
    """
    variables = wire.conversation_initiation_client_data.dynamic_variables
    address = caller_address(wire, variables)
    phone = to_e164(address)
    started_at = read_instant(wire.metadata.start_time_unix_secs) or received_at
    duration = read_duration(wire.metadata.call_duration_secs)
    error = wire.metadata.error
    return FinishedConversation(
        conversation_id=wire.conversation_id,
        agent_id=wire.agent_id,
        status=STATUS_OF.get(wire.status or "", Status.COMPLETED),
        channel=channel_of(wire),
        started_at=started_at,
        ended_at=started_at + duration if duration is not None else None,
        duration=duration,
        caller_phone=phone,
        caller_address=address if phone is None else None,
        zone=choose_zone(wire, variables, phone, business_timezone),
        language=told_language(wire),
        turns=tuple(to_turns(wire.transcript)),
        data_collection_results=wire.analysis.data_collection_results,
        summary=wire.analysis.transcript_summary,
        title=wire.analysis.call_summary_title,
        platform_sentiment=platform_sentiment(wire),
        end_reason=wire.metadata.termination_reason or (error.reason if error else None) or None,
        has_audio=bool(wire.has_audio),
    )


def to_turns(transcript: list[TranscriptTurn]) -> Iterator[Turn]:
    """Turns in the order they came: several may share a second."""
    for position, turn in enumerate(transcript):
        yield Turn(
            position=position,
            role=turn.role or "unknown",
            text=turn.message or None,
            time_in_call_secs=whole_seconds(turn.time_in_call_secs),
            interrupted=bool(turn.interrupted),
            original_text=turn.original_message or None,
            event_id=turn.source_event_id,
            tool_calls=[call.model_dump(exclude_none=True) for call in turn.tool_calls],
            tool_results=[result.model_dump(exclude_none=True) for result in turn.tool_results],
        )


def whole_seconds(value: float | None) -> int | None:
    return int(value) if value is not None and 0 <= value <= LONGEST_CALL.total_seconds() else None


def read_instant(unix_secs: float | None) -> datetime | None:
    """An instant between 2000 and 2100; anything else is a slip and reads as absent."""
    if unix_secs is None or not 946_684_800 <= unix_secs < 4_102_444_800:
        return None
    return datetime.fromtimestamp(unix_secs, UTC)


def read_duration(seconds: float | None) -> timedelta | None:
    whole = whole_seconds(seconds)
    return None if whole is None else timedelta(seconds=whole)


def channel_of(wire: Conversation) -> Channel:
    if wire.metadata.phone_call is not None:
        return Channel.PHONE
    if wire.metadata.conversation_initiation_source in WEB_SOURCES:
        return Channel.WEB
    return Channel.API


def caller_address(wire: Conversation, variables: dict[str, Any]) -> str | None:
    """Where the caller can be reached, as the platform reports it: a number, a SIP address …"""
    call = wire.metadata.phone_call
    told = (call.external_number if call else None) or variables.get("system__caller_id")
    return told.strip()[:255] or None if isinstance(told, str) else None


def to_e164(address: str | None) -> str | None:
    """The number in E.164; None for SIP addresses, anonymous callers and anything else."""
    if address is None or not address.startswith("+"):
        return None
    try:
        number = phonenumbers.parse(address)
    except NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def choose_zone(
    wire: Conversation, variables: dict[str, Any], phone: str | None, business_timezone: str
) -> CallZone:
    """The caller's zone, from the best source that names one that exists."""
    told = (
        ("metadata", wire.metadata.timezone),
        ("system", variables.get("system__timezone")),
    )
    for source, name in told:
        if isinstance(name, str) and find_zone(name) is not None:
            return CallZone(name=name, source=source)
    if phone is not None:
        # A number tells a zone only roughly: shown as assumed, and asked about.
        name = next(iter(time_zones_for_number(phonenumbers.parse(phone))), "")
        if find_zone(name) is not None:
            return CallZone(name=name, source="number")
    return CallZone(name=business_timezone, source="business")


def told_language(wire: Conversation) -> str | None:
    """The language the platform tells: what was spoken, else what the call was started in."""
    told = wire.metadata.main_language or override_language(
        wire.conversation_initiation_client_data
    )
    return normalise_language(told) or None if told else None


def override_language(initiation: InitiationData) -> str | None:
    agent = initiation.conversation_config_override.get("agent")
    language = agent.get("language") if isinstance(agent, dict) else None
    return language if isinstance(language, str) else None


def platform_sentiment(wire: Conversation) -> float | None:
    analysis = wire.analysis.sentiment_analysis or wire.sentiment_analysis
    score = analysis.overall_sentiment_score if analysis else None
    return score if score is not None and -1 <= score <= 1 else None
