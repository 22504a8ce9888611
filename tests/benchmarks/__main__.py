"""Measure the way of an event on a durable embedded PostgreSQL; best of three rounds.

Every figure is printed with its ratio to a limit of the same run, since machines differ and are
shared: a bare insert of the same body stands for what the database alone can do.
"""

import asyncio
import hashlib
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
from rich.progress import Progress
from rich.table import Table

from booking_core.database import Connection, Pool, open_pool
from booking_core.local_postgres import LocalPostgres
from booking_core.migrate import migrate
from tests.benchmarks import wide_console
from tests.benchmarks.booking import booking_table
from tests.benchmarks.judgement import judgement_table
from tests.benchmarks.relay import relay_table
from tests.benchmarks.serving import free_port, wait_until_ready
from tests.benchmarks.slots import slots_table
from tests.booking_core.factories import make_consultant
from tests.voice_service.conftest import RunningService
from tests.voice_service.events import (
    STRONG_LEAD,
    TOKEN,
    WEBHOOK_SECRET,
    conversation_id,
    load_sample,
    make_event,
    signed,
)
from voice_service import jobs

ROUNDS = 3
EVENTS = 1000
WARM_UP = 50
CLIENTS = 8
BOOKINGS = 50

Send = Callable[[int], Awaitable[float]]


async def measure_rate(send: Send) -> tuple[float, float, float]:
    """Events a second, and p50 and p99 in milliseconds, with CLIENTS at once."""
    for number in range(WARM_UP):
        await send(number)
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


def webhook(base_url: str) -> Send:
    """Posts over sockets that stay open; a full HTTP client would cost more than the service."""
    host, port = base_url.removeprefix("http://").split(":")
    idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def send(_: int) -> float:
        body, headers = signed(sample_body())
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"POST /webhooks/elevenlabs HTTP/1.1\r\nHost: {host}\r\n{head}"
        reader, writer = idle.pop() if idle else await asyncio.open_connection(host, int(port))
        start = time.perf_counter()
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = int(answer.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        taken = time.perf_counter() - start
        assert answer.startswith(b"HTTP/1.1 200"), answer
        idle.append((reader, writer))
        return taken

    return send


@contextmanager
def serving(dsn: str, folder: Path, *arguments: str) -> Iterator[str]:
    """The service as its own process, as it runs in life; gives its address."""
    port = free_port()
    env = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(folder),
        "DATABASE_URL": dsn,
        "PORT": str(port),
        "STAFF_API_TOKEN": TOKEN,
        "ELEVENLABS_WEBHOOK_SECRET": WEBHOOK_SECRET,
    }
    command = [str(Path(sys.executable).with_name("voice-service")), "serve", *arguments]
    base_url = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL) as process:
        try:
            wait_until_ready(base_url)
            yield base_url
        finally:
            process.send_signal(signal.SIGINT)


def connection_to(base_url: str, conn: Connection) -> RunningService:
    client = httpx.AsyncClient(base_url=base_url, headers={"Authorization": f"Bearer {TOKEN}"})
    return RunningService(client=client, conn=conn, dsn="", base_url=base_url)


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
        steps = progress.add_task("measuring", total=3 * ROUNDS + 1)
        bares, doors, hooks = [], [], []
        async with (
            await open_pool(server.dsn(), max_size=CLIENTS + 1) as pool,
            pool.acquire() as conn,
        ):
            await migrate(conn)
            await jobs.install(conn)
            await conn.execute("CREATE TABLE bare (body bytea STORAGE EXTERNAL, hash bytea)")
            await make_consultant(conn, days=range(7))
            for _ in range(ROUNDS):
                bares.append(await measure_rate(bare_insert(pool)))
                progress.advance(steps)
                with serving(server.dsn(), Path(folder), "--no-jobs") as base_url:
                    doors.append(await measure_rate(webhook(base_url)))
                progress.advance(steps)
                with serving(server.dsn(), Path(folder)) as base_url:
                    await connection_to(base_url, conn).settle(120)
                    hooks.append(await measure_rate(webhook(base_url)))
                    await connection_to(base_url, conn).settle(120)
                progress.advance(steps)
            with serving(server.dsn(), Path(folder)) as base_url:
                booked = await measure_booking(connection_to(base_url, conn))
            progress.advance(steps)
    bare, door, hook = max(bares), max(doors), max(hooks)
    table.add_row("bare insert of 20 KB, 8 at once", *figures(bare), "1.00")
    table.add_row("webhook, 8 at once", *figures(door), f"{door[0] / bare[0]:.2f}")
    table.add_row("webhook, jobs running, 8 at once", *figures(hook), f"{hook[0] / bare[0]:.2f}")
    median = 1e3 * statistics.median(booked)
    worst = 1e3 * sorted(booked)[int(len(booked) * 0.99)]
    table.add_row(
        f"post to booking, median of {BOOKINGS}", "", f"{median:.0f} ms", f"{worst:.0f} ms",
        f"{median / bare[1]:.0f} bare inserts",
    )  # fmt: skip
    console = wide_console()
    console.print(table)
    console.print(judgement_table())
    console.print(await slots_table())
    console.print(await booking_table())
    console.print(await relay_table())


def figures(measured: tuple[float, float, float]) -> tuple[str, str, str]:
    rate, p50, p99 = measured
    return f"{rate:,.0f}/s", f"{p50:.1f} ms", f"{p99:.1f} ms"


if __name__ == "__main__":
    asyncio.run(main())
