"""Services and the rules of their slots over HTTP."""

from typing import Any

import httpx
import pytest

from tests.booking_core.factories import make_consultant
from tests.voice_service.conftest import RunningService

SERVICES = "/api/v1/services"
CALL = f"{SERVICES}/discovery-call"


async def test_services_are_listed_and_read_with_their_rules(service: RunningService) -> None:
    await service.conn.execute(
        "UPDATE services SET is_active = FALSE, max_daily_bookings = 3 WHERE slug = $1",
        "discovery-call",
    )
    page = (await service.client.get(SERVICES)).json()
    assert [(one["slug"], one["is_active"]) for one in page["items"]] == [
        ("strategy-session", True), ("discovery-call", False),
    ]  # fmt: skip
    assert page["next_cursor"] is None
    one = (await service.client.get(CALL)).json()
    assert one == page["items"][1]
    assert (one["duration_minutes"], one["slot_step_minutes"], one["price"]) == (15, 15, 0.0)
    assert one["max_daily_bookings"] == 3


async def test_new_rules_hold_at_once_and_the_others_stay(service: RunningService) -> None:
    await make_consultant(service.conn, days=tuple(range(7)))
    before = (await service.client.get(CALL)).json()
    rules = {"slot_step_minutes": 60, "buffer_after_minutes": 10, "max_daily_bookings": 2}
    changed = await service.client.patch(CALL, json=rules)
    assert (changed.status_code, changed.json()) == (200, before | rules)
    assert (await service.client.get(CALL)).json() == before | rules
    slots = (
        await service.client.get("/api/v1/slots", params={"service": "discovery-call"})
    ).json()["items"]
    assert {slot["start"][14:16] for slot in slots} == {"00"}
    free = await service.client.patch(CALL, json={"max_daily_bookings": None})
    assert free.json() == before | rules | {"max_daily_bookings": None}
    closed = await service.client.patch(CALL, json={"is_active": False})
    assert closed.json()["is_active"] is False
    gone = await service.client.get("/api/v1/slots", params={"service": "discovery-call"})
    assert gone.json()["code"] == "service_not_found"
    opened = await service.client.patch(CALL, json={"is_active": True})
    assert opened.json()["is_active"] is True


@pytest.mark.parametrize(
    ("slug", "status", "code"),
    [
        ("nothing", 404, "service_not_found"),
        ("%00", 404, "service_not_found"),
        ("'; DROP TABLE services; --", 404, "service_not_found"),
        ("x" * 101, 422, "request_invalid"),
    ],
)
async def test_a_service_that_is_none_is_refused(
    service: RunningService, slug: str, status: int, code: str
) -> None:
    for answer in (
        await service.client.get(f"{SERVICES}/{slug}"),
        await service.client.patch(f"{SERVICES}/{slug}", json={"horizon_days": 5}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_rules_that_no_calendar_keeps_change_nothing(service: RunningService) -> None:
    before = (await service.client.get(CALL)).json()
    bad: list[tuple[Any, str]] = [
        ({}, "request_invalid"), (None, "request_invalid"), ([], "request_invalid"),
        ({"price": 0}, "request_invalid"), ({"slug": "x"}, "request_invalid"),
        ({"slot_step_minutes": None}, "request_invalid"),
        ({"slot_step_minutes": "15"}, "request_invalid"),
        ({"slot_step_minutes": 1.5}, "request_invalid"),
        ({"slot_step_minutes": True}, "request_invalid"),
        ({"slot_step_minutes": -5}, "request_invalid"),
        ({"slot_step_minutes": 10**30}, "request_invalid"),
        ({"slot_step_minutes": 0}, "value_invalid"),
        ({"slot_step_minutes": 1441}, "value_invalid"),
        ({"buffer_before_minutes": 1441}, "value_invalid"),
        ({"buffer_after_minutes": 1441}, "value_invalid"),
        ({"minimum_notice_minutes": 999_999}, "value_invalid"),
        ({"horizon_days": 0}, "value_invalid"), ({"horizon_days": -1}, "value_invalid"),
        ({"horizon_days": 3661}, "value_invalid"), ({"horizon_days": 10**30}, "value_invalid"),
        ({"horizon_days": None}, "request_invalid"),
        ({"max_daily_bookings": 0}, "value_invalid"),
        ({"max_daily_bookings": 1001}, "value_invalid"),
        ({"max_concurrent_bookings": 0}, "value_invalid"),
        ({"max_concurrent_bookings": 1001}, "value_invalid"),
        ({"max_concurrent_bookings": None}, "request_invalid"),
        ({"is_active": None}, "request_invalid"), ({"is_active": "no"}, "request_invalid"),
        ({"horizon_days": 30, "slot_step_minutes": 0}, "value_invalid"),
    ]  # fmt: skip
    for body, code in bad:
        answer = await service.client.patch(CALL, json=body)
        assert (answer.status_code, answer.json().get("code")) == (422, code), (body, answer.text)
        assert answer.json()["detail"]
    assert (await service.client.get(CALL)).json() == before


async def test_strangers_see_and_change_no_rules(service: RunningService) -> None:
    async with httpx.AsyncClient(base_url=service.base_url) as stranger:
        for answer in (
            await stranger.get(SERVICES),
            await stranger.get(CALL),
            await stranger.patch(CALL, json={"is_active": False}),
        ):
            assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
