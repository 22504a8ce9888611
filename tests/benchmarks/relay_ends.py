"""The processes around a relay that is measured: visitors, platform, and a bare relay.

``python -m tests.benchmarks.relay_ends visitors|platform|bare`` with a plan as JSON; each prints
what it saw as one line of JSON. Both ends send by the clock, whatever the other does, and number
their frames: what is late is seen, and so is what is missing or out of order.
"""

import asyncio
import contextlib
import itertools
import json
import random
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import uvloop
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from tests.benchmarks.sockets import Socket

AUDIO: Final = "A" * 1900
HELLO: Final = b'{"type":"conversation_initiation_client_data"}'
PATH: Final = "/v1/convai/conversation"
MOST_LATENCIES: Final = 100_000
DRAINED_WITHIN: Final = 15.0  # seconds


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Of one measurement; ``turn_every`` frames of audio the platform tells what was said."""

    calls: int
    seconds: float
    port: int
    platform_port: int
    per_second: int = 25
    turn_every: int = 50

    @property
    def frames(self) -> int:
        return int(self.seconds * self.per_second)


@dataclass(kw_only=True)
class Seen:
    """What one end sent and got: frames by count, latencies in nanoseconds."""

    sent: int = 0
    turns: int = 0
    got: int = 0
    disordered: int = 0
    latencies: list[int] = field(default_factory=list)


def tail(number: int) -> bytes:
    return b',"n":"%08d","at":"%020d"}' % (number, time.monotonic_ns())


def note(seen: Seen, expected: int, text: bytes) -> None:
    seen.latencies.append(time.monotonic_ns() - int(text[-22:-2]))
    seen.got += 1
    if int(text[-38:-30]) != expected:
        seen.disordered += 1


async def keep_time(calls: int, plan: Plan, send: Any) -> None:
    """Call ``send(call, number)`` for every call at its own moment of every period."""
    start, period = time.monotonic(), 1 / plan.per_second
    for number in range(plan.frames):
        for call in range(calls):
            wait = start + (number + call / calls) * period - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            send(call, number)


class Visitors:
    """All of one run: they come one after the other, speak and listen, leave when all is there."""

    def __init__(self, plan: Plan) -> None:
        self.seen = Seen()
        self._plan = plan
        self._sockets: list[Socket] = []
        self._got: dict[Socket, int] = {}
        self._frame = f'{{"user_audio_chunk":"{AUDIO}"'.encode()

    async def come(self) -> None:
        for _ in range(self._plan.calls):
            _, socket = await asyncio.get_running_loop().create_connection(
                self._make, "127.0.0.1", self._plan.port
            )
            self._got[socket] = -1  # the metadata is to come first
            async with asyncio.timeout(20):
                await socket.opened
                socket.send(HELLO)
                while self._got[socket] < 0:  # noqa: ASYNC110
                    await asyncio.sleep(0.001)
            self._sockets.append(socket)

    async def talk(self) -> None:
        await keep_time(self._plan.calls, self._plan, self._send)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAINED_WITHIN):
                while min(self._got.values()) < self._plan.frames:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        await asyncio.sleep(1)  # what the platform is still to get

    async def leave(self) -> None:
        for socket in self._sockets:
            socket.close()
        await asyncio.wait([socket.closed for socket in self._sockets], timeout=5)

    def _make(self) -> Socket:
        return Socket(self._hear, path=f"{PATH}?agent_id=agent_bench")

    def _hear(self, socket: Socket, text: bytes) -> None:
        number = self._got[socket]
        self._got[socket] = number + 1
        if number >= 0:
            note(self.seen, number, text)

    def _send(self, call: int, number: int) -> None:
        self._sockets[call].send(self._frame + tail(number))
        self.seen.sent += 1


async def visit(plan: Plan) -> Seen:
    visitors = Visitors(plan)
    await visitors.come()
    print("ready", flush=True)  # noqa: T201
    await visitors.talk()
    print("done", flush=True)  # noqa: T201
    await visitors.leave()
    return visitors.seen


async def answer(plan: Plan) -> Seen:
    """The platform: names each conversation, speaks as long as a visitor does; until stdin ends."""
    seen, loop = Seen(), asyncio.get_running_loop()
    got: dict[Socket, int] = {}
    numbers = itertools.count(1)
    talks: set[asyncio.Task[None]] = set()
    audio = f'{{"audio_event":{{"audio_base_64":"{AUDIO}","event_id":1}},"type":"audio"'.encode()

    def heard(socket: Socket, text: bytes) -> None:
        number = got.get(socket, -1)
        got[socket] = number + 1
        if number >= 0:
            note(seen, number, text)
        else:
            talk = asyncio.create_task(speak(socket, f"conv_{plan.port}_{next(numbers)}"))
            talks.add(talk)
            talk.add_done_callback(talks.discard)

    async def speak(socket: Socket, conversation_id: str) -> None:
        event = {"conversation_id": conversation_id, "agent_output_audio_format": "pcm_16000"}
        kind = "conversation_initiation_metadata"
        socket.send(json.dumps({"type": kind, f"{kind}_event": event}).encode())
        offset = random.randrange(plan.turn_every)  # not all at the same time
        start = time.monotonic() + random.random() / plan.per_second
        for number in range(plan.frames):
            await asyncio.sleep(max(0, start + number / plan.per_second - time.monotonic()))
            says = number % plan.turn_every == offset
            socket.send((turn(number) if says else audio) + tail(number))
            seen.sent += 1
            seen.turns += says

    class Door(Socket):
        def _answer(self, head: bytes) -> bool:
            if b"get-signed-url" not in head and b"get_signed_url" not in head:
                return super()._answer(head)
            url = f"ws://127.0.0.1:{plan.platform_port}{PATH}?conversation_signature=x"
            body = json.dumps({"signed_url": url}).encode()
            self.transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
                b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
            )
            self.transport.close()
            return False

    server = await loop.create_server(lambda: Door(heard), "127.0.0.1", plan.platform_port)
    print("ready", flush=True)  # noqa: T201
    await asyncio.to_thread(sys.stdin.read)
    server.close()
    return seen


def turn(number: int) -> bytes:
    """Half of the turns are the caller's; what is said has the length of a sentence."""
    text = f"Turn {number}: we would like a portal for our drivers, before the summer at best"
    if number % 2:
        event = {"user_transcript": text, "event_id": number}
        body = {"type": "user_transcript", "user_transcription_event": event}
    else:
        event = {"agent_response": text, "event_id": number}
        body = {"type": "agent_response", "agent_response_event": event}
    return json.dumps(body)[:-1].encode()


async def relay_bare(plan: Plan) -> Seen:
    """What a relay costs that only passes frames on; until stdin ends."""

    async def pass_on(source: Any, target: Any) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for frame in source:
                await target.send(frame)

    async def relay(visitor: ServerConnection) -> None:
        url = f"ws://127.0.0.1:{plan.platform_port}{PATH}"
        platform: ClientConnection
        async with connect(url, compression=None, max_size=None, proxy=None) as platform:
            ways = (
                asyncio.create_task(pass_on(visitor, platform)),
                asyncio.create_task(pass_on(platform, visitor)),
            )
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()

    async with serve(relay, "127.0.0.1", plan.port, compression=None, max_size=None):
        print("ready", flush=True)  # noqa: T201
        await asyncio.to_thread(sys.stdin.read)
    return Seen()


def main() -> None:
    role, plan = sys.argv[1], Plan(**json.loads(sys.argv[2]))
    roles = {"visitors": visit, "platform": answer, "bare": relay_bare}
    seen = uvloop.run(roles[role](plan))
    every = max(1, len(seen.latencies) // MOST_LATENCIES)
    seen.latencies = seen.latencies[::every]
    print(json.dumps(asdict(seen)), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
