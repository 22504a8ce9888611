"""Services, and who gives them."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from booking_core.consultants import count_consultants, find_consultant, list_consultants
from booking_core.database import Connection
from booking_core.errors import ServiceNotFound, ValueInvalid
from booking_core.services import (
    RuleChanges,
    change_rules,
    find_service_by_id,
    get_service,
    get_service_of_any_state,
    list_all_services,
    list_services,
)
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


async def test_changed_rules_are_kept_and_the_others_stay(conn: Connection) -> None:
    before = await make_service(conn, slug="workshop", max_daily_bookings=3)
    changes = RuleChanges(
        slot_step=timedelta(minutes=30),
        buffer_before=timedelta(minutes=5),
        buffer_after=timedelta(minutes=10),
        minimum_notice=timedelta(days=2),
        horizon_days=14,
        max_daily_bookings=None,
        max_concurrent_bookings=4,
    )
    changed = await change_rules(conn, "workshop", changes)
    assert changed == replace(before, **changes)
    assert await get_service(conn, "workshop") == changed


async def test_a_service_can_be_taken_back_and_offered_again(conn: Connection) -> None:
    await make_service(conn, slug="workshop")
    await change_rules(conn, "workshop", RuleChanges(is_active=False))
    with pytest.raises(ServiceNotFound):
        await get_service(conn, "workshop")
    closed = await get_service_of_any_state(conn, "workshop")
    assert not closed.is_active
    assert (await list_all_services(conn))[-1] == closed
    assert (await change_rules(conn, "workshop", RuleChanges(is_active=True))).is_active


@pytest.mark.parametrize(
    "changes",
    [
        RuleChanges(slot_step=timedelta(0)),
        RuleChanges(slot_step=timedelta(seconds=90)),
        RuleChanges(slot_step=timedelta(days=2)),
        RuleChanges(buffer_before=timedelta(minutes=-1)),
        RuleChanges(buffer_after=timedelta.max),
        RuleChanges(minimum_notice=timedelta(days=367)),
        RuleChanges(horizon_days=0),
        RuleChanges(horizon_days=2**31),
        RuleChanges(max_daily_bookings=0),
        RuleChanges(max_concurrent_bookings=1001),
        RuleChanges(horizon_days=30, slot_step=timedelta(0)),
    ],
)
async def test_rules_that_no_calendar_keeps_are_refused(
    conn: Connection, changes: RuleChanges
) -> None:
    before = await make_service(conn, slug="workshop")
    with pytest.raises(ValueInvalid):
        await change_rules(conn, "workshop", changes)
    assert await get_service(conn, "workshop") == before
    with pytest.raises(ServiceNotFound):
        await change_rules(conn, "no-such\0", RuleChanges(is_active=True))
