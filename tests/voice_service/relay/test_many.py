"""Many conversations at once: every frame arrives, in order, and every turn is written."""

import asyncio
import gc
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from websockets.asyncio.client import ClientConnection

from tests.voice_service.relay.conftest import Relayed, RunRelay
from tests.voice_service.relay.platform import Call, agent_says
from tests.voice_service.relay.test_faults import assert_nothing_is_left
from tests.voice_service.relay.test_silence import open_sockets, port_of
from voice_service.relay import pump

CALLS = 200
FRAMES = 40  # each way in every call; every tenth of the platform's tells what was said
AUDIO = "A" * 1900
FLOOD = 320  # frames of half a megabyte; the kernel may take thirty-two megabytes a socket


def frame_of(number: int) -> str:
    if number % 10 == 5:
        return agent_says(f"Turn {number} of the agent", number)
    event = {"audio_base_64": AUDIO, "event_id": number}
    return json.dumps({"type": "audio", "audio_event": event})


async def talk(call: Call) -> None:
    """The platform's side: all its frames while it hears the visitor's."""
    await call.begin()
    listening = asyncio.create_task(call.stay())
    try:
        for number in range(FRAMES):
            await call.say(frame_of(number))
        await listening
    finally:
        listening.cancel()


@pytest.fixture
async def busy(run_relay: RunRelay) -> AsyncIterator[Relayed]:
    async with run_relay(
        run_jobs=False,
        relay_sessions=2 * CALLS,
        relay_sessions_per_visitor=2 * CALLS,
        relay_sessions_per_hour=4 * CALLS,
        relay_connect_seconds=60,  # all three sides are in this one process
    ) as relayed:
        yield relayed


async def have(
    relayed: Relayed, name: int, beginning: asyncio.Semaphore, everybody: asyncio.Barrier
) -> tuple[str, list[str]]:
    """One whole call, as fast as it goes; the conversation's id and what the visitor heard."""
    async with AsyncExitStack() as stack:
        async with beginning:
            visitor = await stack.enter_async_context(relayed.visit())
            begin = {"type": "conversation_initiation_client_data", "user_id": str(name)}
            await visitor.send(json.dumps(begin))
            first = json.loads(await visitor.recv())
        listening = asyncio.create_task(hear(visitor))
        await everybody.wait()
        for number in range(FRAMES):
            await visitor.send(json.dumps({"user_audio_chunk": AUDIO, "n": number}))
        await visitor.send(json.dumps({"type": "user_message", "text": f"I am caller {name}"}))
        heard = await listening
        event = first["conversation_initiation_metadata_event"]
        await arrived(relayed, event["conversation_id"])
    return event["conversation_id"], heard


async def hear(visitor: ClientConnection) -> list[str]:
    return [str(await visitor.recv()) for _ in range(FRAMES)]


async def arrived(relayed: Relayed, conversation_id: str) -> None:
    calls = relayed.platform.calls
    call = next(each for each in calls if each.conversation_id == conversation_id)
    await call.wait_for_frames(FRAMES + 2)


async def test_two_hundred_calls_at_once_lose_no_frame_and_no_turn(busy: Relayed) -> None:
    busy.platform.script = talk
    before = {*asyncio.all_tasks()}
    beginning, everybody = asyncio.Semaphore(20), asyncio.Barrier(CALLS)
    async with asyncio.timeout(90):
        calls = await asyncio.gather(
            *(have(busy, name, beginning, everybody) for name in range(CALLS))
        )
    assert all(heard == [*map(frame_of, range(FRAMES))] for _, heard in calls)
    for call in busy.platform.calls:
        name = json.loads(call.heard[0])["user_id"]
        frames = [json.loads(frame) for frame in call.heard[1:]]
        assert [frame.get("n") for frame in frames] == [*range(FRAMES), None]
        assert frames[-1]["text"] == f"I am caller {name}"
    await busy.service.wait_for(
        "SELECT count(*) = 200 FROM voice_consultations WHERE status = 'processing'", seconds=30
    )
    said = [("agent", f"Turn {number} of the agent") for number in range(5, FRAMES, 10)]
    for name, (conversation_id, _) in enumerate(calls):
        turns = await busy.turns(conversation_id)
        assert [turn for turn in turns if turn[0] == "agent"] == said
        assert [turn for turn in turns if turn[0] == "user"] == [("user", f"I am caller {name}")]
    await assert_nothing_is_left(busy)
    gc.collect()
    ours = {task for task in {*asyncio.all_tasks()} - before if "relay" in repr(task.get_coro())}
    assert ours == set()
    assert open_sockets(local=port_of(busy.platform.url)) == 0


async def test_a_visitor_who_floods_is_held_back_and_others_are_served_meanwhile(
    run_relay: RunRelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The platform takes nothing of it: what waits is bounded, and so is our memory."""
    monkeypatch.setattr(pump, "FRAMES_PER_SECOND", 1_000_000)
    flooded = asyncio.Event()

    async def deaf(call: Call) -> None:
        begin = await call.begin()
        if begin.get("user_id") == "flood":
            await flooded.wait()
        await call.stay()

    frame = json.dumps({"user_audio_chunk": "A" * 500_000})
    sent = 0

    async def flood(visitor: ClientConnection) -> None:
        nonlocal sent
        for _ in range(FLOOD):
            await visitor.send(frame)
            sent += 1

    async with run_relay() as relayed:
        relayed.platform.script = deaf
        async with relayed.visit() as rude:
            await rude.send('{"type":"conversation_initiation_client_data","user_id":"flood"}')
            await rude.recv()
            flooding = asyncio.create_task(flood(rude))
            held_at = -1
            while sent != held_at:  # until nobody takes any more
                held_at = sent
                await asyncio.sleep(1)
            assert held_at < FLOOD
            async with relayed.converse() as (visitor, call):
                for number in range(20):
                    await call.say(agent_says(f"answer {number}", number))
                    async with asyncio.timeout(5):
                        await visitor.recv()
                await relayed.wait_for_turns(call, 20)
            flooded.set()
            async with asyncio.timeout(60):
                await flooding
                await relayed.platform.calls[0].wait_for_frames(FLOOD + 1)
    assert all(frame == each for each in relayed.platform.calls[0].heard[1:])
