"""One relayed conversation, without any I/O: frames in; what to pass on, or to close, out.

Frames go on unchanged and in order, unknown types too, both ways. What we change is little: the
visitor's initiation message (see ``initiation``), and what no client could survive: frames that
are no JSON object with a type, a second metadata event, anything before the first one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from voice_service.relay.frames import (
    AUDIO_KEY,
    BROKEN,
    INITIATION,
    METADATA,
    NORMAL,
    POLICY,
    Frame,
    UnreadableFrame,
    id_of,
    part,
    read_frame,
    sendable,
    text_of,
    write_frame,
)
from voice_service.relay.initiation import Variables, our_initiation
from voice_service.relay.transcript import Transcript

NOTHING: Final = ()
CONTEXTUAL_UPDATE: Final = "contextual_update"
SELF_HOSTED_SETUP: Final = "enclave_setup_config"  # speaks to self-hosted platforms alone
MOST_HELD: Final = 1024 * 1024
"""Characters that may arrive before the metadata event, which must be a client's first frame."""
HUNG_UP: Final = frozenset({1000, 1001, 1005, 1006})  # a visitor's ways to leave
CALL_ENDED: Final = "end_call tool was called."

Frames = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Close:
    """A code and a reason that a close frame may carry."""

    code: int
    reason: str


class SessionBroken(Exception):
    """The conversation cannot go on; ``close`` is what the visitor is told."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.close = Close(code=code, reason=reason)


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How a conversation ended. ``broken``: not by anybody's wish."""

    by: Literal["visitor", "platform", "relay"]
    code: int
    reason: str
    broken: bool


class Session:
    """A conversation between one visitor and the platform.

    Args:
        variables: dynamic variables of ours, for the initiation message.
        on_start: called once, when the platform has named the conversation.
    """

    def __init__(self, variables: Variables, *, on_start: Callable[["Session"], None]) -> None:
        self.transcript = Transcript()
        self.conversation_id: str | None = None
        self.started_at: datetime | None = None
        self.client: str | None = None  # as it names itself: js_sdk, python_sdk, widget …
        self.dropped_frames = 0
        self._variables = variables
        self._on_start = on_start
        self._initiated = False
        self._held: list[tuple[str, Frame]] = []
        self._held_size = 0

    def from_visitor(self, text: str, *, now: datetime) -> Frames:
        """What goes to the platform for a frame of the visitor.

        Raises:
            SessionBroken: not a JSON object: the platform would end the conversation as well.
        """
        try:
            frame = read_frame(text)
        except UnreadableFrame:
            raise SessionBroken(POLICY, "Every frame must be a JSON object.") from None
        kind = frame.get("type")
        if kind == SELF_HOSTED_SETUP:
            return NOTHING
        if kind == INITIATION:
            return self._begin(frame)
        begin = NOTHING if self._initiated else self._begin({})
        if AUDIO_KEY not in frame:
            self.transcript.hear_visitor(frame, now=now)
        return (*begin, text)

    def _begin(self, message: Frame) -> Frames:
        """The initiation message must come first, and comes once."""
        if self._initiated:
            self.dropped_frames += 1
            return NOTHING
        self._initiated = True
        self.client = text_of(part(message, "source_info"), "source")
        return (write_frame(our_initiation(message, self._variables)),)

    def from_staff(self, text: str) -> Frames:
        """What goes to the platform when staff tell the agent something; the caller hears none."""
        return (write_frame({"type": CONTEXTUAL_UPDATE, "text": text}),)

    def from_upstream(self, text: str, *, now: datetime) -> Frames:
        """What goes to the visitor for a frame of the platform.

        Raises:
            SessionBroken: it says too much before it names the conversation.
        """
        try:
            frame = read_frame(text)
        except UnreadableFrame:
            return self._drop()
        kind = frame.get("type")
        if not isinstance(kind, str):
            return self._drop()
        if self.conversation_id is None:
            return self._start(text, frame, now) if kind == METADATA else self._hold(text, frame)
        if kind == METADATA:
            return self._drop()  # a second one ends a Python client's conversation
        if kind != "audio":
            self.transcript.hear_agent(frame, now=now)
        return (text,)

    def _start(self, text: str, frame: Frame, now: datetime) -> Frames:
        conversation_id = id_of(part(frame, f"{METADATA}_event"), "conversation_id")
        if not conversation_id:
            return self._drop()
        self.conversation_id, self.started_at = conversation_id, now
        self.transcript.begin(at=now)
        self._on_start(self)
        for _, earlier in self._held:
            self.transcript.hear_agent(earlier, now=now)
        held = tuple(text for text, _ in self._held)
        self._held = []
        return (text, *held)

    def _hold(self, text: str, frame: Frame) -> Frames:
        self._held_size += len(text)
        if self._held_size > MOST_HELD:
            raise SessionBroken(BROKEN, "The voice platform does not begin the conversation.")
        self._held.append((text, frame))
        return NOTHING

    def _drop(self) -> Frames:
        self.dropped_frames += 1
        return NOTHING

    def close_upstream(self, code: int, reason: str) -> Close:
        """How to close towards the platform after the visitor did; it shows there as the reason."""
        if code in HUNG_UP:
            code = NORMAL
        code, reason = sendable(code, reason)
        return Close(code=code, reason=reason)

    def close_visitor(self, code: int, reason: str) -> Close:
        """How to close towards the visitor after the platform did."""
        if not reason and code == 1006:
            reason = "The voice platform broke off the conversation."
        code, reason = sendable(code, reason)
        return Close(code=code, reason=reason)

    def finish(self, ending: Ending, *, now: datetime) -> str:
        """Keep what was half said; why the conversation ended, in the platform's manner."""
        self.transcript.finish(now=now)
        if self.transcript.ended_by_agent:
            return CALL_ENDED  # official clients then close first, which is no hang-up
        if ending.by == "visitor":
            return f"Client disconnected: {ending.code}"
        return ending.reason or f"Closed by the {ending.by}: {ending.code}"
