"""Is this webhook really theirs? Pure: the caller brings header, secrets, clock and body.

ElevenLabs signs with ``ElevenLabs-Signature: t=<unix seconds>,v0=<hex>``, where hex is the
HMAC-SHA256 of ``<t>.<raw body>`` under the webhook's secret. The SDK's own check accepts times from
the future and does not compare in constant time, hence this one.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

OLDEST: Final = timedelta(minutes=30)
FURTHEST_AHEAD: Final = timedelta(minutes=5)
LONGEST_HEADER: Final = 4096


class SignatureError(Exception):
    """Not signed by ElevenLabs, or not now. The text says why, for the operator's log."""


@dataclass(frozen=True, kw_only=True)
class SignatureHeader:
    """A well-formed header: the signed time as it was written, and every ``v0`` signature."""

    timestamp: str
    signatures: tuple[str, ...]


def read_header(values: Sequence[str], *, now: datetime) -> SignatureHeader:
    """Check the header before any of the body is read.

    Args:
        values: every value of the header in the request; there must be exactly one.
        now: aware.
    Raises:
        SignatureError: missing, doubled, malformed, stale or from the future.
    """
    if len(values) != 1 or len(values[0]) > LONGEST_HEADER:
        raise SignatureError("missing" if not values else "doubled or too long")
    parts = [part.strip().partition("=") for part in values[0].split(",")]
    times = [value for name, _, value in parts if name == "t"]
    signatures = tuple(value for name, _, value in parts if name == "v0" and value)
    if len(times) != 1 or not signatures:
        raise SignatureError("malformed: want t=<seconds>,v0=<hex>")
    if not (times[0].isascii() and times[0].isdigit() and len(times[0]) <= 12):
        raise SignatureError("malformed: t is not a number of seconds")
    age = timedelta(seconds=now.timestamp() - int(times[0]))
    if age > OLDEST:
        raise SignatureError("stale")
    if age < -FURTHEST_AHEAD:
        raise SignatureError("from the future")
    return SignatureHeader(timestamp=times[0], signatures=signatures)


class SignatureCheck:
    """Hashes a body as it comes in, under every secret that may be in use."""

    def __init__(self, header: SignatureHeader, secrets: Sequence[bytes]) -> None:
        self._signatures = [value.encode("utf-8", "surrogateescape") for value in header.signatures]
        start = header.timestamp.encode() + b"."
        self._hashes = [hmac.new(secret, start, sha256) for secret in secrets]

    def update(self, chunk: bytes) -> None:
        for each in self._hashes:
            each.update(chunk)

    def verify(self) -> None:
        """Raises SignatureError unless one secret gives one of the signatures."""
        # No short cut: every pair is compared, whichever of them holds.
        matches = [
            hmac.compare_digest(each.hexdigest().encode(), signature)
            for each in self._hashes
            for signature in self._signatures
        ]
        if not any(matches):
            raise SignatureError("wrong")


def sign(body: bytes, *, secret: bytes, at: datetime) -> str:
    """The header's value as ElevenLabs would send it; the stand-in signs with this."""
    timestamp = str(int(at.timestamp()))
    digest = hmac.new(secret, timestamp.encode() + b"." + body, sha256)
    return f"t={timestamp},v0={digest.hexdigest()}"
