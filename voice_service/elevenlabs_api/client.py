"""Calls to ElevenLabs' REST API, with the only retries.

The one call that is needed before a conversation can begin goes without the vendor's SDK, whose
import alone takes longer than a caller would wait.
"""

from typing import Final

import httpx
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_fixed

SIGNED_URL_PATH: Final = "/v1/convai/conversation/get-signed-url"
ATTEMPTS: Final = 2
PAUSE: Final = 0.2  # seconds
SYSTEM_BUSY: Final = 429


class PlatformError(Exception):
    """ElevenLabs answered, and not with what was asked for. ``status`` is HTTP's."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


def is_passing(error: BaseException) -> bool:
    """Whether asking again at once may help."""
    if isinstance(error, PlatformError):
        return error.status >= httpx.codes.INTERNAL_SERVER_ERROR or error.status == SYSTEM_BUSY
    return isinstance(error, httpx.TransportError) and not isinstance(error, httpx.TimeoutException)


async def get_signed_url(client: httpx.AsyncClient, agent_id: str) -> str:
    """Where to connect for one conversation with an agent, within 15 minutes.

    Args:
        client: with ElevenLabs' address, our key and a time-out.
    Raises:
        PlatformError: refused, or answered with something else.
        httpx.HTTPError: not reached.
    """
    async for attempt in AsyncRetrying(
        stop=stop_after_attempt(ATTEMPTS),
        wait=wait_fixed(PAUSE),
        retry=retry_if_exception(is_passing),
        reraise=True,
    ):
        with attempt:
            answer = await client.get(SIGNED_URL_PATH, params={"agent_id": agent_id})
            return read_signed_url(answer)
    raise AssertionError("tenacity raises after the last attempt")


def read_signed_url(answer: httpx.Response) -> str:
    if not answer.is_success:
        raise PlatformError(answer.status_code)
    try:
        url = answer.json()["signed_url"]
    except (ValueError, KeyError, TypeError):
        raise PlatformError(answer.status_code) from None
    if not isinstance(url, str) or not url.startswith(("wss://", "ws://")):
        raise PlatformError(answer.status_code)
    return url
