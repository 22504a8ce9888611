"""Merging customers while everybody else works with them: no deadlock, and nothing lost."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from uuid import UUID

from booking_core.customers import (
    Customer,
    get_customer,
    merge_customers,
    raise_lead_quality,
    set_do_not_contact,
    update_contact,
)
from booking_core.database import Connection, open_pool
from booking_core.errors import CustomerNotFound, ProjectMoveRefused
from booking_core.follow_ups import complete_follow_up, create_follow_ups
from booking_core.interactions import record_interaction
from booking_core.leads import LeadJudgement, judge_lead
from booking_core.projects import NewProject, create_project, move_project
from tests.booking_core.factories import NOW, add_booking, make_customer, make_service
from tests.conftest import FreshDatabase
from tests.sql.rows import insert

PATIENCE_SECS = 30
Work = Callable[[Connection], Awaitable[object]]


async def test_merging_both_ways_at_once_merges_once(fresh_database: FreshDatabase) -> None:
    async with fresh_database() as dsn, await open_pool(dsn, max_size=8) as pool:
        async with pool.acquire() as conn:
            ada, bob = [
                (await make_customer(conn, email=f"{name}@example.com")).id
                for name in ("ada", "bob")
            ]
            service = await make_service(conn)
            for customer_id in (ada, bob):
                await add_booking(conn, await get_customer(conn, customer_id), service)

        async def attempt(number: int) -> bool:
            keep, drop = (ada, bob) if number % 2 else (bob, ada)
            async with pool.acquire() as conn, conn.transaction():
                try:
                    await merge_customers(conn, keep, drop, now=NOW)
                except CustomerNotFound:
                    return False
                return True

        async with asyncio.timeout(PATIENCE_SECS):
            won = await asyncio.gather(*(attempt(number) for number in range(8)))
        assert sum(won) == 1
        assert await pool.fetchval("SELECT array_agg(total_bookings) FROM customer_metrics") == [2]


async def test_merging_while_bookings_come_and_change_loses_none(
    fresh_database: FreshDatabase,
) -> None:
    async with fresh_database() as dsn, await open_pool(dsn, max_size=8) as pool:
        async with pool.acquire() as conn:
            ada = await make_customer(conn)
            twins = [
                await make_customer(conn, email=f"twin{number}@example.com") for number in range(6)
            ]
            service = await make_service(conn)
            bookings = [await add_booking(conn, twin, service) for twin in twins for _ in range(3)]

        async def merge(twin: Customer) -> None:
            async with pool.acquire() as conn, conn.transaction():
                await merge_customers(conn, ada.id, twin.id, now=NOW)

        async def complete(booking: UUID) -> None:
            async with pool.acquire() as conn, conn.transaction():
                await conn.execute(
                    "UPDATE bookings SET status = 'completed' WHERE id = $1", booking
                )

        async with asyncio.timeout(PATIENCE_SECS):
            await asyncio.gather(*map(complete, bookings), *map(merge, twins))
        counted = await pool.fetch("SELECT id, total_bookings FROM customer_metrics")
        assert [tuple(row) for row in counted] == [(ada.id, len(bookings))]


async def make_twin(conn: Connection, number: int) -> tuple[Customer, list[Work]]:
    """A customer with all there can be, and what others do with it at the same time."""
    twin = await make_customer(conn, email=f"twin{number}@example.com")
    booking = await add_booking(conn, twin, await make_service(conn), status="completed")
    (follow_up, *_) = await create_follow_ups(conn, booking, "completed", now=NOW)
    project = await create_project(conn, booking, NewProject(project_name="A shop"), now=NOW)
    call = await insert(
        conn, "voice_consultations", voice_session_id=twin.email, customer_metrics_id=twin.id
    )

    async def record_call(conn: Connection) -> None:
        lock = "SELECT customer_metrics_id FROM voice_consultations WHERE id = $1 FOR UPDATE"
        known_as = await conn.fetchval(lock, call)
        await asyncio.sleep(0.01)
        await raise_lead_quality(conn, known_as, "hot", now=NOW)

    judgement = LeadJudgement(quality="hot", score=80, reasons=[])
    return twin, [
        record_call,
        lambda conn: complete_follow_up(conn, follow_up.id, outcome="Done", now=NOW),
        lambda conn: create_follow_ups(conn, booking, "completed", now=NOW),
        lambda conn: move_project(conn, project.id, "proposal_sent", now=NOW),
        lambda conn: record_interaction(conn, twin.id, "note", details={}, now=NOW),
        lambda conn: judge_lead(conn, twin.id, judgement, now=NOW),
        lambda conn: set_do_not_contact(conn, twin.id, now=NOW),
        lambda conn: update_contact(conn, twin.id, {"phone": f"+49301234{number:04}"}),
    ]


async def test_merging_waits_for_all_who_work_with_the_customer(
    fresh_database: FreshDatabase,
) -> None:
    async with fresh_database() as dsn, await open_pool(dsn, max_size=12) as pool:
        async with pool.acquire() as conn:
            ada = await make_customer(conn)
            twins = [await make_twin(conn, number) for number in range(10)]

        async def run(work: Work) -> None:
            async with pool.acquire() as conn, conn.transaction():
                with suppress(CustomerNotFound, ProjectMoveRefused):
                    await work(conn)

        def merge(twin: Customer) -> Work:
            return lambda conn: merge_customers(conn, ada.id, twin.id, now=NOW)

        work = [one for twin, others in twins for one in (*others[:4], merge(twin), *others[4:])]
        async with asyncio.timeout(PATIENCE_SECS):
            await asyncio.gather(*map(run, work))
        left = await pool.fetch("SELECT id, total_bookings FROM customer_metrics")
        assert [tuple(row) for row in left] == [(ada.id, len(twins))]
        for table in ("follow_ups", "projects", "voice_consultations", "customer_interactions"):
            owners = await pool.fetch(f"SELECT DISTINCT customer_metrics_id FROM {table}")
            assert [row[0] for row in owners] == [ada.id], table
