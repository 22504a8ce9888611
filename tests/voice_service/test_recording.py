"""Any conversation that can come is recorded, whatever is in it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.voice_service.conftest import RunningService
from tests.voice_service.events import STRONG_LEAD, conversation_id, load_sample, make_event, say


async def record(service: RunningService, event: dict[str, Any]) -> dict[str, Any]:
    await service.handle(event)
    return await service.consultation(conversation_id(event))


async def test_a_conversation_without_analysis_is_judged_on_what_was_said(
    service: RunningService,
) -> None:
    found = await record(service, make_event(analysis=None))
    assert found["status"] == "completed"
    assert found["conversation_summary"] is None
    assert found["sentiment_source"] == "local"
    assert (found["customer_email"], found["caller_name"]) == (
        "maya@lindqvist.example",
        "Maya Lindqvist",
    )
    known = found["qualification"]["facts"]
    assert known["budget_max"]["value"] == 60000
    assert {fact["source"] for fact in known.values()} == {"transcript"}
    # A need, money and a company, but nobody who decides and no date: that is known, and no lead.
    assert found["lead_verdict"] == "unqualified"
    assert {"decision_role", "timeline"} <= set(found["qualification"]["missing"])


async def test_hardly_anything_said_without_analysis_is_not_known(service: RunningService) -> None:
    said = [("agent", "Hello?"), ("user", "I would like to talk to somebody about an idea I had.")]
    found = await record(service, make_event(analysis=None, turns=said))
    assert found["lead_verdict"] == "unknown"


async def test_an_empty_transcript_is_recorded(service: RunningService) -> None:
    found = await record(service, make_event(transcript=[], facts={}))
    assert (found["status"], found["turns"]) == ("completed", [])
    assert found["conversation_transcript"] == ""
    assert found["qualification"]["disqualifier"] == "no_conversation"


async def test_a_withheld_transcript_does_not_lose_the_lead(service: RunningService) -> None:
    found = await record(service, make_event(transcript=None))
    assert found["lead_verdict"] == "qualified"


async def test_five_thousand_turns_are_recorded(service: RunningService) -> None:
    turns = [
        ("user" if number % 2 else "agent", f"This is turn {number}, it is great.")
        for number in range(5_000)
    ]
    found = await record(service, make_event(turns=turns))
    assert [turn["position"] for turn in found["turns"]] == list(range(5_000))
    assert found["turns"][4_999]["sentiment"] > 0
    assert found["turns"][4_998]["sentiment"] is None


async def test_text_that_no_database_stores_is_stored_all_the_same(
    service: RunningService,
) -> None:
    said = "NUL \0 here, half a pair \ud83d there, a whole one 😀, and \u202e turned"
    event = make_event(
        facts=STRONG_LEAD | {"full_name": "Zoë \0 \udc00", "company": "😀 Ltd"},
        turns=[("agent", said), ("user", said), ("user\0", said)],
    )
    event["data"]["transcript"][0]["tool_calls"] = [
        {"tool_name": "x\0", "params_as_json": '{"a": "\\u0000"}'}
    ]
    found = await record(service, event)
    expected = said.replace("\0", "\ufffd").replace("\ud83d ", "\ufffd ")
    assert [turn["text"] for turn in found["turns"]] == [expected] * 3
    assert found["caller_name"] == "Zoë \ufffd \ufffd"
    assert found["qualification"]["facts"]["company"]["value"] == "😀 Ltd"


@pytest.mark.parametrize(
    ("address", "phone"),
    [
        ("+44 20 7946 0117", "+442079460117"),
        ("sip:alice@pbx.example.com", None),
        ("anonymous", None),
        ("Restricted", None),
        ("+", None),
        ("+999999999999999999999", None),
        ("x" * 5_000, None),
        (12345, None),
        (["+442079460117"], None),
        (None, None),
    ],
)
async def test_only_a_real_number_becomes_the_callers(
    service: RunningService, address: Any, phone: str | None
) -> None:
    event = make_event(facts={})
    event["data"]["metadata"]["phone_call"] = {
        "type": "sip_trunking",
        "direction": "inbound",
        "external_number": address,
    }
    found = await record(service, event)
    assert (found["channel"], found["customer_phone"]) == ("phone", phone)
    if isinstance(address, str) and phone is None:
        assert found["metadata"]["caller_address"] == address[:255]


@pytest.mark.parametrize(
    "email",
    ["nobody", "a@b", "a b@example.com", "@example.com", "x" * 300 + "@example.com", 7, ["a"], {}],
)
async def test_an_email_nobody_can_parse_is_left_out_and_said_so(
    service: RunningService, email: Any
) -> None:
    unsaid = say(STRONG_LEAD | {"email": None})
    found = await record(service, make_event(facts=STRONG_LEAD | {"email": email}, turns=unsaid))
    assert found["customer_email"] is None
    codes = {reason["code"] for reason in found["qualification"]["reasons"]}
    assert "invalid_field_ignored" in codes
    assert "email" in found["qualification"]["missing"]


async def test_a_byte_order_mark_and_endless_digits_are_read_over(
    service: RunningService,
) -> None:
    event = make_event()
    event["data"]["number"] = "DIGITS"
    body = json.dumps(event).replace('"DIGITS"', "9" * 5_000).encode()
    for number, sent in enumerate((b"\xef\xbb\xbf" + json.dumps(event).encode(), body)):
        answer = await service.post(sent)
        assert answer.status_code == 200, number
    await service.settle()
    assert (await service.consultation(conversation_id(event)))["status"] == "completed"


HOSTILE: list[Any] = [
    None, True, -1, 0, 1e308, 10**40, "", "x" * 100_000, [], {}, [[]], {"value": {}}, "'; DROP--",
]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE, ids=[str(value)[:12] for value in HOSTILE])
async def test_a_field_of_any_shape_never_loses_the_conversation(
    service: RunningService, value: Any
) -> None:
    """Every field of the event, one after the other, with a value it should not have."""
    event = load_sample("phone_call")
    data = event["data"]
    changes: list[tuple[dict[str, Any], str]] = [
        (event, "event_timestamp"),
        *((data, key) for key in data if key != "conversation_id"),
        *((data["metadata"], key) for key in data["metadata"]),
        *((data["metadata"]["phone_call"], key) for key in data["metadata"]["phone_call"]),
        *((data["analysis"], key) for key in data["analysis"]),
        *((data["transcript"][2], key) for key in data["transcript"][2]),
    ]
    ids = []
    for number, (place, key) in enumerate(changes):
        kept, place[key] = place[key], value
        data["conversation_id"] = f"conv_hostile_{number}"
        ids.append(data["conversation_id"])
        assert (await service.post(event)).status_code == 200, key
        place[key] = kept
    await service.settle(60)
    rows = await service.conn.fetch("SELECT voice_session_id, status FROM voice_consultations")
    assert {row["voice_session_id"] for row in rows} == set(ids)
    problems = await service.conn.fetch(
        "SELECT conversation_id, last_error FROM voice_events WHERE last_error IS NOT NULL"
    )
    assert problems == []


async def test_every_field_we_keep_comes_from_the_event(service: RunningService) -> None:
    event = load_sample("phone_call")
    found = await record(service, event)
    assert found["channel"] == "phone"
    assert found["customer_phone"] == "+442079460117"
    assert (found["timezone"], found["timezone_source"]) == ("Europe/London", "metadata")
    assert found["agent_id"] == event["data"]["agent_id"]
    assert found["duration_seconds"] == 38
    started_at = datetime.fromtimestamp(1794909604, UTC)
    assert datetime.fromisoformat(found["started_at"]) == started_at
    assert datetime.fromisoformat(found["ended_at"]) == started_at + timedelta(seconds=38)
    assert found["end_reason"] == "end_call tool was called."
    assert found["metadata"]["language"] == "en"
    turn = found["turns"][2]
    assert turn["tool_calls"][0]["tool_name"] == "check_availability"
    assert datetime.fromisoformat(turn["said_at"]) == started_at + timedelta(
        seconds=turn["time_in_call_secs"]
    )
    interrupted = next(turn for turn in found["turns"] if turn["interrupted"])
    assert len(interrupted["original_text"]) > len(interrupted["text"])


async def test_the_zone_falls_back_from_the_call_to_the_number_to_the_business(
    service: RunningService,
) -> None:
    async def zone(**metadata: Any) -> tuple[str, str]:
        event = make_event(facts={})
        event["data"]["metadata"] = metadata
        event["data"]["conversation_initiation_client_data"] = {
            "dynamic_variables": {"system__timezone": metadata.pop("system", None)}
        }
        found = await record(service, event)
        return found["timezone"], found["timezone_source"]

    call = {"external_number": "+81312345678"}
    assert await zone(timezone="Asia/Tokyo", system="UTC") == ("Asia/Tokyo", "metadata")
    assert await zone(timezone="Mars/Phobos", system="Asia/Tokyo") == ("Asia/Tokyo", "system")
    assert await zone(phone_call=call) == ("Asia/Tokyo", "number")
    assert await zone(timezone="../../etc/passwd") == ("Europe/London", "business")


async def test_the_agents_own_sentiment_wins_over_the_local_one(service: RunningService) -> None:
    turns = [("agent", "Hello"), ("user", "I hate this, it is terrible and awful, I am angry.")]
    told = await record(service, make_event(facts={"caller_sentiment": 0.6}, turns=turns))
    local = await record(service, make_event(facts={"caller_sentiment": 7}, turns=turns))
    assert (told["sentiment_score"], told["sentiment_source"]) == (0.6, "agent")
    assert local["sentiment_source"] == "local"
    assert local["sentiment_score"] <= -0.5
