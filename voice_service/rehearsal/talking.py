"""What is said in a conversation with the stand-in, and what comes next. No I/O.

The agent asks what a consultation needs to know, one question after the other. Typed words are
the caller's own; of spoken ones it hears only that somebody spoke, so it takes the script's.
"""

import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from voice_service.analysis import Turn
from voice_service.analysis.model import CALLER
from voice_service.consultations.model import LiveTurn, TurnSource
from voice_service.rehearsal import script
from voice_service.rehearsal.collecting import Answered, has_address
from voice_service.rehearsal.find_slots import Found
from voice_service.rehearsal.offering import Look, Offering
from voice_service.rehearsal.script import CallerZone, Topic, scripted_answer

AGENT: Final = "agent"


class Talk:
    """One conversation by script.

    Attributes:
        turns: what was said, as it was heard, in the order it was said.
        event_id: counts turns, as the platform's does.
    """

    def __init__(self, *, started_at: datetime, zone: CallerZone, text_only: bool) -> None:
        self.started_at = started_at
        self.zone = zone
        self.text_only = text_only
        self.turns: list[LiveTurn] = []
        self.event_id = 1
        self.offering = Offering(zone, started_at=started_at)
        self.answered: list[Answered] = []
        self._topic: Topic | None = None
        self._offered_at = 0  # position of the first question about a time
        self._number = secrets.randbelow(10**8)
        self._half_said = ""

    @property
    def is_over(self) -> bool:
        return self._topic == "goodbye"

    def plan(self, found: Found | None = None) -> Look | str:
        """What the agent does next: look for free slots, or say this. Takes some milliseconds.

        Args:
            found: what was found, when it was told to look.
        """
        match self._topic:
            case None:
                return self._ask("project", script.PROJECT)
            case "project":
                return self._ask("company", script.COMPANY)
            case "company":
                return self._ask("money", script.MONEY)
            case "money" if found is None:
                return self.offering.begin()
            case "money" | "offer":
                return self._offer(found)
            case _:
                return self._close()

    def _offer(self, found: Found | None) -> Look | str:
        step: Look | str | None
        if found is not None:
            step = self.offering.propose(found)
        else:
            step = self.offering.read(self.turns_of_words(since=self._offered_at))
        if isinstance(step, Look):
            return step
        if step is None:
            return self._ask("contact", f"{self.offering.closing} {script.CONTACT}")
        if self._topic != "offer":
            self._offered_at = len(self.turns)
        return self._ask("offer", step)

    def _close(self) -> str:
        if has_address(self.turns_of_words(), started_at=self.started_at, zone=self.zone):
            return self._ask("goodbye", script.GOODBYE)
        if self._topic == "contact":
            return self._ask("contact_again", script.CONTACT_AGAIN)
        return self._ask("goodbye", script.GOODBYE_WITHOUT_ADDRESS)

    def _ask(self, topic: Topic, text: str) -> str:
        self._topic = topic
        return text

    def turns_of_words(self, *, since: int = 0) -> list[Turn]:
        """All but the uses of tools; an agent's turn of which nothing was heard is empty."""
        return [turn for turn in self.turns[since:] if turn.text is not None]

    def say(self, text: str, *, now: datetime) -> None:
        self._add(AGENT, text, now)

    def interrupt(self, heard: str) -> None:
        """The caller spoke over the agent's last words: what was heard of them counts."""
        at = max(turn.position for turn in self.turns if turn.role == AGENT and turn.text)
        said = self.turns[at]
        self.turns[at] = replace(
            said, text=heard, original_text=said.text, interrupted=True, spoken=bool(heard)
        )

    def hear_typed(self, text: str, *, now: datetime) -> None:
        self._hear(text, now, source="text")

    def hear_partly(self, seconds: float, *, word_seconds: float) -> str | None:
        """What is understood so far of somebody who still speaks; None when it is nothing new."""
        words = self._scripted().split()
        half_said = " ".join(words[: min(int(seconds / word_seconds), len(words) - 1)])
        if half_said == self._half_said:
            return None
        self._half_said = half_said
        return half_said

    def hear_spoken(self, *, now: datetime) -> str:
        text = self._scripted()
        self._hear(text, now, source="audio")
        return text

    def _scripted(self) -> str:
        return scripted_answer(self._topic or "project", number=self._number)

    def _hear(self, text: str, now: datetime, *, source: TurnSource) -> None:
        self._half_said = ""
        self.event_id += 1
        if self._topic is not None:
            self.answered.append(Answered(topic=self._topic, text=text))
        self._add(CALLER, text, now, source=source)

    def use_tool(self, *, now: datetime, **use: list[dict[str, Any]]) -> None:
        """A turn without words: ``tool_calls`` or ``tool_results``."""
        self._add(AGENT, None, now, **use)

    def finish(self, *, now: datetime) -> None:
        """The conversation is over: what was only half said is kept."""
        if self._half_said:
            self._hear(self._half_said, now, source="audio")

    def _add(self, role: str, text: str | None, now: datetime, **more: Any) -> None:
        self.turns.append(
            LiveTurn(
                position=len(self.turns),
                role=role,
                text=text,
                said_at=now,
                time_in_call_secs=max(0, int((now - self.started_at).total_seconds())),
                event_id=str(self.event_id),
                **more,
            )
        )
