"""What the stand-in's agent and a caller come to, without a socket."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from elevenlabs.types import GetConversationResponseModel

from voice_service.consultations.claims import claims_booking
from voice_service.rehearsal import tool_turns
from voice_service.rehearsal.find_slots import Found, Question
from voice_service.rehearsal.offering import Look
from voice_service.rehearsal.post_call import Ended, make_post_call_event
from voice_service.rehearsal.script import CONTACT, CONTACT_AGAIN, read_caller_zone
from voice_service.rehearsal.talking import Talk

NOW = datetime(2031, 1, 6, 8, 0, tzinfo=UTC)  # a Monday
OFFERED = NOW.replace(day=7, hour=10)
BEFORE = ("a web app for our drivers", "10, I'm the owner", "20k, 3 months")
CONTACTS = ("Sam Lee, sam@example.org",)


def make_talk(zone: object = "Europe/London") -> Talk:
    return Talk(started_at=NOW, zone=read_caller_zone(zone), text_only=True)


def slots_for(look: Look) -> Found:
    """Every quarter of an hour is free but at three: first what was asked for, then near it."""
    wanted = look.wanted.start if look.wanted else None
    best = OFFERED if wanted is None else wanted
    if best.hour == 15:
        best -= timedelta(minutes=15)
    return Found(starts=(best, best + timedelta(days=1)), text="{}", failed=False, seconds=0.1)


def talk_through(talk: Talk, answers: tuple[str, ...], *, found: Found | None = None) -> list[str]:
    """Type answer by answer; what the agent said."""
    said: list[str] = []
    for answer in (*answers, None):
        step = talk.plan()
        while isinstance(step, Look):
            step = talk.plan(found or slots_for(step))
        said.append(step)
        talk.say(step, now=NOW)
        if answer is None or talk.is_over:
            break
        talk.hear_typed(answer, now=NOW)
    return said


@pytest.mark.parametrize(
    ("answers", "agreed"),
    [
        (("yes",), OFFERED),
        (("y",), OFFERED),
        (("👍",), OFFERED),
        (("Sure, sounds good!",), OFFERED),
        (("blah", "yes"), OFFERED),
        (("Thursday at 4 pm rather", "yes"), NOW.replace(day=9, hour=16)),
        (("no, Thursday at 4pm please", "perfect"), NOW.replace(day=9, hour=16)),
        (("Thursday at 3 pm", "ok"), NOW.replace(day=9, hour=14, minute=45)),
        (("Thursday", "at 2", "yes"), NOW.replace(day=9, hour=14)),
        (("Thursday afternoon", "fine"), NOW.replace(day=9, hour=13)),
        (("I'm busy then", "friday at noon", "that works"), NOW.replace(day=10, hour=12)),
        (("I can't on Tuesday", "Wednesday 9:30", "yes"), NOW.replace(day=8, hour=9, minute=30)),
        (("that doesn't suit me", "Monday at ten", "yes"), NOW.replace(day=13, hour=10)),
        (("can we do thursday at 11 instead?", "great"), NOW.replace(day=9, hour=11)),
    ],
)
def test_both_settle_on_a_time(answers: tuple[str, ...], agreed: datetime) -> None:
    talk = make_talk()
    talk_through(talk, (*BEFORE, *answers, *CONTACTS))
    assert talk.offering.agreed == agreed
    assert talk.is_over
    facts = event_of(talk)["analysis"]["data_collection_results"]
    assert facts["preferred_time"]["value"] == agreed.isoformat()
    assert facts["wants_booking"]["value"] is True
    assert facts["full_name"]["value"] == "Sam Lee"
    assert not claims_booking(talk.turns)


@pytest.mark.parametrize("heard", ["", "Then let us", "Then let us talk. Would you like our free"])
@pytest.mark.parametrize("more", ["", " discovery call, and would Tuesday, January", "… Tuesday"])
def test_a_time_that_was_not_heard_is_not_agreed_to(heard: str, more: str) -> None:
    talk = make_talk()
    talk_through(talk, BEFORE)
    talk.interrupt(heard + more)
    talk.hear_typed("yes", now=NOW)
    again = str(talk.plan())
    assert "Tuesday, January 7 at 10 AM" in again
    assert talk.offering.agreed is None
    talk.say(again, now=NOW)
    talk.hear_typed("yes", now=NOW)
    talk.plan()
    assert talk.offering.agreed == OFFERED


def test_an_own_time_counts_also_from_who_did_not_listen() -> None:
    talk = make_talk()
    talk_through(talk, BEFORE)
    talk.interrupt("Then let us talk. Would you")
    talk.hear_typed("Thursday at 4 pm", now=NOW)
    step = talk.plan()
    assert isinstance(step, Look)
    assert step.wanted is not None
    assert step.wanted.start == NOW.replace(day=9, hour=16)


@pytest.mark.parametrize(
    "answers", [("no thanks",), ("no",), ("maybe another time",), ("Thursday at 4 pm", "no")]
)
def test_a_no_is_a_no(answers: tuple[str, ...]) -> None:
    talk = make_talk()
    talk_through(talk, (*BEFORE, *answers, *CONTACTS))
    assert talk.offering.declined
    assert talk.offering.agreed is None
    event = event_of(talk)
    assert event["analysis"]["data_collection_results"]["wants_booking"]["value"] is False
    assert event["analysis"]["call_successful"] == "failure"


def test_nobody_is_asked_for_a_time_for_ever() -> None:
    talk = make_talk()
    said = talk_through(talk, (*BEFORE, *("Thursday 3 pm",) * 20))
    assert sum("not free" in each for each in said) == 4
    assert talk.is_over
    assert talk.offering.agreed is None


def test_an_address_is_asked_for_twice_at_most() -> None:
    said = talk_through(make_talk(), (*BEFORE, "yes", "no", "no", "no"))
    assert said[4].endswith(CONTACT)
    assert said[5] == CONTACT_AGAIN
    assert "Without an e-mail address" in said[6]


def test_what_is_away_is_said_and_left_out() -> None:
    away = Found(starts=(), text="HTTP 503", failed=True, seconds=0.1)
    talk = make_talk()
    said = talk_through(talk, (*BEFORE, *CONTACTS), found=away)
    assert said[3].startswith("I cannot look into the calendar")
    assert talk.is_over


def test_times_without_a_zone_are_told_and_settled_in_utc() -> None:
    talk = make_talk("Nowhere/Land")
    said = talk_through(talk, (*BEFORE, "friday at 4:30 pm", "yes", *CONTACTS))
    assert "10 AM UTC" in said[3]
    assert said[4].startswith("Friday, January 10 at 4:30 PM UTC is free.")
    assert talk.offering.agreed == NOW.replace(day=10, hour=16, minute=30)
    assert event_of(talk)["metadata"]["timezone"] == "UTC"


def event_of(talk: Talk, *, ended: Ended | None = None) -> dict[str, Any]:
    ended = ended or Ended(at=NOW + timedelta(seconds=90), reason="Client disconnected: 1000")
    initiation = {
        "dynamic_variables": {"consultation_id": "c1"},
        "source_info": {"source": "js_sdk", "version": "1.25.0"},
        "user_id": "visitor",
    }
    event = make_post_call_event(
        talk, ended, conversation_id="conv_1", agent_id="agent_1", initiation=initiation
    )
    data: dict[str, Any] = event["data"]
    return data


def test_the_event_fits_the_vendors_own_model_and_adds_nothing_to_it() -> None:
    talk = make_talk()
    talk.say(str(talk.plan()), now=NOW)
    talk.interrupt("Hello, this")
    talk.hear_spoken(now=NOW)
    question = Question(wanted=None, zone=talk.zone, now=NOW)
    call = tool_turns.slots_call(question, "call_1", url="http://127.0.0.1:8000/api/v1/slots")
    talk.use_tool(now=NOW, tool_calls=[call])
    for failed in (True, False):
        found = Found(starts=(), text="{}", failed=failed, seconds=0.25)
        talk.use_tool(now=NOW, tool_results=[tool_turns.slots_result(found, "call_1")])
    talk.use_tool(now=NOW, tool_calls=[tool_turns.end_call("call_2")])
    talk.use_tool(now=NOW, tool_results=[tool_turns.end_call_result("call_2")])
    data = event_of(talk)
    model = GetConversationResponseModel.model_validate(data)
    assert not model.model_extra
    assert not model.metadata.model_extra
    assert all(not turn.model_extra for turn in model.transcript)
    first = data["transcript"][0]
    assert (first["interrupted"], first["message"]) == (True, "Hello, this")
    assert data["conversation_initiation_client_data"]["dynamic_variables"]["consultation_id"] == (
        "c1"
    )
    assert data["metadata"]["conversation_initiation_source"] == "js_sdk"


def test_a_conversation_without_a_word_of_the_caller_has_no_analysis() -> None:
    talk = make_talk()
    talk.say(str(talk.plan()), now=NOW)
    data = event_of(talk)
    assert data["analysis"] is None
    assert (data["user_message_count"], data["agent_message_count"]) == (0, 1)


def test_how_a_conversation_failed_is_reported() -> None:
    data = event_of(make_talk(), ended=Ended(at=NOW, reason="Internal error", error_code=1011))
    assert data["status"] == "failed"
    assert data["metadata"]["error"] == {"code": 1011, "reason": "Internal error"}


def test_who_hangs_up_while_speaking_is_kept_with_what_was_understood() -> None:
    talk = make_talk()
    talk.say(str(talk.plan()), now=NOW)
    assert talk.hear_partly(1.0, word_seconds=0.25) == "We plan our drivers'"
    assert talk.hear_partly(1.01, word_seconds=0.25) is None
    talk.finish(now=NOW)
    assert talk.turns[-1].text == "We plan our drivers'"
