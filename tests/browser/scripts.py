"""What the test's platform says in a conversation, and what it heard."""

import base64
import json
from array import array
from collections.abc import Iterable, Sequence
from typing import Any, Final

from tests.browser.sound import LOUDNESS, tone
from tests.voice_service.relay.platform import Call, Script, agent_says

HOSTILE: Final = '<script>document.title=1</script><img src="/x" onerror="document.title=2"> & more'
"""What people and platforms may say."""


def says(*frames: str) -> Script:
    """A conversation in which the agent says all of it at once, and then listens."""

    async def script(call: Call) -> None:
        await call.begin()
        await call.say(*frames)
        await call.stay()

    return script


def hangs_up(code: int, reason: str) -> Script:
    """A conversation that the platform ends when something was typed."""

    async def script(call: Call) -> None:
        await call.begin()
        await call.say(agent_says("One moment, please."))
        while not sent(call, "user_message"):
            await call.hear()
        await call.socket.close(code, reason)

    return script


def sounds(seconds: float, *, event_id: int = 1, letters: Sequence[int] | None = None) -> str:
    """A tone; ``letters`` tells when each letter of the text begins, in milliseconds."""
    sound = base64.b64encode(tone(seconds)).decode()
    event: dict[str, Any] = {"audio_base_64": sound, "event_id": event_id}
    if letters is not None:
        count = len(letters)
        event["alignment"] = {
            "chars": ["x"] * count,
            "char_start_times_ms": list(letters),
            "char_durations_ms": [10] * count,
        }
    return json.dumps({"type": "audio", "audio_event": event})


def sent(call: Call, kind: str) -> list[dict[str, Any]]:
    """The frames of one type that arrived."""
    frames = (json.loads(frame) for frame in call.heard)
    return [frame for frame in frames if frame.get("type") == kind]


def loud_chunks(frames: Iterable[str | bytes]) -> int:
    """How many pieces of the microphone's sound are no silence."""
    chunks = (json.loads(frame).get("user_audio_chunk") for frame in frames)
    return sum(loudness(base64.b64decode(chunk)) > LOUDNESS / 10 for chunk in chunks if chunk)


def loudness(audio: bytes) -> int:
    return max(map(abs, array("h", audio)), default=0)
