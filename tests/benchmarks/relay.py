"""Live conversations under load: our relay, a bare one, and none, each in a process of its own.

Both sides send 25 frames of 2 KB a second in every conversation, now and then one that tells what
was said; our relay writes those down meanwhile, on an embedded database with all its durability.
``python -m tests.benchmarks.relay 60`` measures two hundred calls for a minute.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final, Literal

from rich.table import Table

from booking_core.database import Connection, connect
from booking_core.local_postgres import LocalPostgres
from booking_core.migrate import migrate
from tests.benchmarks import wide_console
from tests.benchmarks.relay_ends import Plan, Seen
from tests.benchmarks.serving import free_port, wait_until_ready
from voice_service import jobs

Kind = Literal["direct", "bare websockets", "ours"]
KINDS: Final[tuple[Kind, ...]] = ("direct", "bare websockets", "ours")
SHORT: Final = ((1, 2.0), (50, 3.0), (200, 8.0))  # calls and seconds
TICKS: Final = os.sysconf("SC_CLK_TCK")

# When a row was written, beside when its words were heard.
ADD_WRITTEN_AT: Final = """
    ALTER TABLE voice_turns ADD COLUMN written_at timestamptz DEFAULT clock_timestamp()
"""
READ_DELAYS: Final = """
    SELECT 1000 * extract(epoch FROM written_at - said_at)::float AS ms
    FROM voice_turns ORDER BY 1
"""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Of one run. ``cpu``: microseconds of the relay's process a frame; ``delays`` in ms."""

    latencies: list[int]
    per_second: float
    lost: int
    disordered: int
    cpu: float
    turns: int
    delays: list[float]

    def ms(self, share: float) -> float:
        return at_share(self.latencies, share) / 1e6


def at_share(ordered: list[int] | list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


@contextmanager
def run_end(role: str, plan: Plan) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.benchmarks.relay_ends", role, json.dumps(asdict(plan))]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def wait_for(process: subprocess.Popen[str], what: str = "ready") -> subprocess.Popen[str]:
    assert process.stdout is not None
    assert process.stdout.readline() == f"{what}\n"
    return process


def finish(process: subprocess.Popen[str], seconds: float) -> Seen:
    """Read on where ``wait_for`` stopped: what came with it is buffered, and not in the pipe."""
    assert process.stdin is not None
    assert process.stdout is not None
    too_late = threading.Timer(seconds, process.kill)
    too_late.start()
    process.stdin.close()
    out = process.stdout.read()
    too_late.cancel()
    return Seen(**json.loads(out))


@contextmanager
def run_ours(plan: Plan, dsn: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """The service as it runs in life, without its jobs."""
    env = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(folder),
        "DATABASE_URL": dsn,
        "PORT": str(plan.port),
        "ELEVENLABS_BASE_URL": f"http://127.0.0.1:{plan.platform_port}",
        "RELAY_SESSIONS": "1000",
        "RELAY_SESSIONS_PER_VISITOR": "1000",
        "RELAY_SESSIONS_PER_HOUR": "100000",
    }
    command = [str(Path(sys.executable).with_name("voice-service")), "serve", "--no-jobs"]
    null = subprocess.DEVNULL
    with subprocess.Popen(command, env=env, stdout=null, stderr=null, text=True) as process:
        try:
            wait_until_ready(f"http://127.0.0.1:{plan.port}")
            yield process
        finally:
            process.send_signal(signal.SIGINT)


def cpu_of(pid: int) -> float:
    """Seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


async def measure(kind: Kind, plan: Plan, dsn: str, folder: Path) -> Figures:
    plan = replace(plan, port=free_port(), platform_port=free_port())
    with ExitStack() as stack:
        platform = wait_for(stack.enter_context(run_end("platform", plan)))
        relay = None
        if kind == "direct":
            plan = replace(plan, port=plan.platform_port)
        elif kind == "ours":
            relay = stack.enter_context(run_ours(plan, dsn, folder))
        else:
            relay = wait_for(stack.enter_context(run_end("bare", plan)))
        visitors = stack.enter_context(run_end("visitors", plan))
        await asyncio.to_thread(wait_for, visitors)
        before = cpu_of(relay.pid) if relay else 0.0
        await asyncio.to_thread(wait_for, visitors, "done")
        used = cpu_of(relay.pid) - before if relay else 0.0
        heard = await asyncio.to_thread(finish, visitors, 30)
        told = await asyncio.to_thread(finish, platform, 30)
    got = heard.got + told.got
    return Figures(
        latencies=sorted(heard.latencies + told.latencies),
        per_second=got / plan.seconds,
        lost=heard.sent + told.sent - got,
        disordered=heard.disordered + told.disordered,
        cpu=1e6 * used / got,
        turns=told.turns,
        delays=[],
    )


async def measure_ours(plan: Plan, conn: Connection, dsn: str, folder: Path) -> Figures:
    await conn.execute("TRUNCATE voice_turns, voice_consultations, relay_sessions CASCADE")
    figures = await measure("ours", plan, dsn, folder)
    return replace(figures, delays=[row["ms"] for row in await conn.fetch(READ_DELAYS)])


async def measure_all(plan: Plan, rounds: int) -> dict[Kind, Figures]:
    """The best round of each kind; the kinds take turns, since the machine has its moods."""
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalPostgres(Path(folder) / "postgres") as server,
    ):
        conn = await connect(server.dsn())
        await migrate(conn)
        await jobs.install(conn)
        await conn.execute(ADD_WRITTEN_AT)
        best: dict[Kind, Figures] = {}
        for _ in range(rounds):
            for kind in KINDS:
                if kind == "ours":
                    found = await measure_ours(plan, conn, server.dsn(), Path(folder))
                else:
                    found = await measure(kind, plan, server.dsn(), Path(folder))
                best[kind] = better(best.get(kind, found), found)
        await conn.close()
    return best


def better(one: Figures, other: Figures) -> Figures:
    """The latencies of the better round, with the least CPU of both; what was lost adds up."""
    first = min(one, other, key=lambda each: each.ms(0.99))
    if one is other:
        return first
    return replace(
        first,
        cpu=min(one.cpu, other.cpu),
        lost=one.lost + other.lost,
        disordered=one.disordered + other.disordered,
    )


async def relay_table(
    calls_and_seconds: Sequence[tuple[int, float]] = SHORT, *, rounds: int = 2
) -> Table:
    table = Table(title="Live conversations, 25 frames a second each way", title_justify="left")
    headings = (
        "calls", "relay", "added p50", "p99", "frames/s", "lost", "disordered", "CPU/frame",
        "to bare", "turns written", "written after p50", "p99", "max",
    )  # fmt: skip
    for heading in headings:
        table.add_column(heading, justify="left" if heading == "relay" else "right")
    for calls, seconds in calls_and_seconds:
        plan = Plan(calls=calls, seconds=seconds, port=0, platform_port=0)
        best = await measure_all(plan, rounds if seconds < 10 else 1)
        for kind, figures in best.items():
            table.add_row(str(calls), kind, *cells(figures, best))
    return table


def cells(figures: Figures, best: dict[Kind, Figures]) -> list[str]:
    direct, bare = best["direct"], best["bare websockets"]
    delays = figures.delays
    written = [f"{at_share(delays, share):.0f} ms" for share in (0.5, 0.99, 1)] if delays else []
    return [
        f"{figures.ms(0.5) - direct.ms(0.5):.2f} ms",
        f"{figures.ms(0.99) - direct.ms(0.99):.1f} ms",
        f"{figures.per_second:,.0f}",
        str(figures.lost),
        str(figures.disordered),
        f"{figures.cpu:.0f} µs" if figures.cpu else "",
        f"{figures.cpu / bare.cpu:.2f}" if figures.cpu else "",
        *([f"{len(delays)} of {figures.turns}", *written] if delays else []),
    ]


if __name__ == "__main__":
    wanted = [(200, float(argument)) for argument in sys.argv[1:]]
    wide_console().print(asyncio.run(relay_table(wanted or SHORT)))
