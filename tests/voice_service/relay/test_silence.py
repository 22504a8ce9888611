"""Ends that stop answering without a word are noticed, and leave neither task nor socket behind."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.voice_service.relay.conftest import HELLO, Relayed, RunRelay
from tests.voice_service.relay.platform import Call, agent_says
from tests.voice_service.relay.silence import line_to
from tests.voice_service.relay.test_faults import assert_nothing_is_left, closed_with
from voice_service import relay
from voice_service.relay import SOCKET_OPTIONS, upstream

AUDIO = json.dumps({"type": "audio", "audio_event": {"audio_base_64": "A" * 200_000}})


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes a quarter of a minute in life."""
    monkeypatch.setitem(SOCKET_OPTIONS, "ws_ping_interval", 0.2)
    monkeypatch.setitem(SOCKET_OPTIONS, "ws_ping_timeout", 0.6)
    monkeypatch.setattr(relay, "SILENT_FOR", 1000)
    monkeypatch.setattr(upstream, "PING_EVERY", 0.2)
    monkeypatch.setattr(upstream, "PONG_WITHIN", 0.6)


def open_sockets(*, local: int | None = None, remote: int | None = None) -> int:
    """Established connections of this machine from or to a port; each end counts for itself."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    found = 0
    for line in lines:
        _, ours, theirs, state, *_ = line.split()
        ports = (int(ours.split(":")[1], 16), int(theirs.split(":")[1], 16))
        fits = local in (None, ports[0]) and remote in (None, ports[1])
        found += fits and state == "01"
    return found


async def wait_until_closed(*, local: int | None = None, remote: int | None = None) -> None:
    async with asyncio.timeout(15):
        while open_sockets(local=local, remote=remote):  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(0.05)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("much_is_said", [False, True])
async def test_a_visitor_whose_line_goes_dead_is_noticed_and_the_platform_released(
    run_relay: RunRelay, much_is_said: bool
) -> None:
    """Also while so much is on its way to them that not even a close can be sent."""
    async with run_relay() as relayed, line_to(port_of(relayed.service.base_url)) as line:
        async with relayed.visit(
            f"ws://127.0.0.1:{line.port}/v1/convai/conversation?agent_id=agent_test"
        ) as visitor:
            await visitor.send(HELLO)
            await visitor.recv()
            call = await relayed.platform.call()
            await call.say(agent_says("Hello!"))
            await relayed.wait_for_turns(call, 1)
            line.go_dead()
            talk = asyncio.create_task(talk_on(call)) if much_is_said else None
            async with asyncio.timeout(15):
                await call.socket.wait_closed()
            if talk is not None:
                talk.cancel()
                await asyncio.gather(talk, return_exceptions=True)
            await wait_until_closed(local=port_of(relayed.service.base_url))
            await assert_nothing_is_left(relayed)
            visitor.transport.abort()
        assert await relayed.wait_for_status(call, "processing", "dropped")
        assert await relayed.turns(call.conversation_id) == [("agent", "Hello!")]


async def talk_on(call: Call) -> None:
    while True:
        await call.say(AUDIO)


@pytest.mark.usefixtures("quick")
async def test_a_platform_whose_line_goes_dead_is_noticed_and_the_visitor_told(
    run_relay: RunRelay, tmp_path: Path
) -> None:
    async with run_relay() as relayed, line_to(port_of(relayed.platform.url)) as line:
        real = relayed.platform.url
        relayed.platform.url = f"http://127.0.0.1:{line.port}"  # in the signed URLs
        async with relayed.converse() as (visitor, call):
            await visitor.send('{"type":"user_message","text":"Are you there?"}')
            await relayed.wait_for_turns(call, 1)
            line.go_dead()
            for _ in range(100):  # a caller goes on talking
                await visitor.send(json.dumps({"user_audio_chunk": "A" * 10_000}))
            code, reason = await closed_with(visitor)
        assert (code, reason) == (1011, "The voice platform broke off the conversation.")
        assert await relayed.wait_for_status(call, "dropped") == "dropped"
        await wait_until_closed(remote=line.port)
        relayed.platform.url = real
        await line.cut()
        await assert_nothing_is_left(relayed)


def port_of(url: str) -> int:
    return int(url.rsplit(":", 1)[1])


async def test_a_service_leaves_no_socket_behind_when_it_stops(relayed: Relayed) -> None:
    async with relayed.converse() as (visitor, call):
        await visitor.send('{"type":"user_message","text":"Bye"}')
        await relayed.wait_for_turns(call, 1)
    await relayed.wait_for_status(call, "processing")
    await assert_nothing_is_left(relayed)
    assert open_sockets(local=port_of(relayed.platform.url)) == 0
