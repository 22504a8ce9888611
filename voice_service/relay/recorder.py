"""Writes down what live conversations say, beside the way of the frames.

Every tenth of a second whatever is new is written: running conversations together in one statement,
since under load each round trip takes its time. What ends, or does not go with the others, is
written by itself, several at the same time, so that none waits for another's row. While the
database is away all is kept, within the bounds of ``turns``, and written when it is back.
"""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, Final
from uuid import UUID

import asyncpg
import structlog

from booking_core.database import Pool
from voice_service.consultations import mask_live_turns
from voice_service.consultations.model import LiveTurn
from voice_service.errors import COLLISIONS, DATABASE_AWAY, describe
from voice_service.relay.queries import touch_sessions
from voice_service.relay.recording import RETRY_AFTER, Recording
from voice_service.relay.turns import Room, Turns
from voice_service.relay.writing import given_up_in_time, write_many, write_recording, write_turns

LOOK_EVERY: Final = 0.1  # seconds
MOST_TOGETHER: Final = 250  # conversations in one statement
AT_ONCE: Final = 4  # statements; the pool has connections for others too
TOUCH_EVERY: Final = timedelta(seconds=5)
TELL_EVERY: Final = timedelta(seconds=10)  # that the database is waited for
WRITTEN_BY_SHUTDOWN: Final = timedelta(seconds=8)
MOST_FAILURES: Final = 20  # of one conversation, for reasons of its own: about seven minutes
MASKED_AT_ONCE: Final = 4096  # characters, a few milliseconds; more is masked in a thread

# Reasons that are not the conversation's: it is tried again until it can be written.
DATABASE_UNFIT: Final[tuple[type[Exception], ...]] = (
    *DATABASE_AWAY,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.InvalidAuthorizationSpecificationError,
)

log = structlog.get_logger()


class Recorder:
    """Every conversation of this process that is not wholly written yet."""

    def __init__(self, pool: Pool) -> None:
        self.room = Room()
        self._pool = pool
        self._recordings: dict[UUID, Recording] = {}
        self._writers = asyncio.Semaphore(AT_ONCE)
        self._writing: set[asyncio.Task[None]] = set()
        self._rests_until = 0.0
        self._told = -TELL_EVERY.total_seconds()
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
        left = [self._task, *self._writing]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _run(self) -> None:
        while not (self._stopping.is_set() and not self._recordings):
            await asyncio.sleep(LOOK_EVERY)
            now = monotonic()
            if now < self._rests_until:
                continue
            due = [each for each in self._recordings.values() if self._is_due(each, now)]
            together = [each for each in due if each.goes_with_others][:MOST_TOGETHER]
            alone = [each for each in due if not each.goes_with_others]
            for recording in (*together, *alone):
                recording.is_being_written = True
            if together:
                self._begin(self._write_together(together))
            for recording in alone:
                self._begin(self._write_news(recording))
            if now - self._touched >= TOUCH_EVERY.total_seconds():
                self._touched = now
                self._begin(self._touch())

    def _is_due(self, recording: Recording, now: float) -> bool:
        rests = now < recording.rests_until and not self._stopping.is_set()
        return recording.has_news and not recording.is_being_written and not rests

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    def _wait_for_database(self, error: Exception) -> None:
        now = monotonic()
        self._rests_until = now + RETRY_AFTER.total_seconds()
        if now - self._told >= TELL_EVERY.total_seconds():
            self._told = now
            log.warning("recorder_waits", error=describe(error), conversations=len(self))

    async def _touch(self) -> None:
        """Say that the conversations are still served here, so that nobody takes them for lost."""
        live = {
            each.session_id: each.conversation.conversation_id if each.conversation else None
            for each in self._recordings.values()
            if each.ended_at is None
        }
        now = datetime.now(UTC)
        try:
            if live:
                async with self._pool.acquire() as conn:
                    with given_up_in_time(conn):
                        await touch_sessions(conn, live, now=now)
        except Exception as error:  # whatever it was, the next time is soon
            log.warning("sessions_not_touched", error=describe(error), conversations=len(live))

    async def _write_together(self, recordings: list[Recording]) -> None:
        """Write running conversations at once; those that were not written go by themselves."""
        alone: list[Recording] = []
        try:
            async with self._writers:
                if monotonic() >= self._rests_until:
                    alone = await self._write_all(recordings)
        except DATABASE_UNFIT as error:
            self._wait_for_database(error)
        except Exception:  # one of them is at fault: each will show
            alone = recordings
        for recording in recordings:
            recording.is_being_written = recording in alone
        for recording in alone:
            self._begin(self._write_news(recording))

    async def _write_all(self, recordings: list[Recording]) -> list[Recording]:
        """Those that were not written."""
        news: dict[str, list[LiveTurn]] = {}
        for recording in recordings:
            await mask(recording.transcript.kept)
            news[recording.conversation_id] = recording.transcript.kept.unwritten()
        async with self._pool.acquire() as conn:
            with given_up_in_time(conn):
                written = await write_many(conn, recordings, news)
        for recording in recordings:
            if recording.conversation_id in written:
                recording.is_begun = True
                recording.transcript.kept.take_written(news[recording.conversation_id])
        return [each for each in recordings if each.conversation_id not in written]

    async def _write_news(self, recording: Recording) -> None:
        """Write one conversation; what goes wrong with it must not stop others."""
        try:
            async with self._writers:
                if monotonic() >= self._rests_until:
                    await self._write(recording)
                    recording.failures = 0
        except COLLISIONS:
            recording.rest()
        except DATABASE_UNFIT as error:
            self._wait_for_database(error)
        except Exception as error:
            recording.rest()
            self._note_failure(recording, error)
        finally:
            recording.is_being_written = False

    def _note_failure(self, recording: Recording, error: Exception) -> None:
        gave_up = recording.ended_at is not None and recording.failures >= MOST_FAILURES
        log.error(
            "recording_failed",
            session_id=str(recording.session_id),
            error=describe(error),  # its text could quote what somebody said
            turns=len(recording.transcript.kept.turns),
            gave_up=gave_up,
        )
        if gave_up:
            self._forget(recording)

    def _forget(self, recording: Recording) -> None:
        self._recordings.pop(recording.session_id, None)
        recording.transcript.kept.release()

    async def _write(self, recording: Recording) -> None:
        kept = recording.transcript.kept
        ended = recording.ended_at is not None
        await mask(kept)
        news, missing = kept.unwritten(), kept.missing
        is_one_statement = recording.is_begun and not ended and missing == recording.missing
        async with self._pool.acquire() as conn:
            with given_up_in_time(conn):
                if is_one_statement:
                    await write_turns(conn, recording, news)
                else:
                    async with conn.transaction():
                        await write_recording(conn, recording, news, missing, ended=ended)
        recording.is_begun |= bool(news)
        self._note_missing(recording, missing)
        kept.take_written(news)
        if ended:
            self._forget(recording)

    def _note_missing(self, recording: Recording, missing: int) -> None:
        if missing and not recording.missing:
            log.warning("turns_missing", session_id=str(recording.session_id), turns=missing)
        recording.missing = missing


async def mask(kept: Turns) -> None:
    raw = kept.unmasked()
    if sum(len(turn.text or "") for turn in raw) <= MASKED_AT_ONCE and len(raw) < 50:
        masked = mask_live_turns(raw)
    else:
        masked = await asyncio.to_thread(mask_live_turns, raw)
    kept.take_masked(raw, masked)
