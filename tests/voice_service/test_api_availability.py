"""A consultant's hours, exceptions and time off, over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.booking_core.factories import make_consultant, make_service
from tests.voice_service.conftest import RunningService

NOBODY = "00000000-0000-4000-8000-000000000000"
MONDAY = {"day_of_week": 1, "start_time": "09:00", "end_time": "12:00"}
HOLIDAY = {"first": "2031-08-01", "last": "2031-08-03", "reason": "Sea"}


async def availability_of(api: RunningService, **more: Any) -> str:
    return f"/api/v1/consultants/{await make_consultant(api.conn, **more)}/availability"


async def test_consultants_are_listed_with_their_zones(api: RunningService) -> None:
    consultant = await make_consultant(api.conn, timezone="Asia/Tokyo", name="Margaret Hamilton")
    page = (await api.client.get("/api/v1/consultants")).json()
    assert page["next_cursor"] is None
    [found] = [each for each in page["items"] if each["id"] == str(consultant)]
    assert (found["last_name"], found["timezone"]) == ("Hamilton", "Asia/Tokyo")


async def test_weekly_hours_are_replaced_as_a_whole(api: RunningService) -> None:
    path = await availability_of(api)
    hours = [
        MONDAY | {"max_bookings": 2},
        {"day_of_week": 5, "start_time": "22:00", "end_time": "24:00", "max_bookings": 1},
        {"day_of_week": 6, "start_time": "00:00", "end_time": "01:30", "max_bookings": 1},
    ]
    for _ in range(2):
        answer = await api.client.put(path, json={"weekly_hours": hours[::-1]})
        assert (answer.status_code, answer.json()) == (200, {"weekly_hours": hours})
    assert (await api.client.get(path)).json()["weekly_hours"] == hours
    assert (await api.client.put(path, json={"weekly_hours": []})).json() == {"weekly_hours": []}


async def test_new_hours_are_offered_at_once(api: RunningService) -> None:
    consultant = await make_consultant(api.conn, hours=())
    path = f"/api/v1/consultants/{consultant}/availability"
    service = await make_service(api.conn)
    day = (datetime.now(UTC) + timedelta(days=3)).date()
    body = {"weekly_hours": [MONDAY | {"day_of_week": day.isoweekday() % 7}]}
    await api.client.put(path, json=body)
    asked = {
        "service": service.slug,
        "consultant": str(consultant),
        "timezone": "UTC",
        "from": f"{day}T00:00",
        "to": f"{day + timedelta(days=1)}T00:00",
    }
    slots = (await api.client.get("/api/v1/slots", params=asked)).json()["items"]
    assert slots[0]["start"].startswith(f"{day}T09:00")
    await api.client.post(f"{path}/overrides", json={"specific_date": str(day)})
    assert (await api.client.get("/api/v1/slots", params=asked)).json()["items"] == []


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"start_time": "12:00", "end_time": "09:00"}, "hours_invalid"),
        ({"start_time": "09:00", "end_time": "09:00"}, "hours_invalid"),
        ({"day_of_week": 7}, "hours_invalid"),
        ({"day_of_week": -1}, "hours_invalid"),
        ({"day_of_week": 10**30}, "hours_invalid"),
        ({"max_bookings": 0}, "hours_invalid"),
        ({"max_bookings": 10**9}, "hours_invalid"),
        ({"day_of_week": "1"}, "request_invalid"),
        ({"day_of_week": True}, "request_invalid"),
        ({"day_of_week": None}, "request_invalid"),
        ({"max_bookings": 1.0}, "request_invalid"),
        ({"start_time": "9:00"}, "request_invalid"),
        ({"start_time": "24:01"}, "request_invalid"),
        ({"start_time": "09:00\n"}, "request_invalid"),
        ({"start_time": "\u0660\u0669:00"}, "request_invalid"),
        ({"start_time": 540}, "request_invalid"),
        ({"start_time": "09:00'; DROP TABLE x"}, "request_invalid"),
        ({"consultant_id": NOBODY}, "request_invalid"),
    ],
)
async def test_hours_that_no_clock_has_change_nothing(
    api: RunningService, row: dict[str, Any], code: str
) -> None:
    path = await availability_of(api)
    before = (await api.client.get(path)).json()
    answer = await api.client.put(path, json={"weekly_hours": [MONDAY, MONDAY | row]})
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    assert (await api.client.get(path)).json() == before


async def test_the_same_hours_twice_or_too_many_are_refused(api: RunningService) -> None:
    path = await availability_of(api)
    for hours in ([MONDAY, MONDAY], [MONDAY] * 5000):
        answer = await api.client.put(path, json={"weekly_hours": hours})
        assert (answer.status_code, answer.json()["code"]) == (422, "hours_invalid")


async def test_an_exception_is_made_changed_and_taken_back(api: RunningService) -> None:
    path = await availability_of(api)
    wish = {"specific_date": "2031-01-11", "start_time": "10:00", "end_time": "24:00"}
    made = (await api.client.post(f"{path}/overrides", json=wish | {"is_available": True})).json()
    assert made.items() >= (wish | {"is_available": True, "max_bookings": 1}).items()
    changed = (await api.client.post(f"{path}/overrides", json=wish | {"reason": "Ill"})).json()
    assert (changed["id"], changed["is_available"]) == (made["id"], False)
    range_ = {"first": "2031-01-01", "last": "2031-01-31"}
    assert (await api.client.get(path, params=range_)).json()["overrides"] == [changed]
    assert (await api.client.delete(f"{path}/overrides/{made['id']}")).status_code == 204
    again = await api.client.delete(f"{path}/overrides/{made['id']}")
    assert (again.status_code, again.json()["code"]) == (404, "override_not_found")
    assert (await api.client.get(path, params=range_)).json()["overrides"] == []


async def test_a_whole_date_is_closed_without_hours(api: RunningService) -> None:
    path = await availability_of(api)
    answer = await api.client.post(f"{path}/overrides", json={"specific_date": "2031-01-06"})
    made = answer.json()
    assert (made["start_time"], made["end_time"], made["is_available"]) == (None, None, False)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"start_time": "10:00"}, "hours_invalid"),
        ({"start_time": "10:00", "end_time": "09:00"}, "hours_invalid"),
        ({"reason": "x" * 256}, "hours_invalid"),
        ({"max_bookings": 0}, "hours_invalid"),
        ({"specific_date": "0001-01-01"}, "range_invalid"),
        ({"specific_date": "9999-12-31"}, "range_invalid"),
        ({"specific_date": "2031-02-30"}, "request_invalid"),
        ({"specific_date": 20310106}, "request_invalid"),
        ({"specific_date": "2031-01-06T00:00:00Z"}, "request_invalid"),
        ({"specific_date": None}, "request_invalid"),
        ({"is_available": "yes"}, "request_invalid"),
        ({"is_available": 1}, "request_invalid"),
        ({"time_off_id": NOBODY}, "request_invalid"),
    ],
)
async def test_exceptions_that_make_no_sense(
    api: RunningService, change: dict[str, Any], code: str
) -> None:
    path = await availability_of(api)
    body = {"specific_date": "2031-01-06"} | change
    answer = await api.client.post(f"{path}/overrides", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text


async def test_what_cannot_be_stored_in_a_reason_is_replaced(api: RunningService) -> None:
    path = await availability_of(api)
    body = {"specific_date": "2031-01-06", "reason": "a\0b'; DROP TABLE x"}
    made = (await api.client.post(f"{path}/overrides", json=body)).json()
    assert made["reason"] == "a\ufffdb'; DROP TABLE x"


async def test_time_off_is_entered_once_and_taken_back_as_a_whole(api: RunningService) -> None:
    path = await availability_of(api)
    made = await api.client.post(f"{path}/time-off", json=HOLIDAY)
    assert made.status_code == 201
    time_off = made.json()
    assert time_off.items() >= HOLIDAY.items()
    body = (await api.client.get(path, params={"first": "2031-07-01"})).json()
    assert body["time_off"] == [time_off]
    assert [each["specific_date"] for each in body["overrides"]] == [
        "2031-08-01",
        "2031-08-02",
        "2031-08-03",
    ]
    override = body["overrides"][0]
    assert override["time_off_id"] == time_off["id"]
    single = await api.client.delete(f"{path}/overrides/{override['id']}")
    assert (single.status_code, single.json()["code"]) == (404, "override_not_found")
    twice = await api.client.post(f"{path}/time-off", json=HOLIDAY)
    assert (twice.status_code, twice.json()["code"]) == (409, "override_conflict")
    among = await api.client.post(f"{path}/overrides", json={"specific_date": "2031-08-02"})
    assert (among.status_code, among.json()["code"]) == (409, "override_conflict")
    assert (await api.client.delete(f"{path}/time-off/{time_off['id']}")).status_code == 204
    again = await api.client.delete(f"{path}/time-off/{time_off['id']}")
    assert (again.status_code, again.json()["code"]) == (404, "time_off_not_found")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"last": "2031-07-31"}, "range_invalid"),
        ({"last": "2059-01-01"}, "range_invalid"),
        ({"first": "0001-01-01"}, "range_invalid"),
        ({"reason": "x" * 256}, "hours_invalid"),
        ({"first": "tomorrow"}, "request_invalid"),
        ({"first": 0}, "request_invalid"),
        ({"last": None}, "request_invalid"),
        ({"reason": ["Sea"]}, "request_invalid"),
        ({"id": NOBODY}, "request_invalid"),
    ],
)
async def test_time_off_that_makes_no_sense(
    api: RunningService, change: dict[str, Any], code: str
) -> None:
    answer = await api.client.post(f"{await availability_of(api)}/time-off", json=HOLIDAY | change)
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text


async def test_hours_are_read_in_another_zone(api: RunningService) -> None:
    path = await availability_of(api)
    answer = await api.client.put(f"{path}/timezone", json={"timezone": "Europe/Berlin"})
    assert answer.json()["timezone"] == "Europe/Berlin"
    assert (await api.client.get(path)).json()["timezone"] == "Europe/Berlin"
    for zone in ("", "Mars/Phobos", "PST", "../../etc/passwd", "Europe/Berlin\0", "x" * 10_000):
        answer = await api.client.put(f"{path}/timezone", json={"timezone": zone})
        assert (answer.status_code, answer.json()["code"]) == (422, "timezone_unknown")
    for body in ({}, {"timezone": None}, {"timezone": 1}):
        answer = await api.client.put(f"{path}/timezone", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "request_invalid")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("first=2031-02-01&last=2031-01-01", "range_invalid"),
        ("first=2031-01-01&last=2039-01-01", "range_invalid"),
        ("first=9999-12-31", "range_invalid"),
        ("first=0001-01-01", "range_invalid"),
        ("last=1999-01-01", "range_invalid"),
        ("first=0", "request_invalid"),
        ("first=2031-01-06T00:00", "request_invalid"),
    ],
)
async def test_ranges_that_make_no_sense(api: RunningService, query: str, code: str) -> None:
    answer = await api.client.get(f"{await availability_of(api)}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("GET", "", None, "consultant_not_found"),
        ("PUT", "", {"weekly_hours": [MONDAY]}, "consultant_not_found"),
        ("POST", "/overrides", {"specific_date": "2031-01-06"}, "consultant_not_found"),
        ("POST", "/time-off", HOLIDAY, "consultant_not_found"),
        ("PUT", "/timezone", {"timezone": "Asia/Tokyo"}, "consultant_not_found"),
        ("DELETE", f"/overrides/{NOBODY}", None, "override_not_found"),
        ("DELETE", f"/time-off/{NOBODY}", None, "time_off_not_found"),
    ],
)
async def test_nobody_has_no_availability(
    api: RunningService, method: str, path: str, body: Any, code: str
) -> None:
    url = f"/api/v1/consultants/{NOBODY}/availability{path}"
    answer = await api.client.request(method, url, json=body)
    assert (answer.status_code, answer.json()["code"]) == (404, code), answer.text
