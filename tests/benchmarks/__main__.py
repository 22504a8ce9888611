"""Measure the way of an event on a durable embedded PostgreSQL; best of three rounds.

Every figure is printed with its ratio to a limit of the same run, since machines differ and are
shared: a bare insert of the same body stands for what the database alone can do.
"""

import asyncio
import hashlib
import json
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from booking_core.database import Pool, open_pool
from booking_core.local_postgres import LocalPostgres
from booking_core.migrate import migrate
from tests.booking_core.factories import make_consultant
from tests.voice_service.conftest import RunningService, make_settings, run_service
from tests.voice_service.events import STRONG_LEAD, conversation_id, load_sample, make_event
from voice_service import jobs

ROUNDS = 3
EVENTS = 300
CLIENTS = 8
BOOKINGS = 50

Send = Callable[[int], Awaitable[float]]


async def measure_rate(send: Send) -> tuple[float, float, float]:
    """Events a second, and p50 and p99 in milliseconds, with CLIENTS at once."""
    numbers = iter(range(EVENTS))
    seconds: list[float] = []

    async def client() -> None:
        for number in numbers:
            seconds.append(await send(number))

    start = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    rate = EVENTS / (time.perf_counter() - start)
    ordered = sorted(seconds)
    return rate, 1e3 * ordered[len(ordered) // 2], 1e3 * ordered[int(len(ordered) * 0.99)]


def bare_insert(pool: Pool) -> Send:
    async def send(_: int) -> float:
        body = sample_body()
        start = time.perf_counter()
        await pool.execute(
            "INSERT INTO bare (body, hash) VALUES ($1, $2)", body, hashlib.sha256(body).digest()
        )
        return time.perf_counter() - start

    return send


def webhook(service: RunningService) -> Send:
    async def send(_: int) -> float:
        body = sample_body()
        start = time.perf_counter()
        answer = await service.post(body)
        assert answer.status_code == 200
        return time.perf_counter() - start

    return send


def sample_body() -> bytes:
    """The recorded phone call under a new id: about 20 KB."""
    event = load_sample("phone_call")
    event["data"]["conversation_id"] = f"conv_{uuid4().hex}"
    return json.dumps(event).encode()


async def measure_booking(service: RunningService) -> list[float]:
    """Seconds from posting an event to its booking being there, one after the other."""
    seconds = []
    start_of_day = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    for number in range(BOOKINGS):
        wanted = start_of_day + timedelta(days=2 + number // 25, minutes=15 * (number % 25))
        facts = STRONG_LEAD | {
            "preferred_time": wanted.isoformat(),
            "email": f"caller-{uuid4().hex}@lindqvist.example",
        }
        event = make_event(facts=facts)
        begun = time.perf_counter()
        await service.post(event)
        while not await service.conn.fetchval(
            "SELECT follow_up_booking_id FROM voice_consultations WHERE voice_session_id = $1",
            conversation_id(event),
        ):
            assert time.perf_counter() - begun < 10, "no booking within ten seconds"
            await asyncio.sleep(0.001)
        seconds.append(time.perf_counter() - begun)
    return seconds


async def main() -> None:
    table = Table(title="Best of three rounds", title_justify="left")
    for heading in ("what", "figure", "p50", "p99", "ratio to its limit"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalPostgres(Path(folder) / "postgres") as server,
        Progress(transient=True) as progress,
    ):
        steps = progress.add_task("measuring", total=2 * ROUNDS + 1)
        bares, hooks = [], []
        async with await open_pool(server.dsn(), max_size=CLIENTS) as pool:
            async with pool.acquire() as conn:
                await migrate(conn)
                await jobs.install(conn)
                await conn.execute("CREATE TABLE bare (body bytea STORAGE EXTERNAL, hash bytea)")
                await make_consultant(conn, days=range(7))
            async with run_service(server.dsn(), make_settings(Path(folder))) as service:
                for _ in range(ROUNDS):
                    bares.append(await measure_rate(bare_insert(pool)))
                    progress.advance(steps)
                    hooks.append(await measure_rate(webhook(service)))
                    await service.settle(120)
                    progress.advance(steps)
                booked = await measure_booking(service)
                progress.advance(steps)
    bare, hook = max(bares), max(hooks)
    table.add_row("bare insert of 20 KB, 8 at once", *figures(bare), "1.00")
    table.add_row("webhook, jobs running, 8 at once", *figures(hook), f"{hook[0] / bare[0]:.2f}")
    median = 1e3 * statistics.median(booked)
    worst = 1e3 * sorted(booked)[int(len(booked) * 0.99)]
    table.add_row(
        f"post to booking, median of {BOOKINGS}", "", f"{median:.0f} ms", f"{worst:.0f} ms",
        f"{median / bare[1]:.0f} bare inserts",
    )  # fmt: skip
    Console().print(table)


def figures(measured: tuple[float, float, float]) -> tuple[str, str, str]:
    rate, p50, p99 = measured
    return f"{rate:,.0f}/s", f"{p50:.1f} ms", f"{p99:.1f} ms"


if __name__ == "__main__":
    asyncio.run(main())
