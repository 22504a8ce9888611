"""The platform's side of a conversation: connect, or say in words why not."""

import asyncio
from typing import Final

import httpx
import structlog
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as connect_socket
from websockets.exceptions import InvalidHandshake, InvalidURI, WebSocketException

from voice_service.elevenlabs_api.client import PlatformError, get_signed_url
from voice_service.errors import describe
from voice_service.relay.frames import BROKEN, TRY_LATER
from voice_service.relay.session import SessionBroken
from voice_service.settings import Settings

LARGEST_FRAME: Final = 16 * 1024 * 1024  # as in the vendor's own clients
WAITING_FRAMES: Final = 8  # received and not yet passed on; then the socket is not read
CLOSE_WITHIN: Final = 2.0  # seconds for the platform to answer our close
PING_EVERY: Final = 5.0  # seconds
PONG_WITHIN: Final = 15.0  # seconds; then the connection is dead, and its caller heard nothing

SILENT: Final = "The voice platform does not answer just now. Please try again."
REFUSED: Final = "The voice platform refused the conversation. Please tell us about it."
UNREACHABLE: Final = "The voice platform cannot be reached just now. Please try again."
BUSY: Final = "The voice platform is busy just now. Please try again."

log = structlog.get_logger()


def platform_client(settings: Settings) -> httpx.AsyncClient:
    """For ElevenLabs' REST API, through the environment's proxy; our own stand-in needs none."""
    return httpx.AsyncClient(
        base_url=settings.platform_url,
        headers={"xi-api-key": settings.platform_key},
        timeout=settings.relay_connect_seconds,
        trust_env=not settings.uses_stand_in,
    )


async def connect_platform(
    settings: Settings, client: httpx.AsyncClient, agent_id: str
) -> ClientConnection:
    """A new conversation's socket.

    Raises:
        SessionBroken: there is none to be had, within ``RELAY_CONNECT_SECONDS``.
    """
    try:
        async with asyncio.timeout(settings.relay_connect_seconds):
            url = await get_signed_url(client, agent_id)
            return await connect_socket(
                url,
                max_size=LARGEST_FRAME,
                max_queue=WAITING_FRAMES,
                compression=None,
                open_timeout=None,
                close_timeout=CLOSE_WITHIN,
                ping_interval=PING_EVERY,
                ping_timeout=PONG_WITHIN,
                proxy=None if settings.uses_stand_in else True,
            )
    except (OSError, httpx.HTTPError, PlatformError, WebSocketException) as error:
        # TimeoutError is an OSError. The text could hold the URL, which is a secret.
        log.warning("platform_unavailable", error=describe(error))
        raise refusal_of(error) from None


def refusal_of(error: Exception) -> SessionBroken:
    """What the visitor is told; the operator finds more in the log."""
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return SessionBroken(TRY_LATER, SILENT)
    if isinstance(error, PlatformError):
        busy = error.status == httpx.codes.TOO_MANY_REQUESTS or error.status >= 500
        return SessionBroken(TRY_LATER, BUSY) if busy else SessionBroken(BROKEN, REFUSED)
    if isinstance(error, InvalidHandshake | InvalidURI):
        return SessionBroken(BROKEN, REFUSED)
    return SessionBroken(TRY_LATER, UNREACHABLE)
