"""Calls written for these tests, with what a person reads out of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from voice_service.analysis import Qualification, Turn, judge

ROLES = {"A": "agent", "U": "user"}


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call as lines of ``A:`` and ``U:``; ``expected`` names only what the call is about.

    Beside fields of the verdict it may hold ``score`` as a number or two ends, ``reasons`` and
    ``no_reasons`` by their codes, ``missing`` as what is at least, and ``facts`` by their values.
    """

    name: str
    said: str
    expected: Mapping[str, Any]
    report: Mapping[str, Any] | None = None
    language: str = "en"
    timezone: str = "America/Chicago"
    started_at: datetime = field(default=datetime.fromisoformat("2027-03-09T10:15:00-06:00"))

    @property
    def turns(self) -> list[Turn]:
        lines = [line.strip().partition(":") for line in self.said.strip().splitlines()]
        return [
            Turn(position=position, role=ROLES[role], text=text.strip())
            for position, (role, _, text) in enumerate(lines)
        ]

    def judged(self, turns: list[Turn] | None = None) -> Qualification:
        return judge(
            self.turns if turns is None else turns,
            self.report,
            started_at=self.started_at,
            timezone=self.timezone,
            language=self.language,
        )
