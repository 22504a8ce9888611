"""Dialogues in the shape of the platform's events."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from elevenlabs.types import GetConversationResponseModel

from voice_service.analysis.contact import read_email
from voice_service.consultations.model import Channel, Status
from voice_service.elevenlabs_api.translate import to_finished_conversation
from voice_service.elevenlabs_api.wire import Conversation, read_envelope
from voice_service.rehearsal.events import COLLECTED, make_event
from voice_service.rehearsal.model import Dialogue, Occasion, Sample, agent, caller
from voice_service.rehearsal.samples import SAMPLES

NOW = datetime(2031, 1, 6, 10, 0, 30, tzinfo=UTC)
OCCASION = Occasion(
    conversation_id="conv_rehearsal_1",
    email="ada.hill.07@example.com",
    started_at=NOW,
    wanted=datetime(2031, 1, 7, 20, 30, tzinfo=UTC),
)


def event_of(dialogue: Dialogue) -> dict[str, Any]:
    return make_event(dialogue, OCCASION, agent_id="agent_1")


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_events_fit_the_vendors_own_model_and_add_nothing_to_it(sample: Sample) -> None:
    data = event_of(sample.dialogue)["data"]
    model = GetConversationResponseModel.model_validate(data)
    assert not model.model_extra
    assert all(not turn.model_extra for turn in model.transcript)
    assert not model.metadata.model_extra


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_what_is_said_comes_out_as_it_went_in(sample: Sample) -> None:
    dialogue = sample.dialogue
    envelope = read_envelope(json.dumps(event_of(dialogue)).encode())
    finished = to_finished_conversation(
        Conversation.read(envelope.data), received_at=NOW, business_timezone="UTC"
    )
    words = OCCASION.words(dialogue)
    spoken = [(turn.role, turn.text) for turn in finished.turns if turn.text]
    assert envelope.type == "post_call_transcription"
    assert spoken == [
        (line.role, line.text.format_map(words)) for line in dialogue.lines if line.text
    ]
    assert finished.conversation_id == OCCASION.conversation_id
    assert finished.status is Status.COMPLETED
    assert finished.started_at == NOW.replace(microsecond=0)
    assert (finished.zone.name, finished.zone.source) == (dialogue.timezone, "metadata")
    assert finished.channel is (Channel.PHONE if dialogue.phone else Channel.WEB)
    assert finished.caller_phone == dialogue.phone
    assert finished.language == dialogue.language


def test_seconds_never_run_backwards() -> None:
    transcript = event_of(SAMPLES["claimed-booking"].dialogue)["data"]["transcript"]
    seconds = [turn["time_in_call_secs"] for turn in transcript]
    assert seconds == sorted(seconds)
    assert seconds[-1] > 20


def test_a_call_has_every_field_and_a_web_conversation_few() -> None:
    lines = (agent("Hello, how", cut_off="are you?"), caller("Fine."))
    by_phone = event_of(Dialogue(timezone="UTC", phone="+442079460117", lines=lines))["data"]
    on_the_web = event_of(Dialogue(timezone="UTC", lines=lines))["data"]
    full, sparse = by_phone["transcript"][0], on_the_web["transcript"][0]
    assert full["tool_calls"] == []
    assert full["original_message"] == "Hello, how are you?"
    assert full["interrupted"]
    assert by_phone["metadata"]["phone_call"]["external_number"] == "+442079460117"
    assert sparse["tool_calls"] is None
    assert "interrupted" not in sparse
    assert on_the_web["metadata"]["phone_call"] is None


def test_a_tools_answer_is_json_in_a_string_of_a_later_turn() -> None:
    transcript = event_of(SAMPLES["claimed-booking"].dialogue)["data"]["transcript"]
    calls = [turn["tool_calls"][0] for turn in transcript if turn["tool_calls"]]
    results = [turn["tool_results"][0] for turn in transcript if turn["tool_results"]]
    assert [call["request_id"] for call in calls] == [result["request_id"] for result in results]
    assert json.loads(calls[0]["params_as_json"])["conversation_id"] == OCCASION.conversation_id
    assert json.loads(results[0]["result_value"])["status"] == "ok"


def test_every_field_is_reported_null_where_nothing_was_said() -> None:
    results = event_of(SAMPLES["job-seeker"].dialogue)["data"]["analysis"][
        "data_collection_results"
    ]
    assert results.keys() == COLLECTED.keys()
    assert results["caller_type"]["value"] == "job_seeker"
    assert results["budget_max"]["value"] is None


def test_no_facts_means_no_analysis() -> None:
    assert event_of(SAMPLES["no-analysis"].dialogue)["data"]["analysis"] is None


@pytest.mark.parametrize(
    ("name", "when", "preferred_time"),
    [
        ("strong-lead", "Tuesday, January 7 at 2:30 PM", "2031-01-07T14:30"),
        ("spanish", "martes 7 de enero a las 21:30", "2031-01-07T21:30"),
    ],
)
def test_the_wanted_time_is_said_in_the_callers_language_and_zone(
    name: str, when: str, preferred_time: str
) -> None:
    data = event_of(SAMPLES[name].dialogue)["data"]
    assert any(when in (turn["message"] or "") for turn in data["transcript"])
    fact = data["analysis"]["data_collection_results"]["preferred_time"]
    assert fact["value"] == preferred_time


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_an_address_that_is_collected_is_one_and_was_said(sample: Sample) -> None:
    said = [line.text or "" for line in sample.dialogue.lines if line.role == "user"]
    if sample.dialogue.facts is not None:  # there was an analysis
        assert ("email" in sample.dialogue.facts) == any("email}" in text for text in said)
    assert read_email(OCCASION.email) == OCCASION.email


def test_an_event_says_when_it_was_made() -> None:
    event = event_of(SAMPLES["hung-up"].dialogue)
    assert event["event_timestamp"] == int(NOW.timestamp())
    assert event["data"]["metadata"]["start_time_unix_secs"] == int(NOW.timestamp())
    assert NOW - datetime.fromtimestamp(event["event_timestamp"], UTC) < timedelta(seconds=1)
