"""Services, and who gives them."""

from datetime import timedelta
from uuid import uuid4

import pytest

from booking_core.consultants import count_consultants, find_consultant, list_consultants
from booking_core.database import Connection
from booking_core.errors import ServiceNotFound
from booking_core.services import find_service_by_id, get_service, list_services
from tests.booking_core.factories import (
    TODAY,
    add_override,
    make_consultant,
    make_service,
    make_user,
)


async def test_a_service_comes_with_its_rules_as_durations(conn: Connection) -> None:
    made = await make_service(
        conn, slug="workshop", duration_minutes=90, slot_step_minutes=30, buffer_after_minutes=10
    )
    service = await get_service(conn, "workshop")
    assert service == made
    assert service.duration == timedelta(minutes=90)
    assert service.slot_step == timedelta(minutes=30)
    assert (service.buffer_before, service.buffer_after) == (timedelta(0), timedelta(minutes=10))


async def test_a_service_without_a_seat_limit_has_one_seat(conn: Connection) -> None:
    service = await make_service(conn, max_concurrent_bookings=None)
    assert service.max_concurrent_bookings == 1


async def test_an_unknown_slug_is_refused_by_name(conn: Connection) -> None:
    with pytest.raises(ServiceNotFound, match="no-such"):
        await get_service(conn, "no-such")


@pytest.mark.parametrize(
    "slug", ["", "a\0b", "\ud800", "'; DROP TABLE services; --", "x" * 100_000]
)
async def test_no_slug_breaks_anything(conn: Connection, slug: str) -> None:
    with pytest.raises(ServiceNotFound):
        await get_service(conn, slug)


async def test_a_retired_service_is_found_by_its_id_alone(conn: Connection) -> None:
    service = await make_service(conn)
    await conn.execute("UPDATE services SET is_active = FALSE WHERE id = $1", service.id)
    with pytest.raises(ServiceNotFound):
        await get_service(conn, service.slug)
    assert service.slug not in {one.slug for one in await list_services(conn)}
    retired = await find_service_by_id(conn, service.id)
    assert retired is not None
    assert not retired.is_active


async def test_a_consultant_is_staff_with_the_role_or_with_hours(conn: Connection) -> None:
    by_role = await make_consultant(conn, hours=[], timezone="Asia/Tokyo", name="Barbara Liskov")
    by_hours = await make_consultant(conn)
    by_override = await make_consultant(conn, hours=[])
    without = await make_consultant(conn, hours=[])
    await add_override(conn, by_override, TODAY, is_available=True)
    await conn.execute(
        "UPDATE profiles SET role = 'sales' WHERE id = ANY($1)", [by_hours, by_override, without]
    )
    customer = await make_user(conn, email="customer@example.com")
    found = {one.id: one for one in await list_consultants(conn)}
    assert {by_role, by_hours, by_override} <= found.keys()
    assert not {without, customer} & found.keys()
    assert found[by_role].timezone == "Asia/Tokyo"
    assert found[by_role].last_name == "Liskov"
    assert "@intellectif.example" in (found[by_role].email or "")
    assert await count_consultants(conn) == len(found)


async def test_who_has_left_is_found_by_id_alone(conn: Connection) -> None:
    consultant = await make_consultant(conn)
    found = await find_consultant(conn, consultant)
    assert found in await list_consultants(conn)
    await conn.execute(
        "UPDATE profiles SET role = 'customer', is_staff = FALSE WHERE id = $1", consultant
    )
    left = await find_consultant(conn, consultant)
    assert left is not None
    assert not left.is_active
    assert consultant not in {one.id for one in await list_consultants(conn)}
    assert await find_consultant(conn, uuid4()) is None
