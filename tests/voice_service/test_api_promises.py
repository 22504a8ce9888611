"""Promises that every operation of the API keeps, whatever it is about."""

import json
import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest

from booking_core.errors import BookingError
from booking_core.follow_ups import create_follow_ups
from booking_core.projects import NewProject, create_project
from tests.booking_core.factories import (
    add_booking,
    make_consultant,
    make_customer,
    make_service,
)
from tests.sql.rows import insert
from tests.voice_service.conftest import RunningService
from tests.voice_service.contract import OPERATIONS, SOME_ID, Operation
from voice_service.errors import STATUS_OF, status_of

# Answers that no refusal of the business stands behind.
OTHER_CODES: Final[dict[str, int]] = {"unauthorized": 401, "request_invalid": 422}

TEXTS: Final = (
    "",
    "\0",
    "a\0b",
    "'; DROP TABLE bookings; --",
    "NaN",
    "9" * 30,
    "1e400",
    "0001-01-01",
    "9999-12-31",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59.999999-14:00",
    "2031-01-06T10:00",
    str(SOME_ID),
    "\u202e🙂\ufffd",
    "x" * 3000,
)
VALUES: Final[tuple[Any, ...]] = (
    *TEXTS,
    "\ud800",
    "x" * 100_000,
    None,
    True,
    -1,
    2**63,
    10**40,
    float("nan"),
    float("inf"),
    [],
    ["x"] * 500,
    {},
    {"\ud800": "\0"},
)
BODIES: Final = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b'"x"',
    b"17",
    b"NaN",
    b"{",
    b"\xff\xfe\x00",
    b'{"\\ud800": 1}',
    b'{"a": ' + b"9" * 5000 + b"}",
    b'{"a": ' * 3000 + b"1" + b"}" * 3000,
    b"[" * 100_000,
)

JSON: Final = {"Content-Type": "application/json"}
KIND: Final = (b"Content-Type", b"application/json")

every_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=str)


def codes() -> dict[str, int]:
    """Every code that an answer may have, with its status."""

    def leaves(kind: type[BookingError]) -> Iterator[type[BookingError]]:
        for child in kind.__subclasses__():
            yield child
            yield from leaves(child)

    known = {
        kind.code: int(status_of(kind)) for kind in leaves(BookingError) if kind not in STATUS_OF
    }
    return known | OTHER_CODES


async def make_rows(api: RunningService) -> dict[str, str]:
    """What there is to work with, by the names that paths give it."""
    now = datetime.now(UTC) - timedelta(hours=1)
    consultant = await make_consultant(api.conn)
    customer = await make_customer(api.conn, email=f"{uuid4().hex}@example.com")
    service = await make_service(api.conn)
    booking = await add_booking(
        api.conn, customer, service, status="completed", consultant_id=consultant
    )
    [follow_up, *_] = await create_follow_ups(api.conn, booking, "completed", now=now)
    project = await create_project(api.conn, booking, NewProject(project_name="A shop"), now=now)
    conversation = f"conv_{uuid4().hex}"
    await insert(
        api.conn,
        "voice_consultations",
        voice_session_id=conversation,
        customer_metrics_id=customer.id,
    )
    reference = await api.conn.fetchval(
        "SELECT booking_reference FROM bookings WHERE id = $1", booking
    )
    return {
        "consultant_id": str(consultant),
        "customer_id": str(customer.id),
        "follow_up_id": str(follow_up.id),
        "project_id": str(project.id),
        "key": conversation,
        "reference": reference,
        "slug": service.slug,
        "service": service.slug,
    }


def check(answer: httpx.Response, sent: Any) -> None:
    """An answer, or a refusal in the form that all have."""
    assert answer.status_code < 500, f"{str(sent)[:300]}: {answer.text[:300]}"
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json", str(sent)[:300]
        problem = answer.json()
        assert problem["status"] == answer.status_code
        assert problem["title"] == HTTPStatus(answer.status_code).phrase
        assert problem["code"]
        assert problem["detail"]


async def ask(api: RunningService, operation: Operation, path: str, **more: Any) -> httpx.Response:
    """The answer; of one without an end, its beginning."""
    async with api.client.stream(operation.method, path, **more) as answer:
        if not (operation.is_stream and answer.is_success):
            await answer.aread()
    return answer


def in_json(value: Any) -> bytes:
    return json.dumps(value).encode()


def test_the_document_describes_an_api() -> None:
    assert len(OPERATIONS) >= 40


@every_operation
async def test_every_operation_is_closed_without_the_staff_token(
    api: RunningService, operation: Operation
) -> None:
    path = operation.fill(await make_rows(api))
    body = operation.examples[0] if operation.examples else None
    async with httpx.AsyncClient(base_url=api.base_url) as stranger:
        for headers in ({}, {"Authorization": "Bearer wrong"}):
            answer = await stranger.request(operation.method, path, json=body, headers=headers)
            assert answer.status_code == 401
            assert answer.json()["code"] == "unauthorized"


@every_operation
def test_every_operation_names_its_refusals(operation: Operation) -> None:
    _, found, refusals = operation.description.partition("Refuses ")
    assert found, "its docstring says what it refuses"
    known, status, named = codes(), 0, 0
    for number, code in re.findall(r"\b([1-5][0-9]{2})\b|``([a-z_]+)``", refusals):
        if number:
            status = int(number)
        else:
            assert known.get(code) == status, f"{code} is no code with status {status}"
            named += 1
    assert named


@every_operation
async def test_every_body_has_examples_that_are_understood(
    api: RunningService, operation: Operation
) -> None:
    if operation.examples is None:
        return
    assert operation.examples
    path = operation.fill(await make_rows(api))
    for example in operation.examples:
        answer = await ask(api, operation, path, content=in_json(example), headers=JSON)
        check(answer, example)
        assert answer.status_code < 300 or answer.json()["code"] != "request_invalid", answer.text


@every_operation
async def test_no_junk_in_a_path_or_query_is_a_failure(
    api: RunningService, operation: Operation
) -> None:
    rows = await make_rows(api)
    body = in_json(operation.examples[0]) if operation.examples else None
    for name in operation.names["path"]:
        for value in TEXTS:
            path = operation.fill(rows | {name: value})
            check(await ask(api, operation, path, content=body, headers=JSON), path)
    path = operation.fill(rows)
    for name in operation.names["query"]:
        for value in TEXTS:
            query = {"service": rows["service"], name: value}
            answer = await ask(api, operation, path, params=query, content=body, headers=JSON)
            check(answer, query)
    for name in operation.names["header"]:
        for value in ("", "x" * 3000, "'; DROP TABLE bookings; --", "\xff"):
            headers = [(name.encode(), value.encode("latin-1")), KIND]
            answer = await ask(api, operation, path, headers=headers, content=body)
            check(answer, headers)


@every_operation
async def test_no_junk_in_a_body_is_a_failure(api: RunningService, operation: Operation) -> None:
    path = operation.fill(await make_rows(api))
    for body in BODIES if operation.examples else BODIES[-1:]:
        for kind in (b"application/json", b"text/plain", b"\xff/;="):
            headers = [(b"Content-Type", kind)]
            answer = await ask(api, operation, path, content=body, headers=headers)
            check(answer, body)
    for example in operation.examples or ():
        for body in spoil(example):
            answer = await ask(api, operation, path, content=in_json(body), headers=JSON)
            check(answer, body)


def spoil(example: Any) -> Iterator[Any]:
    """The example with each of its parts replaced by something else, left out, or one more."""
    if isinstance(example, dict):
        yield example | {"something": "else"}
        for name, part in example.items():
            yield {other: value for other, value in example.items() if other != name}
            yield from (example | {name: worse} for worse in (*VALUES, *spoil(part)))
    elif isinstance(example, list) and example:
        yield example * 300
        yield from ([worse, *example[1:]] for worse in (*VALUES, *spoil(example[0])))


async def test_no_mixture_of_junk_is_a_failure(api: RunningService) -> None:
    chance = random.Random(20310106)
    for operation in OPERATIONS * 3:
        path = operation.fill(await make_rows(api))
        query = {name: chance.choice(TEXTS) for name in operation.names["query"]}
        body = chance.choice(VALUES)
        if operation.examples and isinstance(operation.examples[0], dict):
            body = {
                name: part if chance.random() < 0.5 else chance.choice(VALUES)
                for name, part in operation.examples[0].items()
            }
        answer = await ask(api, operation, path, params=query, content=in_json(body), headers=JSON)
        check(answer, (operation.method, path, query, body))
