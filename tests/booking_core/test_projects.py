"""A completed booking leads to one project, which goes through the pipeline and no other way."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest

from booking_core.database import Connection, open_pool
from booking_core.errors import (
    BookingError,
    BookingNotFound,
    BookingNotOver,
    CurrencyMismatch,
    PageInvalid,
    ProjectExists,
    ProjectMoveRefused,
    ProjectNotFound,
    ValueInvalid,
)
from booking_core.interactions import list_interactions
from booking_core.interactions.model import TYPES
from booking_core.projects import (
    MOVES,
    NewProject,
    Project,
    create_project,
    get_project,
    list_projects,
    move_project,
    value_project,
)
from booking_core.projects.model import INTERACTION_OF
from tests.booking_core.factories import (
    NOW,
    TODAY,
    add_booking,
    enum_values,
    make_customer,
    make_service,
)
from tests.conftest import FreshDatabase
from tests.sql.rows import insert

SHOP = NewProject(project_name="A web shop '; --")


async def make_booking(conn: Connection, status: str = "completed") -> UUID:
    service = await make_service(conn, currency="EUR")
    return await add_booking(conn, await make_customer(conn), service, status=status)


async def make_project(conn: Connection, wish: NewProject = SHOP) -> Project:
    return await create_project(conn, await make_booking(conn), wish, now=NOW)


async def test_a_completed_booking_leads_to_a_project(conn: Connection) -> None:
    booking = await make_booking(conn)
    wish = NewProject(
        project_name=" A web shop ",
        project_type=["web_app", "design"],
        estimated_value=Decimal("40000"),
        currency="EUR",
        start_date=TODAY,
        estimated_completion=TODAY + timedelta(days=90),
    )
    made = await create_project(conn, booking, wish, now=NOW)
    assert made == await get_project(conn, made.id)
    assert (made.original_booking_id, made.customer_metrics_id) == (
        booking,
        (await make_customer(conn)).id,
    )
    assert (made.project_name, made.project_type, made.status) == (
        "A web shop",
        ["web_app", "design"],
        "lead",
    )
    assert (made.estimated_value, made.currency) == (Decimal("40000.00"), "EUR")
    assert (made.start_date, made.created_at) == (TODAY, NOW)


@pytest.mark.parametrize("status", ["pending", "cancelled", "no_show"])
async def test_only_a_completed_booking_does(conn: Connection, status: str) -> None:
    booking = await make_booking(conn, status)
    with pytest.raises(BookingNotOver):
        await create_project(conn, booking, SHOP, now=NOW)
    with pytest.raises(BookingNotFound):
        await create_project(conn, uuid4(), SHOP, now=NOW)


async def test_a_booking_leads_to_one_project_however_many_ask(
    fresh_database: FreshDatabase,
) -> None:
    async with fresh_database() as dsn, await open_pool(dsn, max_size=10) as pool:
        async with pool.acquire() as conn:
            booking = await make_booking(conn)

        async def ask() -> bool:
            async with pool.acquire() as conn, conn.transaction():
                try:
                    await create_project(conn, booking, SHOP, now=NOW)
                except ProjectExists:
                    return False
                return True

        won = await asyncio.gather(*(ask() for _ in range(10)))
        assert sum(won) == await pool.fetchval("SELECT count(*) FROM projects") == 1


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"project_name": " "}, ValueInvalid),
        ({"project_name": "a\0b"}, ValueInvalid),
        ({"project_name": "x" * 256}, ValueInvalid),
        ({"project_type": "web_app"}, ValueInvalid),
        ({"project_type": ["web_app"] * 21}, ValueInvalid),
        ({"project_type": [""]}, ValueInvalid),
        ({"estimated_value": Decimal(-1)}, ValueInvalid),
        ({"estimated_value": Decimal("NaN")}, ValueInvalid),
        ({"estimated_value": Decimal("1e20")}, ValueInvalid),
        ({"currency": "USD"}, CurrencyMismatch),
        ({"currency": "eur"}, ValueInvalid),
        ({"currency": "EUR'; --"}, ValueInvalid),
        ({"start_date": date(1, 1, 1)}, ValueInvalid),
        ({"start_date": NOW}, ValueInvalid),
        ({"estimated_completion": date(9999, 12, 31)}, ValueInvalid),
        ({"start_date": TODAY, "estimated_completion": date(2030, 1, 1)}, ValueInvalid),
    ],
    ids=ascii,
)
async def test_a_project_that_makes_no_sense_is_refused(
    conn: Connection, said: dict[str, Any], refusal: type[BookingError]
) -> None:
    fields: dict[str, Any] = {"project_name": "A web shop"}
    with pytest.raises(refusal):
        await make_project(conn, NewProject(**fields | said))
    assert (await list_projects(conn)).items == []


@pytest.mark.parametrize(("before", "after"), list(product(MOVES, MOVES)))
async def test_the_pipeline_has_the_moves_of_the_table_and_no_others(
    conn: Connection, before: str, after: str
) -> None:
    made = await make_project(conn)
    await conn.execute("UPDATE projects SET status = $2 WHERE id = $1", made.id, before)
    if after in MOVES[before]:
        assert (await move_project(conn, made.id, after, now=NOW)).status == after
    else:
        with pytest.raises(ProjectMoveRefused):
            await move_project(conn, made.id, after, now=NOW)
    assert (await get_project(conn, made.id)).status == (
        after if after in MOVES[before] else before
    )


async def test_a_finished_project_has_its_dates_and_its_place_in_the_journey(
    conn: Connection,
) -> None:
    made = await make_project(conn)
    for days, status in enumerate(("proposal_sent", "signed", "in_progress", "completed")):
        moved = await move_project(conn, made.id, status, now=NOW + timedelta(days=days))
    assert moved == await get_project(conn, made.id)
    assert moved.start_date == TODAY + timedelta(days=2)
    assert moved.actual_completion == TODAY + timedelta(days=3)
    told = (await list_interactions(conn, made.customer_metrics_id)).items
    assert [one.interaction_type for one in reversed(told)] == list(INTERACTION_OF.values())
    assert {one.booking_id for one in told} == {made.original_booking_id}


async def test_two_moves_at_once_move_once(fresh_database: FreshDatabase) -> None:
    async with fresh_database() as dsn, await open_pool(dsn, max_size=10) as pool:
        async with pool.acquire() as conn:
            made = await make_project(conn)

        async def ask(status: str) -> bool:
            async with pool.acquire() as conn, conn.transaction():
                try:
                    await move_project(conn, made.id, status, now=NOW)
                except ProjectMoveRefused:
                    return False
                return True

        won = await asyncio.gather(*(ask("qualified") for _ in range(10)))
        assert sum(won) == 1


@pytest.mark.parametrize("status", ["won", "", "'; --", "LEAD"])
async def test_a_state_that_is_none_is_refused(conn: Connection, status: str) -> None:
    made = await make_project(conn)
    with pytest.raises(ValueInvalid):
        await move_project(conn, made.id, status, now=NOW)
    with pytest.raises(ValueInvalid):
        await list_projects(conn, status=status)


async def test_an_unknown_project_is_refused(conn: Connection) -> None:
    with pytest.raises(ProjectNotFound):
        await get_project(conn, uuid4())
    with pytest.raises(ProjectNotFound):
        await move_project(conn, uuid4(), "signed", now=NOW)
    with pytest.raises(ProjectNotFound):
        await value_project(conn, uuid4(), actual_value=Decimal(1))


async def test_a_value_that_is_not_said_stays(conn: Connection) -> None:
    made = await make_project(conn)
    await value_project(conn, made.id, estimated_value=Decimal("100.5"))
    valued = await value_project(conn, made.id, actual_value=Decimal(90), currency="EUR")
    assert valued == await get_project(conn, made.id)
    assert (valued.estimated_value, valued.actual_value) == (Decimal("100.50"), Decimal("90.00"))


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"estimated_value": Decimal("-0.01")}, ValueInvalid),
        ({"actual_value": Decimal("Infinity")}, ValueInvalid),
        ({"actual_value": Decimal(1), "currency": "USD"}, CurrencyMismatch),
        ({"actual_value": Decimal(1), "currency": "€"}, ValueInvalid),
    ],
    ids=str,
)
async def test_a_value_that_makes_no_sense_is_refused(
    conn: Connection, said: dict[str, Any], refusal: type[BookingError]
) -> None:
    made = await make_project(conn)
    with pytest.raises(refusal):
        await value_project(conn, made.id, **said)


async def test_a_project_of_the_dashboard_gets_its_currency_with_its_value(
    conn: Connection,
) -> None:
    customer = await make_customer(conn)
    made = await insert(conn, "projects", customer_metrics_id=customer.id, project_name="Old")
    with pytest.raises(ValueInvalid):
        await value_project(conn, made, actual_value=Decimal(5))
    valued = await value_project(conn, made, actual_value=Decimal(5), currency="CHF")
    assert (valued.currency, valued.project_type) == ("CHF", [])


async def test_projects_are_listed_newest_first_by_state_and_customer(conn: Connection) -> None:
    made = []
    for days in (0, 0, 1, 2):
        booking = await make_booking(conn)
        now = NOW + timedelta(days=days)
        made.append(await create_project(conn, booking, SHOP, now=now))
    expected = sorted(made, key=lambda one: (one.created_at, one.id), reverse=True)
    seen: list[UUID] = []
    page = await list_projects(conn, limit=3)
    seen += [one.id for one in page.items]
    assert page.next_cursor is not None
    page = await list_projects(conn, limit=3, cursor=page.next_cursor)
    seen += [one.id for one in page.items]
    assert seen == [one.id for one in expected]
    assert page.next_cursor is None
    await move_project(conn, made[0].id, "qualified", now=NOW)
    assert [one.id for one in (await list_projects(conn, status="qualified")).items] == [made[0].id]
    assert (await list_projects(conn, customer_id=uuid4())).items == []
    with pytest.raises(PageInvalid):
        await list_projects(conn, limit=0)


async def test_the_states_are_the_schemas(conn: Connection) -> None:
    assert await enum_values(conn, "project_status") == set(MOVES)
    assert {state for targets in MOVES.values() for state in targets} < set(MOVES)
    assert set(INTERACTION_OF.values()) < set(TYPES)
