"""A platform on the loopback interface that does what a test tells it to."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

Script = Callable[["Call"], Awaitable[None]]
SOCKET_PATH = "/v1/convai/conversation?"


def metadata(conversation_id: str) -> str:
    return json.dumps(
        {
            "type": "conversation_initiation_metadata",
            "conversation_initiation_metadata_event": {
                "conversation_id": conversation_id,
                "agent_output_audio_format": "pcm_16000",
                "user_input_audio_format": "pcm_16000",
            },
        }
    )


def agent_says(text: str, event_id: int = 1) -> str:
    event = {"agent_response": text, "event_id": event_id}
    return json.dumps({"type": "agent_response", "agent_response_event": event})


def caller_says(text: str, event_id: int = 2) -> str:
    event = {"user_transcript": text, "event_id": event_id}
    return json.dumps({"type": "user_transcript", "user_transcription_event": event})


def correct(original: str, corrected: str, event_id: int = 1) -> str:
    event = {
        "original_agent_response": original,
        "corrected_agent_response": corrected,
        "event_id": event_id,
    }
    return json.dumps(
        {"type": "agent_response_correction", "agent_response_correction_event": event}
    )


class Call:
    """One connection of the relay. ``heard`` keeps every frame it sent, in order."""

    def __init__(self, socket: ServerConnection) -> None:
        self.socket = socket
        self.conversation_id = f"conv_{uuid4().hex}"
        self.heard: list[str | bytes] = []
        self.closed_at: float | None = None

    async def begin(self) -> dict[str, Any]:
        """Take the initiation message and name the conversation."""
        message: dict[str, Any] = json.loads(await self.hear())
        await self.socket.send(metadata(self.conversation_id))
        return message

    async def hear(self) -> str:
        frame = await self.socket.recv()
        self.heard.append(frame)
        assert isinstance(frame, str)
        return frame

    async def say(self, *frames: str) -> None:
        for frame in frames:
            await self.socket.send(frame)

    async def wait_for_frames(self, count: int) -> None:
        """Until the relay has passed on so many of the visitor's frames."""
        async with asyncio.timeout(30):
            while len(self.heard) < count:  # noqa: ASYNC110  # a test can wait
                await asyncio.sleep(0.005)

    async def stay(self) -> None:
        """Listen until the relay goes."""
        while True:
            await self.hear()


class Platform:
    """``calls`` are the connections so far; ``script`` says what happens in one.

    ``refuse`` answers the request for a signed URL with that status instead.
    """

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.script: Script = listen
        self.refuse: HTTPStatus | None = None
        self.refuse_socket: HTTPStatus | None = None
        self.url = ""
        self.keys: list[str | None] = []

    async def answer(self, socket: ServerConnection) -> None:
        call = Call(socket)
        self.calls.append(call)
        try:
            await self.script(call)
        except ConnectionClosed:
            pass
        finally:
            await socket.wait_closed() if socket.close_code is not None else await socket.close()
            call.closed_at = asyncio.get_running_loop().time()

    def look(self, _: ServerConnection, request: Request) -> Response | None:
        if request.path.startswith(SOCKET_PATH):
            return answer(self.refuse_socket, {}) if self.refuse_socket else None
        self.keys.append(request.headers.get("xi-api-key"))
        if self.refuse:
            return answer(self.refuse, {"detail": {"status": "no"}})
        url = f"ws{self.url.removeprefix('http')}{SOCKET_PATH}agent_id=a&conversation_signature=s"
        return answer(HTTPStatus.OK, {"signed_url": url})

    async def call(self, number: int = 0) -> Call:
        async with asyncio.timeout(10):
            while len(self.calls) <= number:  # noqa: ASYNC110  # a test can wait
                await asyncio.sleep(0.01)
        return self.calls[number]


def answer(status: HTTPStatus, body: dict[str, Any]) -> Response:
    content = json.dumps(body).encode()
    headers = Headers({"Content-Type": "application/json", "Content-Length": str(len(content))})
    headers["Connection"] = "close"
    return Response(status, status.phrase, headers, content)


async def listen(call: Call) -> None:
    await call.begin()
    await call.stay()


@asynccontextmanager
async def run_platform() -> AsyncIterator[Platform]:
    platform = Platform()
    async with serve(
        platform.answer,
        "127.0.0.1",
        0,
        process_request=platform.look,
        max_size=None,
        compression=None,
        close_timeout=1,
    ) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        platform.url = f"http://127.0.0.1:{port}"
        yield platform
