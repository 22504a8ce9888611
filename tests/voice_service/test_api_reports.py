"""Figures over HTTP: numbers by currency, the last twelve months unless another range is asked."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests.booking_core.factories import add_booking, make_customer, make_service
from tests.sql.rows import insert
from tests.voice_service.conftest import RunningService

REPORTS = ("monthly", "funnel", "services", "voice")
MARCH = datetime(2024, 3, 15, 12, tzinfo=UTC)
YEAR = {"from": "2024-01-01", "to": "2025-01-01"}


async def test_bookings_are_counted_by_month_and_service(api: RunningService) -> None:
    customer = await make_customer(api.conn, email=f"{uuid4().hex}@example.com")
    service = await make_service(api.conn, price=70.1, requires_payment=True, currency="EUR")
    for status in ("completed", "cancelled", "completed"):
        await add_booking(
            api.conn, customer, service, status=status, payment_status="paid", created_at=MARCH
        )
    monthly = (await api.client.get("/api/v1/reports/monthly", params=YEAR)).json()
    [march] = monthly["items"]
    assert (march["month"], march["total_bookings"]) == ("2024-03-01", 3)
    assert march["revenue"] == {"EUR": 210.3}
    services = (await api.client.get("/api/v1/reports/services", params=YEAR)).json()["items"]
    [one] = [each for each in services if each["slug"] == service.slug]
    assert (one["completed_bookings"], one["cancelled_bookings"]) == (2, 1)
    assert (one["price"], one["currency"]) == (70.1, "EUR")


async def test_conversations_and_tools_are_counted(api: RunningService) -> None:
    call = await insert(
        api.conn,
        "voice_consultations",
        voice_session_id=f"conv_{uuid4().hex}",
        started_at=MARCH,
        channel="phone",
        status="completed",
        lead_verdict="qualified",
        sentiment_score=0.5,
    )
    await api.conn.execute(
        """INSERT INTO voice_turns (consultation_id, position, role, tool_results)
        VALUES ($1, 0, 'agent', $2)""",
        call,
        [{"tool_name": "find_slots", "tool_latency_secs": 0.25, "is_error": False}],
    )
    voice = (await api.client.get("/api/v1/reports/voice", params=YEAR)).json()
    [march] = voice["items"]
    assert (march["conversations"], march["conversion"]) == (1, 0.0)
    assert (march["channels"], march["mean_sentiment"]) == ({"phone": 1}, 0.5)
    [tool] = voice["tools"]
    assert (tool["tool"], tool["mean_latency_secs"]) == ("find_slots", 0.25)
    funnel = (await api.client.get("/api/v1/reports/funnel", params=YEAR)).json()
    [step] = funnel["items"]
    assert (step["calls"], step["qualified"], step["booked"]) == (1, 1, 0)
    assert step["revenue"] == {}
    assert all(each["customers"] > 0 for each in funnel["lead_qualities"])


async def test_the_last_twelve_months_are_the_usual_range(api: RunningService) -> None:
    customer = await make_customer(api.conn, email=f"{uuid4().hex}@example.com")
    service = await make_service(api.conn)
    now = datetime.now(UTC)
    for age in (timedelta(0), timedelta(days=400)):
        await add_booking(api.conn, customer, service, created_at=now - age)
    [month] = (await api.client.get("/api/v1/reports/monthly")).json()["items"]
    assert (month["month"], month["total_bookings"]) == (f"{now:%Y-%m}-01", 1)
    until = await api.client.get("/api/v1/reports/monthly", params={"to": "2024-04-01"})
    assert [each["month"] for each in until.json()["items"]] == ["2024-03-01"]


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("from=2031-02-01&to=2031-01-01", "range_invalid"),
        ("from=2031-01-01&to=2031-01-01", "range_invalid"),
        ("from=1999-01-01&to=2031-01-01", "range_invalid"),
        ("from=0001-01-01", "range_invalid"),
        ("from=9999-12-31", "range_invalid"),
        ("to=0001-01-01", "range_invalid"),
        ("to=9999-12-31", "range_invalid"),
        ("to=1970-01-01", "range_invalid"),
        ("from=yesterday", "request_invalid"),
        ("from=2031-01-01T00:00", "request_invalid"),
        ("to=0", "request_invalid"),
        ("to=2031-01-01'; DROP TABLE x", "request_invalid"),
        ("to=%00", "request_invalid"),
    ],
)
async def test_ranges_that_make_no_sense(
    api: RunningService, report: str, query: str, code: str
) -> None:
    answer = await api.client.get(f"/api/v1/reports/{report}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text


@pytest.mark.parametrize("report", REPORTS)
async def test_nothing_happened_is_no_failure(api: RunningService, report: str) -> None:
    answer = await api.client.get(f"/api/v1/reports/{report}?from=1971-01-01&to=1971-01-02")
    assert answer.status_code == 200
