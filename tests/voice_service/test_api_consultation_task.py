"""Staff assign, put off, close and open voice consultations again over HTTP."""

from typing import Any

import httpx
import pytest

from tests.booking_core.factories import make_consultant
from tests.voice_service.conftest import RunningService
from tests.voice_service.events import STRONG_LEAD, conversation_id, make_event

MONDAY = "2031-01-06T10:00:00Z"

NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
async def key(service: RunningService) -> str:
    """Of a conversation that is left to staff."""
    event = make_event(facts=STRONG_LEAD)
    await service.handle(event)
    return conversation_id(event)


async def change(service: RunningService, key: str, body: Any) -> httpx.Response:
    return await service.client.patch(f"/api/v1/consultations/{key}", json=body)


async def test_only_what_is_named_changes(service: RunningService, key: str) -> None:
    staff = str(await make_consultant(service.conn))
    before = await service.consultation(key)
    assert before["due_at"] is not None
    assigned = await change(service, key, {"assigned_to": staff, "snoozed_until": MONDAY})
    assert assigned.status_code == 200, assigned.text
    after = assigned.json()
    assert (after["assigned_to"], after["snoozed_until"]) == (staff, MONDAY)
    assert (after["due_at"], after["closed_at"]) == (before["due_at"], None)
    cleared = (await change(service, before["id"], {"assigned_to": None, "due_at": MONDAY})).json()
    assert (cleared["assigned_to"], cleared["due_at"]) == (None, MONDAY)
    assert cleared["snoozed_until"] == MONDAY


async def test_it_is_closed_and_opens_again(service: RunningService, key: str) -> None:
    assert (await change(service, key, {"closed_at": MONDAY})).json()["closed_at"] == MONDAY
    assert (await change(service, key, {})).json()["closed_at"] == MONDAY
    assert (await change(service, key, {"closed_at": None})).json()["closed_at"] is None


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"assigned_to": NOBODY}, (404, "staff_member_not_found")),
        ({"assigned_to": "me"}, (422, "request_invalid")),
        ({"due_at": "2031-01-06T10:00:00"}, (422, "value_invalid")),
        ({"due_at": "0001-01-01T00:00:00Z"}, (422, "value_invalid")),
        ({"due_at": 1_900_000_000}, (422, "request_invalid")),
        ({"snoozed_until": "tomorrow"}, (422, "request_invalid")),
        ({"closed_at": True}, (422, "request_invalid")),
        ({"status": "completed"}, (422, "request_invalid")),
        ([], (422, "request_invalid")),
    ],
)
async def test_what_makes_no_sense_is_refused_and_changes_nothing(
    service: RunningService, key: str, body: Any, code: tuple[int, str]
) -> None:
    before = await service.consultation(key)
    answer = await change(service, key, body)
    assert (answer.status_code, answer.json()["code"]) == code
    assert await service.consultation(key) == before


@pytest.mark.parametrize("unknown", [NOBODY, "conv_nobody", "'; DROP TABLE x --", "%00"])
async def test_an_unknown_one_is_not_found(service: RunningService, unknown: str) -> None:
    answer = await change(service, unknown, {"closed_at": MONDAY})
    assert (answer.status_code, answer.json()["code"]) == (404, "consultation_not_found")
