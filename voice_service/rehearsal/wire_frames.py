"""Frames of the conversation socket as ElevenLabs sends them. Pure."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

STREAMED: Final = 3  # words of a text that are streamed at once


def frame(kind: str, key: str, **event: Any) -> str:
    return json.dumps({"type": kind, key: event})


def metadata(conversation_id: str, *, sample_rate: int) -> str:
    return frame(
        "conversation_initiation_metadata",
        "conversation_initiation_metadata_event",
        conversation_id=conversation_id,
        agent_output_audio_format=f"pcm_{sample_rate}",
        user_input_audio_format=f"pcm_{sample_rate}",
    )


def ping(event_id: int, ping_ms: int | None) -> str:
    return frame("ping", "ping_event", event_id=event_id, ping_ms=ping_ms)


def vad_score(score: float) -> str:
    return frame("vad_score", "vad_score_event", vad_score=score)


def tentative(text: str, event_id: int) -> str:
    return frame(
        "tentative_user_transcript",
        "tentative_user_transcription_event",
        user_transcript=text,
        event_id=event_id,
    )


def user_transcript(text: str, event_id: int) -> str:
    return frame(
        "user_transcript", "user_transcription_event", user_transcript=text, event_id=event_id
    )


def response_parts(text: str, event_id: int) -> Iterator[str]:
    """A text as it is streamed: where it starts, some words at a time, where it stops."""
    words = text.split(" ")
    deltas = [" ".join(words[at : at + STREAMED]) for at in range(0, len(words), STREAMED)]
    spaced = [*(f"{delta} " for delta in deltas[:-1]), *deltas[-1:]]
    for kind, part in (("start", ""), *(("delta", delta) for delta in spaced), ("stop", "")):
        yield frame(
            "agent_chat_response_part",
            "text_response_part",
            text=part,
            type=kind,
            event_id=event_id,
        )


def agent_response(text: str, event_id: int) -> str:
    return frame("agent_response", "agent_response_event", agent_response=text, event_id=event_id)


def response_complete(event_id: int) -> str:
    return frame("agent_response_complete", "agent_response_complete_event", event_id=event_id)


def interruption(event_id: int) -> str:
    return frame("interruption", "interruption_event", event_id=event_id)


def correction(said: str, heard: str, event_id: int) -> str:
    return frame(
        "agent_response_correction",
        "agent_response_correction_event",
        original_agent_response=said,
        corrected_agent_response=heard,
        event_id=event_id,
    )


@dataclass(frozen=True, kw_only=True)
class UsedTool:
    """One use of a tool, told when it starts and when it has ended."""

    name: str
    call_id: str
    kind: str
    event_id: int

    def request(self) -> str:
        return frame("agent_tool_request", "agent_tool_request", **self._use)

    def response(self, *, is_error: bool) -> str:
        ended = {"is_error": is_error, "is_called": True}
        return frame("agent_tool_response", "agent_tool_response", **self._use, **ended)

    @property
    def _use(self) -> dict[str, Any]:
        return {
            "tool_name": self.name,
            "tool_call_id": self.call_id,
            "tool_type": self.kind,
            "event_id": self.event_id,
        }
