"""What is said while a conversation runs: frames in, turns out. Pure; audio is never looked at.

Turns are in the order of their arrival. ``event_id`` counts the platform's turns, skips and
repeats, so it only helps to find what a correction is about.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from voice_service.analysis.model import CALLER
from voice_service.consultations.model import LiveTurn, TurnSource
from voice_service.relay.frames import LONGEST_ID, Frame, id_of, part, text_of
from voice_service.relay.turns import CUT, LONGEST_TEXT, Room, Turns

Fits = Callable[[LiveTurn], bool]

AGENT: Final = "agent"
END_CALL: Final = "end_call"
LONGEST_USE: Final = 32 * 1024
"""Characters of what a tool was given, or has answered, that are recorded; nobody said them."""
UNWRITABLE: Final = "[a value that cannot be written down]"


class Transcript:
    """The turns of one running conversation.

    Args:
        room: what all conversations of the process share.

    Attributes:
        kept: the latest turns, until they are written.
        ended_by_agent: whether the agent used its tool to hang up.
    """

    def __init__(self, room: Room) -> None:
        self.kept = Turns(room)
        self.ended_by_agent = False
        self._started_at: datetime | None = None
        self._half_said: tuple[str, str | None] | None = None
        self._half_answered = ""

    def begin(self, *, at: datetime) -> None:
        self._started_at = at

    @property
    def turns(self) -> list[LiveTurn]:
        return self.kept.turns

    def hear_agent(self, frame: Frame, *, now: datetime) -> None:
        """A frame from the platform."""
        hear = FROM_PLATFORM.get(text_of(frame, "type") or "")
        if hear is not None:
            hear(self, frame, now)

    def hear_visitor(self, frame: Frame, *, now: datetime) -> None:
        """A frame from the visitor: typed words and tool results are told nowhere else."""
        hear = FROM_VISITOR.get(text_of(frame, "type") or "")
        if hear is not None:
            hear(self, frame, now)

    def finish(self, *, now: datetime) -> None:
        """The conversation is over: what was only half said is kept, and marked so."""
        if self._half_said is not None:
            text, event_id = self._half_said
            self._add(CALLER, text, now, source="audio", event_id=event_id, interrupted=True)
            self._half_said = None
        if self._half_answered.strip():
            self._add(AGENT, self._half_answered, now, interrupted=True)
            self._half_answered = ""

    # --- what the platform says

    def _user_transcript(self, frame: Frame, now: datetime) -> None:
        event = part(frame, "user_transcription_event")
        self._half_said = None
        text = text_of(event, "user_transcript")
        if text:
            self._add(CALLER, text, now, source="audio", event_id=id_of(event))

    def _tentative_transcript(self, frame: Frame, _: datetime) -> None:
        event = part(frame, "tentative_user_transcription_event")
        text = text_of(event, "user_transcript")
        self._half_said = (text, id_of(event)) if text and text.strip() else None

    def _agent_response(self, frame: Frame, now: datetime) -> None:
        event = part(frame, "agent_response_event")
        self._half_answered = ""
        text = text_of(event, "agent_response")
        if text:
            self._add(AGENT, text, now, event_id=id_of(event))

    def _response_part(self, frame: Frame, _: datetime) -> None:
        """Streamed text: the whole of it follows as an ``agent_response``, unless it is cut off."""
        event = part(frame, "text_response_part")
        if event.get("type") == "start":
            self._half_answered = ""
        room = LONGEST_TEXT + 1 - len(self._half_answered)  # one more shows that it is cut
        self._half_answered += (text_of(event, "text") or "")[:room]

    def _correction(self, frame: Frame, _: datetime) -> None:
        event = part(frame, "agent_response_correction_event")
        corrected = text_of(event, "corrected_agent_response")
        original = text_of(event, "original_agent_response")
        at = self._corrected_turn(id_of(event), original)
        if at is None or corrected is None:
            return
        turn = self.turns[at]
        heard = corrected if corrected.strip() else None
        self.kept.change(
            at,
            text=heard,
            original_text=turn.original_text or turn.text or original,
            interrupted=True,
            spoken=heard is not None,
        )

    def _corrected_turn(self, event_id: str | None, original: str | None) -> int | None:
        """The latest turn of that event, else of that text, else the agent's latest at all."""
        wanted = (original or "").strip()
        fits: tuple[Fits, ...] = (
            lambda turn: event_id is not None and turn.event_id == event_id,
            lambda turn: bool(wanted) and (turn.text or "").strip() == wanted,
            lambda _: True,
        )
        places = (self._latest(each) for each in fits)
        return next((at for at in places if at is not None), None)

    def _interruption(self, frame: Frame, _: datetime) -> None:
        event_id = id_of(part(frame, "interruption_event"))
        at = self._latest(lambda turn: event_id is not None and turn.event_id == event_id)
        at = self._latest(lambda _: True) if at is None else at
        if at is not None:
            self.kept.change(at, interrupted=True)

    def _tool_request(self, frame: Frame, now: datetime) -> None:
        event = part(frame, "agent_tool_request")
        self._add_call(event, now, kind=text_of(event, "tool_type"))

    def _client_tool_call(self, frame: Frame, now: datetime) -> None:
        event = part(frame, "client_tool_call")
        self._add_call(event, now, kind="client", parameters=event.get("parameters"))

    def _tool_response(self, frame: Frame, now: datetime) -> None:
        name = text_of(frame, "type") or ""
        event = part(frame, name) or part(frame, "agent_tool_response")
        if text_of(event, "tool_name") == END_CALL and not event.get("is_error"):
            self.ended_by_agent = True
        value = text_of(event, "full_tool_result")
        self._add_result(event, now, kind=text_of(event, "tool_type"), value=value)

    def _mcp_tool_call(self, frame: Frame, now: datetime) -> None:
        event = part(frame, "mcp_tool_call")
        self._add_call(event, now, kind="mcp", parameters=event.get("parameters"))
        if event.get("state") in ("success", "failure"):
            failed = {**event, "is_error": event["state"] == "failure"}
            value = as_json(event.get("result")) or text_of(event, "error_message")
            self._add_result(failed, now, kind="mcp", value=value)

    # --- what the visitor sends

    def _user_message(self, frame: Frame, now: datetime) -> None:
        text = text_of(frame, "text")
        if text and text.strip():
            self._add(CALLER, text, now, source="text")

    def _multimodal_message(self, frame: Frame, now: datetime) -> None:
        self._user_message(part(frame, "text"), now)

    def _client_tool_result(self, frame: Frame, now: datetime) -> None:
        self._add_result(frame, now, kind="client", value=as_json(frame.get("result")))

    # --- the turns

    def _latest(self, fits: Fits) -> int | None:
        """The place of the agent's latest turn of words that fits."""
        for at in range(len(self.turns) - 1, -1, -1):
            turn = self.turns[at]
            if turn.role == AGENT and says_words(turn) and fits(turn):
                return at
        return None

    def _add_call(
        self, event: Frame, now: datetime, *, kind: str | None, parameters: Any = None
    ) -> None:
        """A tool's use, once: several frames may tell of it."""
        given = as_json(parameters)
        call = described(event, kind) | ({} if given is None else {"params_as_json": given})
        at = self._find_use("tool_calls", call["request_id"])
        if at is None:
            self._add(AGENT, None, now, event_id=id_of(event), tool_calls=[call])
        elif given is not None:
            known = self.turns[at].tool_calls[0]
            self.kept.change(at, tool_calls=[{**call, **present(known), "params_as_json": given}])

    def _add_result(self, event: Frame, now: datetime, *, kind: str | None, value: Any) -> None:
        """A tool's answer, once; the frame that has its words completes the one that has not."""
        result = described(event, kind) | {"is_error": bool(event.get("is_error"))}
        if value is not None:
            result["result_value"] = value
        at = self._find_use("tool_results", result["request_id"])
        if at is None:
            asked = self._find_use("tool_calls", result["request_id"])
            if result["tool_name"] is None and asked is not None:
                result["tool_name"] = self.turns[asked].tool_calls[0]["tool_name"]
            self._add(AGENT, None, now, event_id=id_of(event), tool_results=[result])
        else:
            known = self.turns[at].tool_results[0]
            self.kept.change(at, tool_results=[{**result, **present(known)}])

    def _find_use(self, column: str, request_id: str | None) -> int | None:
        if request_id is None:
            return None
        for at in range(len(self.turns) - 1, -1, -1):
            uses: list[Mapping[str, Any]] = getattr(self.turns[at], column)
            if uses and uses[0].get("request_id") == request_id:
                return at
        return None

    def _add(
        self,
        role: str,
        text: str | None,
        now: datetime,
        *,
        source: TurnSource | None = None,
        **more: Any,
    ) -> None:
        started_at = self._started_at or now
        self.kept.add(
            role,
            text,
            time_in_call_secs=max(0, int((now - started_at).total_seconds())),
            said_at=now,
            source=source,
            **more,
        )


def says_words(turn: LiveTurn) -> bool:
    return not turn.tool_calls and not turn.tool_results


def described(event: Frame, kind: str | None) -> dict[str, Any]:
    """A tool's use under the names it has in the post-call transcript."""
    return {
        "tool_name": (text_of(event, "tool_name") or "")[:LONGEST_ID] or None,
        "request_id": id_of(event, "tool_call_id"),
        "type": kind,
    }


def present(use: Mapping[str, Any]) -> dict[str, Any]:
    return {name: item for name, item in use.items() if item is not None}


def as_json(value: Any) -> str | None:
    """Tools answer with text or with any JSON value; either is kept as text, of bounded length."""
    if value is None or isinstance(value, str):
        text = value
    else:
        try:
            text = json.dumps(value)
        except (ValueError, RecursionError):  # a number too long to write, nested beyond reason
            text = UNWRITABLE
    return text if text is None or len(text) <= LONGEST_USE else text[:LONGEST_USE] + CUT


Hear = Callable[[Transcript, Frame, datetime], None]
FROM_PLATFORM: Final[Mapping[str, Hear]] = {
    "user_transcript": Transcript._user_transcript,
    "tentative_user_transcript": Transcript._tentative_transcript,
    "agent_response": Transcript._agent_response,
    "agent_chat_response_part": Transcript._response_part,
    "agent_response_correction": Transcript._correction,
    "interruption": Transcript._interruption,
    "agent_tool_request": Transcript._tool_request,
    "agent_tool_response": Transcript._tool_response,
    "agent_tool_response_full_payload": Transcript._tool_response,
    "client_tool_call": Transcript._client_tool_call,
    "mcp_tool_call": Transcript._mcp_tool_call,
}
FROM_VISITOR: Final[Mapping[str, Hear]] = {
    "user_message": Transcript._user_message,
    "multimodal_message": Transcript._multimodal_message,
    "client_tool_result": Transcript._client_tool_result,
}
