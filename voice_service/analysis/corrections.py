"""What staff know better: facts a person set or took away. They win over everything heard."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from voice_service.analysis.data_collection import FIELDS, is_absent, read_data_collection
from voice_service.analysis.model import Fact

CONFIDENCE: Final = 1.0


class FactUnusable(ValueError):
    """A correction that cannot be meant; the text names the fact and says what is wrong."""


@dataclass(frozen=True, kw_only=True)
class Corrections:
    """Facts as a person set them; ``removed`` are those the caller never stated."""

    facts: Mapping[str, Fact]
    removed: frozenset[str]

    def apply(self, facts: Mapping[str, Fact]) -> dict[str, Fact]:
        """The facts with the corrections in place of what was heard."""
        kept = {name: fact for name, fact in facts.items() if name not in self.removed}
        return kept | dict(self.facts)


NONE: Final = Corrections(facts={}, removed=frozenset())


def read_corrections(
    values: Mapping[str, object], *, started_at: datetime, timezone: str
) -> Corrections:
    """Read corrections by the name of their fact; null takes a fact away.

    Raises:
        FactUnusable: there is no such fact, or the value is of the wrong kind or out of range.
    """
    for name in values:
        if name not in FIELDS or name == "caller_sentiment":
            raise FactUnusable(f"there is no fact “{name}”")
    read = read_data_collection(dict(values), started_at=started_at, timezone=timezone)
    for reason in read.ignored:
        raise FactUnusable(f"“{reason.quote}” cannot have this value")
    return Corrections(
        facts={
            name: replace(fact, source="staff", confidence=CONFIDENCE)
            for name, fact in read.facts.items()
        },
        removed=frozenset(name for name, value in values.items() if is_absent(name, value)),
    )
