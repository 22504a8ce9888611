"""The JSON API for programs, and what operators ask."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pydantic import SecretStr

from tests.booking_core.factories import make_consultant
from tests.conftest import FreshDatabase
from tests.voice_service.conftest import RunningService, make_settings, run_service
from tests.voice_service.events import TOKEN, conversation_id, make_event

EVERY_DAY = tuple(range(7))


@pytest.mark.parametrize(
    "path", ["consultations", "consultations/x", "slots?service=discovery-call", "bookings/INT-1"]
)
async def test_the_api_is_closed_without_the_staff_token(
    service: RunningService, path: str
) -> None:
    async with httpx.AsyncClient(base_url=service.base_url) as stranger:
        for given in ("", "Bearer wrong", f"Basic {TOKEN}", "Bearer ключ"):
            headers = [(b"Authorization", given.encode())] if given else []
            answer = await stranger.get(f"/api/v1/{path}", headers=headers)
            assert answer.status_code == 401
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["code"] == "unauthorized"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("consultations/nobody", 404, "consultation_not_found"),
        ("consultations/00000000-0000-4000-8000-000000000000", 404, "consultation_not_found"),
        ("consultations/%00", 404, "consultation_not_found"),
        ("consultations?cursor=abc", 422, "page_invalid"),
        ("consultations?cursor=WyJhIiwgImIiXQ", 422, "page_invalid"),
        ("consultations?cursor=%C3%A4", 422, "page_invalid"),
        ("consultations?limit=0", 422, "request_invalid"),
        ("consultations?limit=ten", 422, "request_invalid"),
        ("consultations?status=done", 422, "request_invalid"),
        ("bookings/INT-20310101-0001", 404, "booking_not_found"),
        ("bookings/'; DROP TABLE x", 404, "booking_not_found"),
        ("slots", 422, "request_invalid"),
        ("slots?service=unknown", 404, "service_not_found"),
        ("slots?service=discovery-call&timezone=Mars/Phobos", 422, "timezone_unknown"),
        ("slots?service=discovery-call&from=yesterday", 422, "request_invalid"),
        ("slots?service=discovery-call&from=2031-02-01&to=2031-01-01", 422, "range_invalid"),
        ("slots?service=discovery-call&from=2031-01-01&to=2039-01-01", 422, "range_invalid"),
        ("slots?service=discovery-call&from=0001-01-01T00:00&timezone=Asia/Tokyo", 422,
         "range_invalid"),
        ("slots?service=discovery-call&to=9999-12-31T23:59&timezone=America/New_York", 422,
         "range_invalid"),
        ("nothing", 404, "not_found"),
    ],
)  # fmt: skip
async def test_every_refusal_has_a_status_and_a_stable_code(
    service: RunningService, path: str, status: int, code: str
) -> None:
    answer = await service.client.get(f"/api/v1/{path}")
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.json()["detail"]


async def test_consultations_come_newest_first_a_page_at_a_time(service: RunningService) -> None:
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    events = [make_event(started_at=start + timedelta(minutes=number % 3)) for number in range(7)]
    for event in events:
        await service.post(event)
    await service.settle()
    seen: list[dict[str, Any]] = []
    cursor: str | None = None
    for _ in range(4):
        params = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await service.client.get("/api/v1/consultations", params=params)).json()
        seen += page["items"]
        cursor = page["next_cursor"]
    assert cursor is None
    assert {each["voice_session_id"] for each in seen} == {
        conversation_id(event) for event in events
    }
    starts = [each["started_at"] for each in seen]
    assert starts == sorted(starts, reverse=True)


async def test_consultations_are_found_by_verdict_status_and_words(
    service: RunningService,
) -> None:
    lead, nobody = make_event(), make_event(facts={"full_name": "100% O'Neil_", "company": "Acme"})
    for event in (lead, nobody):
        await service.handle(event)

    async def found(**params: str) -> set[str]:
        answer = await service.client.get("/api/v1/consultations", params=params)
        return {each["voice_session_id"] for each in answer.json()["items"]}

    assert await found(verdict="qualified") == {conversation_id(lead)}
    assert await found(verdict="unknown") == {conversation_id(nobody)}
    assert await found(status="completed") == {conversation_id(lead), conversation_id(nobody)}
    assert await found(status="failed") == set()
    assert await found(q="LINDQVIST") == {conversation_id(lead)}
    assert await found(q="acme") == {conversation_id(nobody)}
    assert await found(q="100% o'neil_") == {conversation_id(nobody)}
    assert await found(q="%") == {conversation_id(nobody)}
    assert await found(q="' OR 1=1 --") == set()


async def test_a_consultation_is_read_by_either_of_its_ids(service: RunningService) -> None:
    event = make_event()
    await service.handle(event)
    by_conversation = await service.consultation(conversation_id(event))
    assert await service.consultation(by_conversation["id"]) == by_conversation


async def test_slots_are_free_times_in_the_asked_zone(service: RunningService) -> None:
    consultant = await make_consultant(service.conn, timezone="Asia/Tokyo", days=EVERY_DAY)
    day = (datetime.now(UTC) + timedelta(days=3)).date()
    answer = await service.client.get(
        "/api/v1/slots",
        params={
            "service": "strategy-session",
            "from": f"{day}T00:00",
            "to": f"{day + timedelta(days=1)}T00:00",
            "timezone": "Asia/Tokyo",
            "consultant": str(consultant),
        },
    )
    items = answer.json()["items"]
    assert items[0]["start"] == f"{day}T09:00:00+09:00"
    assert items[-1]["end"] == f"{day}T17:00:00+09:00"
    assert {item["consultant_id"] for item in items} == {str(consultant)}
    assert len({item["slot_id"] for item in items}) == len(items) == 29
    nobody = await service.client.get(
        "/api/v1/slots", params={"service": "strategy-session", "consultant": str(uuid4())}
    )
    assert nobody.json() == {"items": []}


async def test_operators_see_alive_ready_and_numbers(service: RunningService) -> None:
    await service.handle(make_event())
    async with httpx.AsyncClient(base_url=service.base_url) as operator:
        assert (await operator.get("/healthz")).json() == {"status": "alive"}
        assert (await operator.get("/readyz")).json() == {"status": "ready"}
        numbers = (await operator.get("/metrics")).text
    assert 'voice_webhooks_total{outcome="stored"}' in numbers


async def test_not_ready_while_a_migration_is_missing(service: RunningService) -> None:
    await service.conn.execute(
        """DELETE FROM supabase_migrations.schema_migrations
        WHERE version = (SELECT max(version) FROM supabase_migrations.schema_migrations)"""
    )
    answer = await service.client.get("/readyz")
    assert answer.status_code == 503
    assert "voice-service migrate" in answer.json()["reason"]


async def test_numbers_need_the_staff_token_once_a_real_key_is_set(
    fresh_database: FreshDatabase, tmp_path: Any
) -> None:
    settings = make_settings(
        tmp_path,
        elevenlabs_api_key=SecretStr("sk_real"),
        elevenlabs_agent_id="agent_x",
        agent_tools_secret=SecretStr("t" * 32),
        session_secret=SecretStr("s" * 32),
    )
    async with fresh_database() as dsn, run_service(dsn, settings) as service:
        assert (await service.client.get("/metrics")).status_code == 200
        async with httpx.AsyncClient(base_url=service.base_url) as stranger:
            assert (await stranger.get("/metrics")).status_code == 401


async def test_every_answer_forbids_loading_from_elsewhere(service: RunningService) -> None:
    for path in ("/docs", "/openapi.json", "/healthz", "/nothing", "/api/v1/consultations"):
        headers = (await service.client.get(path)).headers
        assert headers["content-security-policy"].startswith("default-src 'self'")
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"


async def test_the_docs_page_loads_only_what_we_serve(service: RunningService) -> None:
    page = (await service.client.get("/docs")).text
    assert "http://" not in page
    assert "https://" not in page
    for asset in ("/static/docs.js", "/static/docs.css"):
        assert asset in page
        assert (await service.client.get(asset)).status_code == 200
