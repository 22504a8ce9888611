"""What becomes of a visitor's conversation, told to the page they had it on."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import TypeAdapter

from booking_core.database import Pool
from booking_core.errors import NotFound
from voice_service.caller.cards import Card, read_card
from voice_service.caller.links import booking_url, calendar_url
from voice_service.caller.queries import find_consultation_of_session, read_visit
from voice_service.consultations import first_of, watch
from voice_service.dependencies import Closing, CurrentSettings, Now, TheListener, ThePool
from voice_service.errors import DATABASE_AWAY, describe
from voice_service.relay import EVENTS_KEY, EVENTS_PATH
from voice_service.relay.tokens import Token, TokenRefused, read_token

LOOK_EVERY: Final = 1.0  # seconds, while the conversation has not begun
CARD: Final = TypeAdapter(Card)

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()


class SessionUnknown(NotFound):
    code = "session_unknown"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How far a conversation is, and the booking that it led to."""

    status: str
    card: Card | None


def read_follower(
    settings: CurrentSettings, now: Now, token: Annotated[str, Query(max_length=2048)] = ""
) -> Token:
    """Looked at before the answer begins."""
    try:
        return read_token(token, settings.derive_key(EVENTS_KEY), now=now)
    except TokenRefused:
        raise SessionUnknown("This address belongs to no conversation, or is too old.") from None


@router.get(EVENTS_PATH, response_class=EventSourceResponse)
async def follow_session(
    follower: Annotated[Token, Depends(read_follower)],
    pool: ThePool,
    listener: TheListener,
    closing: Closing,
    settings: CurrentSettings,
) -> AsyncIterator[ServerSentEvent]:
    """``booking``, as soon as there is one, and ``status``, each as it changes."""
    consultation_id = await wait_for_consultation(pool, follower, closing)
    if consultation_id is None:
        return
    told: Outcome | None = None
    outcomes = watch(
        listener, consultation_id, lambda: read_outcome(pool, consultation_id), closing=closing
    )
    async for outcome in outcomes:
        if outcome is None:
            return
        if outcome.card is not None and (told is None or outcome.card != told.card):
            card: dict[str, Any] = CARD.dump_python(outcome.card, mode="json")
            card["calendar_url"] = calendar_url(settings, outcome.card.reference)
            card["booking_url"] = booking_url(settings, outcome.card.reference)
            yield ServerSentEvent(event="booking", data=card)
        if told is None or outcome.status != told.status:
            yield ServerSentEvent(event="status", data={"status": outcome.status})
        told = outcome


async def wait_for_consultation(pool: Pool, follower: Token, closing: asyncio.Event) -> UUID | None:
    """The visitor's consultation, once they have begun; None when that never was."""
    while not closing.is_set():
        try:
            async with pool.acquire() as conn:
                found = await find_consultation_of_session(conn, follower.id)
            if found is not None:
                return found
        except DATABASE_AWAY as error:  # as good as not begun
            log.warning("visitor_waits", error=describe(error))
        if datetime.now(follower.expires_at.tzinfo) >= follower.expires_at:
            return None
        await first_of(closing, within=LOOK_EVERY)
    return None


async def read_outcome(pool: Pool, consultation_id: UUID) -> Outcome | None:
    async with pool.acquire() as conn:
        visit = await read_visit(conn, consultation_id)
        if visit is None:
            return None
        card = await read_card(conn, visit.booking_id) if visit.booking_id else None
    return Outcome(status=visit.status, card=card)
