"""What the clock brings."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from booking_core.bookings import Hold, find_booking, hold_slot
from booking_core.database import Connection
from tests.booking_core.factories import (
    NOW,
    add_booking,
    make_booking,
    make_consultant,
    make_customer,
    make_service,
    slots_on,
)
from tests.voice_service.conftest import make_settings
from voice_service.consultations import (
    forget_expired_holds,
    free_unpaid_times,
    mark_half_booked,
    mark_overdue_follow_ups,
)
from voice_service.jobs import JobContext, _schedules


@pytest.fixture
def make_context(conn: Connection, tmp_path: Path) -> Any:
    def make(later: timedelta = timedelta(0), **settings: Any) -> JobContext:
        return JobContext(conn=conn, settings=make_settings(tmp_path, **settings), now=NOW + later)

    return make


async def keep_time(conn: Connection, conversation_id: str = "conv_1") -> Hold:
    await make_consultant(conn)
    slot = (await slots_on(conn, await make_service(conn)))[0]
    return await hold_slot(conn, slot, conversation_id, now=NOW)


async def add_consultation(
    conn: Connection, conversation_id: str = "conv_1", **columns: Any
) -> UUID:
    row: dict[str, Any] = {
        "voice_session_id": conversation_id, "status": "dropped", "created_at": NOW,
    } | columns  # fmt: skip
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    made: UUID = await conn.fetchval(
        f"INSERT INTO voice_consultations ({', '.join(row)}) VALUES ({places}) RETURNING id",
        *row.values(),
    )
    return made


async def marks_of(conn: Connection, consultation_id: UUID) -> list[str]:
    marks: list[str] = await conn.fetchval(
        "SELECT marks FROM voice_consultations WHERE id = $1", consultation_id
    )
    return marks


def test_every_job_of_the_clock_is_registered() -> None:
    assert set(_schedules) >= {
        "mark_half_booked", "forget_expired_holds", "free_unpaid_times", "mark_overdue_follow_ups",
    }  # fmt: skip


async def test_a_caller_whose_hold_ran_out_is_shown_to_staff_once(
    conn: Connection, make_context: Any
) -> None:
    consultation = await add_consultation(conn, marks=["needs_review"])
    await keep_time(conn)
    await mark_half_booked(make_context(timedelta(minutes=4)))
    assert await marks_of(conn, consultation) == ["needs_review"]
    for minutes in (6, 7):
        await mark_half_booked(make_context(timedelta(minutes=minutes)))
    assert await marks_of(conn, consultation) == ["needs_review", "half_booked"]
    due_at = await conn.fetchval("SELECT due_at FROM voice_consultations")
    assert due_at == NOW + timedelta(hours=1, minutes=6)


@pytest.mark.parametrize("status", ["in_progress", "processing"])
async def test_while_the_call_goes_on_nothing_is_marked(
    conn: Connection, make_context: Any, status: str
) -> None:
    consultation = await add_consultation(conn, status=status)
    await keep_time(conn)
    await mark_half_booked(make_context(timedelta(minutes=6)))
    assert await marks_of(conn, consultation) == []


async def test_who_is_booked_or_dealt_with_is_not_marked(
    conn: Connection, make_context: Any
) -> None:
    await keep_time(conn, "conv_closed")
    closed = await add_consultation(conn, "conv_closed", closed_at=NOW)
    service = await make_service(conn)
    booking_id = await add_booking(conn, await make_customer(conn), service)
    slot = (await slots_on(conn, service))[-1]
    await hold_slot(conn, slot, "conv_booked", now=NOW)
    booked = await add_consultation(conn, "conv_booked", follow_up_booking_id=booking_id)
    stranger = await add_consultation(conn, "conv_without_hold")
    await mark_half_booked(make_context(timedelta(minutes=6)))
    for consultation in (closed, booked, stranger):
        assert await marks_of(conn, consultation) == []


async def test_holds_are_forgotten_long_after_they_ran_out(
    conn: Connection, make_context: Any
) -> None:
    await keep_time(conn)
    count = "SELECT count(*) FROM slot_holds"
    await forget_expired_holds(make_context(timedelta(days=1)))
    assert await conn.fetchval(count) == 1
    await forget_expired_holds(make_context(timedelta(days=2, minutes=6)))
    assert await conn.fetchval(count) == 0


async def test_unpaid_times_are_freed_where_a_setting_says_so_and_the_customer_s_row_tells(
    conn: Connection, make_context: Any
) -> None:
    await make_consultant(conn)
    service = await make_service(conn, price=100, requires_payment=True, auto_confirm=False)
    booking = await make_booking(conn, (await slots_on(conn, service))[0])
    late = timedelta(hours=25)
    await free_unpaid_times(make_context(late))
    kept = await find_booking(conn, booking.id)
    assert kept is not None
    assert kept.status == "pending"
    await free_unpaid_times(make_context(late, release_unpaid_after_hours=26))
    await free_unpaid_times(make_context(late, release_unpaid_after_hours=24))
    await free_unpaid_times(make_context(late, release_unpaid_after_hours=24))
    freed = await find_booking(conn, booking.id)
    assert freed is not None
    assert (freed.status, freed.cancelled_by) == ("cancelled", "system")
    notes = await conn.fetch(
        """SELECT customer_metrics_id, interaction_date, details FROM customer_interactions
        WHERE booking_id = $1 AND interaction_type = 'note'""",
        booking.id,
    )
    assert [(row[0], row[1]) for row in notes] == [(booking.customer_metrics_id, NOW + late)]
    assert notes[0]["details"]["booking_reference"] == booking.booking_reference


async def test_a_follow_up_past_its_time_is_overdue(conn: Connection, make_context: Any) -> None:
    service, customer = await make_service(conn), await make_customer(conn)
    booking_id = await add_booking(conn, customer, service)
    await conn.execute(
        """INSERT INTO follow_ups (booking_id, follow_up_type, due_date, title, created_at)
        VALUES ($1, 'email', $2, 'Write', $3)""",
        booking_id,
        NOW + timedelta(hours=1),
        NOW,
    )
    status = "SELECT status::text FROM follow_ups"
    await mark_overdue_follow_ups(make_context(timedelta(minutes=59)))
    assert await conn.fetchval(status) == "pending"
    await mark_overdue_follow_ups(make_context(timedelta(minutes=61)))
    assert await conn.fetchval(status) == "overdue"
