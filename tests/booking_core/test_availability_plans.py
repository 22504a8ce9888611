"""With 100,000 bookings a search still reads few of them: each part goes through an index."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from booking_core.availability import find_slots, propose_slots
from booking_core.availability.queries.pages import LIST_PAGES
from booking_core.database import Connection, connect
from booking_core.services import get_service
from tests.booking_core.factories import NOW
from tests.booking_core.many_bookings import BOOKINGS_EACH, CONSULTANTS, load_many
from tests.conftest import FreshDatabase

DAY = timedelta(days=1)
SCANS_OF_AN_INDEX = {"Index Scan", "Index Only Scan", "Bitmap Heap Scan"}


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


async def scans_of_bookings(conn: Connection, options: str, *arguments: object) -> set[str]:
    text = await conn.fetchval(f"EXPLAIN (FORMAT JSON{options}) {LIST_PAGES}", *arguments)
    found = nodes(json.loads(text)[0]["Plan"])
    return {node["Node Type"] for node in found if node.get("Relation Name") == "bookings"}


async def test_no_search_reads_all_bookings(fresh_database: FreshDatabase) -> None:
    async with fresh_database() as dsn:
        conn = await connect(dsn)
        await load_many(conn)
        assert await conn.fetchval("SELECT count(*) FROM bookings") == CONSULTANTS * BOOKINGS_EACH
        service = await get_service(conn, "many")
        one = await conn.fetchval("SELECT id FROM profiles WHERE is_staff LIMIT 1")
        for consultant_id in (one, None):
            for service_limit, consultant_limit in ((None, None), (20, 5)):
                for options in ("", ", GENERIC_PLAN"):
                    scans = await scans_of_bookings(
                        conn,
                        options,
                        consultant_id,
                        (NOW - 2 * DAY).date(),
                        (NOW + 15 * DAY).date(),
                        NOW,
                        NOW + 14 * DAY,
                        NOW,
                        None,
                        service.id,
                        NOW - 2 * DAY,
                        NOW + 16 * DAY,
                        service_limit,
                        consultant_limit,
                        None,
                    )
                    assert scans, "a search looks at bookings"
                    assert scans <= SCANS_OF_AN_INDEX
        await check_one_round_trip(conn)
        await conn.close()


async def check_one_round_trip(conn: Connection) -> None:
    service = await get_service(conn, "many")
    # On a new connection the driver asks once how arrays are read.
    slots = await find_slots(conn, service, start=NOW, end=NOW + 14 * DAY, now=NOW)
    assert len({slot.consultant_id for slot in slots}) == CONSULTANTS
    asked: list[str] = []
    conn.add_query_logger(lambda record: asked.append(record.query))
    assert await find_slots(conn, service, start=NOW, end=NOW + 14 * DAY, now=NOW) == slots
    assert asked == [LIST_PAGES]
    assert len(await propose_slots(conn, service, around=None, now=NOW)) == 3
    assert asked == [LIST_PAGES, LIST_PAGES]
