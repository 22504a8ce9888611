"""A voice consultation while its conversation runs: follow it, tell the agent something, end it."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, field_validator

from booking_core.database import storable
from voice_service.api.values import Request
from voice_service.consultations import START, News, Place, follow
from voice_service.consultations.errors import ConsultationNotFound
from voice_service.consultations.queries.following import RevisedConsultation, RevisedTurn
from voice_service.consultations.queries.reading import find_consultation
from voice_service.dependencies import Closing, CurrentSettings, Now, TheListener, ThePool
from voice_service.relay import CommandKind, command

Key = Annotated[str, Path(max_length=255, description="The row's uuid or conversation id")]

CONSULTATION: Final = TypeAdapter(RevisedConsultation)
TURNS: Final = TypeAdapter(list[RevisedTurn])

router = APIRouter(prefix="/consultations/{key}/live", tags=["consultations"])


class ContextualUpdate(Request):
    """What the agent shall know; the caller does not hear it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "We can also offer them Thursday at ten."}]}
    )

    text: Annotated[str, Field(min_length=1, max_length=2000)]

    @field_validator("text")
    @classmethod
    def must_say_something(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("there is nothing in it")
        return value


class Told(BaseModel):
    """The conversation has been told."""

    conversation_id: str
    told_at: datetime


class Followed(BaseModel):
    """Which consultation, and its conversation where it has one."""

    id: UUID
    conversation_id: str | None


async def find_followed(pool: ThePool, key: Key) -> Followed:
    """Looked up before the answer begins, and without holding a connection while it lasts."""
    async with pool.acquire() as conn:
        found = await find_consultation(conn, storable(key))
    if found is None:
        raise ConsultationNotFound("There is no voice consultation of that id.")
    return Followed(id=found.id, conversation_id=found.voice_session_id)


TheFollowed = Annotated[Followed, Depends(find_followed)]


@router.get(
    "",
    response_class=EventSourceResponse,
    summary="Follow a voice consultation as it changes",
)
async def follow_one(
    followed: TheFollowed,
    pool: ThePool,
    listener: TheListener,
    closing: Closing,
    settings: CurrentSettings,
    last_event_id: Annotated[str | None, Header(max_length=64)] = None,
) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events: first what there is, then every change, from any process.

    ``turn`` is a turn that came or changed (known by its ``position``), ``transcript`` all turns
    in place of those before, and ``consultation`` the row; while the conversation runs, its mood,
    facts and verdict are those of what was said so far. ``Last-Event-ID`` leads on from there.
    Refuses with 404 ``consultation_not_found``.
    """
    after = read_place(last_event_id)
    changes = follow(
        pool,
        listener,
        followed.id,
        after=after,
        business_timezone=settings.business_timezone,
        closing=closing,
    )
    async for news in changes:
        for event in events_of(news):
            yield event


def events_of(news: News) -> list[ServerSentEvent]:
    turns: list[dict[str, Any]] = TURNS.dump_python(news.turns, mode="json")
    consultation = CONSULTATION.dump_python(
        news.consultation, mode="json", exclude={"metadata", "reported", "turns_replaced_revision"}
    )
    if news.replaced:
        in_order = sorted(turns, key=lambda turn: turn["position"])
        last = write_place(news.turns[-1]) if news.turns else None
        events = [ServerSentEvent(event="transcript", id=last, data={"turns": in_order})]
    else:
        events = [
            ServerSentEvent(event="turn", id=write_place(turn), data=data)
            for turn, data in zip(news.turns, turns, strict=True)
        ]
    seen = str(news.consultation.revision)
    return [*events, ServerSentEvent(event="consultation", id=seen, data=consultation)]


def write_place(turn: RevisedTurn) -> str:
    return f"{turn.revision}.{turn.position}"


def read_place(event_id: str | None) -> Place:
    """Where a follower was cut off; what is no id of ours means from the start."""
    revision, dot, position = (event_id or "").partition(".")
    if not is_number(revision) or (dot and not is_number(position)):
        return START
    return Place(int(revision), int(position)) if dot else Place(int(revision))


def is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= len(str(2**31 - 1)) - 1


@router.post("/contextual-update", summary="Tell the agent something during a conversation")
async def tell_agent(
    followed: TheFollowed, update: ContextualUpdate, pool: ThePool, listener: TheListener, now: Now
) -> Told:
    """The agent takes it into account from now on; the caller does not hear it.

    Refuses with 404 ``consultation_not_found``, 409 ``conversation_not_live``.
    """
    conversation_id = followed.conversation_id or ""
    kind = CommandKind.CONTEXTUAL_UPDATE
    await command(pool, listener, conversation_id, kind, update.text, now=now)
    return Told(conversation_id=conversation_id, told_at=now)


@router.post("/end", summary="End a running conversation")
async def end_conversation(
    followed: TheFollowed, pool: ThePool, listener: TheListener, now: Now
) -> Told:
    """The caller's client is told that a colleague ended it.

    Refuses with 404 ``consultation_not_found``, 409 ``conversation_not_live``.
    """
    conversation_id = followed.conversation_id or ""
    await command(pool, listener, conversation_id, CommandKind.END, now=now)
    return Told(conversation_id=conversation_id, told_at=now)
