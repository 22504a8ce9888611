"""What a conversation becomes: a booking, work for a person, or neither; once."""

import asyncio
from copy import deepcopy
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from tests.booking_core.factories import make_consultant
from tests.conftest import FreshDatabase
from tests.voice_service.conftest import RunningService, make_settings, run_service
from tests.voice_service.events import STRONG_LEAD, conversation_id, make_event, say

LONDON = ZoneInfo("Europe/London")
EVERY_DAY = tuple(range(7))


def london(days: int, clock: str) -> datetime:
    """That wall-clock time in London, so many days from today."""
    day = datetime.now(LONDON).date() + timedelta(days=days)
    return datetime.combine(day, time.fromisoformat(clock), LONDON)


def lead(wanted: datetime | str | None, **facts: Any) -> dict[str, Any]:
    """The facts of a strong lead who would like that time."""
    words = wanted.isoformat() if isinstance(wanted, datetime) else wanted
    return STRONG_LEAD | {"preferred_time": words} | facts


@pytest.fixture
async def consultant(service: RunningService) -> UUID:
    """One consultant, every day from nine to five in London."""
    return await make_consultant(service.conn, timezone="Europe/London", days=EVERY_DAY)


async def interactions_of(service: RunningService, booking_id: str) -> list[str]:
    """What was noted of its customer; nothing is noted of anything else."""
    rows = await service.conn.fetch(
        "SELECT interaction_type::text, booking_id FROM customer_interactions ORDER BY 1"
    )
    assert {str(row["booking_id"]) for row in rows} == {booking_id}
    return [row["interaction_type"] for row in rows]


async def count_bookings(service: RunningService) -> int:
    count: int = await service.conn.fetchval("SELECT count(*) FROM bookings")
    return count


async def test_a_qualified_caller_who_asked_gets_the_wanted_time(
    service: RunningService, consultant: UUID
) -> None:
    wanted = london(2, "10:30")
    event = make_event(facts=lead(wanted))
    await service.handle(event)
    found = await service.consultation(conversation_id(event))
    booking = found["booking"]
    assert found["follow_up_booking_id"] == booking["id"]
    assert datetime.fromisoformat(booking["scheduled_datetime"]) == wanted
    assert booking["consultant_id"] == str(consultant)
    assert booking["status"] == "confirmed"  # the discovery call is free
    assert booking["payment_status"] == "waived"
    assert booking["booking_source"] == "voice_consultation"
    assert booking["timezone"] == "Europe/London"
    assert booking["customer_data"]["email"] == "maya@lindqvist.example"
    assert booking["customer_data"]["first_name"] == "Maya"
    assert booking["lead_score"] >= found["lead_score"] >= 50
    assert booking["project_description"] == "The caller wants a portal for drivers."
    assert found["marks"] == []
    assert found["lead_qualified"] is True
    reference = booking["booking_reference"]
    same = (await service.client.get(f"/api/v1/bookings/{reference}")).json()
    assert same == booking
    assert await interactions_of(service, booking["id"]) == [
        "booking_created",
        "voice_consultation",
    ]
    customer = await service.conn.fetchrow("SELECT * FROM customer_metrics")
    assert customer is not None
    assert (customer["lead_source"], customer["lead_quality"]) == ("voice_consultation", "hot")


async def test_a_paid_service_waits_for_its_payment(
    service: RunningService, consultant: UUID
) -> None:
    event = make_event(facts=lead(london(2, "10:30"), preferred_service="strategy-session"))
    await service.handle(event)
    booking = (await service.consultation(conversation_id(event)))["booking"]
    assert (booking["status"], booking["payment_status"]) == ("pending", "pending")
    assert (booking["payment_amount"], booking["currency"]) == (150.0, "USD")


async def test_the_same_event_twice_or_handled_again_books_once(
    service: RunningService, consultant: UUID
) -> None:
    event = make_event(facts=lead(london(2, "10:30")))
    await asyncio.gather(*(service.post(event) for _ in range(20)))
    await service.settle()
    before = await service.consultation(conversation_id(event))
    # A later report of the same conversation, with other words: a new row of the inbox.
    event["event_timestamp"] += 60
    event["data"]["analysis"]["transcript_summary"] = "Said again."
    await service.handle(event)
    after = await service.consultation(conversation_id(event))
    assert await count_bookings(service) == 1
    assert after["follow_up_booking_id"] == before["follow_up_booking_id"]
    assert after["conversation_summary"] == "Said again."
    assert after["due_at"] == before["due_at"]
    noted = await interactions_of(service, str(after["follow_up_booking_id"]))
    assert noted == ["booking_created", "voice_consultation"]


async def test_an_older_report_changes_nothing(service: RunningService, consultant: UUID) -> None:
    event = make_event(facts=lead(london(2, "10:30")))
    await service.handle(event)
    before = await service.consultation(conversation_id(event))
    event["event_timestamp"] -= 600
    event["data"] |= {"analysis": None, "transcript": []}
    await service.handle(event)
    assert await service.consultation(conversation_id(event)) == before


async def test_a_free_service_moves_to_the_nearest_time_of_the_day(
    service: RunningService, consultant: UUID
) -> None:
    wanted = london(2, "10:30")
    first = make_event(facts=lead(wanted))
    second = make_event(facts=lead(wanted, email="other@lindqvist.example"))
    await service.handle(first)
    await service.handle(second)
    found = await service.consultation(conversation_id(second))
    start = datetime.fromisoformat(found["booking"]["scheduled_datetime"])
    assert abs(start - wanted) == timedelta(minutes=15)
    assert found["marks"] == ["moved_to_nearest"]


async def test_a_priced_service_with_its_time_gone_goes_to_staff(
    service: RunningService, consultant: UUID
) -> None:
    wanted = london(2, "10:30")
    facts = lead(wanted, preferred_service="strategy-session")
    await service.handle(make_event(facts=facts))
    second = make_event(facts=facts | {"email": "other@lindqvist.example"})
    await service.handle(second)
    found = await service.consultation(conversation_id(second))
    assert found["follow_up_booking_id"] is None
    assert found["due_at"] is not None
    starts = [datetime.fromisoformat(each["start"]) for each in found["proposals"]]
    assert len(set(starts)) == 3
    assert all(london(0, "00:00") < start for start in starts)


@pytest.mark.parametrize(
    ("changes", "marks"),
    [
        ({"preferred_time": None}, []),
        ({"preferred_time": "Tuesday after lunch"}, []),
        ({"wants_booking": None}, []),
        ({"wants_booking": False}, []),
        ({"email": None}, []),
        ({"caller_sentiment": -0.8}, ["needs_review"]),
    ],
    ids=["no time", "words", "did not say", "does not want", "no e-mail", "upset"],
)
async def test_a_qualified_caller_goes_to_staff_when_something_is_missing(
    service: RunningService, consultant: UUID, changes: dict[str, Any], marks: list[str]
) -> None:
    event = make_event(facts=lead(london(2, "10:30")) | changes)
    await service.handle(event)
    found = await service.consultation(conversation_id(event))
    assert found["lead_verdict"] == "qualified"
    assert found["follow_up_booking_id"] is None
    assert len(found["proposals"]) == 3
    assert found["due_at"] is not None
    assert found["marks"] == marks
    assert await count_bookings(service) == 0


async def test_an_unqualified_caller_keeps_the_reason_and_is_not_booked(
    service: RunningService, consultant: UUID
) -> None:
    event = make_event(facts=lead(london(2, "10:30"), caller_type="job_seeker"))
    await service.handle(event)
    found = await service.consultation(conversation_id(event))
    assert found["lead_verdict"] == "unqualified"
    assert found["qualification"]["disqualifier"] == "job_seeker"
    assert found["qualification"]["route"] == "careers"
    assert (found["follow_up_booking_id"], found["due_at"]) == (None, None)
    assert await service.conn.fetchval("SELECT count(*) FROM customer_metrics") == 0


async def test_a_customer_with_a_booking_to_come_gets_no_second_one(
    service: RunningService, consultant: UUID
) -> None:
    first = make_event(facts=lead(london(2, "10:30")))
    second = make_event(facts=lead(london(3, "14:00")))
    await service.handle(first)
    await service.handle(second)
    found = await service.consultation(conversation_id(second))
    kept = (await service.consultation(conversation_id(first)))["follow_up_booking_id"]
    assert found["follow_up_booking_id"] == kept
    assert found["marks"] == ["existing_booking"]
    assert await count_bookings(service) == 1


async def test_two_conversations_of_one_customer_at_once_make_one_booking(
    service: RunningService, consultant: UUID
) -> None:
    events = [make_event(facts=lead(london(2, f"{hour}:00"))) for hour in (10, 11, 13, 14, 15, 16)]
    await asyncio.gather(*(service.post(event) for event in events))
    await service.settle()
    assert await count_bookings(service) == 1
    assert await service.conn.fetchval("SELECT count(*) FROM customer_metrics") == 1


async def test_a_claimed_booking_that_we_lack_is_shown_to_staff(
    service: RunningService, consultant: UUID
) -> None:
    said = [
        ("agent", "Hello, this is Intellectif."),
        ("user", "I would like a call about our warehouse portal, please."),
        ("agent", "Lovely, you're booked for Friday at ten."),
        ("user", "Great, thank you, bye."),
    ]
    event = make_event(facts=lead(london(2, "10:30")), turns=said)
    await service.handle(event)
    found = await service.consultation(conversation_id(event))
    assert found["marks"] == ["claimed_booking_missing"]
    assert found["follow_up_booking_id"] is None
    assert found["due_at"] is not None


async def test_with_conversion_off_everything_goes_to_staff(
    fresh_database: FreshDatabase, tmp_path: Any
) -> None:
    settings = make_settings(tmp_path, conversion_policy="off")
    async with fresh_database() as dsn, run_service(dsn, settings) as service:
        await make_consultant(service.conn, timezone="Europe/London", days=EVERY_DAY)
        event = make_event(facts=lead(london(2, "10:30")))
        await service.handle(event)
        found = await service.consultation(conversation_id(event))
    assert found["follow_up_booking_id"] is None
    assert len(found["proposals"]) == 3


NEWER_WITH_LESS: dict[str, dict[str, Any]] = {
    "no content": {"transcript": [], "analysis": None},
    "no analysis": {"analysis": None},
    "withheld": {"transcript": None},
    "processing": {"status": "processing", "analysis": None},
    "in progress": {"status": "in-progress"},
    "failed": {"status": "failed", "transcript": [], "analysis": None},
}


@pytest.mark.parametrize("changes", NEWER_WITH_LESS.values(), ids=NEWER_WITH_LESS.keys())
@pytest.mark.parametrize("agrees", [True, False], ids=["booked", "with staff"])
async def test_a_newer_report_that_tells_less_takes_nothing_away(
    service: RunningService, consultant: UUID, changes: dict[str, Any], agrees: bool
) -> None:
    event = make_event(facts=lead(london(2, "10:30"), wants_booking=agrees))
    await service.handle(event)
    before = await service.consultation(conversation_id(event))
    assert (before["booking"] is not None) is agrees
    event["event_timestamp"] += 60
    event["data"] |= changes
    await service.handle(event)
    after = await service.consultation(conversation_id(event))
    changing = ("updated_at", "metadata")
    assert {name: after[name] for name in after if name not in changing} == {
        name: before[name] for name in before if name not in changing
    }
    assert await count_bookings(service) == int(agrees)


async def test_an_analysis_that_comes_late_still_books_and_is_noted_once(
    service: RunningService, consultant: UUID
) -> None:
    whole = make_event(facts=lead(london(2, "10:30")))
    early = deepcopy(whole)
    early["data"]["analysis"] = None
    whole["event_timestamp"] += 60
    await service.handle(early)
    assert await count_bookings(service) == 0
    await service.handle(whole)
    found = await service.consultation(conversation_id(whole))
    assert found["booking"]["status"] == "confirmed"
    noted = await service.conn.fetch(
        "SELECT interaction_type::text, booking_id IS NOT NULL"
        " FROM customer_interactions ORDER BY 1"
    )
    # The conversation was noted when it was over: what the caller said told who it was.
    assert [tuple(row) for row in noted] == [
        ("booking_created", True),
        ("voice_consultation", False),
    ]


async def test_a_booking_that_staff_deleted_is_not_made_again(
    service: RunningService, consultant: UUID
) -> None:
    event = make_event(facts=lead(london(2, "10:30")))
    await service.handle(event)
    await service.conn.execute("DELETE FROM bookings")
    event["event_timestamp"] += 60
    await service.handle(event)
    assert await count_bookings(service) == 0


async def test_a_clock_that_runs_ahead_shuts_nothing_out(
    service: RunningService, consultant: UUID
) -> None:
    event = make_event(facts={}, started_at=datetime.now(UTC) - timedelta(minutes=5))
    right = deepcopy(event)
    event["event_timestamp"] = 4_102_444_799
    await service.handle(event)
    right["event_timestamp"] = datetime.now(UTC).timestamp() + 1
    right["data"]["analysis"]["transcript_summary"] = "The whole of it."
    await service.handle(right)
    found = await service.consultation(conversation_id(right))
    assert found["conversation_summary"] == "The whole of it."


async def test_a_report_that_was_passed_over_says_so(
    service: RunningService, consultant: UUID
) -> None:
    event = make_event(facts={})
    await service.handle(event)
    event["event_timestamp"] -= 600
    await service.handle(event)
    remarks = await service.conn.fetch("SELECT last_error FROM voice_events ORDER BY received_at")
    assert [row["last_error"] for row in remarks] == [
        None, "passed over: a newer report was recorded before it",
    ]  # fmt: skip


IMPOSSIBLE: dict[str, dict[str, Any]] = {
    "year 9999": {"preferred_time": "9999-12-31T23:59:59Z"},
    "year 9999 local": {"preferred_time": "9999-12-31T23:59:59"},
    "year 3000": {"preferred_time": "3000-01-01T10:00:00Z"},
    "trillions": {"budget_max": 1e15, "budget_min": 1e12},
    "beyond": {"budget_max": 1e300, "budget_min": 1e300},
    "no top level": {"email": "a@b.c"},
}


@pytest.mark.parametrize("facts", IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
async def test_one_impossible_value_never_loses_the_conversation(
    service: RunningService, consultant: UUID, facts: dict[str, Any]
) -> None:
    event = make_event(facts=lead(london(2, "10:30")) | facts, turns=say(STRONG_LEAD))
    await service.handle(event)
    found = await service.consultation(conversation_id(event))
    assert found["status"] == "completed"
    assert len(found["turns"]) == len(event["data"]["transcript"])
    assert found["lead_verdict"] == "qualified"
    assert found["booking"] or found["due_at"]
    assert await service.conn.fetchval("SELECT attempts FROM voice_events") == 1


@pytest.mark.parametrize("zone", ["localtime", "posixrules", "EST5EDT4", "PST", "Europe/Nowhere"])
async def test_a_zone_that_is_none_falls_back_and_the_caller_is_booked(
    service: RunningService, consultant: UUID, zone: str
) -> None:
    event = make_event(facts=lead(london(2, "10:30")))
    event["data"]["metadata"]["timezone"] = zone
    await service.handle(event)
    found = await service.consultation(conversation_id(event))
    assert found["timezone_source"] == "business"
    assert found["booking"]["timezone"] == "Europe/London"


async def test_a_consultation_that_a_person_closed_is_not_converted(
    service: RunningService, consultant: UUID
) -> None:
    event = make_event(facts=lead(None))
    await service.handle(event)
    closed_at = datetime.now(UTC)
    await service.conn.execute("UPDATE voice_consultations SET closed_at = $1", closed_at)
    event["event_timestamp"] += 60
    event["data"]["analysis"]["data_collection_results"]["preferred_time"] = {
        "value": london(2, "10:30").isoformat()
    }
    await service.handle(event)
    found = await service.consultation(conversation_id(event))
    assert datetime.fromisoformat(found["closed_at"]) == closed_at
    assert await count_bookings(service) == 0


async def test_a_call_that_never_began_is_shown_as_failed_and_undone_by_what_was_said(
    service: RunningService,
) -> None:
    event = make_event()
    failure = {
        "type": "call_initiation_failure",
        "event_timestamp": 1,
        "data": {
            "agent_id": "agent_test",
            "conversation_id": conversation_id(event),
            "failure_reason": "no-answer",
            "metadata": {"type": "sip", "body": {}},
        },
    }
    await service.handle(failure)
    found = await service.consultation(conversation_id(event))
    assert (found["status"], found["end_reason"]) == ("failed", "no-answer")
    await service.handle(event)
    await service.handle(failure | {"event_timestamp": 2})
    found = await service.consultation(conversation_id(event))
    assert found["status"] == "completed"


async def test_a_time_said_in_words_is_booked_when_it_is_one_clock_time(
    service: RunningService, consultant: UUID
) -> None:
    """Collected as words, or only said: the day and clock time of the caller's own zone."""
    wanted = london(8, "14:30")
    words = f"{wanted:%A} the {wanted.day} of {wanted:%B} at half past two"
    collected = make_event(facts=lead(words))
    another = lead(None, email="other@lindqvist.example")
    said = make_event(
        facts=another,
        turns=[
            *say(another)[:-2],
            ("agent", "When would you like to talk to somebody?"),
            ("user", f"Could we do {words.replace('half past two', 'a quarter to four')}?"),
        ],
    )
    for event in (collected, said):
        await service.handle(event)
    booking = (await service.consultation(conversation_id(collected)))["booking"]
    assert datetime.fromisoformat(booking["scheduled_datetime"]) == wanted
    found = await service.consultation(conversation_id(said))
    assert datetime.fromisoformat(found["booking"]["scheduled_datetime"]) == london(8, "15:45")
    assert found["qualification"]["facts"]["preferred_time"]["source"] == "transcript"
