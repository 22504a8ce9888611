"""What the stand-in's agent says, and when: frames of a conversation by script. Pure.

It asks what a consultation needs to know, one question after the other, whatever the caller says.
Of spoken words it understands only that somebody spoke, so it takes the script's for them.
"""

import base64
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from voice_service.rehearsal.model import Dialogue, Line, agent, caller

SAMPLE_RATE: Final = 16000  # Hz, as the formats in the metadata event say
CHUNK_SECONDS: Final = 0.1
WORD_SECONDS: Final = 0.35
TONES: Final = (196, 220, 247, 262)  # Hz; one a word, softly
LOUDNESS: Final = 2500  # of 32767
FADE: Final = 400  # samples

QUESTIONS: Final = (
    "Hello, this is Intellectif. I am a stand-in and follow a script. What can we build for you?",
    "That sounds like work for us. How many people are you, and who decides about it?",
    "Thank you. Which budget have you set aside for it, and when should it be ready?",
    "Then let us talk. Would you like a free discovery call, and which day and time suit you?",
    "Gladly. Tell me your name, please, and the e-mail address for the confirmation.",
    "Thank you, I have noted all of it. Goodbye!",
)
HEARD: Final = (
    "We plan our drivers' routes in spreadsheets, and want a web application for it.",
    "There are forty people here. I own the company, so I decide.",
    "We have a budget of fifty thousand dollars, and it should run within three months.",
    "Yes please, I would like to book the discovery call. Tomorrow at two in the afternoon.",
    "My name is Robin Ashby, and you can write to robin dot ashby at example dot com.",
)
"""What the agent takes spoken words for, question by question."""


def metadata(conversation_id: str) -> str:
    return frame(
        "conversation_initiation_metadata",
        "conversation_initiation_metadata_event",
        conversation_id=conversation_id,
        agent_output_audio_format=f"pcm_{SAMPLE_RATE}",
        user_input_audio_format=f"pcm_{SAMPLE_RATE}",
    )


def frame(kind: str, key: str, **event: Any) -> str:
    return json.dumps({"type": kind, key: event})


@dataclass(frozen=True, kw_only=True)
class Utterance:
    """Something the agent says; ``chunks`` of sound, each ``CHUNK_SECONDS`` long."""

    text: str
    event_id: int
    said_at: datetime

    @property
    def chunks(self) -> Iterator[str]:
        for word in range(len(self.text.split())):
            sound = tone(TONES[word % len(TONES)], seconds=WORD_SECONDS)
            step = int(CHUNK_SECONDS * SAMPLE_RATE) * 2
            for start in range(0, len(sound), step):
                yield frame(
                    "audio",
                    "audio_event",
                    audio_base_64=base64.b64encode(sound[start : start + step]).decode(),
                    event_id=self.event_id,
                )

    def heard_after(self, seconds: float) -> str:
        """As much of it as was played in this time: whole words."""
        return " ".join(self.text.split()[: int(seconds / WORD_SECONDS)])


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


class Talk:
    """One conversation by script: what is said, by whom, and what comes next."""

    def __init__(self, *, text_only: bool) -> None:
        self.text_only = text_only
        self.lines: list[Line] = []
        self._asked = 0

    @property
    def is_over(self) -> bool:
        return self._asked == len(QUESTIONS)

    def ask(self, *, now: datetime) -> Utterance:
        """The next question; must not be called when it is over."""
        text = QUESTIONS[self._asked]
        self._asked += 1
        self.lines.append(agent(in_braces(text)))
        return Utterance(text=text, event_id=self._asked, said_at=now)

    def said(self, utterance: Utterance) -> str:
        return frame(
            "agent_response",
            "agent_response_event",
            agent_response=utterance.text,
            event_id=utterance.event_id,
        )

    def interrupt(self, utterance: Utterance, *, after: float) -> Iterator[str]:
        """The caller spoke over the agent: what was heard of it corrects what was said."""
        heard = utterance.heard_after(after)
        rest = utterance.text[len(heard) :].strip()
        self.lines[-1] = replace(self.lines[-1], text=in_braces(heard), cut_off=in_braces(rest))
        yield frame("interruption", "interruption_event", event_id=utterance.event_id)
        yield frame(
            "agent_response_correction",
            "agent_response_correction_event",
            original_agent_response=utterance.text,
            corrected_agent_response=heard,
            event_id=utterance.event_id,
        )

    def hear_typed(self, text: str) -> None:
        """Typed words are not echoed by the platform."""
        self.lines.append(caller(in_braces(text)))

    def hear_spoken(self) -> str:
        text = HEARD[min(self._asked, len(HEARD)) - 1]
        self.lines.append(caller(in_braces(text)))
        return frame(
            "user_transcript",
            "user_transcription_event",
            user_transcript=text,
            event_id=self._asked + 1,
        )

    def hang_up(self) -> str:
        return frame(
            "agent_tool_response",
            "agent_tool_response",
            tool_name="end_call",
            tool_call_id=f"call_end_{self._asked}",
            tool_type="system",
            is_error=False,
            is_called=True,
            event_id=self._asked,
        )

    def dialogue(self, *, timezone: str) -> Dialogue:
        """The whole of it, for the post-call event."""
        return Dialogue(
            timezone=timezone, lines=tuple(self.lines), title="A talk with the stand-in"
        )


def in_braces(text: str) -> str:
    """Braces in a line stand for something; those that people type do not."""
    return text.replace("{", "{{").replace("}", "}}")


class Ear:
    """Hears from the sound alone when somebody spoke and then was silent."""

    SPEECH: Final = 300  # mean loudness of 32767
    SPOKE: Final = 0.3  # seconds of sound that count as words
    SILENT: Final = 0.6  # seconds without, after which they have ended

    def __init__(self) -> None:
        self._speech = 0.0
        self._silence = 0.0

    def hear(self, audio: bytes) -> bool:
        """Whether somebody has just finished speaking; ``audio`` is 16-bit sound."""
        samples = memoryview(audio[: len(audio) // 2 * 2]).cast("h")
        seconds = len(samples) / SAMPLE_RATE
        few = samples[:: max(1, len(samples) // 64)]
        if sum(map(abs, few)) > self.SPEECH * len(few):
            self._speech, self._silence = self._speech + seconds, 0.0
            return False
        self._silence += seconds
        ended = self._silence >= self.SILENT
        spoke = ended and self._speech >= self.SPOKE
        if ended:
            self._speech = 0.0
        return spoke

    @property
    def is_hearing(self) -> bool:
        """Whether somebody is speaking now, long enough to interrupt."""
        return self._speech >= self.SPOKE
