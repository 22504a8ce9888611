"""Projects on their way through the pipeline, over HTTP."""

from typing import Any
from uuid import uuid4

import pytest

from tests.booking_core.factories import add_booking, make_customer, make_service
from tests.voice_service.conftest import RunningService

NOBODY = "00000000-0000-4000-8000-000000000000"
PATH = "/api/v1/projects"


async def make_completed_booking(api: RunningService, *, status: str = "completed") -> str:
    customer = await make_customer(api.conn, email=f"{uuid4().hex}@example.com")
    service = await make_service(api.conn, price=100, requires_payment=True, currency="EUR")
    return str(await add_booking(api.conn, customer, service, status=status, payment_status="paid"))


async def make_wish(api: RunningService, **said: Any) -> dict[str, Any]:
    booking = await make_completed_booking(api)
    return {"original_booking_id": booking, "project_name": "A shop"} | said


async def make_project(api: RunningService, **said: Any) -> dict[str, Any]:
    answer = await api.client.post(PATH, json=await make_wish(api, **said))
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_a_completed_booking_leads_to_one_project(api: RunningService) -> None:
    wish = await make_wish(
        api,
        project_name="  A shop'; DROP TABLE projects; --  ",
        project_type=["web development", "design"],
        estimated_value=24000.5,
        start_date="2031-02-03",
    )
    made = await api.client.post(PATH, json=wish)
    assert made.status_code == 201
    project = made.json()
    assert project["project_name"] == "A shop'; DROP TABLE projects; --"
    assert (project["estimated_value"], project["currency"]) == (24000.5, "EUR")
    assert (project["status"], project["actual_value"]) == ("lead", None)
    assert (await api.client.get(f"{PATH}/{project['id']}")).json() == project
    again = await api.client.post(PATH, json=wish)
    assert (again.status_code, again.json()["code"]) == (409, "project_exists")


async def test_no_project_before_the_consultation_took_place(api: RunningService) -> None:
    booking = await make_completed_booking(api, status="pending")
    for booking_id, refused in (
        (booking, (409, "booking_not_over")),
        (NOBODY, (404, "booking_not_found")),
    ):
        wish = {"original_booking_id": booking_id, "project_name": "A shop"}
        answer = await api.client.post(PATH, json=wish)
        assert (answer.status_code, answer.json()["code"]) == refused


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"project_name": " "}, "value_invalid"),
        ({"project_name": "x" * 256}, "value_invalid"),
        ({"project_name": "a\0b"}, "value_invalid"),
        ({"project_type": ["x"] * 21}, "value_invalid"),
        ({"project_type": [""]}, "value_invalid"),
        ({"estimated_value": -1}, "value_invalid"),
        ({"estimated_value": "1e999999"}, "value_invalid"),
        ({"estimated_value": "0.001"}, "value_invalid"),
        ({"estimated_value": 10**40}, "value_invalid"),
        ({"estimated_value": 1, "currency": "euro"}, "value_invalid"),
        ({"estimated_value": 1, "currency": "USD"}, "currency_mismatch"),
        ({"start_date": "2031-02-03", "estimated_completion": "2031-02-02"}, "value_invalid"),
        ({"start_date": "0001-01-01"}, "value_invalid"),
        ({"start_date": 20310203}, "request_invalid"),
        ({"start_date": "2031-02-30"}, "request_invalid"),
        ({"estimated_value": "NaN"}, "request_invalid"),
        ({"estimated_value": "Infinity"}, "request_invalid"),
        ({"estimated_value": True}, "request_invalid"),
        ({"estimated_value": "much"}, "request_invalid"),
        ({"project_type": "web"}, "request_invalid"),
        ({"project_type": [1]}, "request_invalid"),
        ({"project_name": None}, "request_invalid"),
        ({"original_booking_id": None}, "request_invalid"),
        ({"original_booking_id": "INT-20310101-0001"}, "request_invalid"),
        ({"status": "signed"}, "request_invalid"),
    ],
)
async def test_projects_that_make_no_sense(
    api: RunningService, change: dict[str, Any], code: str
) -> None:
    answer = await api.client.post(PATH, json=await make_wish(api, **change))
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text


async def test_projects_are_listed_newest_first_by_customer_and_state(api: RunningService) -> None:
    project = await make_project(api)
    other = await make_project(api)
    newest = (await api.client.get(PATH, params={"limit": 1})).json()
    assert [each["id"] for each in newest["items"]] == [other["id"]]
    following = (await api.client.get(PATH, params={"cursor": newest["next_cursor"]})).json()
    assert following["items"][0] == project
    customer = project["customer_metrics_id"]
    own = (await api.client.get(PATH, params={"customer": customer, "status": "lead"})).json()
    assert own == {"items": [project], "next_cursor": None}
    none = await api.client.get(PATH, params={"customer": customer, "status": "signed"})
    assert none.json()["items"] == []


async def test_a_project_goes_through_the_pipeline(api: RunningService) -> None:
    project = await make_project(api)
    path = f"{PATH}/{project['id']}"
    for status in ("proposal_sent", "signed", "in_progress", "completed"):
        moved = (await api.client.post(f"{path}/move", json={"status": status})).json()
        assert moved["status"] == status
    assert moved["actual_completion"] is not None
    for status in ("lead", "completed", "cancelled"):
        answer = await api.client.post(f"{path}/move", json={"status": status})
        assert (answer.status_code, answer.json()["code"]) == (409, "project_move_refused")
    journey = await api.client.get(
        f"/api/v1/customers/{project['customer_metrics_id']}/interactions"
    )
    told = [each["interaction_type"] for each in journey.json()["items"]]
    assert told[:2] == ["project_completed", "project_started"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"status": "won"}, "value_invalid"),
        ({"status": ""}, "value_invalid"),
        ({"status": "signed\0"}, "value_invalid"),
        ({"status": None}, "request_invalid"),
        ({"status": ["signed"]}, "request_invalid"),
        ({}, "request_invalid"),
        ({"status": "signed", "force": True}, "request_invalid"),
    ],
)
async def test_moves_to_nowhere(api: RunningService, body: Any, code: str) -> None:
    project = await make_project(api)
    answer = await api.client.post(f"{PATH}/{project['id']}/move", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text


async def test_a_project_is_valued_and_what_is_not_said_stays(api: RunningService) -> None:
    project = await make_project(api, estimated_value=100)
    path = f"{PATH}/{project['id']}"
    valued = (await api.client.patch(path, json={"actual_value": "99.90"})).json()
    assert (valued["estimated_value"], valued["actual_value"]) == (100, 99.9)
    again = await api.client.patch(path, json={"estimated_value": 0, "currency": "EUR"})
    assert again.json()["estimated_value"] == 0
    assert (await api.client.patch(path, json={})).json() == again.json()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"estimated_value": -0.01}, "value_invalid"),
        ({"actual_value": 1e300}, "value_invalid"),
        ({"actual_value": "1e-999999"}, "value_invalid"),
        ({"actual_value": 1, "currency": "eur"}, "value_invalid"),
        ({"actual_value": 1, "currency": "USD"}, "currency_mismatch"),
        ({"actual_value": None}, "request_invalid"),
        ({"actual_value": "nan"}, "request_invalid"),
        ({"actual_value": []}, "request_invalid"),
        ({"currency": 5}, "request_invalid"),
        ({"status": "signed"}, "request_invalid"),
        ([], "request_invalid"),
    ],
)
async def test_values_that_make_no_sense(api: RunningService, body: Any, code: str) -> None:
    project = await make_project(api)
    answer = await api.client.patch(f"{PATH}/{project['id']}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", f"/{NOBODY}", None, 404, "project_not_found"),
        ("PATCH", f"/{NOBODY}", {"actual_value": 1}, 404, "project_not_found"),
        ("POST", f"/{NOBODY}/move", {"status": "signed"}, 404, "project_not_found"),
        ("GET", "/x", None, 422, "request_invalid"),
        ("GET", "?status=won", None, 422, "value_invalid"),
        ("GET", "?customer=ada", None, 422, "request_invalid"),
        ("GET", "?cursor=abc", None, 422, "page_invalid"),
        ("GET", "?limit=many", None, 422, "request_invalid"),
    ],
)
async def test_what_is_asked_in_vain(
    api: RunningService, method: str, path: str, body: Any, status: int, code: str
) -> None:
    answer = await api.client.request(method, f"{PATH}{path}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
