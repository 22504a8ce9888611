"""A consultant is never booked twice: seats, holds and daily limits, decided by the database."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from booking_core.database import Connection
from tests.sql.roles import CHECK, TAKEN, refused
from tests.sql.rows import (
    DAY,
    HOUR,
    MONDAY,
    Columns,
    People,
    book,
    change,
    hold,
    insert,
    make_service,
    make_staff,
    move,
    service_id,
    value,
)

MINUTE = timedelta(minutes=1)


async def seat(conn: Connection, table: str, row_id: UUID) -> int:
    found: int = await value(conn, table, row_id, "seat")
    return found


@pytest.mark.parametrize("shift", [0 * MINUTE, 5 * MINUTE, -59 * MINUTE, 59 * MINUTE])
async def test_a_time_that_overlaps_a_booking_is_refused(
    conn: Connection, people: People, shift: timedelta
) -> None:
    await book(conn, people.customer, at=MONDAY, consultant_id=people.sam, status="confirmed")
    async with refused(conn, TAKEN):
        await book(conn, people.customer, at=MONDAY + shift, consultant_id=people.sam)


async def test_another_service_at_the_same_time_is_refused_whatever_the_seats(
    conn: Connection, people: People
) -> None:
    group = await make_service(conn, "workshop", max_concurrent_bookings=5)
    await book(conn, people.customer, at=MONDAY, consultant_id=people.sam, service=group)
    async with refused(conn, TAKEN):
        await book(
            conn, people.customer, at=MONDAY, consultant_id=people.sam, service="discovery-call"
        )
    await book(conn, people.customer, at=MONDAY + DAY, consultant_id=people.sam)
    async with refused(conn, TAKEN):
        await book(conn, people.customer, at=MONDAY + DAY, consultant_id=people.sam, service=group)


@pytest.mark.parametrize("shift", [-HOUR, HOUR])
async def test_a_booking_may_begin_when_the_other_ends(
    conn: Connection, people: People, shift: timedelta
) -> None:
    await book(conn, people.customer, at=MONDAY, consultant_id=people.sam)
    neighbour = await book(conn, people.customer, at=MONDAY + shift, consultant_id=people.sam)
    assert await seat(conn, "bookings", neighbour) == 1


@pytest.mark.parametrize("status", ["cancelled", "completed", "no_show", "rescheduled"])
async def test_a_booking_that_is_over_leaves_its_time_free(
    conn: Connection, people: People, status: str
) -> None:
    first = await book(conn, people.customer, at=MONDAY, consultant_id=people.sam)
    await change(conn, "bookings", first, status=status)
    second = await book(conn, people.customer, at=MONDAY, consultant_id=people.sam)
    async with refused(conn, TAKEN):
        await change(conn, "bookings", first, status="confirmed")
    assert await seat(conn, "bookings", second) == 1


async def test_a_booking_is_not_moved_onto_another(conn: Connection, people: People) -> None:
    await book(conn, people.customer, at=MONDAY, consultant_id=people.sam)
    later = await book(conn, people.customer, at=MONDAY + HOUR, consultant_id=people.sam)
    async with refused(conn, TAKEN):
        await move(conn, later, MONDAY + 30 * MINUTE)
    await move(conn, later, MONDAY + HOUR + 5 * MINUTE)
    assert await value(conn, "bookings", later, "scheduled_end") == MONDAY + 2 * HOUR + 5 * MINUTE


async def test_a_booking_is_not_given_to_a_consultant_who_is_busy(
    conn: Connection, people: People
) -> None:
    await book(conn, people.customer, at=MONDAY, consultant_id=people.sam)
    unassigned = await book(conn, people.customer, at=MONDAY)
    async with refused(conn, TAKEN):
        await change(conn, "bookings", unassigned, consultant_id=people.sam)
    await change(conn, "bookings", unassigned, consultant_id=people.mia)


async def test_bookings_without_a_consultant_or_a_time_take_no_seat_of_anybody(
    conn: Connection, people: People
) -> None:
    for _ in range(2):
        await book(conn, people.customer, at=MONDAY)
        await book(conn, people.customer, consultant_id=people.sam)
        await book(conn, people.customer, consultant_id=people.sam, service="discovery-call")
    await book(conn, people.customer, at=MONDAY, consultant_id=people.sam)
    await hold(conn, "conv_1", people.sam, at=MONDAY + HOUR)


async def test_the_constraint_alone_refuses_when_no_trigger_runs(
    conn: Connection, people: People
) -> None:
    await book(conn, people.customer, at=MONDAY, consultant_id=people.sam)
    copied = """
        INSERT INTO bookings (booking_reference, customer_metrics_id, customer_data, service_id,
            project_description, consultant_id, scheduled_date, scheduled_time,
            scheduled_datetime, scheduled_end, duration_minutes, currency, seat)
        SELECT $1, customer_metrics_id, customer_data, coalesce($2, service_id),
            project_description, consultant_id, scheduled_date, scheduled_time,
            scheduled_datetime, scheduled_end, duration_minutes, currency, seat + $3
        FROM bookings
    """
    await conn.execute("SET LOCAL session_replication_role = replica")
    async with refused(conn, TAKEN):
        await conn.execute(copied, "COPY-1", None, 0)
    call = await service_id(conn, "discovery-call")
    async with refused(conn, TAKEN):
        await conn.execute(copied, "COPY-1", call, 1)
    await conn.execute("SET LOCAL session_replication_role = origin")


@pytest.mark.parametrize("seats", [0, -3])
async def test_a_service_has_at_least_one_seat(conn: Connection, seats: int) -> None:
    async with refused(conn, CHECK):
        await make_service(conn, "nobody", max_concurrent_bookings=seats)


async def test_a_service_has_as_many_seats_as_it_says(conn: Connection, people: People) -> None:
    group = await make_service(conn, "workshop", max_concurrent_bookings=2)
    columns: Columns = {"at": MONDAY, "service": group, "consultant_id": people.sam}
    first = await book(conn, people.customer, **columns)
    second = await book(conn, people.customer, **columns)
    assert {await seat(conn, "bookings", row) for row in (first, second)} == {1, 2}
    async with refused(conn, TAKEN):
        await book(conn, people.customer, **columns)
    await change(conn, "bookings", first, status="cancelled")
    third = await book(conn, people.customer, **columns)
    assert await seat(conn, "bookings", third) == 1


async def test_a_service_without_a_number_of_seats_has_one(
    conn: Connection, people: People
) -> None:
    service = await make_service(conn, "talk", max_concurrent_bookings=None)
    await book(conn, people.customer, at=MONDAY, service=service, consultant_id=people.sam)
    async with refused(conn, TAKEN):
        await book(conn, people.customer, at=MONDAY, service=service, consultant_id=people.sam)


async def test_a_day_takes_as_many_bookings_as_the_service_says(
    conn: Connection, people: People
) -> None:
    service = await make_service(conn, "audit", max_daily_bookings=2)
    columns: Columns = {"service": service, "consultant_id": people.sam}
    first = await book(conn, people.customer, at=MONDAY, **columns)
    await book(conn, people.customer, at=MONDAY + HOUR, **columns)
    async with refused(conn, TAKEN):
        await book(conn, people.customer, at=MONDAY + 2 * HOUR, **columns)
    async with refused(conn, TAKEN):  # of any consultant: the limit is the service's
        await book(conn, people.customer, at=MONDAY, service=service, consultant_id=people.mia)
    tomorrow = await book(conn, people.customer, at=MONDAY + DAY, **columns)
    async with refused(conn, TAKEN):
        await move(conn, tomorrow, MONDAY + 3 * HOUR)
    await move(conn, first, MONDAY + 4 * HOUR)
    await change(conn, "bookings", first, status="cancelled")
    await move(conn, tomorrow, MONDAY + 3 * HOUR)


async def test_the_day_of_a_limit_is_the_consultants_own(conn: Connection, people: People) -> None:
    service = await make_service(conn, "audit", max_daily_bookings=2)
    lee = await make_staff(conn, "lee@example.com", "consultant", timezone="America/Los_Angeles")
    columns: Columns = {"service": service, "consultant_id": lee}
    await book(conn, people.customer, at=datetime(2031, 1, 6, 17, tzinfo=UTC), **columns)
    await book(conn, people.customer, at=datetime(2031, 1, 7, 2, tzinfo=UTC), **columns)
    async with refused(conn, TAKEN):  # 23:00 of the 6th in Los Angeles
        await book(conn, people.customer, at=datetime(2031, 1, 7, 7, tzinfo=UTC), **columns)
    await book(conn, people.customer, at=datetime(2031, 1, 7, 8, tzinfo=UTC), **columns)
    await book(conn, people.customer, at=datetime(2031, 1, 6, 7, tzinfo=UTC), **columns)
    # Sam's days are UTC's: the 6th is full with what Lee has on his, the 7th has one left.
    sams: Columns = {"service": service, "consultant_id": people.sam}
    async with refused(conn, TAKEN):
        await book(conn, people.customer, at=datetime(2031, 1, 6, 5, tzinfo=UTC), **sams)
    await book(conn, people.customer, at=datetime(2031, 1, 7, 5, tzinfo=UTC), **sams)
    async with refused(conn, TAKEN):
        await book(conn, people.customer, at=datetime(2031, 1, 7, 12, tzinfo=UTC), **sams)


async def test_a_live_hold_keeps_its_time_from_bookings(conn: Connection, people: People) -> None:
    held = await hold(conn, "conv_1", people.sam, at=MONDAY)
    assert await seat(conn, "slot_holds", held) == 1
    for service, shift in (("strategy-session", 30 * MINUTE), ("discovery-call", HOUR - MINUTE)):
        async with refused(conn, TAKEN):
            await book(
                conn,
                people.customer,
                at=MONDAY + shift,
                consultant_id=people.sam,
                service=service,
            )
    await conn.execute("DELETE FROM slot_holds WHERE id = $1", held)
    await book(conn, people.customer, at=MONDAY, consultant_id=people.sam)


async def test_an_expired_hold_never_blocks(conn: Connection, people: People) -> None:
    await hold(conn, "conv_1", people.sam, at=MONDAY, expires_in=-MINUTE)
    await hold(conn, "conv_2", people.sam, at=MONDAY, expires_in=-MINUTE, service="discovery-call")
    held = await hold(conn, "conv_3", people.sam, at=MONDAY)
    assert await seat(conn, "slot_holds", held) == 1
    await change(
        conn, "slot_holds", held, expires_at=await conn.fetchval("SELECT now() - interval '1 s'")
    )
    booking = await book(conn, people.customer, at=MONDAY, consultant_id=people.sam)
    assert await seat(conn, "bookings", booking) == 1


async def test_a_hold_is_refused_where_somebody_else_is(conn: Connection, people: People) -> None:
    await book(conn, people.customer, at=MONDAY, consultant_id=people.sam)
    async with refused(conn, TAKEN):
        await hold(conn, "conv_1", people.sam, at=MONDAY + 30 * MINUTE)
    await hold(conn, "conv_1", people.sam, at=MONDAY + HOUR)
    for service in ("strategy-session", "discovery-call"):
        async with refused(conn, TAKEN):
            await hold(conn, "conv_2", people.sam, at=MONDAY + HOUR, service=service)
    await hold(conn, "conv_2", people.mia, at=MONDAY + HOUR)


async def test_a_hold_of_another_service_refuses_whatever_the_seats(
    conn: Connection, people: People
) -> None:
    for slug in ("workshop", "training"):
        await make_service(conn, slug, max_concurrent_bookings=5)
    await hold(conn, "conv_1", people.sam, at=MONDAY, service="workshop")
    async with refused(conn, TAKEN):
        await hold(conn, "conv_2", people.sam, at=MONDAY, service="training")
    async with refused(conn, TAKEN):
        await book(conn, people.customer, at=MONDAY, consultant_id=people.sam, service="training")


async def test_bookings_and_holds_share_the_seats_of_a_service(
    conn: Connection, people: People
) -> None:
    group = await make_service(conn, "workshop", max_concurrent_bookings=2)
    held = await hold(conn, "conv_1", people.sam, at=MONDAY, service=group)
    booking = await book(conn, people.customer, at=MONDAY, service=group, consultant_id=people.sam)
    seats = {await seat(conn, "slot_holds", held), await seat(conn, "bookings", booking)}
    assert seats == {1, 2}
    async with refused(conn, TAKEN):
        await book(conn, people.customer, at=MONDAY, service=group, consultant_id=people.sam)
    async with refused(conn, TAKEN):
        await hold(conn, "conv_2", people.sam, at=MONDAY, service=group)
    await conn.execute("DELETE FROM slot_holds WHERE conversation_id = 'conv_1'")
    await book(conn, people.customer, at=MONDAY, service=group, consultant_id=people.sam)


@pytest.mark.parametrize("column", ["slot_step_minutes", "buffer_before_minutes"])
async def test_the_rules_of_a_service_make_sense(conn: Connection, column: str) -> None:
    async with refused(conn, CHECK):
        await make_service(conn, "odd", **{column: -1})


async def test_a_service_steps_by_a_quarter_of_an_hour(conn: Connection) -> None:
    row = await insert(
        conn, "services", slug="plain", name="Plain", description="Plain", duration_minutes=30
    )
    assert await value(conn, "services", row, "slot_step_minutes") == 15


@pytest.mark.parametrize("endless", ["infinity", "-infinity"])
async def test_a_booking_without_end_is_refused_at_once(
    conn: Connection, people: People, endless: str
) -> None:
    """The lock of each of its days would never end."""
    booking = await book(conn, people.customer, at=MONDAY, consultant_id=people.sam)
    await conn.execute("SET LOCAL statement_timeout = '5s'")
    async with refused(conn, CHECK):
        await conn.execute(
            f"UPDATE bookings SET scheduled_datetime = '{endless}' WHERE id = $1", booking
        )


async def test_a_hold_without_end_is_refused_at_once(conn: Connection, people: People) -> None:
    held = await hold(conn, "conv_long", people.sam, at=MONDAY)
    await conn.execute("SET LOCAL statement_timeout = '5s'")
    for end in ("'infinity'", "starts_at + interval '400 days'"):
        async with refused(conn, CHECK):
            await conn.execute(f"UPDATE slot_holds SET ends_at = {end} WHERE id = $1", held)
