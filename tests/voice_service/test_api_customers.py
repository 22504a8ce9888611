"""Customers, their journey, and leads, over HTTP."""

from typing import Any
from uuid import uuid4

import pytest

from booking_core.customers import Contact, find_or_create_customer
from booking_core.leads import LeadJudgement, judge_lead
from tests.booking_core.factories import NOW, add_booking, make_customer, make_service, make_user
from tests.voice_service.conftest import RunningService

SOMEBODY = "00000000-0000-4000-8000-000000000000"


def unique_email() -> str:
    return f"{uuid4().hex}@people.example"


async def make_person(api: RunningService, **contact: Any) -> str:
    customer = await make_customer(api.conn, **({"email": unique_email()} | contact))
    return str(customer.id)


async def test_a_customer_carries_the_columns_and_money_in_numbers(api: RunningService) -> None:
    ada = await make_customer(api.conn, email=unique_email())
    service = await make_service(api.conn, price=99.5, requires_payment=True, currency="EUR")
    await add_booking(api.conn, ada, service, status="completed", payment_status="paid")
    body = (await api.client.get(f"/api/v1/customers/{ada.id}")).json()
    assert body["revenue"] == {"EUR": 99.5}
    assert body["total_bookings"] == 1
    assert body["name"] == "Ada Lovelace"
    assert {"id", "user_id", "email", "lead_quality", "do_not_contact_at"} <= body.keys()


async def test_customers_are_searched_and_come_in_pages(api: RunningService) -> None:
    mark = uuid4().hex
    made = {await make_person(api, email=f"{number}@{mark}.example") for number in range(5)}
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(3):
        params = {"q": mark.upper(), "limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await api.client.get("/api/v1/customers", params=params)).json()
        seen += [customer["id"] for customer in page["items"]]
        cursor = page["next_cursor"]
    assert cursor is None
    assert (len(seen), set(seen)) == (5, made)
    for q in ("'; DROP TABLE customer_metrics; --", "%", "100%_"):
        assert (await api.client.get("/api/v1/customers", params={"q": q})).json()["items"] == []


async def test_a_blank_search_finds_everybody_and_a_status_narrows(api: RunningService) -> None:
    await make_person(api)
    assert (await api.client.get("/api/v1/customers?q=%20")).json()["items"]
    assert (await api.client.get("/api/v1/customers?status=churned")).json()["items"] == []


async def test_contact_data_are_mended_one_at_a_time(api: RunningService) -> None:
    person = await make_person(api)
    path = f"/api/v1/customers/{person}"
    email, phone = unique_email(), f"+49{uuid4().int % 10**10:010}"
    changed = (await api.client.patch(path, json={"phone": phone})).json()
    assert changed["phone"] == phone
    assert changed["email"] is not None
    moved = (await api.client.patch(path, json={"email": email, "phone": None})).json()
    assert (moved["email"], moved["phone"]) == (email, None)
    assert (await api.client.patch(path, json={})).json()["email"] == email


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"email": None}, "contact_invalid"),
        ({"email": "no address"}, "contact_invalid"),
        ({"email": "a" * 300 + "@example.com"}, "contact_invalid"),
        ({"email": "a\0@example.com"}, "contact_invalid"),
        ({"phone": "call me"}, "contact_invalid"),
        ({"phone": 4930123456}, "request_invalid"),
        ({"email": ["a@example.com"]}, "request_invalid"),
        ({"name": "Ada"}, "request_invalid"),
        ({"user_id": SOMEBODY}, "request_invalid"),
        ([], "request_invalid"),
        (None, "request_invalid"),
    ],
)
async def test_no_contact_data_that_make_no_sense(
    api: RunningService, body: Any, code: str
) -> None:
    answer = await api.client.patch(f"/api/v1/customers/{await make_person(api)}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text


async def test_an_address_in_use_or_of_an_account_is_refused(api: RunningService) -> None:
    taken, own = unique_email(), unique_email()
    await make_person(api, email=taken)
    answer = await api.client.patch(
        f"/api/v1/customers/{await make_person(api)}", json={"email": taken.upper()}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "contact_taken")
    account = Contact(user_id=await make_user(api.conn, email=own))
    ada = await find_or_create_customer(api.conn, account, lead_source="referral", now=NOW)
    answer = await api.client.patch(f"/api/v1/customers/{ada.id}", json={"email": taken})
    assert (answer.status_code, answer.json()["code"]) == (409, "contact_of_account")


async def test_two_records_become_one(api: RunningService) -> None:
    keep, drop = await make_person(api), await make_person(api)
    merged = await api.client.post(f"/api/v1/customers/{keep}/merge", json={"drop_id": drop})
    assert (merged.status_code, merged.json()["id"]) == (200, keep)
    assert (await api.client.get(f"/api/v1/customers/{drop}")).status_code == 404
    again = await api.client.post(f"/api/v1/customers/{keep}/merge", json={"drop_id": drop})
    assert (again.status_code, again.json()["code"]) == (404, "customer_not_found")


async def test_two_accounts_or_one_record_are_not_merged(api: RunningService) -> None:
    accounts = []
    for _ in range(2):
        account = Contact(user_id=await make_user(api.conn, email=unique_email()))
        ada = await find_or_create_customer(api.conn, account, lead_source="referral", now=NOW)
        accounts.append(str(ada.id))
    first, second = accounts
    both = await api.client.post(f"/api/v1/customers/{first}/merge", json={"drop_id": second})
    assert (both.status_code, both.json()["code"]) == (409, "customers_not_mergeable")
    itself = await api.client.post(f"/api/v1/customers/{first}/merge", json={"drop_id": first})
    assert (itself.status_code, itself.json()["code"]) == (422, "merge_with_itself")
    for body in ({}, {"drop_id": None}, {"drop_id": 7}, {"drop_id": "x"}):
        answer = await api.client.post(f"/api/v1/customers/{first}/merge", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "request_invalid")


async def test_the_wish_not_to_be_contacted_is_kept_since_its_first_time(
    api: RunningService,
) -> None:
    path = f"/api/v1/customers/{await make_person(api)}/do-not-contact"
    first = (await api.client.put(path)).json()["do_not_contact_at"]
    assert first is not None
    assert (await api.client.put(path)).json()["do_not_contact_at"] == first
    assert (await api.client.delete(path)).json()["do_not_contact_at"] is None
    assert (await api.client.delete(path)).status_code == 200


async def test_notes_join_the_customers_journey_the_latest_first(api: RunningService) -> None:
    path = f"/api/v1/customers/{await make_person(api)}/interactions"
    for note in ("First", "  Robert'); DROP TABLE x; --  ", "Third 🙂"):
        made = await api.client.post(path, json={"note": note})
        assert made.status_code == 201
        assert made.json()["details"] == {"note": note.strip()}
        assert made.json()["interaction_type"] == "note"
    page = (await api.client.get(path, params={"limit": 2})).json()
    rest = (await api.client.get(path, params={"cursor": page["next_cursor"]})).json()
    notes = [item["details"]["note"] for item in page["items"] + rest["items"]]
    assert notes == ["Third 🙂", "Robert'); DROP TABLE x; --", "First"]
    assert rest["next_cursor"] is None


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"note": " "}, "value_invalid"),
        ({"note": "x" * 10_001}, "value_invalid"),
        ({"note": "a\0b"}, "value_invalid"),
        ({"note": None}, "request_invalid"),
        ({"note": 1}, "request_invalid"),
        ({}, "request_invalid"),
        ({"note": "a", "interaction_type": "contract_signed"}, "request_invalid"),
    ],
)
async def test_a_note_says_something_in_words(api: RunningService, body: Any, code: str) -> None:
    path = f"/api/v1/customers/{await make_person(api)}/interactions"
    answer = await api.client.post(path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text


async def test_leads_come_best_first_with_score_and_reasons(api: RunningService) -> None:
    people = [await make_customer(api.conn, email=unique_email()) for _ in range(4)]
    for person, quality, score in zip(
        people[:3], ("qualified", "hot", "qualified"), (90, 95, 97), strict=True
    ):
        judgement = LeadJudgement(
            quality=quality,  # type: ignore[arg-type]
            score=score,
            reasons=[{"code": "budget", "points": 30}],
        )
        await judge_lead(api.conn, person.id, judgement, now=NOW)
    seen: list[dict[str, Any]] = []
    cursor: str | None = None
    for _ in range(3):
        params = {"min_score": "90", "limit": "1"} | ({"cursor": cursor} if cursor else {})
        page = (await api.client.get("/api/v1/leads", params=params)).json()
        seen += page["items"]
        cursor = page["next_cursor"]
    assert cursor is None
    assert [lead["id"] for lead in seen] == [str(people[index].id) for index in (1, 2, 0)]
    one = (await api.client.get(f"/api/v1/leads/{people[1].id}")).json()
    assert (one["score"], one["reasons"]) == (95, [{"code": "budget", "points": 30}])
    assert one == seen[0]
    hot = (await api.client.get("/api/v1/leads?quality=hot&quality=churned")).json()["items"]
    assert [lead["id"] for lead in hot] == [str(people[1].id)]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"customers/{SOMEBODY}", 404, "customer_not_found"),
        (f"customers/{SOMEBODY}/interactions", 404, "customer_not_found"),
        (f"leads/{SOMEBODY}", 404, "customer_not_found"),
        ("customers/%00", 422, "request_invalid"),
        ("customers/1; DROP TABLE x", 422, "request_invalid"),
        ("customers?status=asleep", 422, "value_invalid"),
        ("customers?status=%00", 422, "value_invalid"),
        ("customers?q=a%00b", 422, "value_invalid"),
        (f"customers?q={'x' * 201}", 422, "value_invalid"),
        ("customers?cursor=abc", 422, "page_invalid"),
        ("customers?cursor=", 422, "page_invalid"),
        (f"customers?cursor={'x' * 301}", 422, "request_invalid"),
        ("customers?limit=201", 422, "request_invalid"),
        ("leads?quality=lukewarm", 422, "value_invalid"),
        ("leads?min_score=-1", 422, "value_invalid"),
        ("leads?min_score=101", 422, "value_invalid"),
        ("leads?min_score=many", 422, "request_invalid"),
        ("leads?cursor=WyJhIiwgImIiXQ", 422, "page_invalid"),
    ],
)
async def test_what_is_asked_in_vain(
    api: RunningService, path: str, status: int, code: str
) -> None:
    answer = await api.client.get(f"/api/v1/{path}")
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "", {"email": "nobody@example.com"}),
        ("POST", "/merge", {"drop_id": "00000000-0000-4000-8000-000000000001"}),
        ("PUT", "/do-not-contact", None),
        ("DELETE", "/do-not-contact", None),
        ("POST", "/interactions", {"note": "Hello"}),
    ],
)
async def test_nothing_is_done_to_a_customer_nobody_knows(
    api: RunningService, method: str, path: str, body: Any
) -> None:
    answer = await api.client.request(method, f"/api/v1/customers/{SOMEBODY}{path}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (404, "customer_not_found")
