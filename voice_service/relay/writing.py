"""What a recorder asks of the database for conversations that run, begin or end."""

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from booking_core.database import Connection
from voice_service import jobs
from voice_service.consultations import end_live, record_live, write_many_live
from voice_service.consultations.model import LiveTurn, Status
from voice_service.relay.queries import close_session, touch_sessions
from voice_service.relay.recording import Recording

ANSWERED_WITHIN: Final = 15.0  # seconds; then the connection is given up, and another made
CONCLUDE: Final = "conclude_conversation"


@contextmanager
def given_up_in_time(conn: Connection) -> Iterator[None]:
    """End a connection that does not answer: asked to cancel, it would not answer either."""
    timer = asyncio.get_running_loop().call_later(ANSWERED_WITHIN, conn.terminate)
    try:
        yield
    finally:
        timer.cancel()


async def write_many(
    conn: Connection, recordings: Sequence[Recording], news: Mapping[str, Sequence[LiveTurn]]
) -> Collection[str]:
    """Ids of the conversations that were written."""
    begun = [each for each in recordings if not each.is_begun]
    if not begun:
        return await write_many_live(conn, news)
    async with conn.transaction():
        conversations = [each.conversation for each in begun if each.conversation is not None]
        written = await write_many_live(conn, news, begun=conversations)
        sessions: dict[UUID, str | None] = {
            each.session_id: each.conversation_id
            for each in begun
            if each.conversation_id in written
        }
        if sessions:  # or a killed process would leave them unfound
            await touch_sessions(conn, sessions, now=datetime.now(UTC))
    return written


async def write_turns(
    conn: Connection, recording: Recording, news: list[LiveTurn], missing: int = 0
) -> None:
    assert recording.conversation is not None
    await record_live(conn, recording.conversation, news, missing=missing)


async def write_recording(
    conn: Connection, recording: Recording, news: list[LiveTurn], missing: int, *, ended: bool
) -> None:
    """The beginning, the end, or that something is missing."""
    now = datetime.now(UTC)
    conversation = recording.conversation
    conversation_id = conversation.conversation_id if conversation else None
    if conversation is not None and (news or missing):
        await write_turns(conn, recording, news, missing)
        if not recording.is_begun and not ended:
            await touch_sessions(conn, {recording.session_id: conversation_id}, now=now)
    if not ended:
        return
    if conversation is not None and (news or missing or recording.is_begun):
        assert recording.ended_at is not None
        await end_live(conn, conversation, ended_at=recording.ended_at, reason=recording.end_reason)
        await ask_for_conclusion(conn, conversation.conversation_id, broken=recording.broken)
    await close_session(conn, recording.session_id, conversation_id, now=now)


async def ask_for_conclusion(conn: Connection, conversation_id: str, *, broken: bool) -> None:
    status = Status.DROPPED if broken else Status.PROCESSING
    await jobs.enqueue(conn, CONCLUDE, {"conversation_id": conversation_id, "status": status})
