"""Facts read out of the transcript itself, for what the data collection leaves open."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from voice_service.analysis.model import Fact, Turn, WantedTime
from voice_service.analysis.times_turns import wanted_time_in

CONFIDENCE: Final = 0.7  # heard by rule, in the caller's own words
LONGEST_QUOTE: Final = 120


def with_heard_time(
    facts: Mapping[str, Fact],
    turns: Sequence[Turn],
    *,
    started_at: datetime,
    timezone: str,
    language: str,
) -> Mapping[str, Fact]:
    """The facts with the time the caller asked for, unless the data collection has one.

    Words of the data collection that tell no time are kept only when the caller's own do not
    either.
    """
    known = facts.get("preferred_time")
    if known is not None and isinstance(known.value, WantedTime) and known.value.start is not None:
        return facts
    heard = wanted_time_in(turns, started_at=started_at, timezone=timezone, language=language)
    if heard is None or (known is not None and heard[0].start is None):
        return facts
    wanted, turn = heard
    fact = Fact(
        name="preferred_time",
        value=wanted,
        source="transcript",
        turn=turn.position,
        quote=(turn.text or "")[:LONGEST_QUOTE],
        confidence=CONFIDENCE,
    )
    return {**facts, "preferred_time": fact}
