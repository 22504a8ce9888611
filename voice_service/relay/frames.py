"""Frames of the conversation socket: one JSON object each, as text. Pure."""

import json
from typing import Any, Final, TypeAlias

import pydantic_core

Frame: TypeAlias = dict[str, Any]

INITIATION: Final = "conversation_initiation_client_data"
METADATA: Final = "conversation_initiation_metadata"
AUDIO_KEY: Final = "user_audio_chunk"  # the one message that has no type
LONGEST_ID: Final = 255  # characters, as ``voice_session_id`` takes them
LONGEST_NUMBER: Final = 64  # bits
LONGEST_REASON: Final = 123  # bytes, says RFC 6455
UNSENDABLE: Final = frozenset({1005, 1006, 1015})  # what a close frame may not carry
NORMAL: Final = 1000
POLICY: Final = 1008
BROKEN: Final = 1011
TRY_LATER: Final = 1013


class UnreadableFrame(Exception):
    """Not a JSON object."""


def read_frame(text: str) -> Frame:
    """The object in a frame.

    Raises:
        UnreadableFrame: not JSON, nested beyond reason, or not an object.
    """
    try:
        value = pydantic_core.from_json(text, cache_strings="keys")  # no frame's audio comes twice
    except ValueError:
        # Lone surrogates and the like: others read them, so we must see what they see.
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            raise UnreadableFrame from None
    if not isinstance(value, dict):
        raise UnreadableFrame
    return value


def write_frame(frame: Frame) -> str:
    """Raises ValueError or RecursionError for what is no JSON, though Python read it as such."""
    return json.dumps(frame, separators=(",", ":"), allow_nan=False)


def part(frame: Frame, name: str) -> Frame:
    """The object under a name; empty where there is none, whatever the platform sends."""
    value = frame.get(name)
    return value if isinstance(value, dict) else {}


def text_of(frame: Frame, name: str) -> str | None:
    value = frame.get(name)
    return value if isinstance(value, str) else None


def id_of(frame: Frame, name: str = "event_id") -> str | None:
    """An id, which comes as a number here and as text there; what is too long to be one is none."""
    value = frame.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if value.bit_length() <= LONGEST_NUMBER else None
    return value if isinstance(value, str) and len(value) <= LONGEST_ID else None


def sendable(code: int, reason: str) -> tuple[int, str]:
    """A close code and reason that may be sent: what only a library may report becomes 1011."""
    known = 1000 <= code < 5000 and code not in UNSENDABLE and (code < 1016 or code >= 3000)
    cut = reason.encode("utf-8", "replace")[:LONGEST_REASON].decode("utf-8", "ignore")
    return (code if known and code != 1004 else BROKEN), cut
