"""Whatever comes from either side, nothing but a broken session is raised and no turn is lost."""

import asyncio
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.voice_service.relay.conftest import HELLO, Relayed, RunRelay
from tests.voice_service.relay.platform import Call, agent_says, metadata
from tests.voice_service.relay.test_faults import assert_nothing_is_left, closed_with
from tests.voice_service.relay.test_session import NOW, make_session, started
from voice_service.relay import pump
from voice_service.relay.session import Ending, Session, SessionBroken

DEEP = "[" * 100_000 + "]" * 100_000
DIGITS = "9" * 5000
ENDING = Ending(by="visitor", code=1006, reason="", broken=True)

# Each is one frame of the platform in the middle of a conversation; none may end it.
FROM_PLATFORM = {
    "binary": b"\0\1\2",
    "not JSON": "hello",
    "no object": "[1]",
    "no type": "{}",
    "a type that is no text": '{"type":7}',
    "nested beyond reason": f'{{"type":"agent_response","x":{DEEP}}}',
    "nested as deep as Python reads": '{"type":"x","x":' + "[" * 900 + "]" * 900 + "}",
    "NUL": '{"type":"agent_response","agent_response_event":{"agent_response":"\\u0000"}}',
    "a raw NUL": '{"type":"x\0"}',
    "lone surrogates": '{"type":"x","\\ud800":"\\udfff"}',
    "five megabytes": json.dumps({"type": "audio", "x": "A" * 5_000_000}),
    "sixteen megabytes": json.dumps({"type": "x", "x": "A" * (16 * 1024 * 1024 - 25)}),
    "an unknown type": '{"type":"brand_new","x":[1]}',
    "a second metadata": metadata("conv_second"),
    "an id of 5000 digits": agent_says("x", 1).replace("1}", f"{DIGITS}}}"),
    "a number beyond floats": '{"type":"agent_tool_response","agent_tool_response":1e999}',
}


@pytest.mark.parametrize("frame", FROM_PLATFORM.values(), ids=FROM_PLATFORM.keys())
async def test_what_the_platform_sends_amiss_ends_no_call_and_loses_no_turn(
    relayed: Relayed, frame: str | bytes
) -> None:
    async with relayed.converse() as (visitor, call):
        await call.say(agent_says("before"))
        assert json.loads(await visitor.recv())["type"] == "agent_response"
        await call.socket.send(frame)
        await call.say(agent_says("after", 2))
        async with asyncio.timeout(20):
            while "after" not in str(await visitor.recv()):
                pass
    await relayed.wait_for_status(call, "processing")
    turns = await relayed.turns(call.conversation_id)
    assert (turns[0], turns[-1]) == (("agent", "before"), ("agent", "after"))


# What a client does here the platform would end as well: it is told, and what was said is kept.
FROM_VISITOR: dict[str, tuple[str | bytes, int]] = {
    "binary": (b"\0", 1003),
    "not JSON": ("hello", 1008),
    "no object": ("null", 1008),
    "nested beyond reason": (f'{{"x":{DEEP}}}', 1008),
    "a megabyte too much": (json.dumps({"user_audio_chunk": "A" * 1_100_000}), 1009),
}


@pytest.mark.parametrize(("frame", "code"), FROM_VISITOR.values(), ids=FROM_VISITOR.keys())
async def test_what_a_visitor_sends_amiss_ends_the_call_in_words_and_loses_no_turn(
    relayed: Relayed, frame: str | bytes, code: int
) -> None:
    async with relayed.converse() as (visitor, call):
        await visitor.send('{"type":"user_message","text":"I said this"}')
        await call.wait_for_frames(2)
        await visitor.send(frame)
        assert (await closed_with(visitor))[0] == code
    await relayed.wait_for_status(call, "dropped", "processing")
    assert await relayed.turns(call.conversation_id) == [("user", "I said this")]
    await assert_nothing_is_left(relayed)


async def test_text_that_is_no_utf8_ends_the_call_whoever_sends_it(relayed: Relayed) -> None:
    async with relayed.converse() as (visitor, call):
        await visitor.send('{"type":"user_message","text":"I said this"}')
        await call.wait_for_frames(2)
        await visitor.send(b"\xff\xfe", text=True)
        assert (await closed_with(visitor))[0] == 1007
    await relayed.wait_for_status(call, "dropped", "processing")
    async with relayed.converse() as (visitor, call):
        await call.say(agent_says("I said this"))
        await visitor.recv()
        await call.socket.send(b"\xff\xfe", text=True)
        assert (await closed_with(visitor))[0] == 1011
    await relayed.wait_for_status(call, "dropped")
    assert await relayed.turns(call.conversation_id) == [("agent", "I said this")]
    await assert_nothing_is_left(relayed)


async def test_a_frame_beyond_sixteen_megabytes_ends_the_call_and_loses_no_turn(
    relayed: Relayed,
) -> None:
    async with relayed.converse() as (visitor, call):
        await call.say(agent_says("I said this"))
        await visitor.recv()
        await call.say(json.dumps({"type": "x", "x": "A" * (16 * 1024 * 1024)}))
        assert (await closed_with(visitor))[0] == 1011
    await relayed.wait_for_status(call, "dropped")
    assert await relayed.turns(call.conversation_id) == [("agent", "I said this")]
    await assert_nothing_is_left(relayed)


async def test_a_platform_that_never_names_the_conversation_is_not_waited_for(
    run_relay: RunRelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though it talks: the caller would hear nothing of it."""

    async def chatter(call: Call) -> None:
        while True:
            await call.say('{"type":"ping","ping_event":{"event_id":1}}')
            await asyncio.sleep(0.05)

    monkeypatch.setattr(pump, "FIRST_WORD_WITHIN", pump.FIRST_WORD_WITHIN / 40)
    async with run_relay() as relayed:
        relayed.platform.script = chatter
        async with relayed.visit() as visitor:
            await visitor.send(HELLO)
            assert (await closed_with(visitor))[0] == 1013
        await assert_nothing_is_left(relayed)


async def test_a_caller_in_the_platforms_queue_is_not_cut_off(
    run_relay: RunRelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def queue(call: Call) -> None:
        waiting = '{"type":"queue_status","queue_status_event":{"status":"waiting"}}'
        for _ in range(6):
            await call.say(waiting)
            await asyncio.sleep(0.25)
        await call.begin()
        await call.stay()

    monkeypatch.setattr(pump, "FIRST_WORD_WITHIN", pump.FIRST_WORD_WITHIN / 40)
    async with run_relay() as relayed:
        relayed.platform.script = queue
        async with relayed.visit() as visitor:
            await visitor.send(HELLO)
            assert "initiation_metadata" in str(await visitor.recv())


# --- any JSON in any place

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.sampled_from([10**30, "x" * 300, "\0", "\ud800", "4111 1111 1111 1111"]),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
# One frame of each kind as it should be; then anything in the place of any part of it.
PROPER: list[dict[str, Any]] = [
    {"type": "conversation_initiation_metadata",
     "conversation_initiation_metadata_event": {"conversation_id": "conv_1"}},
    {"type": "agent_response", "agent_response_event": {"agent_response": "Hi", "event_id": 1}},
    {"type": "user_transcript",
     "user_transcription_event": {"user_transcript": "Hi", "event_id": 2}},
    {"type": "tentative_user_transcript",
     "tentative_user_transcription_event": {"user_transcript": "H", "event_id": 2}},
    {"type": "agent_response_correction", "agent_response_correction_event": {
        "original_agent_response": "Hi", "corrected_agent_response": "H", "event_id": 1}},
    {"type": "interruption", "interruption_event": {"event_id": 1}},
    {"type": "agent_chat_response_part", "text_response_part": {"text": "H", "type": "delta"}},
    {"type": "client_tool_call", "client_tool_call": {
        "tool_name": "t", "tool_call_id": "c", "parameters": {}, "event_id": 3}},
    {"type": "agent_tool_request", "agent_tool_request": {
        "tool_name": "t", "tool_call_id": "c", "tool_type": "system", "event_id": 3}},
    {"type": "agent_tool_response", "agent_tool_response": {
        "tool_name": "end_call", "tool_call_id": "c", "is_error": False, "event_id": 3}},
    {"type": "agent_tool_response_full_payload", "agent_tool_response_full_payload": {
        "tool_name": "t", "tool_call_id": "c", "full_tool_result": "r", "event_id": 3}},
    {"type": "mcp_tool_call", "mcp_tool_call": {
        "tool_name": "t", "tool_call_id": "m", "state": "success", "result": []}},
    {"type": "ping", "ping_event": {"event_id": 1, "ping_ms": None}},
    {"type": "audio", "audio_event": {"audio_base_64": "AAAA", "event_id": 1}},
    {"type": "conversation_initiation_client_data", "dynamic_variables": {"a": 1},
     "conversation_config_override": {"agent": {"language": "de"}}, "user_id": "u",
     "source_info": {"source": "js_sdk"}},
    {"type": "user_message", "text": "Hi"},
    {"type": "multimodal_message", "text": {"type": "user_message", "text": "Hi"}},
    {"type": "client_tool_result", "tool_call_id": "c", "result": "r", "is_error": False},
    {"user_audio_chunk": "AAAA"},
]  # fmt: skip


def spoil(frame: dict[str, Any], place: int, value: Any) -> dict[str, Any]:
    """The frame with one of its parts, at any depth, replaced."""
    spots = [(frame, name) for name in frame]
    spots += [
        (inner, name) for inner in frame.values() if isinstance(inner, dict) for name in inner
    ]
    owner, name = spots[place % len(spots)]
    if owner is frame:
        return {**frame, name: value}
    return {key: ({**item, name: value} if item is owner else item) for key, item in frame.items()}


spoilt = st.builds(spoil, st.sampled_from(PROPER), st.integers(0, 20), values)
streams = st.lists(st.tuples(st.booleans(), spoilt | st.sampled_from(PROPER)), max_size=12)


def play(session: Session, stream: list[tuple[bool, Any]]) -> None:
    for from_visitor, frame in stream:
        pass_on = session.from_visitor if from_visitor else session.from_upstream
        pass_on(json.dumps(frame), now=NOW)


@given(streams, st.booleans())
def test_whatever_stands_in_any_place_only_a_broken_session_is_raised(
    stream: list[tuple[bool, Any]], begun: bool
) -> None:
    session = started() if begun else make_session()
    with suppress(SessionBroken):
        play(session, stream)
    session.finish(ENDING, now=NOW)


@given(streams)
def test_whatever_comes_in_between_no_finished_turn_is_lost(
    stream: list[tuple[bool, Any]],
) -> None:
    session = started()
    said = []
    for number, piece in enumerate(stream):
        try:
            play(session, [piece])
        except SessionBroken:
            break  # it is over; what was said before is kept
        text = f'{{"type":"user_message","text":"certainly said {number}"}}'
        session.from_visitor(text, now=NOW)
        said.append(f"certainly said {number}")
    session.finish(ENDING, now=NOW)
    kept = [turn.text for turn in session.transcript.turns]
    assert [text for text in kept if text in said] == said


@pytest.mark.parametrize("depth", range(50, 1100, 50))
def test_no_depth_of_nesting_raises_anything_else(depth: int) -> None:
    nested = "[" * depth + "]" * depth
    for text in (
        f'{{"type":"client_tool_result","tool_call_id":"c","result":{nested}}}',
        f'{{"type":"conversation_initiation_client_data","user_id":{nested}}}',
        f'{{"type":"mcp_tool_call","mcp_tool_call":{{"tool_call_id":"c","parameters":{nested}}}}}',
    ):
        for pass_on in (make_session().from_visitor, started().from_upstream):
            with suppress(SessionBroken):
                pass_on(text, now=NOW)


@pytest.mark.parametrize("number", [DIGITS, "-" + DIGITS, "1e999", "NaN", "Infinity"])
def test_no_number_raises_anything_else(number: str) -> None:
    for text in (
        f'{{"type":"client_tool_result","tool_call_id":{number},"result":{number}}}',
        f'{{"type":"conversation_initiation_client_data","dynamic_variables":{{"a":{number}}}}}',
        f'{{"type":"agent_response","agent_response_event":{{"agent_response":"Hi",'
        f'"event_id":{number}}}}}',
    ):
        for pass_on in (make_session().from_visitor, started().from_upstream):
            with suppress(SessionBroken):
                pass_on(text, now=NOW)
