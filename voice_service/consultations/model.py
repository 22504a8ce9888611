"""What a voice consultation is: our record of one conversation with the agent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Literal
from uuid import UUID

from voice_service.analysis.model import CALLER, Turn

SPEAKERS: Final[Mapping[str, str]] = {"agent": "Agent", CALLER: "Caller"}


class Status(StrEnum):
    """Where a consultation stands. The last three are final, but for a late post-call event."""

    IN_PROGRESS = "in_progress"
    PROCESSING = "processing"
    COMPLETED = "completed"
    DROPPED = "dropped"
    FAILED = "failed"


FINAL: Final = frozenset({Status.COMPLETED, Status.DROPPED, Status.FAILED})


class Channel(StrEnum):
    PHONE = "phone"
    WEB = "web"
    API = "api"


class Mark(StrEnum):
    """What staff must see at once."""

    CLAIMED_BOOKING_MISSING = "claimed_booking_missing"
    EXISTING_BOOKING = "existing_booking"
    HALF_BOOKED = "half_booked"
    MOVED_TO_NEAREST = "moved_to_nearest"
    NEEDS_REVIEW = "needs_review"
    TURNS_MISSING = "turns_missing"


@dataclass(frozen=True, kw_only=True)
class CallZone:
    """The caller's IANA zone, and who said so: ``metadata``, ``system``, ``number``, ``business``.

    From ``number`` on it is an assumption.
    """

    name: str
    source: str


@dataclass(frozen=True, kw_only=True)
class FinishedConversation:
    """A conversation as the platform reports it once it is over."""

    conversation_id: str
    agent_id: str | None
    status: Status
    channel: Channel
    started_at: datetime
    ended_at: datetime | None
    duration: timedelta | None
    caller_phone: str | None  # E.164
    caller_address: str | None  # a SIP address, "anonymous", … where there is no number
    zone: CallZone
    language: str | None  # ISO 639-1 as told; None: to be detected
    turns: tuple[Turn, ...]
    data_collection_results: Mapping[str, Any]
    summary: str | None
    title: str | None
    platform_sentiment: float | None
    end_reason: str | None
    has_audio: bool


@dataclass(frozen=True, kw_only=True)
class ConsultationState:
    """What is already decided about a conversation when an event about it arrives."""

    id: UUID
    status: Status
    follow_up_booking_id: UUID | None
    closed_at: datetime | None
    metadata: Mapping[str, Any]

    @property
    def event_timestamp(self) -> float | None:
        """Of the newest event it was written from, in unix seconds."""
        value: float | None = self.metadata.get("event_timestamp")
        return value

    @property
    def corrections(self) -> Mapping[str, Any]:
        """By the fact's name: ``{"value", "by", "at", "original"}``."""
        value: Mapping[str, Any] = self.metadata.get("corrections", {})
        return value

    @property
    def is_decided(self) -> bool:
        """Whether it already became a booking or a person's task; that happens once."""
        return "decided_at" in self.metadata

    @property
    def is_noted(self) -> bool:
        """Whether the customer's journey already tells of it."""
        return bool(self.metadata.get("interaction_noted"))


def status_after(earlier: Status, reported: Status) -> Status:
    """A final status stays, but that a conversation is complete is news to any other."""
    if earlier in FINAL and reported is not Status.COMPLETED:
        return earlier
    return reported


def readable_transcript(turns: Sequence[Turn]) -> str:
    """The conversation as people read it: a line a turn, ``Agent: …`` or ``Caller: …``."""
    return "\n".join(
        f"{SPEAKERS.get(turn.role, turn.role.capitalize())}: {turn.text}"
        for turn in turns
        if turn.text
    )


def first_long_turn(turns: Iterable[Turn], *, longer_than: int = 40) -> str | None:
    """The first thing a caller said that is long enough to describe what they want."""
    return next(
        (turn.text for turn in turns if turn.role == CALLER and len(turn.text or "") > longer_than),
        None,
    )


TurnSource = Literal["audio", "text"]
"""How a turn was heard while the conversation ran: spoken or typed."""


@dataclass(frozen=True, kw_only=True)
class LiveTurn(Turn):
    """A turn as it was heard while the conversation ran; the post-call event replaces it.

    Attributes:
        said_at: when it reached us; ``time_in_call_secs`` counts from the conversation's start.
        spoken: False when the agent was interrupted before any of it was heard.
    """

    said_at: datetime
    source: TurnSource | None = None
    spoken: bool = True
