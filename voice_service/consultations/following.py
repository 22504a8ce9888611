"""Following a consultation while its conversation runs, and until it is worked."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, TypeVar
from uuid import UUID

import structlog

from booking_core.database import Connection, Pool
from voice_service.analysis.disqualifiers import NO_CONVERSATION
from voice_service.consultations.judging import (
    Judgement,
    Material,
    judge_material,
    read_stored_corrections,
)
from voice_service.consultations.model import Status
from voice_service.consultations.queries import following as queries
from voice_service.consultations.queries.following import RevisedConsultation, RevisedTurn
from voice_service.consultations.queries.recording import read_turns
from voice_service.errors import DATABASE_AWAY, describe
from voice_service.notifications import CONSULTATIONS, Listener

LAST_POSITION: Final = 2**31 - 1
UNDER_WAY: Final = (Status.IN_PROGRESS, Status.PROCESSING)
RETRY_AFTER: Final = 0.5  # seconds

Seen = TypeVar("Seen")

log = structlog.get_logger()


class Place(NamedTuple):
    """How far somebody has seen a consultation: a revision of it, and a turn's position in that."""

    revision: int
    position: int = LAST_POSITION


START: Final = Place(0)


@dataclass(frozen=True, kw_only=True)
class News:
    """What changed after a place.

    Attributes:
        turns: in the order in which they came or changed.
        replaced: these are all turns there are, and whatever was seen before is gone.
    """

    consultation: RevisedConsultation
    turns: list[RevisedTurn]
    replaced: bool


async def follow(
    pool: Pool,
    listener: Listener,
    consultation_id: UUID,
    *,
    after: Place,
    business_timezone: str,
    closing: asyncio.Event,
) -> AsyncIterator[News]:
    """What changes of a consultation, as it changes; ends when it is gone, or with ``closing``.

    A database that is away is waited for: no change is left out, as rows are read, not messages.
    """
    seen = after

    async def read() -> News | None:
        return await read_news(
            pool, consultation_id, after=seen, business_timezone=business_timezone
        )

    async for news in watch(listener, consultation_id, read, closing=closing):
        if news is None:
            return
        place = Place(news.consultation.revision)
        if place != seen:
            yield news
            seen = place


async def watch(
    listener: Listener,
    consultation_id: UUID,
    read: Callable[[], Awaitable[Seen]],
    *,
    closing: asyncio.Event,
) -> AsyncIterator[Seen]:
    """What there is to read of a consultation, now and after each of its changes."""
    with listener.follow(CONSULTATIONS, str(consultation_id)) as changed:
        while not closing.is_set():
            changed.clear()
            try:
                seen = await read()
            except DATABASE_AWAY as error:
                log.warning("follower_waits", error=describe(error))
                await first_of(closing, within=RETRY_AFTER)
                continue
            yield seen
            await first_of(changed, closing)


async def first_of(*events: asyncio.Event, within: float | None = None) -> None:
    """Wait until one of them is set, or the seconds are over."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=within, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in waits:
            each.cancel()


async def read_news(
    pool: Pool, consultation_id: UUID, *, after: Place, business_timezone: str
) -> News | None:
    """What there is to tell of a consultation; None when it is gone.

    While its conversation runs its mood, facts and verdict are those of what was heard so far.
    """
    async with pool.acquire() as conn, conn.transaction(isolation="repeatable_read", readonly=True):
        consultation = await queries.read_revised(conn, consultation_id)
        if consultation is None:
            return None
        if after.revision > consultation.revision:  # nobody can have seen that
            after = START
        replaced = START < after < Place(consultation.turns_replaced_revision)
        turns = await queries.list_revised_turns(
            conn, consultation_id, after=START if replaced else after
        )
        material = await heard_so_far(conn, consultation, business_timezone=business_timezone)
    if material is not None:
        judgement = await asyncio.to_thread(judge_material, material)
        consultation = judged(consultation, judgement)
        scores = judgement.turn_sentiments
        turns = [replace(turn, sentiment=scores.get(turn.position)) for turn in turns]
    return News(consultation=consultation, turns=turns, replaced=replaced)


async def heard_so_far(
    conn: Connection, consultation: RevisedConsultation, *, business_timezone: str
) -> Material | None:
    """What a running conversation can be judged from; None for one that was judged for good."""
    is_over = consultation.status != Status.IN_PROGRESS and consultation.qualification is not None
    if is_over or consultation.status not in UNDER_WAY or consultation.reported:
        return None
    metadata = consultation.metadata
    started_at = consultation.started_at or consultation.created_at
    timezone = consultation.timezone or business_timezone
    corrections = metadata.get("corrections", {})
    return Material(
        turns=await read_turns(conn, consultation.id),
        data_collection_results=metadata.get("data_collection", {}),
        started_at=started_at,
        timezone=timezone,
        language=metadata.get("language"),
        platform_sentiment=None,
        corrections=read_stored_corrections(corrections, started_at=started_at, timezone=timezone),
    )


def judged(consultation: RevisedConsultation, judgement: Judgement) -> RevisedConsultation:
    """The consultation with what was judged so far, as far as more words cannot make it better.

    Who has hardly spoken is not judged, and who has not told enough yet is not unqualified.
    """
    felt = replace(
        consultation,
        sentiment_score=judgement.sentiment.score,
        sentiment_source=judgement.sentiment.source,
    )
    qualification = judgement.qualification
    if qualification.disqualifier == NO_CONVERSATION:
        return felt
    wanted, verdict = qualification.wanted_time, qualification.verdict
    if verdict == "unqualified" and qualification.disqualifier is None:
        verdict = "unknown"
    return replace(
        felt,
        caller_name=consultation.caller_name or judgement.text("full_name"),
        customer_email=consultation.customer_email or judgement.text("email"),
        customer_phone=consultation.customer_phone or judgement.text("phone"),
        lead_qualified=qualification.qualified,
        lead_verdict=verdict,
        lead_score=qualification.score,
        qualification=qualification.as_json(),
        wanted_time=wanted.as_json() if wanted else None,
    )
