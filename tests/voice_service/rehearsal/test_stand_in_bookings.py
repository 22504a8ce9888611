"""Whoever talks to the stand-in, typing or by voice, has a booking in the end; or refuses one."""

import asyncio
import gc
import json
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from elevenlabs.client import ElevenLabs
from elevenlabs.conversational_ai.conversation import AsyncAudioInterface, AsyncConversation

from tests.booking_core.factories import make_consultant
from tests.conftest import FreshDatabase
from tests.voice_service.conftest import RELAY_KEY, RunningService, make_settings, run_service
from tests.voice_service.rehearsal.visitor import (
    BEGIN,
    TYPED,
    begin,
    completed,
    end_reason,
    hear,
    hear_agent,
    hear_rest,
    say,
    tools_of,
    type_all,
    type_in,
    visit,
    visit_from,
    words_of,
)
from voice_service.rehearsal import find_slots, speech
from voice_service.rehearsal.model import in_english
from voice_service.rehearsal.script import HEARD
from voice_service.rehearsal.speech import tone

LONDON = ZoneInfo("Europe/London")  # the business's, where a visitor tells none
SILENCE = bytes(32000)
EVERY_DAY = range(7)


@pytest.fixture
async def service(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncIterator[RunningService]:
    """One consultant, every day of the week from nine to five in London."""
    async with (
        fresh_database() as dsn,
        run_service(dsn, make_settings(tmp_path)) as running,
    ):
        await make_consultant(running.conn, timezone="Europe/London", days=EVERY_DAY)
        yield running


def a_free_time(*, hour: int, days: int = 3) -> datetime:
    """A time some days ahead at which nobody is busy yet."""
    day = datetime.now(LONDON).date() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour, tzinfo=LONDON)


def start_of(found: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(found["booking"]["scheduled_datetime"])


async def bookings(service: RunningService) -> int:
    count: int = await service.conn.fetchval("SELECT count(*) FROM bookings")
    return count


async def talk_to_the_end(
    service: RunningService, answers: tuple[str, ...]
) -> tuple[list[tuple[str, str]], str]:
    """A typed conversation: what was said, and its id."""
    async with visit(service) as visitor:
        conversation_id = await begin(visitor)
        said = await type_all(visitor, answers)
        await hear_rest(visitor)
    return said, conversation_id


async def converse(
    service: RunningService, answers: tuple[str, ...]
) -> tuple[list[tuple[str, str]], dict[str, Any]]:
    """A typed conversation: what was said, and what became of it."""
    said, conversation_id = await talk_to_the_end(service, answers)
    return said, await completed(service, conversation_id)


async def test_typed_answers_lead_to_a_booking_at_the_time_that_was_offered(
    service: RunningService,
) -> None:
    said, found = await converse(service, TYPED)
    start = start_of(found)
    assert words_of(found) == said
    assert in_english(start.astimezone(LONDON)) in said[6][1]
    assert start > datetime.now(UTC) + timedelta(hours=23)
    assert found["lead_verdict"] == "qualified"
    assert found["customer_email"] == "sam@example.org"
    assert found["caller_name"] == "Sam Lee"
    assert found["follow_up_booking_id"] == found["booking"]["id"]
    booking = found["booking"]
    assert (booking["status"], booking["timezone"]) == ("confirmed", "Europe/London")
    assert booking["project_description"].startswith("Sam Lee asked for: a web app for our drivers")
    assert found["marks"] == []
    facts = found["qualification"]["facts"]
    assert facts["company_size"]["value"] == 10
    assert facts["budget_max"]["value"] == 20000
    assert facts["timeline"]["value"] == "0-3"
    assert facts["decision_role"]["value"] == "decision_maker"
    assert tools_of(found) == ["find_slots", "end_call"]


async def test_the_slots_that_the_tool_told_hold_the_booking(service: RunningService) -> None:
    _, found = await converse(service, TYPED)
    [answer] = [
        json.loads(result["result_value"])
        for turn in found["turns"]
        for result in turn["tool_results"] or ()
        if result["tool_name"] == "find_slots"
    ]
    first = answer["slots"][0]
    assert datetime.fromisoformat(first["start"]) == start_of(found)
    assert (first["timezone"], len(answer["slots"])) == ("Europe/London", 3)


async def test_a_visitor_elsewhere_is_offered_and_booked_times_on_their_own_clock(
    service: RunningService,
) -> None:
    async with await visit_from(service, "America/New_York") as visitor:
        conversation_id = await begin(visitor)
        said = await type_all(visitor, TYPED)
        await hear_rest(visitor)
    found = await completed(service, conversation_id)
    there = start_of(found).astimezone(ZoneInfo("America/New_York"))
    assert in_english(there) in said[6][1]
    assert found["booking"]["timezone"] == "America/New_York"
    assert 8 <= there.hour < 21
    assert found["timezone_source"] == "metadata"


async def test_an_own_time_that_is_free_is_read_back_and_booked(service: RunningService) -> None:
    own = a_free_time(hour=15)
    answers = (*TYPED[:3], f"{own:%A} at 3 pm rather", "yes", TYPED[4])
    said, found = await converse(service, answers)
    assert said[8][1].startswith(f"{in_english(own)} is free.")
    assert start_of(found) == own
    assert found["marks"] == []


async def test_for_an_own_time_that_is_gone_the_nearest_is_offered(service: RunningService) -> None:
    own = a_free_time(hour=15)
    _, first = await converse(service, (*TYPED[:3], f"{own:%A} at 3 pm", "yes", TYPED[4]))
    assert start_of(first) == own
    answers = (*TYPED[:3], f"no, {own:%A} at 3 pm please", "ok", "Ann Ford, ann@example.org")
    said, second = await converse(service, answers)
    assert said[8][1].startswith("I am sorry, that time is not free.")
    assert in_english(start_of(second).astimezone(LONDON)) in said[8][1]
    assert timedelta(0) < abs(start_of(second) - own) <= timedelta(minutes=30)


async def test_a_day_and_a_time_may_be_said_one_after_the_other(service: RunningService) -> None:
    own = a_free_time(hour=11)
    answers = (*TYPED[:3], "that doesn't suit me", f"{own:%A}", "at 11", "yes", TYPED[4])
    said, found = await converse(service, answers)
    assert said[8][1].startswith("Which day and time")
    assert start_of(found) == own


@pytest.mark.parametrize("refusal", ["no thanks", "no", "maybe later", "Not interested, sorry."])
async def test_a_refusal_books_nothing(service: RunningService, refusal: str) -> None:
    said, found = await converse(service, (*TYPED[:3], refusal, TYPED[4]))
    assert words_of(found) == said
    assert found["booking"] is None
    assert found["qualification"]["facts"]["wants_booking"]["value"] is False
    assert await bookings(service) == 0


async def test_nonsense_books_nothing(service: RunningService) -> None:
    nonsense = ("asdf qwer", "zxcv", "uiop", "hjkl", "vbnm", "nothing", "at all")
    said, found = await converse(service, nonsense)
    assert "yes or no?" in said[8][1]
    assert words_of(found) == said
    assert found["booking"] is None
    assert found["lead_verdict"] == "unknown"


async def test_a_yes_to_everything_is_no_lead(service: RunningService) -> None:
    _, found = await converse(service, ("yes", "yes", "yes", "yes", "yes@example.org"))
    assert found["booking"] is None
    assert await bookings(service) == 0


async def test_an_answer_without_an_address_is_asked_for_once_more(service: RunningService) -> None:
    said, found = await converse(service, (*TYPED[:4], "Sam Lee", "sam@example.org"))
    assert "once more" in said[10][1]
    assert found["customer_email"] == "sam@example.org"
    assert found["booking"]["status"] == "confirmed"


async def test_without_an_address_the_conversation_goes_on_and_to_staff(
    service: RunningService,
) -> None:
    _, found = await converse(service, (*TYPED[:4], "Sam Lee", "I would rather not"))
    assert found["booking"] is None
    assert found["lead_verdict"] == "qualified"
    assert len(found["proposals"]) == 3


async def test_the_same_conversation_again_finds_the_booking_there_is(
    service: RunningService,
) -> None:
    _, first = await converse(service, TYPED)
    _, second = await converse(service, TYPED)
    assert second["booking"]["id"] == first["booking"]["id"]
    assert second["marks"] == ["existing_booking"]
    assert await bookings(service) == 1


async def test_two_who_talk_at_once_have_a_booking_each(service: RunningService) -> None:
    others = (*TYPED[:4], "Ann Ford, ann@example.org")
    (_, first), (_, second) = await asyncio.gather(
        talk_to_the_end(service, TYPED), talk_to_the_end(service, others)
    )
    one, other = await completed(service, first), await completed(service, second)
    assert one["booking"]["id"] != other["booking"]["id"]
    assert start_of(one) != start_of(other)  # there is one consultant


@pytest.mark.parametrize("answered", range(5))
async def test_whoever_hangs_up_half_way_is_recorded_and_not_booked(
    service: RunningService, answered: int
) -> None:
    async with visit(service) as visitor:
        conversation_id = await begin(visitor)
        said = await type_all(visitor, TYPED[:answered])
        await visitor.close()
    found = await completed(service, conversation_id)
    assert words_of(found) == said
    assert found["booking"] is None
    assert await end_reason(service, conversation_id) == "Client disconnected: 1000"


async def test_a_cut_line_is_a_hang_up(service: RunningService) -> None:
    async with visit(service) as visitor:
        conversation_id = await begin(visitor, BEGIN)
        for _ in range(4):
            await hear(visitor, "audio")
        await say(visitor, tone(220, seconds=1))
        await hear(visitor, "tentative_user_transcript")
        visitor.transport.abort()
    found = await completed(service, conversation_id)
    _, (role, text) = words_of(found)
    assert role == "user"
    assert HEARD["project"].startswith(text)
    assert found["booking"] is None


async def test_without_a_free_slot_the_agent_says_so_and_goes_on(
    service: RunningService,
) -> None:
    await service.conn.execute("UPDATE availability_templates SET is_active = FALSE")
    said, found = await converse(service, (*TYPED[:3], TYPED[4]))
    assert said[6][1].startswith("I see no free time just now")
    assert found["booking"] is None
    assert found["lead_verdict"] == "qualified"


async def test_a_database_that_does_not_answer_is_waited_for_a_while_only(
    service: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find_slots, "ANSWERED_WITHIN", 0.5)
    async with visit(service) as visitor:
        conversation_id = await begin(visitor)
        async with service.conn.transaction():
            await service.conn.execute("LOCK TABLE services, bookings IN ACCESS EXCLUSIVE MODE")
            for answer in TYPED[:3]:
                await hear_agent(visitor)
                await type_in(visitor, answer)
            response = (await hear(visitor, "agent_tool_response"))["agent_tool_response"]
            text = await hear_agent(visitor)
        await type_in(visitor, TYPED[4])
        await hear_rest(visitor)
    assert response["is_error"]
    assert text.startswith("I cannot look into the calendar just now")
    found = await completed(service, conversation_id)
    [result] = [
        each
        for turn in found["turns"]
        for each in turn["tool_results"] or ()
        if each["tool_name"] == "find_slots"
    ]
    assert (result["is_error"], result["result_value"]) == (True, "")
    assert found["booking"] is None


class Speaker(AsyncAudioInterface):
    """Speaks when the agent has said all it had to say, and then is silent."""

    def __init__(self) -> None:
        self.words_to_come = 0
        self.words_heard = 0
        self.interruptions = 0
        self._input: Callable[[bytes], Awaitable[None]] | None = None
        self._speaking: asyncio.Task[None] | None = None

    async def start(self, input_callback: Callable[[bytes], Awaitable[None]]) -> None:
        self._input = input_callback

    async def stop(self) -> None:
        """There is nothing to stop."""

    async def output(self, audio: bytes) -> None:
        self.words_heard += 1
        self.words_to_come -= 1
        if self.words_to_come == 0:
            self._speaking = asyncio.create_task(self._speak())

    async def _speak(self) -> None:
        await asyncio.sleep(0.3)  # the last word is still to be played
        assert self._input is not None
        await self._input(tone(220, seconds=0.6))
        await self._input(SILENCE)

    async def interrupt(self) -> None:
        self.interruptions += 1


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    """For the vendor's client, which leaves its own, and its socket, to the garbage collector."""
    with httpx.Client() as client:
        yield client
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.mark.parametrize("signed", [True, False])
async def test_whoever_speaks_with_the_official_client_has_a_booking(
    service: RunningService, monkeypatch: pytest.MonkeyPatch, http: httpx.Client, signed: bool
) -> None:
    monkeypatch.setattr(speech, "WORD_SECONDS", 0.02)
    said: list[tuple[str, str]] = []
    speaker = Speaker()

    async def hear_response(text: str) -> None:
        said.append(("agent", text))
        speaker.words_to_come = len(text.split())

    async def hear_transcript(text: str) -> None:
        said.append(("user", text))

    conversation = AsyncConversation(
        ElevenLabs(
            api_key=RELAY_KEY if signed else "none", base_url=service.base_url, httpx_client=http
        ),
        "agent_any",
        requires_auth=signed,
        audio_interface=speaker,
        callback_agent_response=hear_response,
        callback_user_transcript=hear_transcript,
    )
    await conversation.start_session()  # type: ignore[no-untyped-call]
    async with asyncio.timeout(60):
        conversation_id = await conversation.wait_for_session_end()
    assert conversation_id is not None
    found = await completed(service, conversation_id)
    assert words_of(found) == said
    assert len(said) == 11
    assert speaker.words_heard == sum(len(text.split()) for role, text in said if role == "agent")
    assert speaker.interruptions == 0
    assert in_english(start_of(found).astimezone(LONDON)) in said[6][1]
    assert found["booking"]["status"] == "confirmed"
    assert found["channel"] == "api"
    assert found["marks"] == []


@pytest.mark.parametrize("times", [2])
async def test_each_who_speaks_is_somebody_else(
    service: RunningService, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    monkeypatch.setattr(speech, "WORD_SECONDS", 0.02)
    addresses = set()
    for _ in range(times):
        async with visit(service) as visitor:
            conversation_id = await begin(visitor, BEGIN)
            for _ in range(5):
                await hear(visitor, "agent_response_complete")
                await say(visitor, tone(220, seconds=0.6) + SILENCE)
            await hear_rest(visitor)
        found = await completed(service, conversation_id)
        addresses.add(found["customer_email"])
    assert len(addresses) == await bookings(service) == times


async def test_a_time_that_was_spoken_over_is_offered_again(
    service: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speech, "WORD_SECONDS", 0.05)
    async with visit(service) as visitor:
        conversation_id = await begin(visitor, BEGIN)
        for _ in range(3):
            await hear(visitor, "agent_response_complete")
            await say(visitor, tone(220, seconds=0.6) + SILENCE)
        offer = await hear_agent(visitor)
        await hear(visitor, "audio")
        await type_in(visitor, "yes")
        correction = await hear(visitor, "agent_response_correction")
        again = await hear_agent(visitor)
        for _ in range(2):
            await hear(visitor, "agent_response_complete")
            await say(visitor, tone(220, seconds=0.6) + SILENCE)
        await hear_rest(visitor)
    heard = correction["agent_response_correction_event"]["corrected_agent_response"]
    found = await completed(service, conversation_id)
    when = in_english(start_of(found).astimezone(LONDON))
    assert when in offer
    assert when not in heard
    assert when in again
