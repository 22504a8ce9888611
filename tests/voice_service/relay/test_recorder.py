"""What keeps a conversation from being written keeps no other from it, and loses nothing."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from structlog.testing import capture_logs

from booking_core.database import Connection, connect, open_pool
from tests.conftest import FreshDatabase
from tests.voice_service.events import make_event
from tests.voice_service.relay.conftest import Relayed
from tests.voice_service.relay.platform import Call, agent_says
from voice_service.consultations import LiveConversation
from voice_service.consultations.model import Channel
from voice_service.relay import turns as turns_module
from voice_service.relay.queries import close_session, touch_sessions
from voice_service.relay.recorder import Recorder
from voice_service.relay.recording import Recording
from voice_service.relay.transcript import Transcript

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


class Desk:
    """A recorder at work, and a look into its database from outside."""

    def __init__(self, recorder: Recorder, conn: Connection) -> None:
        self.recorder = recorder
        self.conn = conn
        self.recordings: list[Recording] = []

    def begin(self, session_id: UUID | None = None) -> Recording:
        session_id = session_id or uuid4()
        conversation = LiveConversation(
            consultation_id=session_id,
            conversation_id=f"conv_{uuid4().hex}",
            agent_id="agent_test",
            channel=Channel.WEB,
            started_at=NOW,
            timezone=None,
        )
        transcript = Transcript(self.recorder.room)
        recording = Recording(
            session_id=session_id, transcript=transcript, conversation=conversation
        )
        self.recorder.follow(recording)
        self.recordings.append(recording)
        return recording

    async def texts(self, recording: Recording) -> list[str | None]:
        assert recording.conversation is not None
        rows = await self.conn.fetch(
            "SELECT text FROM voice_turns JOIN voice_consultations AS c ON c.id = consultation_id "
            "WHERE voice_session_id = $1 ORDER BY position",
            recording.conversation.conversation_id,
        )
        return [row["text"] for row in rows]

    async def wait_for(self, recording: Recording, *texts: str, seconds: float = 20) -> None:
        async with asyncio.timeout(seconds):
            while await self.texts(recording) != [*texts]:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    async def wait_until_forgotten(self, seconds: float = 30) -> None:
        async with asyncio.timeout(seconds):
            while len(self.recorder):  # noqa: ASYNC110
                await asyncio.sleep(0.02)


def say(recording: Recording, text: str) -> None:
    recording.transcript.hear_visitor({"type": "user_message", "text": text}, now=NOW)


@pytest.fixture
async def desk(fresh_database: FreshDatabase) -> AsyncIterator[Desk]:
    async with fresh_database() as dsn, await open_pool(dsn) as pool:
        conn, recorder = await connect(dsn), Recorder(pool)
        recorder.start()
        try:
            desk = Desk(recorder, conn)
            yield desk
        finally:
            for recording in desk.recordings:
                recording.end(at=NOW, reason="", broken=False)
            await recorder.stop()
            await conn.close()


@asynccontextmanager
async def renamed(conn: Connection, table: str) -> AsyncIterator[None]:
    """The table is gone for a while, which no retry of a connection mends."""
    await conn.execute(f"ALTER TABLE {table} RENAME TO mislaid")
    try:
        yield
    finally:
        await conn.execute(f"ALTER TABLE mislaid RENAME TO {table}")


async def test_a_row_that_somebody_holds_keeps_no_other_conversation_waiting(desk: Desk) -> None:
    held = [desk.begin() for _ in range(3)]
    others = [desk.begin() for _ in range(5)]
    for recording in held:
        say(recording, "first")
        await desk.wait_for(recording, "first")
    async with desk.conn.transaction():
        await desk.conn.execute("SELECT FROM voice_consultations FOR UPDATE")
        for recording in (*held, *others):
            say(recording, "second")
        for recording in others:
            await desk.wait_for(recording, "second", seconds=3)
        await asyncio.sleep(3.5)  # longer than a row is waited for
    for recording in held:
        await desk.wait_for(recording, "first", "second")


async def test_a_recorder_outlives_what_nobody_expects_and_writes_all_of_it_later(
    desk: Desk,
) -> None:
    running, ended, later = desk.begin(), desk.begin(), desk.begin()
    with capture_logs() as lines:
        async with renamed(desk.conn, "relay_sessions"):
            for recording in (running, ended):
                say(recording, "my secret words")
            ended.end(at=NOW, reason="bye", broken=False)
            await asyncio.sleep(1)
            assert await desk.texts(running) == []
        say(later, "and more")
        await desk.wait_for(later, "and more")
        await desk.wait_for(running, "my secret words")
        await desk.wait_for(ended, "my secret words")
    failures = [line for line in lines if line["event"] == "recording_failed"]
    assert {line["session_id"] for line in failures} == {
        str(each.session_id) for each in (running, ended)
    }
    assert "secret" not in json.dumps(lines, default=str)


async def test_a_sign_of_life_that_fails_stops_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voice_service.relay.recorder.TOUCH_EVERY", timedelta(seconds=0.1))
    recording = desk.begin()
    say(recording, "one")
    await desk.wait_for(recording, "one")
    with capture_logs() as lines:
        async with renamed(desk.conn, "relay_sessions"):
            await asyncio.sleep(0.5)
            say(recording, "two")
            await desk.wait_for(recording, "one", "two")
    assert "sessions_not_touched" in {line["event"] for line in lines}
    await asyncio.sleep(0.3)
    assert await desk.conn.fetchval("SELECT count(*) FROM relay_sessions") == 1


async def test_a_database_that_takes_no_writes_for_a_while_loses_no_conversation_that_ended(
    desk: Desk,
) -> None:
    """As after a failover, or with a full disk: nothing that is wrong with the conversation."""
    recording = desk.begin()
    database = await desk.conn.fetchval("SELECT current_database()")
    await desk.conn.execute(f"ALTER DATABASE {database} SET default_transaction_read_only = on")
    await desk.conn.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    say(recording, "before the disk was full")
    recording.end(at=NOW, reason="bye", broken=False)
    await asyncio.sleep(3)
    assert recording.failures == 0
    await desk.conn.execute(f"ALTER DATABASE {database} RESET default_transaction_read_only")
    await desk.conn.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await desk.wait_for(recording, "before the disk was full")
    await desk.wait_until_forgotten()


async def test_two_conversations_that_one_token_opened_are_both_written(desk: Desk) -> None:
    """Another process cannot know of the first while the database is away."""
    first = desk.begin()
    say(first, "first")
    await desk.wait_for(first, "first")
    first.end(at=NOW, reason="", broken=False)
    await desk.wait_until_forgotten()
    second = desk.begin(first.session_id)
    for text in ("second", "third"):
        say(second, text)
        await asyncio.sleep(0.3)
    await desk.wait_for(second, "second", "third")
    assert await desk.texts(first) == ["first"]


async def test_a_turn_that_found_no_room_is_marked_for_staff_and_logged_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns_module, "LONGEST_TEXT", 20)
    recording = desk.begin()
    with capture_logs() as lines:
        for number in range(1, 4):
            say(recording, f"{number} this is longer than twenty characters")
            await asyncio.sleep(0.25)
        recording.end(at=NOW, reason="bye", broken=False)
        await desk.wait_until_forgotten()
    row = await desk.conn.fetchrow("SELECT marks, metadata FROM voice_consultations")
    assert row is not None
    assert row["marks"] == ["turns_missing"]
    assert row["metadata"]["turns_missing"] == 3
    assert [line["event"] for line in lines].count("turns_missing") == 1


async def test_the_post_call_event_completes_what_was_missing(
    relayed: Relayed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns_module, "LONGEST_TEXT", 20)
    async with relayed.converse() as (visitor, call):
        await call.say(agent_says("This is longer than twenty characters"))
        await visitor.recv()
        await relayed.wait_for_turns(call, 1)
    await relayed.wait_for_status(call, "processing")
    await relayed.service.settle()
    live = await relayed.service.consultation(call.conversation_id)
    assert live["marks"] == ["turns_missing"]
    assert live["turns"][0]["text"] == "This is longer than  […]"
    await relayed.service.handle(make_event(conversation_id=call.conversation_id))
    found = await relayed.service.consultation(call.conversation_id)
    assert "turns_missing" not in found["marks"]
    assert await relayed.service.conn.fetchval(
        "SELECT NOT metadata ? 'turns_missing' FROM voice_consultations"
    )


async def test_a_session_that_ended_is_not_opened_again_by_a_late_sign_of_life(
    conn: Connection,
) -> None:
    session = uuid4()
    await touch_sessions(conn, {session: "conv_1"}, now=NOW)
    await close_session(conn, session, "conv_1", now=NOW + timedelta(seconds=10))
    is_open = "SELECT closed_at IS NULL FROM relay_sessions WHERE id = $1"
    await touch_sessions(conn, {session: "conv_1"}, now=NOW + timedelta(seconds=9))
    assert not await conn.fetchval(is_open, session)
    await touch_sessions(conn, {session: "conv_1"}, now=NOW + timedelta(seconds=11))
    assert await conn.fetchval(is_open, session)  # it was not lost after all


async def test_a_conversation_whose_id_cannot_be_stored_as_it_is_is_recorded(
    relayed: Relayed,
) -> None:
    async def name_strangely(call: Call) -> None:
        call.conversation_id = "conv_\0_\ud800"
        await call.begin()
        await call.stay()

    relayed.platform.script = name_strangely
    async with relayed.converse() as (visitor, call):
        await visitor.send('{"type":"user_message","text":"Hello"}')
        call.conversation_id = "conv_\ufffd_\ufffd"
        await relayed.wait_for_turns(call, 1)
    await relayed.wait_for_status(call, "processing")
    await relayed.service.settle()
    found = await relayed.service.consultation(call.conversation_id)
    assert found["qualification"] is not None
