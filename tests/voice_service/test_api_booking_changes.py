"""What becomes of a booking, over HTTP."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.booking_core.factories import make_consultant
from tests.voice_service.conftest import RunningService

EVERY_DAY = tuple(range(7))
BOOKINGS = "/api/v1/bookings"
VERBS = ("move", "cancel", "confirm", "start", "complete", "no-show", "payment")


@pytest.fixture
async def consultant(service: RunningService) -> UUID:
    return await make_consultant(service.conn, days=EVERY_DAY)


async def free_slots(service: RunningService, slug: str = "discovery-call") -> list[str]:
    answer = await service.client.get("/api/v1/slots", params={"service": slug})
    return [item["slot_id"] for item in answer.json()["items"]]


async def make_booking(
    service: RunningService, slug: str = "discovery-call", email: str = "ada@example.com"
) -> dict[str, Any]:
    body = {
        "slot_id": (await free_slots(service, slug))[0],
        "customer": {"email": email},
        "project_description": "A computing machine.",
    }
    answer = await service.client.post(BOOKINGS, json=body)
    assert answer.status_code == 201, answer.text
    booking: dict[str, Any] = answer.json()
    return booking


async def change(
    service: RunningService, booking: dict[str, Any], verb: str, body: Any = None
) -> httpx.Response:
    path = f"{BOOKINGS}/{booking['booking_reference']}/{verb}"
    return await service.client.post(path, json=body)


async def let_it_begin(service: RunningService, booking: dict[str, Any]) -> None:
    """Its time, and when it was made, have come."""
    await service.conn.execute(
        """UPDATE bookings SET created_at = created_at - $2::interval,
            scheduled_datetime = scheduled_datetime - $2::interval WHERE id = $1""",
        UUID(booking["id"]),
        timedelta(days=30),
    )


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def follow_ups_of(service: RunningService, booking: dict[str, Any]) -> set[str]:
    rows = await service.conn.fetch(
        "SELECT follow_up_type::text FROM follow_ups WHERE booking_id = $1", UUID(booking["id"])
    )
    return {row[0] for row in rows}


async def test_a_moved_booking_keeps_its_reference_and_frees_its_old_time(
    service: RunningService, consultant: UUID
) -> None:
    booking = await make_booking(service)
    wanted = (await free_slots(service))[5]
    moved = await change(service, booking, "move", {"slot_id": wanted})
    assert moved.status_code == 200, moved.text
    assert moved.json()["booking_reference"] == booking["booking_reference"]
    assert moved.json()["scheduled_datetime"] > booking["scheduled_datetime"]
    free = await free_slots(service)
    assert wanted not in free
    other = await make_booking(service, email="other@example.com")
    assert other["scheduled_datetime"] == booking["scheduled_datetime"]
    onto = await change(service, other, "move", {"slot_id": wanted})
    assert code_of(onto) == (409, "slot_taken")
    read = await service.client.get(f"{BOOKINGS}/{other['booking_reference']}")
    assert read.json() == other
    paid = (await free_slots(service, "strategy-session"))[0]
    assert code_of(await change(service, other, "move", {"slot_id": paid})) == (
        409, "slot_not_offered",
    )  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [None, [], {}, {"slot_id": None}, {"slot_id": 1}, {"slot_id": "x" * 101},
     {"slot_id": "x", "by": "staff"}],
)  # fmt: skip
async def test_a_move_needs_a_slot_and_nothing_else(service: RunningService, body: Any) -> None:
    answer = await service.client.post(f"{BOOKINGS}/INT-1/move", json=body)
    assert code_of(answer) == (422, "request_invalid")


async def test_a_cancelled_booking_says_by_whom_and_why_and_stays_cancelled(
    service: RunningService, consultant: UUID
) -> None:
    by_staff, by_customer = (
        await make_booking(service),
        await make_booking(service, email="other@example.com"),
    )
    cancelled = (await change(service, by_staff, "cancel")).json()
    assert (cancelled["status"], cancelled["cancelled_by"]) == ("cancelled", "staff")
    assert (cancelled["cancellation_reason"], cancelled["cancelled_at"] is None) == (None, False)
    refused: list[Any] = [
        {"by": "nobody"}, {"by": None}, {"reason": 5}, {"reason": "x" * 2001}, {"why": "x"}, [],
    ]  # fmt: skip
    for wrong in refused:
        answer = await change(service, by_customer, "cancel", wrong)
        assert code_of(answer) == (422, "request_invalid"), wrong
    why = "It's off\0'; DROP TABLE bookings; --"
    told = await change(service, by_customer, "cancel", {"reason": why, "by": "customer"})
    assert told.json()["cancelled_by"] == "customer"
    assert told.json()["cancellation_reason"] == why.replace("\0", "\ufffd")
    for verb in ("cancel", "confirm", "start", "complete", "no-show"):
        assert code_of(await change(service, by_staff, verb)) == (409, "move_not_allowed")
    slot_id = (await free_slots(service))[0]
    moved = await change(service, by_staff, "move", {"slot_id": slot_id})
    assert code_of(moved) == (409, "move_not_allowed")


async def test_a_consultation_begins_is_completed_and_leaves_follow_ups(
    service: RunningService, consultant: UUID
) -> None:
    booking = await make_booking(service)
    assert code_of(await change(service, booking, "complete")) == (409, "too_early")
    assert code_of(await change(service, booking, "no-show")) == (409, "too_early")
    assert await follow_ups_of(service, booking) == set()
    begun = (await change(service, booking, "start")).json()
    assert (begun["status"], begun["actual_start_time"] is None) == ("in_progress", False)
    answers = await asyncio.gather(*(change(service, booking, "complete") for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    done = next(answer.json() for answer in answers if answer.status_code == 200)
    assert (done["status"], done["completed_at"] is None) == ("completed", False)
    assert await follow_ups_of(service, booking) == {"email", "check_in"}


async def test_a_customer_who_did_not_come_is_offered_another_time(
    service: RunningService, consultant: UUID
) -> None:
    booking = await make_booking(service)
    await let_it_begin(service, booking)
    assert (await change(service, booking, "no-show")).json()["status"] == "no_show"
    assert await follow_ups_of(service, booking) == {"phone_call"}
    assert code_of(await change(service, booking, "no-show")) == (409, "move_not_allowed")
    assert await follow_ups_of(service, booking) == {"phone_call"}


def receipt(**said: Any) -> dict[str, Any]:
    paid = {"method": "stripe", "reference": "pi_1", "amount": "150.00", "currency": "USD"}
    return {"to": "paid", "receipt": paid | said}


async def test_a_priced_booking_is_confirmed_once_it_is_paid(
    service: RunningService, consultant: UUID
) -> None:
    booking = await make_booking(service, "strategy-session")
    assert (booking["status"], booking["payment_amount"]) == ("pending", 150.0)
    assert code_of(await change(service, booking, "confirm")) == (409, "payment_missing")
    for wrong, code in (
        ({"to": "paid"}, "payment_invalid"),
        (receipt(amount="149.99"), "payment_invalid"),
        (receipt(currency="EUR"), "payment_invalid"),
        (receipt(method=" "), "payment_invalid"),
        (receipt(reference="\0"), "payment_invalid"),
        (receipt(amount="NaN"), "request_invalid"),
        (receipt(amount="Infinity"), "request_invalid"),
        (receipt(amount=-150), "request_invalid"),
        (receipt(amount="1e400"), "request_invalid"),
        (receipt(amount=None), "request_invalid"),
        (receipt(amount="150.001"), "request_invalid"),
        (receipt(reference="x" * 256), "request_invalid"),
        (receipt(tip=1), "request_invalid"),
        ({"to": "gone"}, "request_invalid"),
        ({"to": None}, "request_invalid"),
        ({}, "request_invalid"),
        (None, "request_invalid"),
    ):
        answer = await change(service, booking, "payment", wrong)
        assert code_of(answer) == (422, code), (wrong, answer.text)
    paid = (await change(service, booking, "payment", receipt())).json()
    assert (paid["payment_status"], paid["payment_reference"]) == ("paid", "pi_1")
    assert (await change(service, booking, "confirm")).json()["status"] == "confirmed"
    again = await change(service, booking, "payment", receipt())
    assert code_of(again) == (409, "move_not_allowed")
    other = await make_booking(service, "strategy-session", email="other@example.com")
    used = await change(service, other, "payment", receipt())
    assert code_of(used) == (409, "payment_already_used")
    waived = (await change(service, other, "payment", {"to": "waived"})).json()
    assert waived["payment_status"] == "waived"
    back = (await change(service, booking, "payment", {"to": "refunded"})).json()
    assert back["payment_status"] == "refunded"


async def test_nobody_s_booking_cannot_be_changed(service: RunningService) -> None:
    consultant = await make_consultant(service.conn, days=EVERY_DAY)
    slot_id = (await free_slots(service))[0]
    bodies: dict[str, Any] = {"move": {"slot_id": slot_id}, "payment": {"to": "waived"}}
    for reference in ("INT-20310101-0001", "%00", "'; DROP TABLE x", "%F0%9F%98%80"):
        for verb in VERBS:
            path = f"{BOOKINGS}/{reference}/{verb}"
            answer = await service.client.post(path, json=bodies.get(verb))
            assert code_of(answer) == (404, "booking_not_found"), (reference, verb)
    long = await service.client.post(f"{BOOKINGS}/{'x' * 21}/confirm")
    assert code_of(long) == (422, "request_invalid")
    assert consultant


async def test_strangers_change_nothing(service: RunningService, consultant: UUID) -> None:
    booking = await make_booking(service)
    async with httpx.AsyncClient(base_url=service.base_url) as stranger:
        for path in ("", *(f"/{booking['booking_reference']}/{verb}" for verb in VERBS)):
            answer = await stranger.post(f"{BOOKINGS}{path}", json={})
            assert code_of(answer) == (401, "unauthorized")
        assert code_of(await stranger.get(BOOKINGS)) == (401, "unauthorized")
    read = await service.client.get(f"{BOOKINGS}/{booking['booking_reference']}")
    assert read.json() == booking
