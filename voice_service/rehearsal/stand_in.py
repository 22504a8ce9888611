"""The stand-in for ElevenLabs' conversation socket, served beside us where there is no account.

It speaks the vendor's protocol to our own relay, over a real socket, and afterwards sends the
signed post-call event, as the vendor would. Only our relay has the key to it.
"""

import asyncio
import json
import secrets
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Final
from uuid import uuid4

import httpx
import structlog
from fastapi import APIRouter, Header, Query, Request
from starlette.responses import JSONResponse, Response
from starlette.websockets import WebSocket

from voice_service.elevenlabs_api.client import SIGNED_URL_PATH
from voice_service.elevenlabs_api.signature import sign
from voice_service.errors import describe
from voice_service.rehearsal.conversation import StandIn
from voice_service.rehearsal.find_slots import Tools
from voice_service.rehearsal.post_call import Ended, make_post_call_event
from voice_service.rehearsal.talk_socket import TalkSocket
from voice_service.relay.tokens import PATH, Token, TokenRefused, read_token, write_token
from voice_service.settings import Settings

PREFIX: Final = "/stand-in"
SIGNATURE: Final = "conversation_signature"
KEY: Final = "stand-in token"
URL_LIVES: Final = timedelta(minutes=15)
REPORTED_AFTER: Final = (0.5, 2.0, 8.0)  # seconds; the vendor takes longer, and tries as often
ANSWERED_WITHIN: Final = 10.0  # seconds
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
    assert settings.staff_api_token is not None  # load_settings sees to it
    staff = {"Authorization": f"Bearer {settings.staff_api_token.get_secret_value()}"}
    base_url = settings.platform_url.removesuffix(PREFIX)
    # Our own service is not behind a proxy that leads out of this network.
    async with httpx.AsyncClient(
        base_url=base_url, timeout=ANSWERED_WITHIN, trust_env=False
    ) as client:
        conversation = StandIn(TalkSocket(socket), Tools(client, headers=staff))
        ended = await conversation.run()
        if conversation.talk is not None:  # else nobody knows of it
            body = await asyncio.to_thread(write_event, conversation, ended, token.agent_id)
            await report(client, body, secret=settings.webhook_secrets[0])


def write_event(conversation: StandIn, ended: Ended, agent_id: str) -> bytes:
    assert conversation.talk is not None
    event = make_post_call_event(
        conversation.talk,
        ended,
        conversation_id=conversation.conversation_id,
        agent_id=agent_id,
        initiation=conversation.initiation,
    )
    return json.dumps(event).encode()


async def report(client: httpx.AsyncClient, body: bytes, *, secret: bytes) -> None:
    """Send the signed event, as it comes a while after the end; again when that can help."""
    for seconds in REPORTED_AFTER:
        await asyncio.sleep(seconds)
        headers = {
            "ElevenLabs-Signature": sign(body, secret=secret, at=datetime.now(UTC)),
            "Content-Type": "application/json",
        }
        try:
            answer = await client.post("/webhooks/elevenlabs", content=body, headers=headers)
        except httpx.ConnectError as error:
            log.warning("stand_in_report_failed", error=describe(error))
            return  # the service is gone, and we are a part of it
        except httpx.HTTPError as error:
            log.warning("stand_in_report_failed", error=describe(error))
            continue
        if answer.is_success:
            return
        log.warning("stand_in_report_refused", status=answer.status_code)
        if answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
            return  # as the platform, which tries a refusal of this kind no second time
