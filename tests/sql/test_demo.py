"""The demo business: loaded as often as one likes, bookable whatever day it is."""

from datetime import UTC, datetime, timedelta

import pytest

from booking_core.availability import find_slots
from booking_core.consultants import list_consultants
from booking_core.database import Connection
from booking_core.services import get_service
from voice_service.databases import load_demo

SERVICES = ("discovery-call", "strategy-session")
COUNTS = """
    SELECT
        (SELECT count(*) FROM auth.users) AS accounts,
        (SELECT count(*) FROM profiles) AS profiles,
        (SELECT count(*) FROM availability_templates) AS templates,
        (SELECT count(*) FROM availability_overrides) AS overrides
"""
DAY = timedelta(days=1)


async def test_three_consultants_work_in_three_zones(conn: Connection) -> None:
    await load_demo(conn)
    consultants = await list_consultants(conn)
    assert len(consultants) == 3
    assert {one.timezone for one in consultants} == {
        "Europe/London",
        "America/New_York",
        "Asia/Kolkata",
    }
    assert all((one.email or "").endswith("@example.com") for one in consultants)


async def test_loading_it_twice_changes_nothing(conn: Connection) -> None:
    await load_demo(conn)
    before = await conn.fetchrow(COUNTS)
    await load_demo(conn)
    assert await conn.fetchrow(COUNTS) == before


async def test_what_staff_changed_is_left_alone(conn: Connection) -> None:
    await load_demo(conn)
    await conn.execute("UPDATE profiles SET timezone = 'Europe/Lisbon' WHERE is_staff")
    await conn.execute("DELETE FROM availability_templates WHERE day_of_week = 2")
    await load_demo(conn)
    assert {one.timezone for one in await list_consultants(conn)} == {"Europe/Lisbon"}
    assert not await conn.fetchval(
        "SELECT count(*) FROM availability_templates WHERE day_of_week = 2"
    )


@pytest.mark.parametrize(("days_later", "overrides"), [(4, 2), (6, 4)])
async def test_overrides_come_anew_only_when_the_last_ones_are_over(
    conn: Connection, days_later: int, overrides: int
) -> None:
    await load_demo(conn)
    await conn.execute(
        "UPDATE availability_overrides SET specific_date = specific_date - $1::int", days_later
    )
    await load_demo(conn)
    assert await conn.fetchval("SELECT count(*) FROM availability_overrides") == overrides


@pytest.mark.parametrize("slug", SERVICES)
async def test_there_are_slots_on_each_of_the_next_seven_days_whatever_day_it_is(
    conn: Connection, slug: str
) -> None:
    await load_demo(conn)
    service = await get_service(conn, slug)
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for now in (today + DAY * weekday for weekday in range(7)):
        slots = await find_slots(conn, service, start=now + DAY, end=now + 8 * DAY, now=now)
        assert {slot.start.date() for slot in slots} == {
            (now + DAY * day).date() for day in range(1, 8)
        }


async def test_the_closed_day_has_a_reason_and_no_slots_of_its_consultant(conn: Connection) -> None:
    await load_demo(conn)
    closed = await conn.fetchrow("SELECT * FROM availability_overrides WHERE NOT is_available")
    assert closed is not None
    assert closed["reason"]
    now = datetime.now(UTC)
    slots = await find_slots(
        conn,
        await get_service(conn, "discovery-call"),
        start=now,
        end=now + 14 * DAY,
        now=now,
        consultant_id=closed["consultant_id"],
    )
    assert slots
    assert closed["specific_date"] not in {slot.start.date() for slot in slots}
