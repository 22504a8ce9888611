"""Reports count what happened, once each, and never add one currency to another."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from booking_core.customers import Customer
from booking_core.database import Connection, connect
from booking_core.errors import RangeInvalid
from booking_core.reports import (
    Period,
    count_lead_qualities,
    queries,
    report_funnel,
    report_months,
    report_services,
    report_tools,
    report_voice,
)
from booking_core.services import Service
from tests.booking_core.factories import add_booking, make_customer, make_service
from tests.conftest import FreshDatabase
from tests.sql.rows import insert

JANUARY = datetime(2031, 1, 20, 12, tzinfo=UTC)
FEBRUARY = datetime(2031, 2, 20, 12, tzinfo=UTC)
YEAR = Period(start=date(2031, 1, 1), end=date(2032, 1, 1))


async def paid_service(conn: Connection, slug: str, currency: str = "USD") -> Service:
    return await make_service(
        conn, slug=slug, price=Decimal("70.10"), requires_payment=True, currency=currency
    )


async def add_call(conn: Connection, at: datetime, **columns: Any) -> UUID:
    row = {"voice_session_id": f"conv_{at.isoformat()}_{len(columns)}_{id(columns)}"} | columns
    return await insert(conn, "voice_consultations", started_at=at, **row)


async def add_turn(conn: Connection, call: UUID, position: int, results: Any) -> None:
    await conn.execute(
        "INSERT INTO voice_turns (consultation_id, position, role, tool_results)"
        " VALUES ($1, $2, 'agent', $3)",
        call,
        position,
        results,
    )


@pytest.mark.parametrize(
    ("end", "start"),
    [
        (date(2031, 1, 1), date(2030, 1, 1)),
        (date(2031, 1, 2), date(2030, 2, 1)),
        (date(2031, 12, 31), date(2031, 1, 1)),
        (date(2032, 3, 1), date(2031, 3, 1)),
    ],
)
def test_the_last_months_are_whole_but_for_the_latest(end: date, start: date) -> None:
    assert Period.last_months(end) == Period(start=start, end=end)


@pytest.mark.parametrize("end", [date.min, date(1970, 6, 1), date.max])
def test_there_are_no_months_before_the_calendar(end: date) -> None:
    with pytest.raises(RangeInvalid):
        Period.last_months(end)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2031, 1, 1), date(2031, 1, 1)),
        (date(2031, 2, 1), date(2031, 1, 1)),
        (date(2000, 1, 1), date(2031, 1, 1)),  # over ten thousand days
        (date(1, 1, 1), date(2, 1, 1)),
        (date(9999, 1, 1), date(9999, 12, 31)),
        (JANUARY, FEBRUARY),
        ("2031-01-01", "2031-02-01"),
    ],
    ids=str,
)
def test_a_range_that_makes_no_sense_is_refused(start: Any, end: Any) -> None:
    with pytest.raises(RangeInvalid):
        Period(start=start, end=end)


async def make_bookings(conn: Connection) -> tuple[Customer, Service, Service]:
    """Four in January in two currencies, one in February."""
    ada = await make_customer(conn)
    dollars, euros = await paid_service(conn, "a-usd"), await paid_service(conn, "b-eur", "EUR")
    paid = {"payment_status": "paid", "lead_score": 50}
    await add_booking(conn, ada, dollars, created_at=JANUARY, status="completed", **paid)
    await add_booking(conn, ada, dollars, created_at=JANUARY, status="cancelled", lead_score=80)
    await add_booking(conn, ada, euros, created_at=JANUARY, status="no_show", **paid)
    await add_booking(conn, ada, euros, created_at=JANUARY, **paid)
    await add_booking(conn, ada, euros, created_at=FEBRUARY, lead_score=50)
    return ada, dollars, euros


async def test_months_count_bookings_and_money_by_currency(conn: Connection) -> None:
    await make_bookings(conn)
    january, february = await report_months(conn, YEAR)
    assert (january.month, february.month) == (date(2031, 1, 1), date(2031, 2, 1))
    assert (january.total_bookings, january.completed_bookings) == (4, 1)
    assert (january.cancelled_bookings, january.no_shows) == (1, 1)
    assert january.revenue == {"EUR": Decimal("140.20"), "USD": Decimal("70.10")}
    assert january.avg_lead_score == 57.5
    assert (february.total_bookings, february.revenue) == (1, {})
    only_february = Period(start=date(2031, 2, 1), end=date(2031, 2, 21))
    assert await report_months(conn, only_february) == [february]


async def test_months_count_as_the_views_do(conn: Connection) -> None:
    await make_bookings(conn)
    views = await conn.fetch(
        "SELECT (month AT TIME ZONE 'UTC')::date AS month, total_bookings, completed_bookings,"
        " total_revenue, avg_lead_score::float8 AS score FROM monthly_booking_stats"
        " WHERE month >= '2031-01-01Z' ORDER BY month"
    )
    ours = await report_months(conn, YEAR)
    assert [tuple(row) for row in views] == [
        (
            one.month,
            one.total_bookings,
            one.completed_bookings,
            sum(one.revenue.values()),
            one.avg_lead_score,
        )
        for one in ours
    ]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
async def test_a_month_is_the_same_whatever_the_reader_s_zone(conn: Connection, zone: str) -> None:
    ada, service = await make_customer(conn), await make_service(conn)
    for at in (datetime(2031, 1, 31, 23, 59, tzinfo=UTC), datetime(2031, 2, 1, tzinfo=UTC)):
        await add_booking(conn, ada, service, created_at=at)
        await add_call(conn, at)
    await conn.execute(f"SET LOCAL timezone = '{zone}'")
    january = Period(start=date(2031, 1, 1), end=date(2031, 2, 1))
    assert [(one.month, one.total_bookings) for one in await report_months(conn, january)] == [
        (date(2031, 1, 1), 1)
    ]
    assert [one.month for one in await report_voice(conn, YEAR)] == [
        date(2031, 1, 1),
        date(2031, 2, 1),
    ]
    assert len(await report_funnel(conn, YEAR)) == 2


async def test_services_are_all_there_with_what_was_booked(conn: Connection) -> None:
    _, dollars, euros = await make_bookings(conn)
    figures = {one.slug: one for one in await report_services(conn, YEAR)}
    assert {"discovery-call", "strategy-session"} < set(figures)
    assert figures["discovery-call"].total_bookings == 0
    assert figures["discovery-call"].avg_lead_score is None
    assert figures["a-usd"].revenue == {"USD": Decimal("70.10")}
    assert (figures["a-usd"].service_id, figures["a-usd"].price) == (dollars.id, Decimal("70.10"))
    assert (figures["b-eur"].total_bookings, figures["b-eur"].currency) == (3, "EUR")
    # What was paid before the currency changed stays in the old one.
    await conn.execute("UPDATE services SET currency = 'CHF' WHERE id = $1", euros.id)
    figures = {one.slug: one for one in await report_services(conn, YEAR)}
    assert figures["b-eur"].revenue == {"EUR": Decimal("140.20")}


async def test_the_funnel_follows_calls_to_the_money(conn: Connection) -> None:
    ada = await make_customer(conn)
    service = await paid_service(conn, "a-usd")
    held = await add_booking(conn, ada, service, status="completed", payment_status="paid")
    lost = await add_booking(conn, ada, service, status="cancelled")
    said = {"qualification": {"recommended_service": "a-usd"}}
    await add_call(conn, JANUARY, lead_verdict="qualified", follow_up_booking_id=held, **said)
    await add_call(conn, JANUARY, follow_up_booking_id=lost)
    await add_call(conn, JANUARY, lead_verdict="qualified", **said)
    await add_call(conn, JANUARY, lead_verdict="unqualified")
    # A second conversation about a booking books nothing and earns nothing.
    await add_call(conn, FEBRUARY, lead_verdict="qualified", follow_up_booking_id=held)
    about_it, about_nothing, again = await report_funnel(conn, YEAR)
    assert (about_it.month, about_it.service) == (date(2031, 1, 1), "a-usd")
    assert (about_it.calls, about_it.qualified, about_it.booked) == (3, 2, 2)
    assert (about_it.held, about_it.paid) == (1, 1)
    assert about_it.revenue == {"USD": Decimal("70.10")}
    assert (about_nothing.service, about_nothing.calls, about_nothing.booked) == (None, 1, 0)
    assert (again.month, again.calls, again.booked, again.revenue) == (date(2031, 2, 1), 1, 0, {})
    only_february = Period(start=date(2031, 2, 1), end=date(2031, 3, 1))
    assert await report_funnel(conn, only_february) == [again]


async def test_two_currencies_of_one_service_stay_two(conn: Connection) -> None:
    ada = await make_customer(conn)
    service = await paid_service(conn, "a-usd")
    for currency in ("USD", "EUR"):
        paid = {"payment_status": "paid", "currency": currency}
        booking = await add_booking(conn, ada, service, **paid)
        await add_call(conn, JANUARY, follow_up_booking_id=booking)
    (step,) = await report_funnel(conn, YEAR)
    assert (step.calls, step.revenue) == (2, {"EUR": Decimal("70.10"), "USD": Decimal("70.10")})


async def test_voice_is_counted_by_channel_status_and_verdict(conn: Connection) -> None:
    booking = await add_booking(conn, await make_customer(conn), await make_service(conn))
    await add_call(
        conn,
        JANUARY,
        channel="phone",
        status="completed",
        lead_verdict="qualified",
        sentiment_score=Decimal("0.50"),
        follow_up_booking_id=booking,
    )
    await add_call(
        conn, JANUARY, channel="web", status="completed", sentiment_score=Decimal("-0.20")
    )
    await add_call(conn, JANUARY, channel="web", status="dropped")
    await add_call(conn, JANUARY, status="failed")
    await add_call(conn, FEBRUARY)
    january, february = await report_voice(conn, YEAR)
    assert january.conversations == 4
    assert january.channels == {"phone": 1, "web": 2, "unknown": 1}
    assert january.statuses == {"completed": 2, "dropped": 1, "failed": 1}
    assert january.verdicts == {"qualified": 1, "unknown": 3}
    assert january.mean_sentiment == pytest.approx(0.15)
    assert (january.booked, january.conversion) == (1, 0.25)
    assert (february.mean_sentiment, february.conversion) == (None, 0)


async def test_tools_tell_their_latency_where_the_platform_does(conn: Connection) -> None:
    call = await add_call(conn, JANUARY)
    results = [
        {"tool_name": "find_slots", "tool_latency_secs": 0.2, "is_error": False},
        {"tool_name": "find_slots", "tool_latency_secs": 0.4, "is_error": True},
        {"tool_name": "find_slots"},
        {"tool_name": "hold_slot", "is_error": False},
    ]
    await add_turn(conn, call, 0, results)
    await add_turn(conn, await add_call(conn, JANUARY - timedelta(days=400)), 0, results)
    find, hold = await report_tools(conn, YEAR)
    assert (find.tool, find.calls, find.errors) == ("find_slots", 3, 1)
    assert find.mean_latency_secs == pytest.approx(0.3)
    assert find.p95_latency_secs == pytest.approx(0.39)
    assert (hold.calls, hold.mean_latency_secs, hold.p95_latency_secs) == (1, None, None)


@pytest.mark.parametrize(
    "results",
    [
        None,
        {},
        "'; --",
        7,
        [],
        [None, "text", 7, [], {}],
        [{"tool_name": None, "tool_latency_secs": "0.2"}],
        [{"tool_latency_secs": -1}, {"tool_latency_secs": 10**400}, {"is_error": "yes"}],
    ],
    ids=lambda value: str(value)[:40],
)
async def test_odd_results_of_tools_break_no_report(conn: Connection, results: Any) -> None:
    text = '"text"' if isinstance(results, str) else results
    await add_turn(conn, await add_call(conn, JANUARY), 0, text)
    for tool in await report_tools(conn, YEAR):
        assert (tool.tool, tool.errors, tool.mean_latency_secs) == ("unknown", 0, None)


async def test_nothing_happened_is_an_empty_report(conn: Connection) -> None:
    for report in (report_months, report_funnel, report_voice, report_tools):
        assert await report(conn, YEAR) == []


async def test_customers_are_counted_by_quality(conn: Connection) -> None:
    ada = await make_customer(conn)
    service = await make_service(conn)
    for _ in range(2):
        await add_booking(conn, ada, service)
    await make_customer(conn, email="bob@example.com")
    counted = [
        (one.lead_quality, one.customers, one.repeat_customers)
        for one in await count_lead_qualities(conn)
    ]
    assert counted == [("unqualified", 1, 0), ("qualified", 1, 1)]


MANY_BOOKINGS = """
    INSERT INTO bookings (
        booking_reference, customer_metrics_id, customer_data, project_description, service_id,
        payment_status, payment_amount, currency, created_at
    )
    SELECT 'INT-' || n, $1, '{"email": "a@example.com", "first_name": "Ada", "last_name": ""}',
        'A web shop', $2, 'paid', 70, 'USD',
        '2026-01-01Z'::timestamptz + n * interval '20 minutes'
    FROM generate_series(1, 100000) AS n
"""
MANY_CALLS = """
    INSERT INTO voice_consultations (voice_session_id, started_at, follow_up_booking_id)
    SELECT 'conv_' || b.booking_reference, b.created_at, b.id FROM bookings b
    WHERE right(b.booking_reference, 1) = '7'
"""


async def test_a_month_among_a_hundred_thousand_bookings_is_read_by_index(
    fresh_database: FreshDatabase,
) -> None:
    month = Period(start=date(2027, 3, 1), end=date(2027, 4, 1))
    statements = [
        queries.REPORT_MONTHS,
        queries.REPORT_SERVICES,
        queries.REPORT_FUNNEL,
        queries.REPORT_VOICE,
        queries.REPORT_TOOLS,
    ]
    async with fresh_database() as dsn:
        conn = await connect(dsn)
        ada, service = await make_customer(conn), await make_service(conn)
        # Past the triggers, which would count the customer's bookings a hundred thousand times.
        await conn.execute("SET session_replication_role = replica")
        await conn.execute("DROP INDEX idx_bookings_customer_data_gin")  # slow to fill, not asked
        await conn.execute(MANY_BOOKINGS, ada.id, service.id)
        await conn.execute(MANY_CALLS)
        await conn.execute("ANALYZE")
        plans = [
            "\n".join(
                row[0]
                for row in await conn.fetch(f"EXPLAIN {text}", month.begins_at, month.ends_at)
            )
            for text in statements
        ]
        (found,) = await report_months(conn, month)
        await conn.close()
    assert found.total_bookings == 31 * 24 * 3
    for plan in plans:
        assert "Seq Scan on bookings" not in plan, plan
        assert "Seq Scan on voice_consultations" not in plan, plan
