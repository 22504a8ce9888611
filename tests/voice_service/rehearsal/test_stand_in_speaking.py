"""Whoever speaks to the stand-in has a booking in the end."""

import asyncio
from collections.abc import Awaitable, Callable
from zoneinfo import ZoneInfo

import httpx
import pytest
from elevenlabs.client import ElevenLabs
from elevenlabs.conversational_ai.conversation import AsyncAudioInterface, AsyncConversation

from tests.voice_service.conftest import RELAY_KEY, RunningService
from tests.voice_service.rehearsal.visitor import (
    BEGIN,
    begin,
    bookings,
    completed,
    hear,
    hear_agent,
    hear_rest,
    say,
    start_of,
    type_in,
    visit,
    words_of,
)
from voice_service.rehearsal import speech
from voice_service.rehearsal.model import in_english
from voice_service.rehearsal.script import HEARD
from voice_service.rehearsal.speech import tone

LONDON = ZoneInfo("Europe/London")
SILENCE = bytes(32000)


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


@pytest.mark.parametrize("signed", [True, False])
async def test_whoever_speaks_with_the_official_client_has_a_booking(
    staffed: RunningService, monkeypatch: pytest.MonkeyPatch, http: httpx.Client, signed: bool
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
            api_key=RELAY_KEY if signed else "none", base_url=staffed.base_url, httpx_client=http
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
    found = await completed(staffed, conversation_id)
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
    staffed: RunningService, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    monkeypatch.setattr(speech, "WORD_SECONDS", 0.02)
    addresses = set()
    for _ in range(times):
        async with visit(staffed) as visitor:
            conversation_id = await begin(visitor, BEGIN)
            for _ in range(5):
                await hear(visitor, "agent_response_complete")
                await say(visitor, tone(220, seconds=0.6) + SILENCE)
            await hear_rest(visitor)
        found = await completed(staffed, conversation_id)
        addresses.add(found["customer_email"])
    assert len(addresses) == await bookings(staffed) == times


async def test_a_time_that_was_spoken_over_is_offered_again(
    staffed: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speech, "WORD_SECONDS", 0.05)
    async with visit(staffed) as visitor:
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
    found = await completed(staffed, conversation_id)
    when = in_english(start_of(found).astimezone(LONDON))
    assert when in offer
    assert when not in heard
    assert when in again


async def test_a_cut_line_is_a_hang_up(staffed: RunningService) -> None:
    async with visit(staffed) as visitor:
        conversation_id = await begin(visitor, BEGIN)
        for _ in range(4):
            await hear(visitor, "audio")
        await say(visitor, tone(220, seconds=1))
        await hear(visitor, "tentative_user_transcript")
        visitor.transport.abort()
    found = await completed(staffed, conversation_id)
    _, (role, text) = words_of(found)
    assert role == "user"
    assert HEARD["project"].startswith(text)
    assert found["booking"] is None
