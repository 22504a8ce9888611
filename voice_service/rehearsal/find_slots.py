"""The agent's tool ``find_slots``, as the platform would use it: asked over HTTP, answered small.

Until our tools have endpoints of their own, the free slots of the JSON API are asked. ``Tools`` is
the one place that knows; what is told of a call is what was asked and answered.
"""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, Final
from zoneinfo import ZoneInfo

import httpx
from pydantic import AwareDatetime, BaseModel, ValidationError

from voice_service.analysis import WantedTime
from voice_service.rehearsal.occasions import oddity
from voice_service.rehearsal.script import SERVICE, CallerZone

NAME: Final = "find_slots"
PATH: Final = "/api/v1/slots"
ANSWERED_WITHIN: Final = 4.0  # seconds; the caller hears nothing meanwhile
FROM_NOW: Final = timedelta(days=1)  # well clear of any minimum notice
LOOKED_AT: Final = timedelta(days=7)
MOST_TOLD: Final = 3  # slots that the agent is told of

Better = Callable[[datetime], Any]


class FreeSlot(BaseModel):
    slot_id: str
    start: AwareDatetime
    end: AwareDatetime


class SlotList(BaseModel):
    items: list[FreeSlot]


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the tool answered.

    Attributes:
        starts: free ones, the best first; none when the question ``failed``.
        text: the answer as the agent gets it; what went wrong where it failed.
    """

    starts: Sequence[datetime]
    text: str
    failed: bool
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Question:
    """One use of the tool: free slots near a wanted time, or the first good ones."""

    wanted: WantedTime | None
    zone: CallerZone
    now: datetime

    @property
    def params(self) -> dict[str, str]:
        """The query that is asked."""
        start, end = self.range
        return {
            "service": SERVICE,
            "from": start.isoformat(timespec="seconds"),
            "to": end.isoformat(timespec="seconds"),
            "timezone": self.zone.name,
        }

    @property
    def range(self) -> tuple[datetime, datetime]:
        if self.wanted is None or self.wanted.start is None:
            start = self.now + FROM_NOW
        else:
            start = max(self.now, self.wanted.start - LOOKED_AT / 2)
        return start, min(start, datetime.max.replace(tzinfo=UTC) - LOOKED_AT) + LOOKED_AT

    @property
    def better(self) -> Better:
        """Sorts the slots that suit the caller to the front."""
        zone = self.zone.zone
        wanted = self.wanted
        if wanted is None or wanted.start is None:
            return lambda start: (*oddity(start, zone), start)
        begin, end = wanted.start, wanted.end
        if end is None:
            return lambda start: (abs(start - begin), start)
        return lambda start: (not begin <= start < end, abs(start - begin), start)


class Tools:
    """The agent's way to our service.

    Args:
        client: its base URL is our service's.
        headers: what opens the service's API.
    """

    def __init__(self, client: httpx.AsyncClient, *, headers: Mapping[str, str]) -> None:
        self._client = client
        self._headers = dict(headers)

    def url(self) -> str:
        return str(self._client.base_url.join(PATH))

    async def find_slots(self, question: Question) -> Found:
        """Ask, and wait no longer than ``ANSWERED_WITHIN``; what is away is told, not raised."""
        began = monotonic()
        try:
            async with asyncio.timeout(ANSWERED_WITHIN):
                answer = await self._client.get(PATH, params=question.params, headers=self._headers)
            answer.raise_for_status()
            free = SlotList.model_validate_json(answer.content).items
        except (httpx.HTTPError, TimeoutError, ValidationError) as error:
            return Found(starts=(), text=in_short(error), failed=True, seconds=monotonic() - began)
        best = in_order(free, question.better)
        text = json.dumps({"status": "ok", "slots": told(best[:MOST_TOLD], question.zone)})
        return Found(
            starts=tuple(slot.start.astimezone(UTC) for slot in best),
            text=text,
            failed=False,
            seconds=monotonic() - began,
        )


def in_short(error: Exception) -> str:
    """What went wrong, as a transcript may tell it."""
    if isinstance(error, httpx.HTTPStatusError):
        return f"HTTP {error.response.status_code}"
    return type(error).__name__


def in_order(free: Sequence[FreeSlot], better: Better) -> list[FreeSlot]:
    """One slot a start, the best first."""
    by_start = {slot.start: slot for slot in reversed(free)}
    return sorted(by_start.values(), key=lambda slot: better(slot.start))


def told(slots: Sequence[FreeSlot], zone: CallerZone) -> list[dict[str, str]]:
    return [
        {
            "slot_id": slot.slot_id,
            "start": in_zone(slot.start, zone.zone),
            "end": in_zone(slot.end, zone.zone),
            "timezone": zone.name,
            "say": zone.say(slot.start),
        }
        for slot in slots
    ]


def in_zone(time: datetime, zone: ZoneInfo) -> str:
    return time.astimezone(zone).isoformat(timespec="seconds")
