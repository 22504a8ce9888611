"""What the browser's microphone hears in a test: tones where somebody would speak."""

import math
import wave
from itertools import pairwise
from pathlib import Path
from typing import Final

RATE: Final = 16000
PERIOD: Final = 80  # samples of one wave: 200 Hz
LOUDNESS: Final = 12000
WAVE: Final = b"".join(
    int(LOUDNESS * math.sin(2 * math.pi * at / PERIOD)).to_bytes(2, "little", signed=True)
    for at in range(PERIOD)
)


def tone(seconds: float) -> bytes:
    """Signed 16-bit little-endian, in whole waves."""
    return WAVE * round(seconds * RATE / PERIOD)


def write_speech(path: Path, *edges: float) -> Path:
    """A WAV file that is silent until the first edge, sounds until the second, and so on.

    Args:
        edges: seconds, ascending; the last one is the file's end.
    """
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for number, (start, end) in enumerate(pairwise((0.0, *edges))):
            sound = tone(end - start)
            file.writeframes(sound if number % 2 else bytes(len(sound)))
    return path
