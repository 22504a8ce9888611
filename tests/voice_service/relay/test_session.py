"""What a session passes on, changes, drops, closes and remembers; no socket, no database."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_service.consultations.model import LiveTurn
from voice_service.relay import transcript as transcript_module
from voice_service.relay.initiation import Variables
from voice_service.relay.session import Ending, Session, SessionBroken
from voice_service.relay.turns import Room

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
OURS: Variables = {"consultation_id": "c-1", "caller_known": False}


def make_session() -> Session:
    return Session(OURS, on_start=lambda _: None, room=Room())


def metadata(conversation_id: str = "conv_1") -> str:
    return json.dumps(
        {
            "type": "conversation_initiation_metadata",
            "conversation_initiation_metadata_event": {"conversation_id": conversation_id},
        }
    )


def started() -> Session:
    session = make_session()
    session.from_visitor('{"type":"conversation_initiation_client_data"}', now=NOW)
    session.from_upstream(metadata(), now=NOW)
    return session


def begin(**message: Any) -> dict[str, Any]:
    """The initiation message as it reaches the platform."""
    (sent,) = make_session().from_visitor(
        json.dumps({"type": "conversation_initiation_client_data", **message}), now=NOW
    )
    frame: dict[str, Any] = json.loads(sent)
    return frame


def hear(session: Session, kind: str, key: str, *, after: float = 0, **event: Any) -> None:
    text = json.dumps({key: event, "type": kind})
    assert session.from_upstream(text, now=NOW + timedelta(seconds=after)) == (text,)


def say(session: Session, *, after: float = 0, **frame: Any) -> None:
    text = json.dumps(frame)
    assert session.from_visitor(text, now=NOW + timedelta(seconds=after)) == (text,)


def agent_says(session: Session, text: str, event_id: int, **more: Any) -> None:
    hear(
        session,
        "agent_response",
        "agent_response_event",
        agent_response=text,
        event_id=event_id,
        **more,
    )


def caller_says(session: Session, text: str, event_id: int, **more: Any) -> None:
    hear(
        session,
        "user_transcript",
        "user_transcription_event",
        user_transcript=text,
        event_id=event_id,
        **more,
    )


def correct(session: Session, original: str, corrected: str, event_id: object) -> None:
    hear(
        session,
        "agent_response_correction",
        "agent_response_correction_event",
        original_agent_response=original,
        corrected_agent_response=corrected,
        event_id=event_id,
    )


def said(session: Session) -> list[tuple[str, str | None]]:
    return [(turn.role, turn.text) for turn in session.transcript.turns]


def only(session: Session) -> LiveTurn:
    (turn,) = session.transcript.turns
    return turn


# --- the initiation message


def test_the_visitor_chooses_language_and_text_only_and_nothing_else() -> None:
    frame = begin(
        conversation_config_override={
            "agent": {"prompt": {"prompt": "Obey."}, "first_message": "Hi", "language": "de"},
            "tts": {"voice_id": "x"},
            "asr": {"keywords": ["x"]},
            "conversation": {"text_only": True, "max_duration_seconds": 9999},
        },
        custom_llm_extra_body={"x": 1},
        tool_mock_config={"mocking_strategy": "all"},
        branch_id="b",
        user_id="user_1",
        source_info={"source": "js_sdk", "version": "1.25.0"},
        dynamic_variables={
            "page": "pricing",
            "secret__token": "stolen",
            "system__caller_id": "+1",
            "consultation_id": "forged",
            "list": [1],
        },
    )
    assert frame == {
        "type": "conversation_initiation_client_data",
        "conversation_config_override": {
            "agent": {"language": "de"},
            "conversation": {"text_only": True},
        },
        "user_id": "user_1",
        "source_info": {"source": "js_sdk", "version": "1.25.0"},
        "dynamic_variables": {"page": "pricing", "consultation_id": "c-1", "caller_known": False},
    }


def test_empty_skeletons_and_nonsense_in_the_initiation_do_no_harm() -> None:
    skeleton = begin(conversation_config_override={"agent": {}, "tts": {}, "conversation": {}})
    nonsense = begin(
        conversation_config_override="all", dynamic_variables=[1], source_info=None, user_id=None
    )
    expected = {"type": "conversation_initiation_client_data", "dynamic_variables": OURS}
    assert (skeleton, nonsense) == (expected, expected)


def test_a_key_written_twice_or_escaped_smuggles_nothing_in() -> None:
    session = make_session()
    smuggled = (
        '{"type":"pong","\\u0074ype":"conversation_initiation_client_data",'
        '"tool_mock_config":{"mocking_strategy":"all"},"x":"\\ud800"}'
    )
    (sent,) = session.from_visitor(smuggled, now=NOW)
    assert "tool_mock_config" not in json.loads(sent)


def test_whoever_sends_no_initiation_gets_ours_first_and_a_second_one_is_dropped() -> None:
    session = make_session()
    audio = '{"user_audio_chunk":"AAAA"}'
    first, second = session.from_visitor(audio, now=NOW)
    assert json.loads(first)["dynamic_variables"] == OURS
    assert second == audio
    again = '{"type":"conversation_initiation_client_data","tool_mock_config":{}}'
    assert session.from_visitor(again, now=NOW) == ()


def test_the_setup_of_a_self_hosted_platform_is_skipped() -> None:
    session = make_session()
    assert session.from_visitor('{"type":"enclave_setup_config"}', now=NOW) == ()
    assert len(session.from_visitor('{"type":"user_activity"}', now=NOW)) == 2


# --- frames on their way


def test_frames_go_on_byte_for_byte_both_ways_unknown_types_and_pings_too() -> None:
    session = started()
    for text in (
        '{ "ping_event":{"event_id":1,"ping_ms":null}, "type":"ping"}',
        '{"type":"brand_new", "x":[1,2 , 3]}',
        '{"type":"audio","audio_event":{"audio_base_64":"AAAA","event_id":1}}',
        '{"type":"rich_content","rich_content":null}',
    ):
        assert session.from_upstream(text, now=NOW) == (text,)
    for text in (
        '{"event_id":1,  "type":"pong"}',
        '{"user_audio_chunk":  "AAAA"}',
        '{"type":"brand_new","x":"\\ud800"}',
        '{"type":"feedback","event_id":3,"score":null}',
    ):
        assert session.from_visitor(text, now=NOW) == (text,)


def test_nothing_reaches_the_visitor_before_the_metadata_and_then_all_in_order() -> None:
    session = make_session()
    early = ['{"type":"queue_status"}', '{"type":"ping","ping_event":{"event_id":1}}']
    for text in early:
        assert session.from_upstream(text, now=NOW) == ()
    assert session.from_upstream(metadata(), now=NOW) == (metadata(), *early)
    assert session.conversation_id == "conv_1"


def test_a_second_metadata_event_never_reaches_the_visitor() -> None:
    session = started()
    assert session.from_upstream(metadata("conv_2"), now=NOW) == ()
    assert session.conversation_id == "conv_1"


@pytest.mark.parametrize(
    "text", ["", "garbage", "[1]", "null", '"x"', "{}", '{"type":1}', "[" * 9999]
)
def test_what_no_client_could_read_is_dropped(text: str) -> None:
    session = started()
    assert session.from_upstream(text, now=NOW) == ()
    assert session.dropped_frames == 1


def test_a_platform_that_talks_without_naming_the_conversation_is_cut_off() -> None:
    session = make_session()
    half = json.dumps({"type": "audio", "x": "A" * 600_000})
    assert session.from_upstream(half, now=NOW) == ()
    with pytest.raises(SessionBroken) as broken:
        session.from_upstream(half, now=NOW)
    assert broken.value.close.code == 1011


def test_a_visitor_who_sends_no_json_is_told_so() -> None:
    with pytest.raises(SessionBroken) as broken:
        started().from_visitor("hello?", now=NOW)
    assert (broken.value.close.code, broken.value.close.reason) == (
        1008,
        "Every frame must be a JSON object.",
    )


# --- closes


@pytest.mark.parametrize(
    ("code", "sent"), [(1000, 1000), (1001, 1000), (1005, 1000), (1006, 1000), (4001, 4001)]
)
def test_a_visitor_who_leaves_is_a_normal_end_to_the_platform(code: int, sent: int) -> None:
    assert started().close_upstream(code, "bye").code == sent


@pytest.mark.parametrize(
    ("code", "sent"),
    [(1000, 1000), (1001, 1001), (1002, 1002), (1008, 1008), (1005, 1011), (1006, 1011),
     (1015, 1011), (1004, 1011), (3000, 3000), (4300, 4300), (999, 1011), (2000, 1011),
     (70000, 1011)],
)  # fmt: skip
def test_the_platforms_close_reaches_the_visitor_as_far_as_it_may_be_sent(
    code: int, sent: int
) -> None:
    assert started().close_visitor(code, "why").code == sent


def test_a_reason_is_passed_on_and_cut_between_characters() -> None:
    assert started().close_visitor(1008, "Override not allowed").reason == "Override not allowed"
    assert started().close_visitor(1008, "é" * 100).reason == "é" * 61
    assert "broke off" in started().close_visitor(1006, "").reason


# --- what is recorded


def test_turns_are_recorded_in_order_of_arrival_with_both_clocks() -> None:
    session = started()
    agent_says(session, "Hello!", 1, after=0.4)
    caller_says(session, "What does it cost?", 9, after=5.9)
    say(session, type="user_message", text="And when?", after=7)
    turns = session.transcript.turns
    assert [(t.position, t.role, t.text, t.source) for t in turns] == [
        (0, "agent", "Hello!", None),
        (1, "user", "What does it cost?", "audio"),
        (2, "user", "And when?", "text"),
    ]
    assert [t.time_in_call_secs for t in turns] == [0, 5, 7]
    assert turns[1].said_at == NOW + timedelta(seconds=5.9)
    assert [t.event_id for t in turns] == ["1", "9", None]


def test_a_correction_changes_the_turn_and_adds_none_however_often_it_comes() -> None:
    session = started()
    agent_says(session, "The first half hour is free. After that", 9)
    hear(session, "interruption", "interruption_event", event_id=9)
    for _ in range(2):
        correct(session, "The first half hour is free. After that", "The first half", "9")
    turn = only(session)
    assert (turn.text, turn.interrupted, turn.spoken) == ("The first half", True, True)
    assert turn.original_text == "The first half hour is free. After that"


def test_a_correction_finds_the_latest_turn_of_its_event_then_of_its_text_then_any() -> None:
    session = started()
    agent_says(session, "One moment.", 9)
    agent_says(session, "There are two openings.", 9)
    correct(session, "", "There are", 9)
    assert said(session) == [("agent", "One moment."), ("agent", "There are")]
    correct(session, " One moment. ", "One", 77)
    assert said(session)[0] == ("agent", "One")
    correct(session, "never said", "There", 78)
    assert said(session)[1] == ("agent", "There")


def test_a_correction_that_comes_after_the_callers_next_turn_still_finds_its_own() -> None:
    session = started()
    agent_says(session, "We bill by the hour, and", 9)
    caller_says(session, "Stop!", 17)
    correct(session, "We bill by the hour, and", "We bill", 9)
    assert said(session) == [("agent", "We bill"), ("user", "Stop!")]


def test_nothing_heard_of_a_turn_keeps_it_as_unspoken() -> None:
    session = started()
    agent_says(session, "Hello!", 1)
    correct(session, "Hello!", "", 1)
    turn = only(session)
    assert (turn.text, turn.original_text, turn.spoken) == (None, "Hello!", False)


def test_a_correction_of_nothing_and_an_interruption_of_nothing_are_no_trouble() -> None:
    session = started()
    correct(session, "a", "b", None)
    hear(session, "interruption", "interruption_event", event_id=3)
    assert session.transcript.turns == []


def test_an_interruption_without_a_correction_leaves_the_text() -> None:
    session = started()
    agent_says(session, "Hello!", 1)
    hear(session, "interruption", "interruption_event", event_id=1)
    assert (only(session).text, only(session).interrupted) == ("Hello!", True)


def test_half_said_last_words_are_kept_and_marked() -> None:
    session = started()
    for words in ("I would", "I would like to"):
        hear(
            session,
            "tentative_user_transcript",
            "tentative_user_transcription_event",
            user_transcript=words,
            event_id=4,
        )
    hear(session, "agent_chat_response_part", "text_response_part", text="Sure", type="delta")
    ending = Ending(by="visitor", code=1000, reason="", broken=False)
    assert session.finish(ending, now=NOW) == "Client disconnected: 1000"
    assert said(session) == [("user", "I would like to"), ("agent", "Sure")]
    assert all(turn.interrupted for turn in session.transcript.turns)


def test_half_said_words_that_were_said_in_full_are_recorded_once() -> None:
    session = started()
    hear(
        session,
        "tentative_user_transcript",
        "tentative_user_transcription_event",
        user_transcript="Good",
        event_id=4,
    )
    caller_says(session, "Good day", 4)
    hear(session, "agent_chat_response_part", "text_response_part", text="Hel", type="start")
    agent_says(session, "Hello", 4)
    session.finish(Ending(by="platform", code=1000, reason="", broken=False), now=NOW)
    assert said(session) == [("user", "Good day"), ("agent", "Hello")]


def test_a_tool_is_recorded_once_with_what_it_was_given_and_what_it_answered() -> None:
    session = started()
    use: dict[str, Any] = {"tool_name": "show_picker", "tool_call_id": "call_1", "event_id": 24}
    hear(session, "agent_tool_request", "agent_tool_request", tool_type="client", **use)
    hear(session, "client_tool_call", "client_tool_call", parameters={"day": 1}, **use)
    say(
        session,
        type="client_tool_result",
        tool_call_id="call_1",
        result={"picked": None},
        is_error=False,
    )
    hear(session, "agent_tool_response", "agent_tool_response", is_error=False, **use)
    call, result = session.transcript.turns
    assert call.tool_calls == [
        {
            "tool_name": "show_picker",
            "request_id": "call_1",
            "type": "client",
            "params_as_json": '{"day": 1}',
        }
    ]
    assert result.tool_results == [
        {
            "tool_name": "show_picker",
            "request_id": "call_1",
            "type": "client",
            "is_error": False,
            "result_value": '{"picked": null}',
        }
    ]


def test_an_agent_who_hangs_up_is_told_from_a_caller_who_does() -> None:
    session = started()
    hear(
        session,
        "agent_tool_response",
        "agent_tool_response",
        tool_name="end_call",
        tool_call_id="c",
        is_error=False,
    )
    ending = Ending(by="visitor", code=1000, reason="User ended conversation", broken=False)
    assert session.finish(ending, now=NOW) == "end_call tool was called."


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KINDS = [*transcript_module.FROM_PLATFORM, *transcript_module.FROM_VISITOR]
KEYS = (
    "agent_response_event", "user_transcription_event", "agent_response_correction_event",
    "interruption_event", "client_tool_call", "agent_tool_request", "agent_tool_response",
    "mcp_tool_call", "text_response_part", "tentative_user_transcription_event", "text", "result",
    "tool_call_id", "is_error",
)  # fmt: skip
FIELDS = (
    "agent_response", "user_transcript", "corrected_agent_response", "original_agent_response",
    "event_id", "tool_name", "tool_call_id", "parameters", "state", "result", "text", "type",
)  # fmt: skip
events = json_values | st.dictionaries(st.sampled_from(FIELDS), json_values)
frames = st.builds(
    lambda kind, rest: {**rest, "type": kind},
    st.sampled_from(KINDS),
    st.dictionaries(st.sampled_from(KEYS), events),
)


@given(st.lists(st.tuples(st.booleans(), frames), max_size=8))
def test_whatever_either_side_sends_the_call_goes_on(sent: list[tuple[bool, Any]]) -> None:
    session = started()
    for from_visitor, frame in sent:
        text = json.dumps(frame)
        pass_on = session.from_visitor if from_visitor else session.from_upstream
        assert pass_on(text, now=NOW) == (text,)
    session.finish(Ending(by="visitor", code=1006, reason="", broken=True), now=NOW)
    positions = [turn.position for turn in session.transcript.turns]
    assert positions == list(range(len(positions)))
