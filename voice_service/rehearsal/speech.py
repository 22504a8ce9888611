"""The sound of what the stand-in's agent says: a soft hum, a tone a word. Pure."""

import base64
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final

from voice_service.rehearsal.wire_frames import frame

SAMPLE_RATE: Final = 16000  # Hz, as the formats in the metadata event say
WORD_SECONDS: Final = 0.35
TONES: Final = (196, 220, 247, 262)  # Hz; one a word, softly
LOUDNESS: Final = 2500  # of 32767
FADE: Final = 400  # samples


@dataclass(frozen=True, kw_only=True)
class Utterance:
    """Something the agent says, at the speed of speech; ``event_id`` counts turns."""

    text: str
    event_id: int

    @property
    def chunks(self) -> Iterator[str]:
        """A frame of sound for each word, ``WORD_SECONDS`` long."""
        for number, word in enumerate(self.text.split()):
            yield frame(
                "audio",
                "audio_event",
                audio_base_64=sound_of(TONES[number % len(TONES)], WORD_SECONDS),
                event_id=self.event_id,
                alignment=alignment(f"{word} "),
            )

    def heard_after(self, seconds: float) -> str:
        """As much of it as was played in this time: whole words."""
        return " ".join(self.text.split()[: int(seconds / WORD_SECONDS)])


def alignment(said: str) -> dict[str, Any]:
    """When each letter is heard, in milliseconds from the beginning of its chunk."""
    whole = int(WORD_SECONDS * 1000)
    starts = [whole * number // len(said) for number in range(len(said) + 1)]
    return {
        "chars": list(said),
        "char_start_times_ms": starts[:-1],
        "char_durations_ms": [end - start for start, end in pairwise(starts)],
    }


@lru_cache(maxsize=len(TONES))
def sound_of(hertz: int, seconds: float) -> str:
    return base64.b64encode(tone(hertz, seconds=seconds)).decode()


def tone(hertz: int, *, seconds: float) -> bytes:
    """A soft hum, signed 16-bit little-endian."""
    count = int(seconds * SAMPLE_RATE)
    samples = (
        int(
            LOUDNESS
            * min(1, n / FADE, (count - n) / FADE)
            * math.sin(2 * math.pi * hertz * n / SAMPLE_RATE)
        )
        for n in range(count)
    )
    return b"".join(sample.to_bytes(2, "little", signed=True) for sample in samples)
