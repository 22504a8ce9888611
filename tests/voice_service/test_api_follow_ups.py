"""What is owed after bookings, over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from booking_core.follow_ups import create_follow_ups
from tests.booking_core.factories import (
    NOW,
    add_booking,
    make_consultant,
    make_customer,
    make_service,
)
from tests.voice_service.conftest import RunningService

NOBODY = "00000000-0000-4000-8000-000000000000"
AHEAD = "2031-01-20T10:00:00+02:00"


async def make_follow_ups(api: RunningService) -> tuple[list[str], str]:
    """Two of a completed booking, the first due first, and the consultant who has them.

    They are as old as the clock of the service, which completes them.
    """
    consultant = await make_consultant(api.conn)
    booking = await add_booking(
        api.conn,
        await make_customer(api.conn, email=f"{uuid4().hex}@example.com"),
        await make_service(api.conn),
        status="completed",
        consultant_id=consultant,
    )
    made = await create_follow_ups(
        api.conn, booking, "completed", now=datetime.now(UTC) - timedelta(hours=1)
    )
    return [str(each.id) for each in made], str(consultant)


async def test_follow_ups_are_listed_by_due_date_for_one_of_the_staff(api: RunningService) -> None:
    ids, consultant = await make_follow_ups(api)
    await make_follow_ups(api)
    first = (await api.client.get(f"/api/v1/follow-ups?assigned_to={consultant}&limit=1")).json()
    rest = (
        await api.client.get(
            "/api/v1/follow-ups",
            params={"assigned_to": consultant, "cursor": first["next_cursor"]},
        )
    ).json()
    assert [each["id"] for each in first["items"] + rest["items"]] == ids
    assert rest["next_cursor"] is None
    due_by = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    soon = await api.client.get(
        "/api/v1/follow-ups", params={"assigned_to": consultant, "due_by": due_by}
    )
    assert [each["id"] for each in soon.json()["items"]] == ids[:1]
    one = (await api.client.get(f"/api/v1/follow-ups/{ids[0]}")).json()
    assert one == first["items"][0]
    assert {"booking_id", "follow_up_type", "due_date", "outcome", "next_action"} <= one.keys()


async def test_a_follow_up_is_given_begun_put_off_and_completed(api: RunningService) -> None:
    [one, _], consultant = await make_follow_ups(api)
    path = f"/api/v1/follow-ups/{one}"
    nobody = await api.client.post(f"{path}/assign", json={"assigned_to": None})
    assert nobody.json()["assigned_to"] is None
    somebody = await api.client.post(f"{path}/assign", json={"assigned_to": consultant})
    assert somebody.json()["assigned_to"] == consultant
    for _ in range(2):
        assert (await api.client.post(f"{path}/start")).json()["status"] == "in_progress"
    put_off = (await api.client.post(f"{path}/reschedule", json={"due_date": AHEAD})).json()
    assert datetime.fromisoformat(put_off["due_date"]) == datetime.fromisoformat(AHEAD)
    result = {"outcome": "Sent'; DROP TABLE follow_ups; --", "next_action": "Call"}
    done = (await api.client.post(f"{path}/complete", json=result)).json()
    assert done.items() >= ({"status": "completed"} | result).items()
    assert done["completed_date"] is not None
    assert (await api.client.get(path)).json() == done


@pytest.mark.parametrize(
    ("action", "body", "status"),
    [
        ("cancel", {"reason": "They wrote to us"}, "cancelled"),
        ("fail", {"outcome": "Nobody there", "next_action": None}, "failed"),
        ("complete", {"outcome": "Done"}, "completed"),
    ],
)
async def test_what_is_closed_stays_closed(
    api: RunningService, action: str, body: dict[str, Any], status: str
) -> None:
    [one, _], consultant = await make_follow_ups(api)
    path = f"/api/v1/follow-ups/{one}"
    assert (await api.client.post(f"{path}/{action}", json=body)).json()["status"] == status
    for then, said in (
        (action, body),
        ("start", None),
        ("assign", {"assigned_to": consultant}),
        ("complete", {"outcome": "Done"}),
        ("fail", {"outcome": "Not done"}),
        ("cancel", {"reason": "Why not"}),
        ("reschedule", {"due_date": AHEAD}),
    ):
        answer = await api.client.post(f"{path}/{then}", json=said)
        assert (answer.status_code, answer.json()["code"]) == (409, "follow_up_closed")
    listed = (await api.client.get(f"/api/v1/follow-ups?assigned_to={consultant}")).json()
    assert one not in {each["id"] for each in listed["items"]}


@pytest.mark.parametrize(
    ("action", "body", "status", "code"),
    [
        ("assign", {"assigned_to": NOBODY}, 404, "staff_member_not_found"),
        ("assign", {"assigned_to": "me"}, 422, "request_invalid"),
        ("assign", {"assigned_to": 1}, 422, "request_invalid"),
        ("assign", {}, 422, "request_invalid"),
        ("complete", {"outcome": " "}, 422, "value_invalid"),
        ("complete", {"outcome": "a\0"}, 422, "value_invalid"),
        ("complete", {"outcome": "x" * 10_001}, 422, "value_invalid"),
        ("complete", {"outcome": "Done", "next_action": "x" * 256}, 422, "value_invalid"),
        ("complete", {"outcome": "Done", "next_action": ""}, 422, "value_invalid"),
        ("complete", {"outcome": None}, 422, "request_invalid"),
        ("complete", {"outcome": 1}, 422, "request_invalid"),
        ("complete", {"outcome": "Done", "status": "failed"}, 422, "request_invalid"),
        ("complete", None, 422, "request_invalid"),
        ("fail", {"outcome": ""}, 422, "value_invalid"),
        ("fail", {}, 422, "request_invalid"),
        ("cancel", {"reason": "\0"}, 422, "value_invalid"),
        ("cancel", {"reason": ["because"]}, 422, "request_invalid"),
        ("reschedule", {"due_date": NOW.replace(year=2001).isoformat()}, 422, "value_invalid"),
        ("reschedule", {"due_date": "2031-01-20T10:00:00"}, 422, "value_invalid"),
        ("reschedule", {"due_date": "9999-12-31T23:59:59-14:00"}, 422, "value_invalid"),
        ("reschedule", {"due_date": "0001-01-01T00:00:00+14:00"}, 422, "value_invalid"),
        ("reschedule", {"due_date": "next week"}, 422, "request_invalid"),
        ("reschedule", {"due_date": 1927000000}, 422, "request_invalid"),
        ("reschedule", {"due_date": "1927000000"}, 422, "request_invalid"),
        ("reschedule", {"due_date": None}, 422, "request_invalid"),
    ],
)
async def test_what_makes_no_sense_changes_nothing(
    api: RunningService, action: str, body: Any, status: int, code: str
) -> None:
    [one, _], _ = await make_follow_ups(api)
    path = f"/api/v1/follow-ups/{one}"
    before = (await api.client.get(path)).json()
    answer = await api.client.post(f"{path}/{action}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert (await api.client.get(path)).json() == before


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("assign", {"assigned_to": None}),
        ("start", None),
        ("complete", {"outcome": "Done"}),
        ("fail", {"outcome": "Not done"}),
        ("reschedule", {"due_date": AHEAD}),
        ("cancel", {"reason": "Why not"}),
    ],
)
async def test_a_follow_up_nobody_knows(api: RunningService, action: str, body: Any) -> None:
    answer = await api.client.post(f"/api/v1/follow-ups/{NOBODY}/{action}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (404, "follow_up_not_found")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"follow-ups/{NOBODY}", 404, "follow_up_not_found"),
        ("follow-ups/x", 422, "request_invalid"),
        ("follow-ups?due_by=2031-01-06T10:00", 422, "value_invalid"),
        ("follow-ups?due_by=2031-01-06", 422, "value_invalid"),
        ("follow-ups?due_by=9999-12-31T23:59:59-14:00", 422, "value_invalid"),
        ("follow-ups?due_by=0001-01-01T00:00:00%2B14:00", 422, "value_invalid"),
        ("follow-ups?due_by=5", 422, "request_invalid"),
        ("follow-ups?due_by=soon", 422, "request_invalid"),
        ("follow-ups?assigned_to=me", 422, "request_invalid"),
        ("follow-ups?cursor=abc", 422, "page_invalid"),
        ("follow-ups?limit=0", 422, "request_invalid"),
    ],
)
async def test_what_is_asked_in_vain(
    api: RunningService, path: str, status: int, code: str
) -> None:
    answer = await api.client.get(f"/api/v1/{path}")
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
