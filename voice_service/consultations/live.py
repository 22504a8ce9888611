"""A consultation while its conversation runs, and when it is over before the platform tells."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from booking_core.database import Connection
from voice_service.analysis.cards import mask_turns
from voice_service.consultations.model import (
    CallZone,
    Channel,
    FinishedConversation,
    LiveTurn,
    Status,
)
from voice_service.consultations.operations import describe, mask_and_judge, write_up
from voice_service.consultations.queries import live as queries
from voice_service.consultations.queries import recording
from voice_service.consultations.queries.live import LiveConversation
from voice_service.consultations.queries.rejudging import update_turn_sentiments

LOST: Final = "The relay was lost."


async def record_live(
    conn: Connection,
    conversation: LiveConversation,
    turns: Sequence[LiveTurn],
    *,
    missing: int = 0,
) -> bool:
    """Write turns of a running conversation; the first ones make its consultation.

    Args:
        missing: so many turns were not kept whole so far; staff see it until the event comes.
    Returns:
        False when the post-call event was recorded already: nothing is touched then.
    """
    row = await queries.write_live(conn, conversation, turns)
    if missing and not row.reported:
        await queries.note_missing(conn, row.id, missing)
    return not row.reported


async def end_live(
    conn: Connection, conversation: LiveConversation, *, ended_at: datetime, reason: str
) -> bool:
    """Nothing more will be said; False when the post-call event was recorded already."""
    row = await queries.write_live(conn, conversation)
    if not row.reported:
        await queries.end_live(conn, row.id, ended_at=ended_at, reason=reason)
    return not row.reported


async def conclude_live(
    conn: Connection,
    conversation_id: str,
    status: Status,
    *,
    business_timezone: str,
    now: datetime,
) -> bool:
    """Judge a conversation from what was heard of it, all there is until the post-call event.

    No booking and no customer is made of it: words may be missing, and the event, which may still
    come, decides once.

    Args:
        status: ``processing`` while the event is expected, ``dropped`` for one cut off.
    Returns:
        Whether it was judged; False for one that is unknown, over, or reported already.
    """
    known = await queries.lock_unfinished(conn, conversation_id)
    if known is None:
        return False
    state = await recording.lock_consultation(conn, conversation_id, now=now)
    finished = FinishedConversation(
        conversation_id=conversation_id,
        agent_id=known.agent_id,
        status=status,
        channel=Channel(known.channel),
        started_at=known.started_at,
        ended_at=known.ended_at,
        duration=known.duration,
        caller_phone=None,
        caller_address=None,
        zone=CallZone(
            name=known.timezone or business_timezone,
            source=known.timezone_source or "business",
        ),
        language=None,
        turns=await recording.read_turns(conn, state.id),
        data_collection_results=state.metadata.get("data_collection", {}),
        summary=None,
        title=None,
        platform_sentiment=None,
        end_reason=known.end_reason or LOST,
        has_audio=False,
    )
    finished, judgement = await asyncio.to_thread(mask_and_judge, finished, state)
    await update_turn_sentiments(conn, state.id, judgement.turn_sentiments)
    metadata = describe(finished, judgement, reported_at=None)
    await recording.update_finished(
        conn, state.id, write_up(finished, judgement, None, None, metadata)
    )
    return True


def mask_live_turns(turns: Sequence[LiveTurn]) -> list[LiveTurn]:
    """The same turns without card numbers, also where one is spread over several of them."""
    return [turn for turn in mask_turns(turns) if isinstance(turn, LiveTurn)]
