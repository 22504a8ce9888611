"""The stand-in for ElevenLabs' conversation socket, served beside us where there is no account.

It speaks the vendor's protocol to our own relay, over a real socket, and afterwards sends the
signed post-call event, as the vendor would. Only our relay has the key to it.
"""

import asyncio
import base64
import binascii
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from time import monotonic
from typing import Annotated, Any, Final
from uuid import uuid4

import httpx
import structlog
from fastapi import APIRouter, Header, Query, Request
from starlette.responses import JSONResponse, Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from voice_service.elevenlabs_api.client import SIGNED_URL_PATH
from voice_service.elevenlabs_api.signature import sign
from voice_service.errors import describe
from voice_service.rehearsal.events import make_event
from voice_service.rehearsal.model import Occasion
from voice_service.rehearsal.talking import CHUNK_SECONDS, Ear, Talk, Utterance, frame, metadata
from voice_service.relay.tokens import PATH, Token, TokenRefused, read_token, write_token
from voice_service.settings import Settings

PREFIX: Final = "/stand-in"
SIGNATURE: Final = "conversation_signature"
KEY: Final = "stand-in token"
URL_LIVES: Final = timedelta(minutes=15)
REPORTED_AFTER: Final = 0.5  # seconds; the vendor takes longer
LISTENS: Final = 600.0  # seconds without a word, after which it hangs up
REFUSED: Final = 1008

router = APIRouter(prefix=PREFIX, include_in_schema=False)
log = structlog.get_logger()


@router.get(SIGNED_URL_PATH)
async def get_signed_url(
    request: Request,
    agent_id: Annotated[str, Query(max_length=255)],
    xi_api_key: Annotated[str, Header()] = "",
) -> Response:
    settings: Settings = request.state.settings
    if not secrets.compare_digest(xi_api_key.encode(), settings.platform_key.encode()):
        detail = {"status": "invalid_api_key", "message": "Invalid API key"}
        return JSONResponse({"detail": detail}, HTTPStatus.UNAUTHORIZED)
    token = Token(id=uuid4(), agent_id=agent_id, expires_at=datetime.now(UTC) + URL_LIVES)
    signature = write_token(token, settings.derive_key(KEY))
    base = f"ws{settings.platform_url.removeprefix('http')}"
    url = httpx.URL(f"{base}{PATH}", params={"agent_id": agent_id, SIGNATURE: signature})
    return JSONResponse({"signed_url": str(url)})


@router.websocket(PATH)
async def talk(socket: WebSocket) -> None:
    settings: Settings = socket.state.settings
    await socket.accept()
    try:
        signature = socket.query_params.get(SIGNATURE, "")
        token = read_token(signature, settings.derive_key(KEY), now=datetime.now(UTC))
    except TokenRefused as refused:
        await socket.close(REFUSED, str(refused))
        return
    conversation = StandIn(socket)
    try:
        await conversation.run()
    except WebSocketDisconnect:
        pass  # the caller hung up
    finally:
        await conversation.stop_speaking()
    await report(settings, conversation, agent_id=token.agent_id)


class StandIn:
    """One conversation: listens, and speaks at the speed of speech."""

    def __init__(self, socket: WebSocket) -> None:
        self.conversation_id = f"conv_standin_{secrets.token_hex(10)}"
        self.started_at = datetime.now(UTC)
        self.timezone = "UTC"
        self.talk = Talk(text_only=False)
        self._socket = socket
        self._ear = Ear()
        self._speaking: asyncio.Task[None] | None = None
        self._utterance: Utterance | None = None
        self._since = 0.0

    async def run(self) -> None:
        """Until the script is at its end, or nobody has said anything for long."""
        initiation = await self._receive()
        self.talk.text_only = wants_text_only(initiation)
        variables = initiation.get("dynamic_variables") or {}
        self.timezone = str(variables.get("caller_timezone") or self.timezone)
        await self._send(metadata(self.conversation_id))
        await self._send(frame("ping", "ping_event", event_id=1, ping_ms=None))
        await self._ask()
        async for _ in self._answers():
            await self._ask()
            if self.talk.is_over:
                break
        if self._speaking is not None:
            await self._speaking
        await self._send(self.talk.hang_up())
        await self._socket.close(1000, "end_call tool was called.")

    async def _answers(self) -> AsyncIterator[None]:
        """Whenever the caller has said something, by voice or typed."""
        with suppress(TimeoutError):
            while True:
                async with asyncio.timeout(LISTENS):
                    message = await self._receive()
                if await self._is_answer(message):
                    yield

    async def _is_answer(self, message: dict[str, Any]) -> bool:
        text = message.get("text")
        if message.get("type") == "user_message" and isinstance(text, str) and text.strip():
            await self._fall_silent()
            self.talk.hear_typed(text)
            return True
        chunk = message.get("user_audio_chunk")
        if isinstance(chunk, str) and self._hear(chunk):
            await self._send(self.talk.hear_spoken())
            return True
        if self._ear.is_hearing:
            await self._fall_silent()
        return False

    def _hear(self, chunk: str) -> bool:
        try:
            return self._ear.hear(base64.b64decode(chunk))
        except binascii.Error:
            return False

    async def _ask(self) -> None:
        utterance = self.talk.ask(now=datetime.now(UTC))
        await self._send(self.talk.said(utterance))
        if self.talk.text_only:
            return
        self._utterance, self._since = utterance, monotonic()
        self._speaking = asyncio.create_task(self._speak(utterance))

    async def _speak(self, utterance: Utterance) -> None:
        for number, chunk in enumerate(utterance.chunks):
            await self._send(chunk)
            await asyncio.sleep(max(0, self._since + number * CHUNK_SECONDS - monotonic()))
        done = {"event_id": utterance.event_id}
        await self._send(frame("agent_response_complete", "agent_response_complete_event", **done))

    async def _fall_silent(self) -> None:
        """Somebody speaks over us: stop, and correct what was not heard."""
        if self._speaking is None or self._speaking.done():
            return
        await self.stop_speaking()
        assert self._utterance is not None
        for each in self.talk.interrupt(self._utterance, after=monotonic() - self._since):
            await self._send(each)

    async def stop_speaking(self) -> None:
        if self._speaking is not None:
            self._speaking.cancel()
            await asyncio.gather(self._speaking, return_exceptions=True)

    async def _send(self, text: str) -> None:
        await self._socket.send_text(text)

    async def _receive(self) -> dict[str, Any]:
        message: Any = json.loads(await self._socket.receive_text())
        return message if isinstance(message, dict) else {}


def wants_text_only(initiation: dict[str, Any]) -> bool:
    override = initiation.get("conversation_config_override") or {}
    conversation = override.get("conversation") or {}
    return bool(override.get("text_only") or conversation.get("text_only"))


async def report(settings: Settings, conversation: StandIn, *, agent_id: str) -> None:
    """The signed post-call event, as it comes a while after the end."""
    await asyncio.sleep(REPORTED_AFTER)
    occasion = Occasion(
        conversation_id=conversation.conversation_id,
        email="",
        started_at=conversation.started_at,
        wanted=None,
    )
    dialogue = conversation.talk.dialogue(timezone=conversation.timezone)
    event = make_event(dialogue, occasion, agent_id=agent_id)
    now = datetime.now(UTC)
    event["event_timestamp"] = int(now.timestamp())
    event["data"]["metadata"]["call_duration_secs"] = int(
        (now - conversation.started_at).total_seconds()
    )
    body = json.dumps(event, ensure_ascii=False).encode()
    headers = {"ElevenLabs-Signature": sign(body, secret=settings.webhook_secrets[0], at=now)}
    base = settings.platform_url.removesuffix(PREFIX)
    try:
        async with httpx.AsyncClient(base_url=base, timeout=10, trust_env=False) as client:
            answer = await client.post("/webhooks/elevenlabs", content=body, headers=headers)
            answer.raise_for_status()
    except httpx.HTTPError as error:
        log.warning("stand_in_report_failed", error=describe(error))
