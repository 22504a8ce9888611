"""A visitor of the stand-in, through the relay, over a raw socket."""

import asyncio
import base64
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.voice_service.conftest import RunningService

BEGIN: dict[str, Any] = {"type": "conversation_initiation_client_data"}
TEXT_ONLY: dict[str, Any] = BEGIN | {
    "conversation_config_override": {"conversation": {"text_only": True}}
}
TYPED = (
    "a web app for our drivers",
    "10, I'm the owner",
    "20k, 3 months",
    "yes",
    "Sam Lee, sam@example.org",
)


def visit(service: RunningService) -> Any:
    base = f"ws{service.base_url.removeprefix('http')}"
    return connect(f"{base}/v1/convai/conversation?agent_id=any", proxy=None)


async def visit_from(service: RunningService, timezone: str) -> Any:
    """A visitor of our page, whose browser tells this zone."""
    own = {"Origin": service.base_url}
    answer = await service.client.post("/session", json={"timezone": timezone}, headers=own)
    return connect(answer.json()["signed_url"], proxy=None, additional_headers=own)


async def begin(visitor: ClientConnection, message: dict[str, Any] = TEXT_ONLY) -> str:
    """Start, and the conversation's id."""
    await visitor.send(json.dumps(message))
    first = json.loads(await visitor.recv())
    assert first["type"] == "conversation_initiation_metadata"
    conversation_id: str = first["conversation_initiation_metadata_event"]["conversation_id"]
    return conversation_id


async def hear(visitor: ClientConnection, kind: str) -> dict[str, Any]:
    """The next frame of a kind, past all others."""
    async with asyncio.timeout(20):
        while True:
            frame: dict[str, Any] = json.loads(await visitor.recv())
            if frame["type"] == kind:
                return frame


async def hear_agent(visitor: ClientConnection) -> str:
    """What the agent says next."""
    said = await hear(visitor, "agent_response")
    text: str = said["agent_response_event"]["agent_response"]
    return text


async def hear_rest(visitor: ClientConnection) -> tuple[list[dict[str, Any]], int, str]:
    """All frames until the other side closes, and how it does."""
    frames: list[dict[str, Any]] = []
    try:
        async with asyncio.timeout(30):
            while True:
                frames.append(json.loads(await visitor.recv()))
    except ConnectionClosed as closed:
        close = closed.rcvd
    return (frames, close.code, close.reason) if close else (frames, 1006, "")


async def type_in(visitor: ClientConnection, text: str) -> None:
    await visitor.send(json.dumps({"type": "user_message", "text": text}))


async def say(visitor: ClientConnection, sound: bytes) -> None:
    for start in range(0, len(sound), 3200):
        chunk = base64.b64encode(sound[start : start + 3200]).decode()
        await visitor.send(json.dumps({"user_audio_chunk": chunk}))


async def type_all(visitor: ClientConnection, answers: Sequence[str]) -> list[tuple[str, str]]:
    """Answer question by question, to the last one; what was said by whom."""
    said: list[tuple[str, str]] = []
    for answer in answers:
        said.append(("agent", await hear_agent(visitor)))
        await type_in(visitor, answer)
        said.append(("user", answer))
    said.append(("agent", await hear_agent(visitor)))
    return said


async def completed(service: RunningService, conversation_id: str) -> dict[str, Any]:
    """The consultation as the API gives it, once the post-call event is handled."""
    await service.wait_for(
        "SELECT EXISTS (SELECT FROM voice_consultations WHERE status = 'completed' "
        f"AND voice_session_id = '{conversation_id}')",
        seconds=25,
    )
    return await service.consultation(conversation_id)


def words_of(found: dict[str, Any]) -> list[tuple[str, str]]:
    """Who said what, without the uses of tools."""
    return [(turn["role"], turn["text"]) for turn in found["turns"] if turn["text"]]


def tools_of(found: dict[str, Any]) -> list[str]:
    return [call["tool_name"] for turn in found["turns"] for call in turn["tool_calls"] or ()]


async def end_reason(service: RunningService, conversation_id: str) -> str:
    reason: str = await service.conn.fetchval(
        "SELECT end_reason FROM voice_consultations WHERE voice_session_id = $1", conversation_id
    )
    return reason


def start_of(found: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(found["booking"]["scheduled_datetime"])


async def bookings(service: RunningService) -> int:
    count: int = await service.conn.fetchval("SELECT count(*) FROM bookings")
    return count
