"""The stand-in's tool for free slots, asked of a service that answers in many ways."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
import respx

from voice_service.analysis import WantedTime
from voice_service.rehearsal import find_slots
from voice_service.rehearsal.find_slots import Found, Question, Tools
from voice_service.rehearsal.script import CallerZone, read_caller_zone

NOW = datetime(2031, 1, 6, 8, 0, tzinfo=UTC)
LONDON = read_caller_zone("Europe/London")
URL = "http://service.test/api/v1/slots"


def slot(start: datetime, consultant: str = "a") -> dict[str, str]:
    return {
        "slot_id": f"{consultant}-{start:%d%H%M}",
        "start": start.isoformat(),
        "end": (start + timedelta(minutes=15)).isoformat(),
    }


def question(wanted: WantedTime | None = None, zone: CallerZone = LONDON) -> Question:
    return Question(wanted=wanted, zone=zone, now=NOW)


def at(start: datetime, end: datetime | None = None) -> WantedTime:
    return WantedTime(start=start, end=end, words="then")


async def ask(mine: Question) -> Found:
    async with httpx.AsyncClient(base_url="http://service.test") as client:
        return await Tools(client, headers={"Authorization": "Bearer x"}).find_slots(mine)


@respx.mock
async def test_the_first_good_time_of_the_next_week_is_best() -> None:
    early = NOW.replace(day=7, hour=6)
    odd, good = NOW.replace(day=8, hour=9, minute=15), NOW.replace(day=8, hour=10)
    items = [slot(early), slot(odd), slot(good), slot(good, "b"), slot(good.replace(day=9))]
    route = respx.get(URL).respond(json={"items": items})
    found = await ask(question())
    assert found.starts == (good, good.replace(day=9), odd, early)
    told = json.loads(found.text)["slots"]
    assert [each["slot_id"] for each in told] == ["a-081000", "a-091000", "a-080915"]
    assert told[0]["say"] == "Wednesday, January 8 at 10 AM"
    request = route.calls.last.request
    assert dict(request.url.params) == question().params
    assert request.headers["Authorization"] == "Bearer x"
    assert question().params["from"] == "2031-01-07T08:00:00+00:00"
    assert question().params["to"] == "2031-01-14T08:00:00+00:00"


@respx.mock
async def test_near_a_wanted_time_the_nearest_is_best() -> None:
    wanted = NOW.replace(day=9, hour=15)
    near, far = wanted - timedelta(minutes=30), wanted + timedelta(hours=2)
    respx.get(URL).respond(json={"items": [slot(far), slot(near)]})
    assert (await ask(question(at(wanted)))).starts == (near, far)


@respx.mock
async def test_of_a_part_of_a_day_what_lies_in_it_is_best() -> None:
    noon = NOW.replace(day=9, hour=12)
    before, inside = noon - timedelta(minutes=15), noon + timedelta(hours=3)
    respx.get(URL).respond(json={"items": [slot(before), slot(inside)]})
    found = await ask(question(at(noon, noon + timedelta(hours=5))))
    assert found.starts == (inside, before)


@pytest.mark.parametrize(
    "wanted", [NOW, NOW + timedelta(days=400), datetime(9999, 12, 31, 23, tzinfo=UTC)]
)
def test_any_time_can_be_asked_for(wanted: datetime) -> None:
    start, end = question(at(wanted)).range
    assert NOW <= start < end


@respx.mock
@pytest.mark.parametrize(
    "answer",
    [
        {"status_code": 503},
        {"status_code": 422},
        {"status_code": 401},
        {"status_code": 307},
        {"text": "no JSON"},
        {"json": []},
        {"json": {"items": None}},
        {"json": {"items": [{"slot_id": "a", "start": "soon"}]}},
    ],
)
async def test_an_answer_that_is_none_is_told_as_an_error(answer: dict[str, Any]) -> None:
    respx.get(URL).respond(**answer)
    found = await ask(question())
    assert found.failed
    assert found.starts == ()
    assert found.text


@respx.mock
async def test_a_service_that_is_away_is_told_as_an_error() -> None:
    respx.get(URL).mock(side_effect=httpx.ConnectError)
    found = await ask(question())
    assert (found.failed, found.text) == (True, "ConnectError")


@respx.mock
async def test_a_service_that_does_not_answer_is_waited_for_a_while_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(find_slots, "ANSWERED_WITHIN", 0.05)

    async def never(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(30)
        raise AssertionError("it was waited for")

    respx.get(URL).mock(side_effect=never)
    found = await ask(question())
    assert (found.failed, found.text) == (True, "TimeoutError")


@pytest.mark.parametrize("name", [None, "", "Mars/Crater", 7, [], "../etc/passwd", "x" * 999])
def test_who_is_in_no_zone_is_told_times_in_utc(name: object) -> None:
    zone = read_caller_zone(name)
    assert zone.name == "UTC"
    assert zone.say(NOW) == "Monday, January 6 at 8 AM UTC"


def test_who_is_in_a_zone_is_told_times_on_their_own_clock() -> None:
    zone = read_caller_zone("Asia/Kolkata")
    assert zone.zone == ZoneInfo("Asia/Kolkata")
    assert zone.say(NOW) == "Monday, January 6 at 1:30 PM"
