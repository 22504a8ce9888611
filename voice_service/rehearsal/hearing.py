"""What the stand-in hears of a caller's sound: that somebody speaks, and for how long. Pure."""

from typing import Final

from voice_service.rehearsal.speech import SAMPLE_RATE


class Ear:
    """Hears from the sound alone when somebody spoke and then was silent."""

    SPEECH: Final = 300  # mean loudness of 32767
    SPOKE: Final = 0.3  # seconds of sound that count as words
    SILENT: Final = 0.6  # seconds without, after which they have ended
    SCORED_EVERY: Final = 0.1  # seconds of sound that one score is of

    def __init__(self) -> None:
        self.speech = 0.0  # seconds of sound since somebody began to speak
        self._silence = 0.0
        self._unscored = 0.0
        self._loudness = 0.0

    def hear(self, audio: bytes) -> bool:
        """Whether somebody has just finished speaking; ``audio`` is 16-bit sound."""
        samples = memoryview(audio[: len(audio) // 2 * 2]).cast("h")
        seconds = len(samples) / SAMPLE_RATE
        few = samples[:: max(1, len(samples) // 64)]
        self._loudness = sum(map(abs, few)) / max(1, len(few))
        self._unscored += seconds
        if self._loudness > self.SPEECH:
            self.speech, self._silence = self.speech + seconds, 0.0
            return False
        self._silence += seconds
        ended = self._silence >= self.SILENT
        spoke = ended and self.speech >= self.SPOKE
        if ended:
            self.speech = 0.0
        return spoke

    def score(self) -> float | None:
        """How sure it is that somebody speaks, 0..1, of the last sound; not more than 10/s."""
        if self._unscored < self.SCORED_EVERY:
            return None
        self._unscored = 0.0
        return round(self._loudness / (self._loudness + self.SPEECH), 2)

    @property
    def is_hearing(self) -> bool:
        """Whether somebody is speaking now, long enough to interrupt."""
        return self.speech >= self.SPOKE
