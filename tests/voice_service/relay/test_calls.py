"""Whole conversations through the relay: with the official Python clients, and what is recorded."""

import asyncio
import json
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from elevenlabs.client import ElevenLabs
from elevenlabs.conversational_ai.conversation import (
    AsyncAudioInterface,
    AsyncConversation,
    AudioInterface,
    ClientTools,
    Conversation,
    ConversationInitiationData,
)
from websockets.exceptions import ConnectionClosed

from tests.voice_service.conftest import RELAY_KEY
from tests.voice_service.events import make_event
from tests.voice_service.relay.conftest import HELLO, Relayed
from tests.voice_service.relay.platform import Call, agent_says, caller_says, correct

LONG_ANSWER = "The first half hour is free. After that we bill by the hour."
SAID = [
    ("agent", "Hello! What can we build for you?"),
    ("user", "What does it cost?"),
    ("agent", "The first half hour"),
    ("user", "I would like to book, please."),
    ("agent", None),
    ("agent", None),
    ("agent", "Goodbye!"),
]
AUDIO = json.dumps({"type": "audio", "audio_event": {"audio_base_64": "AAAA" * 200, "event_id": 1}})
PING = '{"type":"ping","ping_event":{"event_id":7,"ping_ms":null}}'


async def play(call: Call) -> None:
    """A conversation with an interruption, typed words and a tool; the agent hangs up."""
    await call.begin()
    await call.say(agent_says("Hello! What can we build for you?", 1), AUDIO, PING)
    while json.loads(await call.hear()) != {"type": "pong", "event_id": 7}:
        pass
    await call.say(caller_says("What does it cost?", 9), agent_says(LONG_ANSWER, 9), AUDIO)
    await call.say('{"type":"interruption","interruption_event":{"event_id":9}}')
    await call.say(correct(LONG_ANSWER, "The first half hour", 9), '{"type":"brand_new"}')
    while json.loads(await call.hear()).get("type") != "user_message":
        pass
    use = {"tool_name": "show_times", "tool_call_id": "call_1", "parameters": {"day": "Friday"}}
    await call.say(json.dumps({"type": "client_tool_call", "client_tool_call": use}))
    while json.loads(await call.hear()).get("type") != "client_tool_result":
        pass
    await call.say(agent_says("Goodbye!", 24))
    await call.socket.close(1000, "bye")


class FakeAudio(AudioInterface):
    """A microphone that hears a hum, and a loudspeaker that counts."""

    def __init__(self) -> None:
        self.heard = 0
        self.interrupted = 0

    def start(self, input_callback: Callable[[bytes], None]) -> None:
        for _ in range(5):
            input_callback(b"\1\0" * 400)

    def stop(self) -> None:
        """There is nothing to stop."""

    def output(self, audio: bytes) -> None:
        self.heard += len(audio)

    def interrupt(self) -> None:
        self.interrupted += 1


class FakeAsyncAudio(AsyncAudioInterface):
    def __init__(self) -> None:
        self.heard = 0

    async def start(self, input_callback: Callable[[bytes], Any]) -> None:
        for _ in range(5):
            await input_callback(b"\1\0" * 400)

    async def stop(self) -> None:
        """There is nothing to stop."""

    async def output(self, audio: bytes) -> None:
        self.heard += len(audio)

    async def interrupt(self) -> None:
        self.heard += 0


def make_client(relayed: Relayed, http: httpx.Client, *, signed: bool) -> ElevenLabs:
    return ElevenLabs(
        api_key=RELAY_KEY if signed else "none",
        base_url=relayed.service.base_url,
        httpx_client=http,
    )


async def assert_recorded(relayed: Relayed, *, channel: str) -> None:
    call = await relayed.platform.call()
    await relayed.wait_for_status(call, "processing")
    await relayed.service.settle()
    assert await relayed.turns(call.conversation_id) == SAID
    found = await relayed.service.consultation(call.conversation_id)
    assert (found["channel"], found["status"]) == (channel, "processing")
    assert found["sentiment_source"] == "local"
    turns = found["turns"]
    assert [turn["interrupted"] for turn in turns] == [False, False, True, *[False] * 4]
    assert turns[2]["original_text"] == LONG_ANSWER
    assert [turn["source"] for turn in turns if turn["role"] == "user"] == ["audio", "text"]
    assert turns[4]["tool_calls"][0]["params_as_json"] == '{"day": "Friday"}'
    assert turns[5]["tool_results"][0]["request_id"] == "call_1"
    assert all(turn["said_at"] for turn in turns)


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("audio", [True, False])
async def test_the_python_client_has_a_conversation(
    relayed: Relayed, http: httpx.Client, signed: bool, audio: bool
) -> None:
    relayed.platform.script = play
    ended: list[Any] = []
    corrected: list[tuple[str, str]] = []
    tools = ClientTools()
    tools.register("show_times", lambda _: {"picked": "10:00"})
    client = make_client(relayed, http, signed=signed)
    interface = FakeAudio() if audio else None
    conversation = Conversation(
        client,
        "agent_test",
        requires_auth=signed,
        audio_interface=interface,
        client_tools=tools,
        config=ConversationInitiationData(dynamic_variables={"page": "pricing"}),
        callback_agent_response_correction=lambda was, now: corrected.append((was, now)),
        callback_latency_measurement=lambda _: None,
        callback_disconnect=ended.append,
    )

    def have_it() -> str | None:
        conversation.start_session()  # type: ignore[no-untyped-call]
        relayed_call_ready.wait(20)
        conversation.send_user_message("I would like to book, please.")
        return conversation.wait_for_session_end()

    relayed_call_ready = threading.Event()
    having = asyncio.create_task(asyncio.to_thread(have_it))
    call = await relayed.platform.call()
    await relayed.wait_for_turns(call, 3)
    relayed_call_ready.set()
    async with asyncio.timeout(20):
        conversation_id = await having
    assert conversation_id == call.conversation_id
    assert [(each.reason, each.close_code) for each in ended] == [("agent", 1000)]
    assert corrected == [(LONG_ANSWER, "The first half hour")]
    assert (interface.heard > 0 and interface.interrupted > 0) if interface else True
    begin = json.loads(call.heard[0])
    assert begin["dynamic_variables"].items() >= {"page": "pricing", "caller_known": False}.items()
    text_only = {} if audio else {"text_only": True}
    assert begin.get("conversation_config_override", {}) == text_only
    await assert_recorded(relayed, channel="api")


@pytest.mark.parametrize("signed", [True, False])
async def test_the_asynchronous_python_client_has_a_conversation(
    relayed: Relayed, http: httpx.Client, signed: bool
) -> None:
    relayed.platform.script = play
    tools = ClientTools(loop=asyncio.get_running_loop())
    tools.register("show_times", lambda _: "10:00")
    audio = FakeAsyncAudio()
    conversation = AsyncConversation(
        ElevenLabs(api_key=RELAY_KEY if signed else "none", base_url=relayed.service.base_url),
        "agent_test",
        requires_auth=signed,
        audio_interface=audio,
        client_tools=tools,
    )
    await conversation.start_session()  # type: ignore[no-untyped-call]
    call = await relayed.platform.call()
    await relayed.wait_for_turns(call, 3)
    await conversation.send_user_message("I would like to book, please.")
    async with asyncio.timeout(20):
        assert await conversation.wait_for_session_end() == call.conversation_id
    assert audio.heard > 0
    await assert_recorded(relayed, channel="api")


async def test_a_turn_is_written_a_quarter_of_a_second_after_it_was_heard(
    relayed: Relayed,
) -> None:
    """Not timed here: half a conversation is in the database while the other half is to come."""
    async with relayed.converse() as (visitor, call):
        await call.say(agent_says("Hello!"))
        await relayed.wait_for_turns(call, 1)
        found = await relayed.service.consultation(call.conversation_id)
        assert (found["status"], found["turns"][0]["text"]) == ("in_progress", "Hello!")
        await visitor.send('{"type":"user_message","text":"Hi"}')
        await relayed.wait_for_turns(call, 2)
    await relayed.wait_for_status(call, "processing")


async def test_a_visitor_who_comes_and_goes_without_a_word_leaves_no_consultation(
    relayed: Relayed,
) -> None:
    async with relayed.converse():
        pass
    await relayed.service.wait_for("SELECT bool_and(closed_at IS NOT NULL) FROM relay_sessions")
    assert await relayed.service.conn.fetchval("SELECT count(*) FROM voice_consultations") == 0


async def test_the_post_call_event_replaces_what_was_heard_live(relayed: Relayed) -> None:
    async with relayed.converse() as (visitor, call):
        await call.say(agent_says("Helo"))
        await visitor.send('{"type":"user_message","text":"heard wrongly"}')
        await relayed.wait_for_turns(call, 2)
    await relayed.wait_for_status(call, "processing")
    await relayed.service.settle()
    live = await relayed.service.consultation(call.conversation_id)
    event = make_event(conversation_id=call.conversation_id)
    await relayed.service.handle(event)
    found = await relayed.service.consultation(call.conversation_id)
    assert (found["id"], found["status"]) == (live["id"], "completed")
    told = [turn["message"] for turn in event["data"]["transcript"]]
    assert [turn["text"] for turn in found["turns"]] == told
    assert {turn["source"] for turn in found["turns"]} == {"post_call"}


async def test_a_post_call_event_without_a_transcript_keeps_what_was_heard(
    relayed: Relayed,
) -> None:
    async with relayed.converse() as (visitor, call):
        await visitor.send('{"type":"user_message","text":"Good morning"}')
        await relayed.wait_for_turns(call, 1)
    await relayed.wait_for_status(call, "processing")
    await relayed.service.handle(make_event(conversation_id=call.conversation_id, transcript=[]))
    found = await relayed.service.consultation(call.conversation_id)
    assert found["status"] == "completed"
    assert [(turn["text"], turn["source"]) for turn in found["turns"]] == [("Good morning", "text")]


async def test_an_event_that_overtakes_the_relay_is_not_undone_by_it(relayed: Relayed) -> None:
    async with relayed.converse() as (visitor, call):
        await relayed.service.handle(make_event(conversation_id=call.conversation_id))
        told = await relayed.turns(call.conversation_id)
        await visitor.send('{"type":"user_message","text":"late words"}')
        await asyncio.sleep(0.4)
    await relayed.service.wait_for("SELECT bool_and(closed_at IS NOT NULL) FROM relay_sessions")
    await relayed.service.settle()
    assert await relayed.turns(call.conversation_id) == told
    assert await relayed.wait_for_status(call, "completed") == "completed"


async def test_card_numbers_are_masked_before_they_are_written_also_over_two_turns(
    relayed: Relayed,
) -> None:
    async with relayed.converse() as (visitor, call):
        await visitor.send('{"type":"user_message","text":"It is 4111 1111"}')
        await relayed.wait_for_turns(call, 1)
        await visitor.send('{"type":"user_message","text":"1111 1111, all right?"}')
        await relayed.wait_for_turns(call, 2)
        texts = " ".join(text or "" for _, text in await relayed.turns(call.conversation_id))
    assert "1111" not in texts


async def test_unstorable_characters_lose_no_turn(relayed: Relayed) -> None:
    async with relayed.converse() as (visitor, call):
        await visitor.send('{"type":"user_message","text":"a\\u0000b \\ud800"}')
        await relayed.wait_for_turns(call, 1)
    assert await relayed.turns(call.conversation_id) == [("user", "a\ufffdb \ufffd")]


@pytest.mark.parametrize(
    ("code", "reason"),
    [(1000, "bye"), (1002, "llm_timeout"), (1008, "Override not allowed"), (4300, "Too many")],
)
async def test_the_platforms_close_arrives_with_code_and_reason(
    relayed: Relayed, code: int, reason: str
) -> None:
    async def hang_up(call: Call) -> None:
        await call.begin()
        await call.say(agent_says("Last words"))
        await call.socket.close(code, reason)

    relayed.platform.script = hang_up
    async with relayed.visit() as visitor:
        await visitor.send(HELLO)
        frames = [await visitor.recv(), await visitor.recv()]
        with pytest.raises(ConnectionClosed) as closed:
            await visitor.recv()
    assert "Last words" in str(frames[1])
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (code, reason)
    call = await relayed.platform.call()
    expected = "processing" if code == 1000 else "dropped"
    await relayed.wait_for_status(call, expected)
    found = await relayed.service.consultation(call.conversation_id)
    assert found["end_reason"] == reason


async def test_the_visitors_close_arrives_as_a_normal_end_with_its_reason(
    relayed: Relayed,
) -> None:
    async with relayed.converse() as (visitor, call):
        await visitor.close(1000, "User ended conversation")
    async with asyncio.timeout(5):
        await call.socket.wait_closed()
    assert (call.socket.close_code, call.socket.close_reason) == (1000, "User ended conversation")
