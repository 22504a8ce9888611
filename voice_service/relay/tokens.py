"""Signed URLs: who may open one conversation, with which agent, for a few minutes. Pure.

A token is base64url without padding, since clients take a URL's query apart and put it together
again. That it opens one conversation only is the database's to know, by its id.
"""

import base64
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

MAC_BYTES: Final = 16
LONGEST: Final = 2048
PATH: Final = "/v1/convai/conversation"
PARAMETER: Final = "relay_token"
"""Not ``conversation_signature``: ElevenLabs' widget would send that to ElevenLabs."""


class TokenRefused(Exception):
    """The text may be shown to whoever brought it."""


@dataclass(frozen=True, kw_only=True)
class Token:
    """What a signed URL allows.

    Attributes:
        id: of the one conversation it opens.
        trusted: given to a holder of our key, whose conversations no visitor's limit counts.
        timezone: the visitor's, as their browser told it.
    """

    id: UUID
    agent_id: str
    expires_at: datetime
    trusted: bool = False
    timezone: str | None = None


def write_token(token: Token, key: bytes) -> str:
    content = json.dumps(
        [
            token.id.hex,
            token.agent_id,
            int(token.expires_at.timestamp()),
            token.trusted,
            token.timezone,
        ]
    ).encode()
    return base64.urlsafe_b64encode(mac(content, key) + content).rstrip(b"=").decode()


def read_token(text: str, key: bytes, *, now: datetime) -> Token:
    """Raises TokenRefused for what we did not sign, and for what is too old."""
    try:
        padded = text[:LONGEST] + "=" * (-len(text[:LONGEST]) % 4)
        raw = base64.b64decode(padded, altchars=b"-_", validate=True)
    except ValueError:
        raise TokenRefused("The signed URL is damaged. Get a new one.") from None
    signature, content = raw[:MAC_BYTES], raw[MAC_BYTES:]
    if not hmac.compare_digest(signature, mac(content, key)):
        raise TokenRefused("The signed URL is not ours. Get a new one.")
    token_id, agent_id, expires_at, trusted, timezone = json.loads(content)
    token = Token(
        id=UUID(token_id),
        agent_id=agent_id,
        expires_at=datetime.fromtimestamp(expires_at, UTC),
        trusted=trusted,
        timezone=timezone,
    )
    if token.expires_at <= now:
        raise TokenRefused("The signed URL has expired. Get a new one.")
    return token


def mac(content: bytes, key: bytes) -> bytes:
    return hmac.digest(key, content, "sha256")[:MAC_BYTES]


def signed_url(base_url: str, agent_id: str, token: str) -> str:
    """Where a client connects; ``base_url`` is http or https, perhaps with a path."""
    query = urlencode({"agent_id": agent_id, PARAMETER: token})
    return f"ws{base_url.removeprefix('http')}{PATH}?{query}"
