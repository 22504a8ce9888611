"""How the agent and the caller come to a time: what was offered, and what an answer says to it.

A caller's words are read as the service reads them afterwards, so both come to the same. Pure.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from voice_service.analysis import Turn, WantedTime, judge
from voice_service.rehearsal import script
from voice_service.rehearsal.find_slots import Found
from voice_service.rehearsal.script import CallerZone

MOST_OFFERS: Final = 5
# A no to the time alone, which leaves the call open.
ANOTHER_TIME: Final = re.compile(
    r"(?:\b(?:not|never)|n['\u2019]?t) (?:\w+ ){0,2}?"
    r"(?:suit|work|make|possible|good|free|available)"
    r"|\bca(?:nnot|n not|n['\u2019]?t) (?:do |make )?(?:it )?(?:then|on|at|that day)\b"
    r"|\b(?:another|other|different|earlier|later) (?:time|day|date|slot|hour|week)\b|\bbusy\b",
    re.IGNORECASE,
)
SHORT_YES: Final = re.compile(
    r"\W*(?:y|ye|yes+|ja|s[i\u00ed]|oui|fine|good|great)\W*|\U0001f44d", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class Look:
    """The agent has to look for free slots first; None: for the first good ones."""

    wanted: WantedTime | None


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What an answer says: yes, no or neither, and a time that it names or takes."""

    wants: bool | None
    time: WantedTime | None


class Offering:
    """One conversation's way to a time.

    Attributes:
        proposed: what the agent asks about now.
        agreed: what both have settled on.
        declined: whether the caller wants no call.
    """

    def __init__(self, zone: CallerZone, *, started_at: datetime) -> None:
        self.proposed: datetime | None = None
        self.agreed: datetime | None = None
        self.declined = False
        self._zone = zone
        self._started_at = started_at
        self._wanted: WantedTime | None = None
        self._offers = 0
        self._was_unclear = False
        self._closing = script.LEFT_TO_STAFF

    @property
    def closing(self) -> str:
        """What there is to say of it when no question is left."""
        if self.agreed is not None:
            return script.NOTED.format(when=self._zone.say(self.agreed))
        return script.DECLINED if self.declined else self._closing

    def begin(self) -> Look:
        return Look(wanted=None)

    def propose(self, found: Found) -> str | None:
        """The question about the best slot found; None when there is none to propose."""
        if not found.starts:
            nothing = script.NOTHING_NEAR if self._wanted else script.NOTHING_FREE
            self._closing = script.CALENDAR_AWAY if found.failed else nothing
            return None
        best = self.proposed = found.starts[0]
        wanted = self._wanted
        if wanted is None or wanted.start is None:
            return self._ask(script.OFFER)
        if wanted.end is not None:
            inside = wanted.start <= best < wanted.end
            return self._ask(script.INSTEAD if inside else script.NOT_FREE)
        return self._ask(script.FREE if best == wanted.start else script.NOT_FREE)

    def read(self, turns: Sequence[Turn]) -> Look | str | None:
        """What follows from the caller's last answer: look, ask, or go on.

        Args:
            turns: from the first offer on; the last two are a question about a time and its answer.
        """
        heard = self._hear(turns)
        time = heard.time if self._is_own(turns) or self._was_heard(turns[-2]) else None
        if time is not None and not (time.start == self.proposed and time.end is None):
            return self._own_time(time)
        words = turns[-1].text or ""
        no_to_time = ANOTHER_TIME.search(words) and not says_later(words)
        if no_to_time or (heard.wants is False and time is not None):
            return self._ask(script.WHICH_TIME)
        if heard.wants is False:
            self.declined = True
            return None
        if not self._was_heard(turns[-2]):
            return self._ask(script.OFFER_AGAIN)
        if heard.wants is None:
            return self._unclear()
        self.agreed = self.proposed
        return None

    def _hear(self, turns: Sequence[Turn]) -> Heard:
        """The answer by itself says yes or no; a time may be said in parts over several."""
        wish = self._facts(turns[-2:])
        wants = wish.get("wants_booking")
        if wants is None and SHORT_YES.fullmatch(turns[-1].text or ""):
            wants = True
        time = wish.get("preferred_time")
        if isinstance(time, WantedTime) and len(turns) > 2:
            time = self._facts(turns).get("preferred_time", time)
        return Heard(
            wants=wants if isinstance(wants, bool) else None,
            time=time if isinstance(time, WantedTime) else None,
        )

    def _facts(self, turns: Sequence[Turn]) -> dict[str, object]:
        judged = judge(
            turns, None, started_at=self._started_at, timezone=self._zone.name, language="en"
        )
        return {name: fact.value for name, fact in judged.facts.items()}

    def _own_time(self, time: WantedTime) -> Look | str | None:
        if time.start is None:
            return self._ask(script.WHICH_TIME)
        self._wanted = time
        return Look(wanted=time) if self._offers < MOST_OFFERS else None

    def _is_own(self, turns: Sequence[Turn]) -> bool:
        """Whether a time can be the caller's: not half of one that the agent could not finish."""
        return not turns[-2].interrupted or "preferred_time" in self._facts(turns[-1:])

    def _was_heard(self, question: Turn) -> bool:
        """A caller who spoke over the agent may not know yet which time it is about."""
        return self.proposed is None or self._zone.say(self.proposed) in (question.text or "")

    def _unclear(self) -> str | None:
        if self._was_unclear:
            return None
        self._was_unclear = True
        return self._ask(script.YES_OR_NO)

    def _ask(self, question: str) -> str | None:
        """The question, unless the caller was asked often enough."""
        self._offers += 1
        if self._offers > MOST_OFFERS or self.proposed is None:
            return None
        return question.format(when=self._zone.say(self.proposed))


def says_later(words: str) -> bool:
    """ "Maybe another time" wants no time at all."""
    return re.search(r"\b(?:maybe|perhaps|no thanks?|no thank you)\b", words, re.I) is not None
