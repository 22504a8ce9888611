"""How long booking and holding take, beside a bare insert into the same kind of table."""

import asyncio
import itertools
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

from rich.table import Table

from booking_core.availability import Slot
from booking_core.bookings import book_hold, book_slot, hold_nearest, hold_slot
from booking_core.database import Connection, Pool, open_pool
from booking_core.local_postgres import LocalPostgres
from booking_core.migrate import migrate
from booking_core.services import find_service_by_id
from tests.booking_core.factories import (
    NOW,
    TODAY,
    make_consultant,
    make_customer,
    make_new_booking,
    make_service,
    make_wish,
    slots_on,
)

CONSULTANTS: Final = 8
ACTIONS: Final = 200  # of each kind, for each number of clients
WARM_UP: Final = 10  # a statement is planned for good after its fifth use
EVERYBODY: Final = (1, 8)  # clients at once

# The row of a booking without its indexes, checks, triggers and rules.
CREATE_BARE: Final = "CREATE TABLE bare_bookings AS SELECT * FROM bookings WITH NO DATA"
INSERT_BARE: Final = """
    INSERT INTO bare_bookings (service_id, consultant_id, scheduled_datetime, customer_data)
    VALUES ($1, $2, $3, $4)
"""

Action = Callable[[Connection, Slot, str], Awaitable[object]]


async def booking_table() -> Table:
    table = Table(
        "what", "clients", "a second", "p50", "p99", "ratio to a bare insert", title="Booking"
    )
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalPostgres(Path(folder) / "postgres") as server,
    ):
        async with await open_pool(server.dsn(), max_size=max(EVERYBODY)) as pool:
            async with pool.acquire() as conn:
                await migrate(conn)
                await conn.execute(CREATE_BARE)
                for _ in range(CONSULTANTS):
                    await make_consultant(conn, hours=(("00:00", "24:00"),), days=range(7))
                kinds = await make_actions(conn)
                slots = await make_slots(conn)
            for clients in EVERYBODY:
                bare = 0.0
                for name, action in kinds.items():
                    await measure(pool, action, itertools.islice(slots, WARM_UP), clients)
                    begun = time.perf_counter()
                    seconds = await measure(pool, action, itertools.islice(slots, ACTIONS), clients)
                    rate = ACTIONS / (time.perf_counter() - begun)
                    p50 = statistics.median(seconds)
                    bare = bare or p50
                    table.add_row(
                        name,
                        str(clients),
                        f"{rate:,.0f}",
                        f"{1e3 * p50:.1f} ms",
                        f"{1e3 * sorted(seconds)[int(len(seconds) * 0.99)]:.1f} ms",
                        f"{p50 / bare:.1f}",
                    )
    return table


async def make_slots(conn: Connection) -> Iterator[Slot]:
    """Far more than are used, so that each is used once; one consultant's come far apart."""
    service = await make_service(conn, horizon_days=60)
    days = [await slots_on(conn, service, TODAY + timedelta(days=day)) for day in range(1, 15)]
    return itertools.chain.from_iterable(days)


async def make_actions(conn: Connection) -> dict[str, Action]:
    """What is measured; the first is what all are compared with."""
    people = [
        await make_customer(conn, email=f"caller{number}@example.com") for number in range(32)
    ]
    customers = itertools.cycle(people)  # a customer's row is counted anew with each booking
    snapshot = {"email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace"}

    async def insert_bare(conn: Connection, slot: Slot, _: str) -> None:
        await conn.execute(INSERT_BARE, slot.service_id, slot.consultant_id, slot.start, snapshot)

    async def hold(conn: Connection, slot: Slot, conversation_id: str) -> None:
        await hold_slot(conn, slot, conversation_id, now=NOW)

    async def book(conn: Connection, slot: Slot, _: str) -> None:
        await book_slot(conn, make_new_booking(next(customers), slot), now=NOW)

    async def hold_and_book(conn: Connection, slot: Slot, conversation_id: str) -> None:
        await hold_slot(conn, slot, conversation_id, now=NOW)
        await book_hold(conn, conversation_id, make_wish(next(customers)), now=NOW)

    async def hold_near(conn: Connection, slot: Slot, conversation_id: str) -> None:
        service = await find_service_by_id(conn, slot.service_id)
        assert service is not None
        await hold_nearest(conn, service, slot.start, conversation_id, now=NOW)

    return {
        "bare insert": insert_bare,
        "hold": hold,
        "book": book,
        "hold, then book it": hold_and_book,
        "hold the nearest": hold_near,
    }


async def measure(pool: Pool, action: Action, slots: Iterable[Slot], clients: int) -> list[float]:
    """Seconds of each transaction, its commit included, with so many clients at once."""
    seconds: list[float] = []
    waiting = iter(slots)

    async def client() -> None:
        async with pool.acquire() as conn:
            for slot in waiting:
                begun = time.perf_counter()
                async with conn.transaction():
                    await action(conn, slot, f"conv_{uuid4().hex}")
                seconds.append(time.perf_counter() - begun)

    await asyncio.gather(*(client() for _ in range(clients)))
    return seconds
