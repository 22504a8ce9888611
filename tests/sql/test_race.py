"""Sixty-four connections at once: never one booking too many, and nobody waits for ever."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Final
from uuid import UUID

import asyncpg

from booking_core.database import Connection, connect
from tests.conftest import FreshDatabase
from tests.sql.rows import (
    DAY,
    HOUR,
    MONDAY,
    Columns,
    People,
    book,
    hold,
    make_customer,
    make_people,
    make_service,
    move,
)

CLIENTS: Final = 64
PATIENCE_SECS: Final = 15.0
CAPACITY: Final = 3
A_DAY: Final = 20

Client = tuple[Connection, UUID]


@asynccontextmanager
async def clients(dsn: str) -> AsyncIterator[list[Client]]:
    """Connections, each with a customer of its own, so that only the slot is fought for."""
    connections = await asyncio.gather(*(connect(dsn) for _ in range(CLIENTS)))
    try:
        yield [
            (conn, await make_customer(conn, f"caller{number}@example.com"))
            for number, conn in enumerate(connections)
        ]
    finally:
        await asyncio.gather(*(conn.close() for conn in connections))


async def attempt(action: Awaitable[object]) -> bool:
    """Whether it succeeded. Only "taken" is an answer: a deadlock fails the test."""
    try:
        await action
    except asyncpg.ExclusionViolationError:
        return False
    return True


async def race(dsn: str, run: Callable[[Connection, UUID, int], Awaitable[int]]) -> list[int]:
    """Let every client run at once; how often each succeeded."""
    async with clients(dsn) as all_clients, asyncio.timeout(PATIENCE_SECS):
        return await asyncio.gather(
            *(run(conn, customer, number) for number, (conn, customer) in enumerate(all_clients))
        )


async def prepare(dsn: str) -> tuple[Connection, People]:
    owner = await connect(dsn)
    people = await make_people(owner)
    await make_service(
        owner, "workshop", max_concurrent_bookings=CAPACITY, max_daily_bookings=A_DAY
    )
    return owner, people


async def booked(owner: Connection) -> list[tuple[UUID, datetime]]:
    """Consultant and start of every booking there is."""
    rows = await owner.fetch("SELECT consultant_id, scheduled_datetime FROM bookings")
    return [(row[0], row[1]) for row in rows]


def most_at_once(found: list[tuple[UUID, datetime]]) -> int:
    """The most of these one-hour bookings that one consultant gives at one moment."""
    return max(
        sum(other == consultant and begun <= start < begun + HOUR for other, begun in found)
        for consultant, start in found
    )


def by_day(found: list[tuple[UUID, datetime]]) -> Counter[date]:
    return Counter(start.date() for _, start in found)


async def test_one_of_sixty_four_gets_the_slot(fresh_database: FreshDatabase) -> None:
    async with fresh_database() as dsn:
        owner, people = await prepare(dsn)

        async def run(conn: Connection, customer: UUID, number: int) -> int:
            if number % 2:
                held = hold(conn, f"conv_{number}", people.sam, at=MONDAY)
                return await attempt(held)
            return await attempt(book(conn, customer, at=MONDAY, consultant_id=people.sam))

        won = await race(dsn, run)
        taken = await owner.fetchval(
            "SELECT (SELECT count(*) FROM bookings) + (SELECT count(*) FROM slot_holds)"
        )
        await owner.close()
    assert (sum(won), taken) == (1, 1)


async def is_somebody_waiting(owner: Connection) -> bool:
    return bool(await owner.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"))


async def test_who_wants_a_time_over_midnight_waits_for_both_days(
    fresh_database: FreshDatabase,
) -> None:
    midnight = MONDAY + 14 * HOUR
    async with fresh_database() as dsn, asyncio.timeout(PATIENCE_SECS):
        owner, people = await prepare(dsn)
        first, second = await connect(dsn), await connect(dsn)
        unfinished = first.transaction()
        await unfinished.start()
        await hold(first, "conv_1", people.sam, at=midnight - HOUR / 2)
        attempted = asyncio.create_task(attempt(hold(second, "conv_2", people.sam, at=midnight)))
        while not attempted.done() and not await is_somebody_waiting(owner):
            await asyncio.wait([attempted], timeout=0.01)
        await unfinished.commit()
        won = await attempted
        for conn in (owner, first, second):
            await conn.close()
    assert not won


async def test_no_seat_and_no_day_is_ever_overbooked(fresh_database: FreshDatabase) -> None:
    async with fresh_database() as dsn:
        owner, people = await prepare(dsn)

        async def run(conn: Connection, customer: UUID, number: int) -> int:
            dice = random.Random(number)
            won = 0
            for _ in range(5):
                start = MONDAY + dice.choice((0, 1)) * DAY + dice.randrange(0, 15) * HOUR / 2
                consultant = dice.choice((people.sam, people.mia))
                wish: Columns = {"at": start, "service": "workshop", "consultant_id": consultant}
                won += await attempt(book(conn, customer, **wish))
            return won

        won = await race(dsn, run)
        found = await booked(owner)
        await owner.close()
    assert len(found) == sum(won)
    assert by_day(found) == {
        MONDAY.date(): A_DAY,
        (MONDAY + DAY).date(): A_DAY,
    }
    assert most_at_once(found) <= CAPACITY


async def test_moves_in_opposite_directions_do_not_lock_each_other_out(
    fresh_database: FreshDatabase,
) -> None:
    async with fresh_database() as dsn:
        owner, people = await prepare(dsn)

        async def run(conn: Connection, customer: UUID, number: int) -> int:
            here, there = MONDAY + (number % 2) * DAY, MONDAY + ((number + 1) % 2) * DAY
            hour = (number % 12) * HOUR
            consultant = (people.sam, people.mia)[number % 3 == 0]
            wish: Columns = {"at": here + hour, "service": "workshop", "consultant_id": consultant}
            try:
                booking = await book(conn, customer, **wish)
            except asyncpg.ExclusionViolationError:
                return 0
            for step in range(4):
                target = (there, here)[step % 2] + (hour + step * HOUR) % (12 * HOUR)
                await attempt(move(conn, booking, target))
            return 1

        won = await race(dsn, run)
        found = await booked(owner)
        await owner.close()
    assert len(found) == sum(won) > 0
    assert max(by_day(found).values()) <= A_DAY
    assert most_at_once(found) <= CAPACITY
