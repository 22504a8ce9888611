"""Whoever types to the stand-in has a booking in the end, or refuses one."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.voice_service.conftest import RunningService
from tests.voice_service.rehearsal.visitor import (
    TYPED,
    begin,
    bookings,
    completed,
    end_reason,
    hear,
    hear_agent,
    hear_rest,
    start_of,
    tools_of,
    type_all,
    type_in,
    visit,
    visit_from,
    words_of,
)
from voice_service.rehearsal import find_slots
from voice_service.rehearsal.model import in_english

LONDON = ZoneInfo("Europe/London")  # the business's, where a visitor tells none


def a_free_time(*, hour: int, days: int = 3) -> datetime:
    """A time some days ahead at which nobody is busy yet."""
    day = datetime.now(LONDON).date() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour, tzinfo=LONDON)


async def talk_to_the_end(
    staffed: RunningService, answers: tuple[str, ...]
) -> tuple[list[tuple[str, str]], str]:
    """A typed conversation: what was said, and its id."""
    async with visit(staffed) as visitor:
        conversation_id = await begin(visitor)
        said = await type_all(visitor, answers)
        await hear_rest(visitor)
    return said, conversation_id


async def converse(
    staffed: RunningService, answers: tuple[str, ...]
) -> tuple[list[tuple[str, str]], dict[str, Any]]:
    """A typed conversation: what was said, and what became of it."""
    said, conversation_id = await talk_to_the_end(staffed, answers)
    return said, await completed(staffed, conversation_id)


async def test_typed_answers_lead_to_a_booking_at_the_time_that_was_offered(
    staffed: RunningService,
) -> None:
    said, found = await converse(staffed, TYPED)
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


async def test_the_slots_that_the_tool_told_hold_the_booking(staffed: RunningService) -> None:
    _, found = await converse(staffed, TYPED)
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
    staffed: RunningService,
) -> None:
    async with await visit_from(staffed, "America/New_York") as visitor:
        conversation_id = await begin(visitor)
        said = await type_all(visitor, TYPED)
        await hear_rest(visitor)
    found = await completed(staffed, conversation_id)
    there = start_of(found).astimezone(ZoneInfo("America/New_York"))
    assert in_english(there) in said[6][1]
    assert found["booking"]["timezone"] == "America/New_York"
    assert 8 <= there.hour < 21
    assert found["timezone_source"] == "metadata"


async def test_an_own_time_that_is_free_is_read_back_and_booked(staffed: RunningService) -> None:
    own = a_free_time(hour=15)
    answers = (*TYPED[:3], f"{own:%A} at 3 pm rather", "yes", TYPED[4])
    said, found = await converse(staffed, answers)
    assert said[8][1].startswith(f"{in_english(own)} is free.")
    assert start_of(found) == own
    assert found["marks"] == []


async def test_for_an_own_time_that_is_gone_the_nearest_is_offered(staffed: RunningService) -> None:
    own = a_free_time(hour=15)
    _, first = await converse(staffed, (*TYPED[:3], f"{own:%A} at 3 pm", "yes", TYPED[4]))
    assert start_of(first) == own
    answers = (*TYPED[:3], f"no, {own:%A} at 3 pm please", "ok", "Ann Ford, ann@example.org")
    said, second = await converse(staffed, answers)
    assert said[8][1].startswith("I am sorry, that time is not free.")
    assert in_english(start_of(second).astimezone(LONDON)) in said[8][1]
    assert timedelta(0) < abs(start_of(second) - own) <= timedelta(minutes=30)


async def test_a_day_and_a_time_may_be_said_one_after_the_other(staffed: RunningService) -> None:
    own = a_free_time(hour=11)
    answers = (*TYPED[:3], "that doesn't suit me", f"{own:%A}", "at 11", "yes", TYPED[4])
    said, found = await converse(staffed, answers)
    assert said[8][1].startswith("Which day and time")
    assert start_of(found) == own


@pytest.mark.parametrize("refusal", ["no thanks", "no", "maybe later", "Not interested, sorry."])
async def test_a_refusal_books_nothing(staffed: RunningService, refusal: str) -> None:
    said, found = await converse(staffed, (*TYPED[:3], refusal, TYPED[4]))
    assert words_of(found) == said
    assert found["booking"] is None
    assert found["qualification"]["facts"]["wants_booking"]["value"] is False
    assert await bookings(staffed) == 0


async def test_nonsense_books_nothing(staffed: RunningService) -> None:
    nonsense = ("asdf qwer", "zxcv", "uiop", "hjkl", "vbnm", "nothing", "at all")
    said, found = await converse(staffed, nonsense)
    assert "yes or no?" in said[8][1]
    assert words_of(found) == said
    assert found["booking"] is None
    assert found["lead_verdict"] == "unknown"


async def test_a_yes_to_everything_is_no_lead(staffed: RunningService) -> None:
    _, found = await converse(staffed, ("yes", "yes", "yes", "yes", "yes@example.org"))
    assert found["booking"] is None
    assert await bookings(staffed) == 0


async def test_an_answer_without_an_address_is_asked_for_once_more(staffed: RunningService) -> None:
    said, found = await converse(staffed, (*TYPED[:4], "Sam Lee", "sam@example.org"))
    assert "once more" in said[10][1]
    assert found["customer_email"] == "sam@example.org"
    assert found["booking"]["status"] == "confirmed"


async def test_without_an_address_the_conversation_goes_on_and_to_staff(
    staffed: RunningService,
) -> None:
    _, found = await converse(staffed, (*TYPED[:4], "Sam Lee", "I would rather not"))
    assert found["booking"] is None
    assert found["lead_verdict"] == "qualified"
    assert len(found["proposals"]) == 3


async def test_the_same_conversation_again_finds_the_booking_there_is(
    staffed: RunningService,
) -> None:
    _, first = await converse(staffed, TYPED)
    _, second = await converse(staffed, TYPED)
    assert second["booking"]["id"] == first["booking"]["id"]
    assert second["marks"] == ["existing_booking"]
    assert await bookings(staffed) == 1


async def test_two_who_talk_at_once_have_a_booking_each(staffed: RunningService) -> None:
    others = (*TYPED[:4], "Ann Ford, ann@example.org")
    (_, first), (_, second) = await asyncio.gather(
        talk_to_the_end(staffed, TYPED), talk_to_the_end(staffed, others)
    )
    one, other = await completed(staffed, first), await completed(staffed, second)
    assert one["booking"]["id"] != other["booking"]["id"]
    assert start_of(one) != start_of(other)  # there is one consultant


@pytest.mark.parametrize("answered", range(5))
async def test_whoever_hangs_up_half_way_is_recorded_and_not_booked(
    staffed: RunningService, answered: int
) -> None:
    async with visit(staffed) as visitor:
        conversation_id = await begin(visitor)
        said = await type_all(visitor, TYPED[:answered])
        await visitor.close()
    found = await completed(staffed, conversation_id)
    assert words_of(found) == said
    assert found["booking"] is None
    assert await end_reason(staffed, conversation_id) == "Client disconnected: 1000"


async def test_without_a_free_slot_the_agent_says_so_and_goes_on(
    staffed: RunningService,
) -> None:
    await staffed.conn.execute("UPDATE availability_templates SET is_active = FALSE")
    said, found = await converse(staffed, (*TYPED[:3], TYPED[4]))
    assert said[6][1].startswith("I see no free time just now")
    assert found["booking"] is None
    assert found["lead_verdict"] == "qualified"


async def test_a_database_that_does_not_answer_is_waited_for_a_while_only(
    staffed: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find_slots, "ANSWERED_WITHIN", 0.5)
    async with visit(staffed) as visitor:
        conversation_id = await begin(visitor)
        async with staffed.conn.transaction():
            await staffed.conn.execute("LOCK TABLE services, bookings IN ACCESS EXCLUSIVE MODE")
            for answer in TYPED[:3]:
                await hear_agent(visitor)
                await type_in(visitor, answer)
            response = (await hear(visitor, "agent_tool_response"))["agent_tool_response"]
            text = await hear_agent(visitor)
        await type_in(visitor, TYPED[4])
        await hear_rest(visitor)
    assert response["is_error"]
    assert text.startswith("I cannot look into the calendar just now")
    found = await completed(staffed, conversation_id)
    [result] = [
        each
        for turn in found["turns"]
        for each in turn["tool_results"] or ()
        if each["tool_name"] == "find_slots"
    ]
    assert (result["is_error"], result["result_value"]) == (True, "")
    assert found["booking"] is None
