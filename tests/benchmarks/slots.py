"""How long free slots take among 100,000 bookings, beside a bare look at the same bookings."""

import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

from rich.table import Table

from booking_core.availability import find_slots, propose_slots
from booking_core.database import Connection, connect
from booking_core.local_postgres import LocalPostgres
from booking_core.migrate import migrate
from booking_core.services import get_service
from tests.booking_core.factories import NOW
from tests.booking_core.many_bookings import load_many

ROUNDS = 15
UNTIL: Final = NOW + timedelta(days=14)

# What any search must do at the least: find the bookings of the consultants in the two weeks.
BARE: Final = """
    SELECT consultant_id, scheduled_datetime, scheduled_end
    FROM bookings
    WHERE consultant_id = ANY($1) AND scheduled_datetime >= $2 AND scheduled_datetime < $3
      AND status IN ('pending', 'confirmed', 'in_progress') AND duration_minutes <= 1440
"""
KEEP_STAFF: Final = """
    UPDATE profiles SET is_staff = id IN (SELECT id FROM profiles ORDER BY id LIMIT $1)
"""

Action = Callable[[], Awaitable[object]]


async def slots_table() -> Table:
    table = Table(
        "what", "p50", "p90", "ratio to a bare query", title="Free slots, 14 days, 100,000 bookings"
    )
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalPostgres(Path(folder) / "postgres") as server,
    ):
        conn = await connect(server.dsn())
        await migrate(conn)
        await load_many(conn)
        for consultants in (1, 50, 500):
            measured = await measure(await actions(conn, consultants))
            bare = statistics.median(measured["bare query"])
            for name, seconds in measured.items():
                p50 = statistics.median(seconds)
                p90 = sorted(seconds)[int(len(seconds) * 0.9)]
                table.add_row(
                    f"{consultants} consultants, {name}",
                    f"{1e3 * p50:.1f} ms",
                    f"{1e3 * p90:.1f} ms",
                    f"{p50 / bare:.1f}",
                )
        await conn.close()
    return table


async def actions(conn: Connection, consultants: int) -> dict[str, Action]:
    """What is measured, with so many on the staff."""
    await conn.execute("SET session_replication_role = replica")
    await conn.execute(KEEP_STAFF, consultants)
    await conn.execute("SET session_replication_role = origin")
    await conn.execute("VACUUM (ANALYZE) profiles")
    service = await get_service(conn, "many")
    rows = await conn.fetch("SELECT id FROM profiles WHERE is_staff")
    ids = [row["id"] for row in rows]
    return {
        "bare query": lambda: conn.fetch(BARE, ids, NOW, UNTIL),
        "three proposals": lambda: propose_slots(conn, service, around=None, now=NOW),
        "all slots": lambda: find_slots(conn, service, start=NOW, end=UNTIL, now=NOW),
    }


async def measure(actions: dict[str, Action]) -> dict[str, list[float]]:
    """Seconds of each, in turns, so that what else the machine does meets all alike."""
    seconds: dict[str, list[float]] = {name: [] for name in actions}
    for number in range(ROUNDS + 1):
        for name, action in actions.items():
            begun = time.perf_counter()
            await action()
            if number:  # the first only warms up
                seconds[name].append(time.perf_counter() - begun)
    return seconds
