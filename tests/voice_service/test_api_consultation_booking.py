"""Staff book for a voice consultation over HTTP."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from booking_core.availability import get_slot
from booking_core.bookings import hold_slot
from tests.booking_core.factories import make_consultant
from tests.voice_service.conftest import RunningService
from tests.voice_service.events import STRONG_LEAD, conversation_id, make_event

EVERY_DAY = tuple(range(7))
# A caller who is qualified but has not asked for a booking: work for staff.
UNDECIDED = {name: value for name, value in STRONG_LEAD.items() if name != "wants_booking"}
NO_ADDRESS = {name: value for name, value in UNDECIDED.items() if name != "email"}


@pytest.fixture
async def consultant(service: RunningService) -> UUID:
    return await make_consultant(service.conn, days=EVERY_DAY)


async def free_slots(service: RunningService, slug: str = "discovery-call") -> list[dict[str, Any]]:
    answer = await service.client.get("/api/v1/slots", params={"service": slug})
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def call(service: RunningService, facts: dict[str, Any] | None = None, **data: Any) -> str:
    event = make_event(facts=UNDECIDED if facts is None else facts, **data)
    await service.handle(event)
    return conversation_id(event)


async def book(service: RunningService, key: str, body: Any) -> httpx.Response:
    return await service.client.post(f"/api/v1/consultations/{key}/booking", json=body)


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_what_the_caller_said_is_booked_and_the_task_is_closed(
    service: RunningService, consultant: UUID
) -> None:
    key = await call(service)
    before = await service.consultation(key)
    assert (before["booking"], before["closed_at"]) == (None, None)
    slot = (await free_slots(service))[3]
    made = await book(service, key, {"slot_id": slot["slot_id"]})
    assert made.status_code == 201, made.text
    booking = made.json()
    assert datetime.fromisoformat(booking["scheduled_datetime"]) == datetime.fromisoformat(
        slot["start"]
    )
    assert booking["booking_source"] == "voice_consultation"
    assert booking["timezone"] == "Europe/London"
    assert booking["project_description"] == "The caller wants a portal for drivers."
    assert booking["customer_data"]["email"] == "maya@lindqvist.example"
    assert booking["customer_data"]["first_name"] == "Maya"
    assert booking["customer_data"]["company"] == "Lindqvist Logistics"
    assert booking["customer_metrics_id"] == before["customer_metrics_id"]
    assert booking["lead_score"] == max(before["lead_score"], 30)
    after = await service.consultation(key)
    assert (after["follow_up_booking_id"], after["booking"]) == (booking["id"], booking)
    assert after["closed_at"] is not None


async def test_asked_twice_or_at_once_there_is_one_booking(
    service: RunningService, consultant: UUID
) -> None:
    key = await call(service)
    row_id = (await service.consultation(key))["id"]
    slots = await free_slots(service)
    answers = await asyncio.gather(
        *(
            book(service, key if n % 2 else row_id, {"slot_id": slots[n]["slot_id"]})
            for n in range(4)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await service.conn.fetchval("SELECT count(*) FROM bookings") == 1


async def test_after_a_cancellation_another_may_be_made(
    service: RunningService, consultant: UUID
) -> None:
    key = await call(service)
    body = {"slot_id": (await free_slots(service))[0]["slot_id"]}
    first = (await book(service, key, body)).json()
    await service.client.post(f"/api/v1/bookings/{first['booking_reference']}/cancel")
    second = await book(service, key, body)
    assert second.status_code == 201
    assert (await service.consultation(key))["follow_up_booking_id"] == second.json()["id"]


async def test_what_staff_say_goes_before_what_the_caller_said(
    service: RunningService, consultant: UUID
) -> None:
    key = await call(service, NO_ADDRESS)
    slot_id = (await free_slots(service))[0]["slot_id"]
    assert code_of(await book(service, key, {"slot_id": slot_id})) == (422, "contact_invalid")
    body = {
        "slot_id": slot_id,
        "customer": {"email": "Maya@Home.example", "last_name": "L\0"},
        "project_description": "A portal\0",
        "timezone": "America/New_York",
    }
    made = await book(service, key, body)
    assert made.status_code == 201, made.text
    booking = made.json()
    assert booking["customer_data"]["email"] == "maya@home.example"
    assert booking["customer_data"]["first_name"] == "Maya"
    assert booking["customer_data"]["last_name"] == "L\ufffd"
    assert booking["project_description"] == "A portal\ufffd"
    assert booking["timezone"] == "America/New_York"
    consultation = await service.consultation(key)
    assert consultation["customer_metrics_id"] == booking["customer_metrics_id"]


async def test_an_address_staff_give_books_for_whom_it_belongs_to(
    service: RunningService, consultant: UUID
) -> None:
    known = (await service.consultation(await call(service)))["customer_metrics_id"]
    other_facts = UNDECIDED | {"email": "other@example.com", "full_name": "Otto Other"}
    key = await call(service, other_facts)
    slots = await free_slots(service)
    made = await book(
        service,
        key,
        {"slot_id": slots[0]["slot_id"], "customer": {"email": "maya@lindqvist.example"}},
    )
    assert made.json()["customer_metrics_id"] == known
    third = await call(service, other_facts)
    own = (await service.consultation(third))["customer_metrics_id"]
    new = {"slot_id": slots[1]["slot_id"], "customer": {"email": "new@example.com"}}
    booking = (await book(service, third, new)).json()
    assert booking["customer_metrics_id"] == own
    assert booking["customer_data"]["email"] == "new@example.com"


async def test_the_conversations_own_hold_is_booked_and_others_are_respected(
    service: RunningService, consultant: UUID
) -> None:
    key, other = await call(service), await call(service, UNDECIDED | {"email": "o@example.com"})
    slot_id = (await free_slots(service))[0]["slot_id"]
    slot = await get_slot(service.conn, slot_id)
    await hold_slot(service.conn, slot, key, now=datetime.now(UTC))
    assert code_of(await book(service, other, {"slot_id": slot_id})) == (409, "slot_taken")
    assert (await service.consultation(other))["closed_at"] is None
    assert (await book(service, key, {"slot_id": slot_id})).status_code == 201
    assert await service.conn.fetchval("SELECT count(*) FROM slot_holds") == 0


async def test_a_late_report_keeps_the_booking_of_staff(
    service: RunningService, consultant: UUID
) -> None:
    event = make_event(facts=UNDECIDED)
    await service.handle(event)
    key = conversation_id(event)
    booked = await book(service, key, {"slot_id": (await free_slots(service))[0]["slot_id"]})
    later = event | {"event_timestamp": event["event_timestamp"] + 60}
    await service.handle(later)
    after = await service.consultation(key)
    assert after["follow_up_booking_id"] == booked.json()["id"]
    assert after["closed_at"] is not None


async def test_a_conversation_that_failed_is_booked_from_what_staff_say(
    service: RunningService, consultant: UUID
) -> None:
    await service.conn.execute(
        "INSERT INTO voice_consultations (voice_session_id, status) VALUES ('conv_x', 'failed')"
    )
    body = {
        "slot_id": (await free_slots(service))[0]["slot_id"],
        "customer": {"phone": "+442079460000"},
    }
    made = await book(service, "conv_x", body)
    assert made.status_code == 201, made.text
    today = datetime.now(UTC).date()
    assert made.json()["project_description"] == f"Voice consultation {today}"
    assert made.json()["timezone"] == "Europe/London"


async def test_refusals_are_in_words_and_change_nothing(
    service: RunningService, consultant: UUID
) -> None:
    key = await call(service)
    slot_id = (await free_slots(service))[0]["slot_id"]
    slot = await get_slot(service.conn, slot_id)
    past = type(slot)(
        consultant_id=slot.consultant_id,
        service_id=slot.service_id,
        start=slot.start - timedelta(days=90),
        end=slot.end - timedelta(days=90),
    )
    nowhere = type(slot)(
        consultant_id=slot.consultant_id, service_id=uuid4(), start=slot.start, end=slot.end
    )
    before = await service.consultation(key)
    cases: list[tuple[Any, int, str]] = [
        (None, 422, "request_invalid"),
        ([], 422, "request_invalid"),
        ({}, 422, "request_invalid"),
        ({"slot_id": None}, 422, "request_invalid"),
        ({"slot_id": slot_id, "customer": None}, 422, "request_invalid"),
        ({"slot_id": slot_id, "customer": {"id": "1"}}, 422, "request_invalid"),
        ({"slot_id": slot_id, "project_description": ""}, 422, "request_invalid"),
        ({"slot_id": slot_id, "project_description": "x" * 10_001}, 422, "request_invalid"),
        ({"slot_id": slot_id, "lead_score": 100}, 422, "request_invalid"),
        ({"slot_id": slot_id, "timezone": "Mars/Phobos"}, 422, "timezone_unknown"),
        ({"slot_id": slot_id, "timezone": "UTC\0"}, 422, "timezone_unknown"),
        ({"slot_id": slot_id, "customer": {"email": "no"}}, 422, "contact_invalid"),
        ({"slot_id": slot_id, "customer": {"email": "a\0@b.example"}}, 422, "contact_invalid"),
        ({"slot_id": "'; DROP TABLE bookings; --"}, 422, "slot_id_invalid"),
        ({"slot_id": past.slot_id}, 409, "slot_not_offered"),
        ({"slot_id": nowhere.slot_id}, 404, "service_not_found"),
    ]
    for body, status, code in cases:
        answer = await book(service, key, body)
        assert code_of(answer) == (status, code), (body, answer.text)
        assert answer.json()["detail"]
    for nobody in ("nobody", str(uuid4()), "%00", "'; DROP TABLE x"):
        answer = await book(service, nobody, {"slot_id": slot_id})
        assert code_of(answer) == (404, "consultation_not_found")
    assert await service.consultation(key) == before
    async with httpx.AsyncClient(base_url=service.base_url) as stranger:
        answer = await stranger.post(f"/api/v1/consultations/{key}/booking", json={})
        assert code_of(answer) == (401, "unauthorized")
