"""What goes wrong on either side of a call, and with the database; no finished turn is lost."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection

from booking_core.database import connect
from booking_core.local_postgres import LocalPostgres
from tests.conftest import running_server
from tests.voice_service.relay.conftest import HELLO, Relayed, RunRelay, relay_over
from tests.voice_service.relay.platform import (
    Call,
    agent_says,
    caller_says,
    metadata,
)
from voice_service.jobs import JobContext
from voice_service.relay import pump, upstream
from voice_service.relay.reaping import reap_conversations

AWAY = 6  # seconds; that a minute changes nothing was seen by hand, with 60 here
FLOOD = 160  # frames of a megabyte; the kernel may take thirty-two a socket


async def closed_with(visitor: ClientConnection) -> tuple[int, str]:
    """The close that reaches a visitor, past whatever frames come before it."""
    async with asyncio.timeout(15):
        await visitor.wait_closed()
    assert visitor.close_code is not None
    return visitor.close_code, visitor.close_reason or ""


async def assert_nothing_is_left(relayed: Relayed) -> None:
    """No task of the relay and no socket of the platform's outlives its call."""
    async with asyncio.timeout(10):
        while left := {task for task in asyncio.all_tasks() if of_a_call(task)}:
            await asyncio.wait(left, timeout=0.1)
    await asyncio.gather(*(call.socket.wait_closed() for call in relayed.platform.calls))


def of_a_call(task: "asyncio.Task[Any]") -> bool:
    name = getattr(task.get_coro(), "__qualname__", "")
    return name in {"from_visitor", "from_platform", "Switchboard._begin"} or "run_asgi" in name


@pytest.mark.parametrize(
    ("status", "code", "reason"),
    [
        (HTTPStatus.UNAUTHORIZED, 1011, upstream.REFUSED),
        (HTTPStatus.TOO_MANY_REQUESTS, 1013, upstream.BUSY),
        (HTTPStatus.BAD_GATEWAY, 1013, upstream.BUSY),
    ],
)
async def test_a_platform_that_refuses_is_told_in_words(
    relayed: Relayed, status: HTTPStatus, code: int, reason: str
) -> None:
    relayed.platform.refuse = status
    async with relayed.visit() as visitor:
        await visitor.send(HELLO)
        assert await closed_with(visitor) == (code, reason)
    relayed.platform.refuse, relayed.platform.refuse_socket = None, HTTPStatus.FORBIDDEN
    async with relayed.visit() as visitor:
        assert await closed_with(visitor) == (1011, upstream.REFUSED)
    await assert_nothing_is_left(relayed)


async def test_a_platform_that_cannot_be_reached_is_told_in_words(run_relay: RunRelay) -> None:
    async with run_relay(elevenlabs_api_key=None) as relayed:
        relayed.platform.url = "http://127.0.0.1:9"  # the signed URL leads nowhere
        async with relayed.visit() as visitor:
            assert await closed_with(visitor) == (1013, upstream.UNREACHABLE)


async def test_a_platform_that_stalls_is_not_waited_for(
    run_relay: RunRelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stall(call: Call) -> None:
        await call.stay()

    monkeypatch.setattr(pump, "FIRST_WORD_WITHIN", timedelta(seconds=0.3))
    async with run_relay() as relayed:
        relayed.platform.script = stall
        async with relayed.visit() as visitor:
            await visitor.send(HELLO)
            assert await closed_with(visitor) == (1013, upstream.SILENT)
        call = await relayed.platform.call()
        async with asyncio.timeout(5):
            await call.socket.wait_closed()
        assert call.socket.close_code == 1000


async def test_a_platform_that_drops_the_line_mid_call_leaves_a_dropped_consultation(
    relayed: Relayed,
) -> None:
    async def drop(call: Call) -> None:
        await call.begin()
        await call.say(agent_says("We can start on"), caller_says("Great, and"))
        await asyncio.sleep(0.05)
        call.socket.transport.abort()

    relayed.platform.script = drop
    async with relayed.visit() as visitor:
        await visitor.send(HELLO)
        assert await closed_with(visitor) == (
            1011,
            "The voice platform broke off the conversation.",
        )
    call = await relayed.platform.call()
    await relayed.wait_for_status(call, "dropped")
    assert await relayed.turns(call.conversation_id) == [
        ("agent", "We can start on"),
        ("user", "Great, and"),
    ]
    found = await relayed.service.consultation(call.conversation_id)
    assert found["qualification"] is not None
    await assert_nothing_is_left(relayed)


async def test_garbage_large_frames_and_a_second_metadata_do_not_end_a_call(
    relayed: Relayed,
) -> None:
    large = json.dumps({"type": "audio", "audio_event": {"audio_base_64": "A" * 5_000_000}})

    async def talk(call: Call) -> None:
        await call.begin()
        await call.say("garbage", "[]", "{}", metadata("conv_other"), large)
        await call.socket.send(b"\0\1\2")
        await call.say('{"type":"never_heard_of"}', agent_says("Still here"))
        await call.stay()

    relayed.platform.script = talk
    async with relayed.visit() as visitor:
        await visitor.send(HELLO)
        frames = [str(await visitor.recv()) for _ in range(4)]
    call = await relayed.platform.call()
    assert call.conversation_id in frames[0]
    assert frames[1:] == [large, '{"type":"never_heard_of"}', agent_says("Still here")]
    await relayed.wait_for_status(call, "processing")


@pytest.mark.parametrize(
    ("frame", "code"), [(b"\0\1", 1003), ("hello?", 1008), ("x" * 1_100_000, 1009)]
)
async def test_a_visitor_who_breaks_the_protocol_is_told_and_the_platform_released(
    relayed: Relayed, frame: str | bytes, code: int
) -> None:
    async with relayed.converse() as (visitor, call):
        await visitor.send(frame)
        assert (await closed_with(visitor))[0] == code
    async with asyncio.timeout(5):
        await call.socket.wait_closed()
    await assert_nothing_is_left(relayed)


async def test_a_visitor_who_vanishes_releases_the_platform_within_five_seconds(
    relayed: Relayed,
) -> None:
    async with relayed.converse() as (visitor, call):
        await call.say(agent_says("Hello!"))
        await visitor.recv()
        await visitor.send('{"type":"user_message","text":"I would"}')
        await relayed.wait_for_turns(call, 2)
        visitor.transport.abort()
        async with asyncio.timeout(5):
            await call.socket.wait_closed()
    assert call.socket.close_code == 1000
    await relayed.wait_for_status(call, "processing")
    await assert_nothing_is_left(relayed)


async def test_a_flood_arrives_whole_and_in_order(
    relayed: Relayed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pump, "FRAMES_PER_SECOND", 100_000)
    count = 5000
    async with relayed.converse() as (visitor, call):
        for number in range(count):
            await visitor.send(json.dumps({"user_audio_chunk": "A" * 400, "n": number}))
        await call.wait_for_frames(count + 1)
        assert [json.loads(frame)["n"] for frame in call.heard[1:]] == [*range(count)]


async def test_who_reads_slowly_is_waited_for(relayed: Relayed) -> None:
    """Frames far beyond what the sockets hold: the platform is held back, not our memory filled."""
    frame = json.dumps({"type": "audio", "audio_event": {"audio_base_64": "A" * 1_000_000}})
    sent: list[int] = []

    async def flood(call: Call) -> None:
        await call.begin()
        for number in range(FLOOD):
            await call.say(frame)
            sent.append(number)
        await call.stay()

    relayed.platform.script = flood
    async with relayed.visit(max_queue=1) as visitor:
        await visitor.send(HELLO)
        await visitor.recv()
        before = -1
        while len(sent) != before:  # until nobody takes any more
            before = len(sent)
            await asyncio.sleep(1)
        assert len(sent) < FLOOD
        async with asyncio.timeout(60):
            for _ in range(FLOOD):
                assert await visitor.recv() == frame


async def test_the_longest_conversation_ends_by_itself() -> None:
    async def go_on() -> Any:
        await asyncio.Event().wait()

    way, staff = asyncio.create_task(go_on()), asyncio.create_task(go_on())
    ending = await pump.first_ending([way], staff, timedelta(seconds=0.05))
    for task in (way, staff):
        task.cancel()
    assert (ending.by, ending.code, ending.reason) == ("relay", 1000, pump.TOO_LONG)


async def test_a_stopped_database_stops_no_call_and_loses_no_turn(tmp_path: Any) -> None:
    """Both calls are written down when it is back, also the one that began without it."""
    async with running_server(tmp_path) as server, relay_over(server, tmp_path) as relayed:
        await talk_through_an_outage(relayed, server)


async def talk_through_an_outage(relayed: Relayed, server: LocalPostgres) -> None:
    async with relayed.converse() as (visitor, call):
        await call.say(agent_says("before"))
        await relayed.wait_for_turns(call, 1)
        await asyncio.to_thread(server.stop)
        for number in range(10 * AWAY):
            await call.say(agent_says(f"during {number}", number + 2))
            await visitor.recv()
            await visitor.send(json.dumps({"type": "user_message", "text": f"answer {number}"}))
            await call.wait_for_frames(number + 2)
            await asyncio.sleep(0.1)
        async with relayed.converse() as (other, second):  # a new call begins as well
            await other.send('{"type":"user_message","text":"I called meanwhile"}')
            await asyncio.sleep(0.2)
        await asyncio.to_thread(server.start)
        again = relayed.service.__class__(
            client=relayed.service.client,
            conn=await connect(server.dsn()),
            dsn=relayed.service.dsn,
            base_url=relayed.service.base_url,
        )
        back = Relayed(service=again, platform=relayed.platform, settings=relayed.settings)
        await back.wait_for_turns(call, 20 * AWAY + 1, seconds=30)
        await back.wait_for_turns(second, 1, seconds=30)
    expected = [("agent", "before")]
    for number in range(10 * AWAY):
        expected += [("agent", f"during {number}"), ("user", f"answer {number}")]
    assert await back.turns(call.conversation_id) == expected
    assert await back.wait_for_status(call, "processing", seconds=30)
    await again.conn.close()


async def test_what_a_killed_process_left_is_found_judged_and_completed_later(
    run_relay: RunRelay,
) -> None:
    async with run_relay(run_jobs=False) as relayed, relayed.converse() as (visitor, call):
        await visitor.send('{"type":"user_message","text":"We need a portal for drivers."}')
        await relayed.wait_for_turns(call, 1)
        now = datetime.now(UTC)
        assert await reap(relayed, now=now) == "in_progress"  # it is still served
        assert await reap(relayed, now=now + timedelta(seconds=90)) == "dropped"
        found = await relayed.service.consultation(call.conversation_id)
        assert found["qualification"] is not None
        assert found["end_reason"] == "The relay was lost."
        # It was not lost after all: it is in progress as soon as somebody speaks.
        await visitor.send('{"type":"user_message","text":"Are you there?"}')
        await relayed.wait_for_status(call, "in_progress")


async def reap(relayed: Relayed, *, now: datetime) -> str:
    """Run the reaper as a worker would; the only consultation's status after it."""
    async with relayed.service.conn.transaction():
        await reap_conversations(
            JobContext(conn=relayed.service.conn, settings=relayed.settings, now=now)
        )
    status: str = await relayed.service.conn.fetchval("SELECT status FROM voice_consultations")
    return status


async def test_a_conversation_that_cannot_be_judged_keeps_the_reaper_from_no_other(
    run_relay: RunRelay,
) -> None:
    async with run_relay(run_jobs=False) as relayed:
        calls = []
        for _ in range(3):
            async with relayed.converse() as (visitor, call):
                await visitor.send('{"type":"user_message","text":"We need a portal."}')
                await relayed.wait_for_turns(call, 1)
            calls.append(call)
            await relayed.wait_for_status(call, "processing")
        conn = relayed.service.conn
        await conn.execute(
            "UPDATE voice_consultations SET metadata = $2 WHERE voice_session_id = $1",
            calls[1].conversation_id,
            {"corrections": [1]},
        )
        await conn.execute("UPDATE voice_consultations SET status = 'in_progress'")
        await conn.execute("UPDATE relay_sessions SET closed_at = NULL")
        await conn.execute("DELETE FROM jobs.pgqueuer")
        await reap(relayed, now=datetime.now(UTC) + timedelta(seconds=90))
        found = [await relayed.wait_for_status(call, "dropped", "in_progress") for call in calls]
        assert found == ["dropped", "in_progress", "dropped"]
        asked = await conn.fetchval("SELECT convert_from(payload, 'UTF8') FROM jobs.pgqueuer")
        assert json.loads(asked)["conversation_id"] == calls[1].conversation_id


async def test_a_conversation_that_is_never_reported_ends_as_dropped(relayed: Relayed) -> None:
    async with relayed.converse() as (visitor, call):
        await visitor.send('{"type":"user_message","text":"Hello"}')
        await relayed.wait_for_turns(call, 1)
    await relayed.wait_for_status(call, "processing")
    await relayed.service.settle()
    assert await reap(relayed, now=datetime.now(UTC) + timedelta(hours=1)) == "processing"
    assert await reap(relayed, now=datetime.now(UTC) + timedelta(hours=3)) == "dropped"
