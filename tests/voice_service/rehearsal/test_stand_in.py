"""The stand-in answers through the relay as ElevenLabs would, and reports afterwards."""

import asyncio
import base64
import json
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.voice_service.conftest import RunningService
from voice_service.rehearsal.talking import HEARD, QUESTIONS, Ear, tone

TYPED = (
    "We need a {portal} for our drivers, the spreadsheet loses orders every week.",
    "We are 40 people and I own the company.",
    "50000 dollars, within three months.",
    "Yes please, I would like to book the discovery call.",
    "I am Robin Ashby, robin.ashby@example.com",
)
BEGIN: dict[str, Any] = {"type": "conversation_initiation_client_data"}


def visit(service: RunningService) -> Any:
    base = f"ws{service.base_url.removeprefix('http')}"
    return connect(f"{base}/v1/convai/conversation?agent_id=any", proxy=None)


async def hear(visitor: ClientConnection, kind: str) -> dict[str, Any]:
    """The next frame of a kind, past all others."""
    async with asyncio.timeout(15):
        while True:
            frame: dict[str, Any] = json.loads(await visitor.recv())
            if frame["type"] == kind:
                return frame


async def type_in(visitor: ClientConnection, text: str) -> None:
    await visitor.send(json.dumps({"type": "user_message", "text": text}))


async def completed(service: RunningService, conversation_id: str) -> dict[str, Any]:
    await service.wait_for(
        "SELECT EXISTS (SELECT FROM voice_consultations WHERE status = 'completed' "
        f"AND voice_session_id = '{conversation_id}')"
    )
    return await service.consultation(conversation_id)


async def test_a_typed_conversation_goes_by_script_and_is_reported(
    service: RunningService,
) -> None:
    override = {"conversation": {"text_only": True}}
    async with visit(service) as visitor:
        await visitor.send(json.dumps(BEGIN | {"conversation_config_override": override}))
        first = json.loads(await visitor.recv())
        assert first["type"] == "conversation_initiation_metadata"
        conversation_id = first["conversation_initiation_metadata_event"]["conversation_id"]
        for question, answer in zip(QUESTIONS, TYPED, strict=False):
            said = await hear(visitor, "agent_response")
            assert said["agent_response_event"]["agent_response"] == question
            await type_in(visitor, answer)
        await hear(visitor, "agent_response")
        with pytest.raises(ConnectionClosed) as closed:
            await hear(visitor, "audio")
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1000
    found = await completed(service, conversation_id)
    expected = [line for pair in zip(QUESTIONS, TYPED, strict=False) for line in pair]
    assert [turn["text"] for turn in found["turns"]] == [*expected, QUESTIONS[-1]]
    assert found["customer_email"] == "robin.ashby@example.com"
    assert found["lead_verdict"] == "qualified"


async def test_whoever_speaks_over_the_agent_interrupts_it(service: RunningService) -> None:
    async with visit(service) as visitor:
        await visitor.send(json.dumps(BEGIN))
        first = json.loads(await visitor.recv())
        conversation_id = first["conversation_initiation_metadata_event"]["conversation_id"]
        for _ in range(12):
            await hear(visitor, "audio")
        await say(visitor, tone(220, seconds=0.5))
        assert (await hear(visitor, "interruption"))["interruption_event"] == {"event_id": 1}
        correction = await hear(visitor, "agent_response_correction")
        await say(visitor, bytes(32000))
        heard = await hear(visitor, "user_transcript")
        await hear(visitor, "audio")
    event = correction["agent_response_correction_event"]
    assert QUESTIONS[0].startswith(event["corrected_agent_response"])
    assert 0 < len(event["corrected_agent_response"]) < len(QUESTIONS[0])
    assert heard["user_transcription_event"]["user_transcript"] == HEARD[0]
    found = await completed(service, conversation_id)
    assert [turn["text"] for turn in found["turns"]][:2] == [
        event["corrected_agent_response"],
        HEARD[0],
    ]


async def say(visitor: ClientConnection, sound: bytes) -> None:
    for start in range(0, len(sound), 3200):
        chunk = base64.b64encode(sound[start : start + 3200]).decode()
        await visitor.send(json.dumps({"user_audio_chunk": chunk}))


async def test_only_the_relay_reaches_the_stand_in(service: RunningService) -> None:
    path = "/stand-in/v1/convai/conversation"
    answer = await service.client.get(f"{path}/get-signed-url", params={"agent_id": "a"})
    assert answer.status_code == 401
    base = f"ws{service.base_url.removeprefix('http')}"
    async with connect(f"{base}{path}?agent_id=a", proxy=None) as visitor:
        with pytest.raises(ConnectionClosed) as closed:
            await visitor.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008


def test_an_ear_tells_speech_from_silence_and_from_a_click() -> None:
    ear = Ear()
    assert not ear.hear(bytes(32000))
    assert not ear.hear(tone(220, seconds=0.1))
    assert not ear.hear(bytes(32000))
    assert not ear.hear(tone(220, seconds=0.4))
    assert ear.is_hearing
    assert ear.hear(bytes(32000))
    assert not ear.hear(b"\0")
