"""Writes down what live conversations say, beside the way of the frames.

One task for all conversations of the process looks every tenth of a second for what is new, and
writes each conversation's news in one transaction. While the database is away it keeps them, within
the bounds of a transcript, and writes them when it is back.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Final
from uuid import UUID

import structlog

from booking_core.database import Connection, Pool
from voice_service import jobs
from voice_service.consultations import LiveConversation, end_live, mask_live_turns, record_live
from voice_service.consultations.model import LiveTurn, Status
from voice_service.errors import COLLISIONS, DATABASE_AWAY, describe
from voice_service.relay.queries import close_session, touch_sessions
from voice_service.relay.transcript import Transcript

LOOK_EVERY: Final = 0.1  # seconds
TOUCH_EVERY: Final = timedelta(seconds=5)
RETRY_AFTER: Final = timedelta(seconds=0.5)
WRITTEN_BY_SHUTDOWN: Final = timedelta(seconds=8)
MOST_FAILURES: Final = 20  # of one conversation, for reasons of its own
CONCLUDE: Final = "conclude_conversation"

log = structlog.get_logger()


@dataclass(kw_only=True)
class Recording:
    """One conversation on its way into the database.

    Attributes:
        conversation: None until the platform names it.
        ended_at: set when nothing more will be said, with ``end_reason`` and ``broken``.
        written: the latest turns as the database has them, by position.
    """

    session_id: UUID
    transcript: Transcript
    conversation: LiveConversation | None = None
    ended_at: datetime | None = None
    end_reason: str = ""
    broken: bool = False
    written: dict[int, LiveTurn] = field(default_factory=dict)
    version: int = 0
    failures: int = 0

    @property
    def has_news(self) -> bool:
        return self.ended_at is not None or (
            self.conversation is not None and self.transcript.version != self.version
        )

    def end(self, *, at: datetime, reason: str, broken: bool) -> None:
        self.ended_at, self.end_reason, self.broken = at, reason, broken


class Recorder:
    """Every conversation of this process that is not wholly written yet."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._recordings: dict[UUID, Recording] = {}
        self._touched = monotonic()
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._recordings)

    def follow(self, recording: Recording) -> None:
        self._recordings[recording.session_id] = recording

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Write what is left, as far as the database lets us in a few seconds."""
        self._stopping.set()
        assert self._task is not None
        _, unfinished = await asyncio.wait(
            {self._task}, timeout=WRITTEN_BY_SHUTDOWN.total_seconds()
        )
        if unfinished:
            log.warning("recorder_stopped_early", conversations=len(self))
            self._task.cancel()
            await asyncio.wait(unfinished)

    async def _run(self) -> None:
        while not (self._stopping.is_set() and not self._recordings):
            await asyncio.sleep(LOOK_EVERY)
            try:
                for recording in list(self._recordings.values()):
                    if recording.has_news:
                        await self._write_news(recording)
                await self._touch()
            except (*DATABASE_AWAY, *COLLISIONS) as error:
                log.warning("recorder_waits", error=describe(error), conversations=len(self))
                await asyncio.sleep(RETRY_AFTER.total_seconds())

    async def _touch(self) -> None:
        """Say that the conversations are still served here, so that nobody takes them for lost."""
        if monotonic() - self._touched < TOUCH_EVERY.total_seconds():
            return
        live = {
            each.session_id: each.conversation.conversation_id if each.conversation else None
            for each in self._recordings.values()
        }
        if live:
            async with self._pool.acquire() as conn:
                await touch_sessions(conn, live, now=datetime.now(UTC))
        self._touched = monotonic()

    async def _write_news(self, recording: Recording) -> None:
        """A conversation that cannot be written for a reason of its own must not stop others."""
        try:
            await self._write(recording)
        except (*DATABASE_AWAY, *COLLISIONS):
            raise
        except Exception as error:
            recording.failures += 1
            log.exception(
                "recording_failed", session_id=str(recording.session_id), error=describe(error)
            )
            if recording.failures >= MOST_FAILURES and recording.ended_at is not None:
                del self._recordings[recording.session_id]

    async def _write(self, recording: Recording) -> None:
        ended = recording.ended_at is not None
        version = recording.transcript.version
        masked = mask_live_turns(recording.transcript.turns)
        news = [turn for turn in masked if recording.written.get(turn.position) != turn]
        async with self._pool.acquire() as conn, conn.transaction():
            await write_recording(conn, recording, news, ended=ended)
        recording.version = version
        recording.written = {turn.position: turn for turn in masked}
        if masked:
            recording.transcript.forget_written(masked[-1].position)
        if ended:
            del self._recordings[recording.session_id]


async def write_recording(
    conn: Connection, recording: Recording, news: list[LiveTurn], *, ended: bool
) -> None:
    now = datetime.now(UTC)
    conversation = recording.conversation
    conversation_id = conversation.conversation_id if conversation else None
    if conversation is not None and news:
        await record_live(conn, conversation, news)
        if not recording.written and not ended:
            await touch_sessions(conn, {recording.session_id: conversation_id}, now=now)
    if not ended:
        return
    if conversation is not None and (news or recording.written):
        assert recording.ended_at is not None
        await end_live(conn, conversation, ended_at=recording.ended_at, reason=recording.end_reason)
        await ask_for_conclusion(conn, conversation.conversation_id, broken=recording.broken)
    await close_session(conn, recording.session_id, conversation_id, now=now)


async def ask_for_conclusion(conn: Connection, conversation_id: str, *, broken: bool) -> None:
    status = Status.DROPPED if broken else Status.PROCESSING
    await jobs.enqueue(conn, CONCLUDE, {"conversation_id": conversation_id, "status": status})
