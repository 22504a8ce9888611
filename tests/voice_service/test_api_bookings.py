"""Bookings over HTTP: made once, read, listed."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.booking_core.factories import make_consultant, make_service
from tests.voice_service.conftest import RunningService

EVERY_DAY = tuple(range(7))
ADA = {"email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace"}
BOOKINGS = "/api/v1/bookings"


@pytest.fixture
async def consultant(service: RunningService) -> UUID:
    return await make_consultant(service.conn, days=EVERY_DAY)


async def free_slots(
    service: RunningService, slug: str = "discovery-call", **asked: Any
) -> list[dict[str, Any]]:
    answer = await service.client.get("/api/v1/slots", params={"service": slug, **asked})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def wish(slot_id: str, **said: Any) -> dict[str, Any]:
    body = {"slot_id": slot_id, "customer": ADA, "project_description": "A computing machine."}
    return body | said


async def book(service: RunningService, body: Any, *, key: str | None = None) -> httpx.Response:
    headers = {} if key is None else {"Idempotency-Key": key}
    return await service.client.post(BOOKINGS, json=body, headers=headers)


async def test_a_slot_that_the_api_gave_is_booked_and_read_back(
    service: RunningService, consultant: UUID
) -> None:
    slot = (await free_slots(service))[0]
    phone = {"phone": "+442079460000", "company": "Engines"}
    made = await book(
        service, wish(slot["slot_id"], customer=ADA | phone, timezone="America/New_York")
    )
    assert made.status_code == 201, made.text
    booking = made.json()
    assert datetime.fromisoformat(booking["scheduled_datetime"]) == datetime.fromisoformat(
        slot["start"]
    )
    assert booking["consultant_id"] == str(consultant)
    assert (booking["status"], booking["timezone"]) == ("confirmed", "America/New_York")
    assert booking["confirmed_at"] is not None
    assert booking["customer_data"] == ADA | phone
    assert booking["booking_source"] == "website_booking"
    read = await service.client.get(f"{BOOKINGS}/{booking['booking_reference']}")
    assert read.json() == booking


async def test_without_a_zone_the_booking_is_in_the_business_s(
    service: RunningService, consultant: UUID
) -> None:
    slot = (await free_slots(service))[0]
    assert (await book(service, wish(slot["slot_id"]))).json()["timezone"] == "Europe/London"


async def test_a_taken_slot_is_refused_and_nothing_of_the_request_is_left(
    service: RunningService, consultant: UUID
) -> None:
    slot = (await free_slots(service))[0]
    assert (await book(service, wish(slot["slot_id"]))).status_code == 201
    late = await book(service, wish(slot["slot_id"], customer={"email": "late@example.com"}))
    assert (late.status_code, late.json()["code"]) == (409, "slot_taken")
    assert await service.conn.fetchval("SELECT count(*) FROM bookings") == 1
    assert await service.conn.fetchval("SELECT count(*) FROM customer_metrics") == 1


async def test_the_same_key_makes_one_booking_however_often_it_is_sent(
    service: RunningService, consultant: UUID
) -> None:
    first_slot, other_slot = (await free_slots(service))[:2]
    body = wish(first_slot["slot_id"])
    answers = await asyncio.gather(*(book(service, body, key="order 1") for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200] * 4 + [201]
    assert len({answer.json()["booking_reference"] for answer in answers}) == 1
    other = await book(service, wish(other_slot["slot_id"]), key="order 1")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")
    fresh = await book(service, wish(other_slot["slot_id"]), key="order 2")
    assert fresh.status_code == 201
    blank = await book(service, body, key="")
    assert (blank.status_code, blank.json()["code"]) == (422, "idempotency_key_invalid")
    long = await book(service, body, key="k" * 256)
    assert (long.status_code, long.json()["code"]) == (422, "request_invalid")


async def test_a_refused_request_leaves_its_key_free(
    service: RunningService, consultant: UUID
) -> None:
    slot = (await free_slots(service))[0]
    body = wish(slot["slot_id"], customer={"email": "nobody"})
    refused = await book(service, body, key="again")
    assert (refused.status_code, refused.json()["code"]) == (422, "contact_invalid")
    assert (await book(service, wish(slot["slot_id"]), key="again")).status_code == 201


async def test_a_service_without_a_time_is_booked_at_once(service: RunningService) -> None:
    await make_service(service.conn, slug="urgent", booking_type="immediate")
    body = {"service": "urgent", "customer": ADA, "project_description": "Help!"}
    made = await book(service, body)
    assert (made.status_code, made.json()["status"]) == (201, "confirmed"), made.text
    assert made.json()["scheduled_datetime"] is None
    for slug, status, code in (
        ("discovery-call", 422, "service_needs_time"),
        ("nothing", 404, "service_not_found"),
        ("\0'; DROP TABLE services; --", 404, "service_not_found"),
    ):
        refused = await book(service, body | {"service": slug})
        assert (refused.status_code, refused.json()["code"]) == (status, code)


async def test_words_that_cannot_be_stored_are_kept_as_far_as_they_can(
    service: RunningService, consultant: UUID
) -> None:
    slot = (await free_slots(service))[0]
    said = "a\0b '; DROP TABLE bookings; -- " + "ü" * 5000
    person = {"email": "ada@example.com", "first_name": "A\0da", "company": "'; DELETE --"}
    made = await book(service, wish(slot["slot_id"], project_description=said, customer=person))
    assert made.status_code == 201, made.text
    assert made.json()["project_description"] == said.replace("\0", "\ufffd")
    assert made.json()["customer_data"]["first_name"] == "A\ufffdda"


BAD_BODIES: list[tuple[dict[str, Any] | list[Any] | str | None, str]] = [
    (None, "request_invalid"),
    ([], "request_invalid"),
    ("text", "request_invalid"),
    ({}, "request_invalid"),
    ({"customer": None}, "request_invalid"),
    ({"customer": []}, "request_invalid"),
    ({"customer": {"email": 5}}, "request_invalid"),
    ({"customer": {"email": "a@b.example", "user_id": str(uuid4())}}, "request_invalid"),
    ({"customer": {"first_name": "x" * 101, "email": "a@b.example"}}, "request_invalid"),
    ({"customer": {"email": "x" * 300}}, "request_invalid"),
    ({"customer": {}}, "contact_invalid"),
    ({"customer": {"email": " ", "phone": ""}}, "contact_invalid"),
    ({"customer": {"email": "nobody"}}, "contact_invalid"),
    ({"customer": {"email": "a\0@b.example"}}, "contact_invalid"),
    ({"customer": {"email": "a@b.example' OR 1=1 --"}}, "contact_invalid"),
    ({"customer": {"phone": "0301234"}}, "contact_invalid"),
    ({"customer": ADA | {"phone": "0301234"}}, None),  # type: ignore[list-item]  # not needed
    ({"project_description": ""}, "request_invalid"),
    ({"project_description": None}, "request_invalid"),
    ({"project_description": "x" * 10_001}, "request_invalid"),
    ({"timezone": "Mars/Phobos"}, "timezone_unknown"),
    ({"timezone": "../etc/passwd"}, "timezone_unknown"),
    ({"timezone": "Europe/London\0"}, "timezone_unknown"),
    ({"timezone": 1}, "request_invalid"),
    ({"slot_id": "x"}, "slot_id_invalid"),
    ({"slot_id": ""}, "slot_id_invalid"),
    ({"slot_id": "\0" * 48}, "slot_id_invalid"),
    ({"slot_id": "x" * 101}, "request_invalid"),
    ({"slot_id": None}, "request_invalid"),
    ({"slot_id": 5}, "request_invalid"),
    ({"service": "discovery-call"}, "request_invalid"),  # beside a slot_id
    ({"status": "completed"}, "request_invalid"),
    ({"payment_amount": 0}, "request_invalid"),
]


async def test_what_no_booking_can_be_is_refused_in_words(
    service: RunningService, consultant: UUID
) -> None:
    slot_id = (await free_slots(service))[0]["slot_id"]
    for change, code in BAD_BODIES:
        body = wish(slot_id) | change if isinstance(change, dict) and change else change
        answer = await book(service, body)
        if code is None:
            assert answer.status_code < 500, (change, answer.text)
            continue
        assert (answer.status_code, answer.json().get("code")) == (422, code), (change, answer.text)
        assert answer.json()["detail"]


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{", b"\xff\xfe", b'{"slot_id": NaN}', b'{"slot_id": 1e999}', b"[" * 100_000,
        b'{"\\ud800": 1}', b'{"slot_id": "\\ud800", "project_description": "\\udfff"}',
        b"1" * 10_000, b'{"customer": {"\\ud800": "x"}}', b'{"slot_id": "a", "slot_id": "b"}',
    ],
    ids=lambda raw: repr(raw[:20]),
)  # fmt: skip
async def test_no_body_breaks_the_service(service: RunningService, raw: bytes) -> None:
    for path in ("", "/X/move", "/X/cancel", "/X/payment"):
        answer = await service.client.post(
            f"{BOOKINGS}{path}", content=raw, headers={"Content-Type": "application/json"}
        )
        assert 400 <= answer.status_code < 500, answer.text
        assert answer.json()["code"]


async def test_bookings_are_listed_a_page_at_a_time_the_latest_first(
    service: RunningService, consultant: UUID
) -> None:
    slots = (await free_slots(service))[:5]
    made = [
        (await book(service, wish(slot["slot_id"], customer={"email": f"c{n}@example.com"}))).json()
        for n, slot in enumerate(slots)
    ]
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(3):
        params: dict[str, Any] = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await service.client.get(BOOKINGS, params=params)).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert cursor is None
    assert seen == [booking["id"] for booking in reversed(made)]

    async def found(**params: Any) -> set[str]:
        answer = await service.client.get(BOOKINGS, params=params)
        assert answer.status_code == 200, answer.text
        return {item["id"] for item in answer.json()["items"]}

    everything = {booking["id"] for booking in made}
    assert await found(status="confirmed") == everything
    assert await found(status="cancelled") == set()
    assert await found(consultant=str(consultant)) == everything
    assert await found(consultant=str(uuid4())) == set()
    assert await found(customer=made[2]["customer_metrics_id"]) == {made[2]["id"]}
    second, third = slots[1]["start"], slots[2]["start"]
    assert await found(**{"from": second, "to": third}) == {made[1]["id"]}
    assert await found(**{"from": third}) == {one["id"] for one in made[2:]}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("status=done", "request_invalid"),
        ("limit=0", "request_invalid"),
        ("limit=201", "request_invalid"),
        ("limit=x", "request_invalid"),
        ("cursor=abc", "page_invalid"),
        ("cursor=WyJhIiwgImIiXQ", "page_invalid"),
        ("cursor=%00", "page_invalid"),
        ("cursor=%C3%A4", "page_invalid"),
        ("consultant=me", "request_invalid"),
        ("customer=1", "request_invalid"),
        ("from=2031-01-06T09:00:00", "request_invalid"),
        ("from=0001-01-01T00:00:00%2B14:00", "value_invalid"),
        ("to=9999-12-31T23:59:59-14:00", "value_invalid"),
        ("from=2031-01-06T09:00:00Z&to=2031-01-06T09:00:00Z", "range_invalid"),
    ],
)
async def test_a_list_that_makes_no_sense_is_refused(
    service: RunningService, query: str, code: str
) -> None:
    answer = await service.client.get(f"{BOOKINGS}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text


async def test_slots_of_any_of_several_consultants(
    service: RunningService, consultant: UUID
) -> None:
    second = await make_consultant(service.conn, days=EVERY_DAY)
    third = await make_consultant(service.conn, days=EVERY_DAY)
    asked = [str(consultant), str(third)]
    items = await free_slots(service, consultant=asked)
    assert {item["consultant_id"] for item in items} == set(asked)
    everybody = {item["consultant_id"] for item in await free_slots(service)}
    assert everybody == {str(one) for one in (consultant, second, third)}


async def test_staff_read_why_a_time_is_not_offered(
    service: RunningService, consultant: UUID
) -> None:
    slot = (await free_slots(service))[0]
    booking = (await book(service, wish(slot["slot_id"]))).json()
    question: dict[str, Any] = {"service": "discovery-call", "time": slot["start"]}

    async def ask(**said: Any) -> httpx.Response:
        return await service.client.post("/api/v1/slots/explain", json=question | said)

    told = (await ask()).json()
    assert told["offered"] is False
    assert [(one["reason"], one["booking_id"]) for one in told["consultants"]] == [
        ("booking", booking["id"])
    ]
    assert told["consultants"][0]["sentence"] == "The time is booked."
    day = datetime.now(UTC).date() + timedelta(days=5)
    early = (await ask(time=f"{day}T04:00", timezone="Asia/Tokyo")).json()
    assert early["start"] == f"{day}T04:00:00+09:00"
    assert early["consultants"][0]["reason"] == "hours"
    await service.conn.execute("UPDATE services SET is_active = FALSE")
    assert (await ask()).json()["consultants"][0]["reason"] == "service_inactive"
    for change, status, code in (
        ({"service": "nothing"}, 404, "service_not_found"),
        ({"service": "\0"}, 404, "service_not_found"),
        ({"consultant": str(uuid4())}, 404, "consultant_not_found"),
        ({"consultant": "me"}, 422, "request_invalid"),
        ({"timezone": "Mars/Phobos"}, 422, "timezone_unknown"),
        ({"time": "0001-01-01T00:00", "timezone": "Asia/Tokyo"}, 422, "range_invalid"),
        ({"time": "9999-12-31T23:59", "timezone": "America/New_York"}, 422, "range_invalid"),
        ({"time": 5}, 422, "request_invalid"),
        ({"time": None}, 422, "request_invalid"),
        ({"time": "tomorrow"}, 422, "request_invalid"),
        ({"more": 1}, 422, "request_invalid"),
    ):
        refused = await ask(**change)
        assert (refused.status_code, refused.json()["code"]) == (status, code), refused.text


async def test_slots_from_the_end_of_all_time_are_refused(service: RunningService) -> None:
    answer = await service.client.get(
        "/api/v1/slots", params={"service": "discovery-call", "from": "9999-12-31T23:00:00Z"}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "range_invalid")
