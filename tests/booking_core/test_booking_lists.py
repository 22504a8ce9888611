"""Bookings in pages, and what is owed once they are over."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from booking_core.bookings import Booking, list_bookings
from booking_core.database import Connection
from booking_core.errors import BookingError, PageInvalid, RangeInvalid, TooEarly, ValueInvalid
from booking_core.follow_ups import (
    complete_and_follow_up,
    list_open_follow_ups,
    miss_and_follow_up,
)
from tests.booking_core.factories import (
    NOW,
    add_booking,
    make_booking,
    make_consultant,
    make_customer,
    make_service,
    slots_on,
)

NEVER = datetime(9999, 12, 31, tzinfo=UTC)


async def make_one(conn: Connection) -> Booking:
    await make_consultant(conn)
    return await make_booking(conn, (await slots_on(conn, await make_service(conn)))[0])


async def test_the_latest_made_come_first_page_after_page(conn: Connection) -> None:
    customer, service = await make_customer(conn), await make_service(conn)
    made = [
        await add_booking(conn, customer, service, created_at=NOW + timedelta(hours=n // 2))
        for n in range(5)
    ]
    seen = []
    cursor = None
    for _ in range(3):
        page = await list_bookings(conn, limit=2, cursor=cursor)
        seen += [(booking.created_at, booking.id) for booking in page.items]
        cursor = page.next_cursor
    assert cursor is None
    assert seen == sorted(seen, reverse=True)
    assert {booking_id for _, booking_id in seen} == set(made)


async def test_a_range_holds_its_start_and_not_its_end_and_nothing_without_a_time(
    conn: Connection,
) -> None:
    booking = await make_one(conn)
    await add_booking(conn, await make_customer(conn), await make_service(conn))
    time = booking.scheduled_datetime
    assert time is not None
    minute = timedelta(minutes=1)
    for start, end, found in (
        (time, time + minute, [booking]),
        (time - minute, time, []),
        (time, None, [booking]),
        (None, time, []),
    ):
        assert list((await list_bookings(conn, start=start, end=end)).items) == found
    assert len((await list_bookings(conn)).items) == 2


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"status": "done"}, ValueInvalid),
        ({"status": "'; DROP TABLE bookings; --"}, ValueInvalid),
        ({"start": NOW.replace(tzinfo=None)}, ValueInvalid),
        ({"end": NEVER}, ValueInvalid),
        ({"start": NOW, "end": NOW}, RangeInvalid),
        ({"start": NOW, "end": NOW - timedelta(days=1)}, RangeInvalid),
        ({"limit": 0}, PageInvalid),
        ({"limit": 201}, PageInvalid),
        ({"cursor": "abc"}, PageInvalid),
        ({"cursor": "\0"}, PageInvalid),
    ],
)
async def test_a_list_that_makes_no_sense_is_refused(
    conn: Connection, asked: dict[str, Any], refusal: type[BookingError]
) -> None:
    with pytest.raises(refusal):
        await list_bookings(conn, **asked)
    assert (await list_bookings(conn, customer_id=uuid4(), consultant_id=uuid4())).items == []


async def test_what_is_owed_comes_with_the_end_or_not_at_all(conn: Connection) -> None:
    booking = await make_one(conn)
    time = booking.scheduled_datetime
    assert time is not None
    with pytest.raises(TooEarly):
        await complete_and_follow_up(
            conn, booking.booking_reference, now=time - timedelta(minutes=1)
        )
    assert (await list_open_follow_ups(conn)).items == []
    done = await complete_and_follow_up(conn, booking.booking_reference, now=time)
    assert (done.status, done.completed_at) == ("completed", time)
    owed = (await list_open_follow_ups(conn)).items
    assert {one.booking_id for one in owed} == {booking.id}
    assert len(owed) == 2


async def test_whoever_did_not_come_is_owed_a_call(conn: Connection) -> None:
    booking = await make_one(conn)
    time = booking.scheduled_datetime
    assert time is not None
    missed = await miss_and_follow_up(conn, booking.booking_reference, now=time)
    assert missed.status == "no_show"
    owed = (await list_open_follow_ups(conn)).items
    assert [one.follow_up_type for one in owed] == ["phone_call"]
