"""Each change of status is audited once and told once, whatever door it came through."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

import pytest

from booking_core.bookings import (
    Booking,
    Receipt,
    book_hold,
    cancel_booking,
    change_payment,
    complete_booking,
    confirm_booking,
    hold_slot,
    mark_no_show,
    move_booking,
    release_unpaid,
    start_booking,
)
from booking_core.database import Connection, connect
from booking_core.errors import BookingError
from tests.booking_core.factories import (
    NOW,
    TODAY,
    at,
    make_booking,
    make_consultant,
    make_customer,
    make_service,
    make_wish,
    slots_on,
)
from tests.conftest import FreshDatabase

NINE: Final = at(TODAY, "09:00")
AUDITED: Final = """
    SELECT new_values ->> 'status' AS status FROM audit_log
    WHERE table_name = 'bookings' AND record_id = $1
      AND (operation = 'INSERT' OR new_values ->> 'status' <> old_values ->> 'status')
    ORDER BY changed_at
"""


class News:
    """What somebody who listens has heard."""

    def __init__(self, conn: Connection) -> None:
        self.conn = conn
        self.heard: list[dict[str, Any]] = []

    def hear(self, *what: Any) -> None:
        self.heard.append(json.loads(what[-1]))

    async def statuses(self, booking: Booking) -> list[str]:
        await self.conn.fetchval("SELECT 1")  # notifications come before the answer
        await asyncio.sleep(0)
        return [one["status"] for one in self.heard if one["id"] == str(booking.id)]


@asynccontextmanager
async def listening(dsn: str) -> AsyncIterator[tuple[Connection, News]]:
    """A connection that commits for real, and one that listens."""
    conn, ear = await connect(dsn), await connect(dsn)
    news = News(ear)
    await ear.add_listener("bookings", news.hear)
    try:
        yield conn, news
    finally:
        await conn.close()
        await ear.close()


async def audited(conn: Connection, booking: Booking) -> list[str]:
    return [row["status"] for row in await conn.fetch(AUDITED, booking.id)]


async def test_each_change_is_told_and_audited_once(fresh_database: FreshDatabase) -> None:
    async with fresh_database() as dsn, listening(dsn) as (conn, news):
        await make_consultant(conn)
        service = await make_service(
            conn, price=Decimal(150), requires_payment=True, auto_confirm=False
        )
        slots = await slots_on(conn, service)
        await hold_slot(conn, slots[0], "conv_1", now=NOW)
        wish = make_wish(await make_customer(conn))
        booking = await book_hold(conn, "conv_1", wish, now=NOW)
        reference = booking.booking_reference
        receipt = Receipt(method="card", reference="1", amount=Decimal(150), currency="USD")
        expected = ["pending"]

        async def then(action: Awaitable[object], *status: str) -> None:
            await action
            expected.extend(status)
            assert await news.statuses(booking) == expected
            assert await audited(conn, booking) == expected

        await then(change_payment(conn, reference, "paid", receipt=receipt, now=NOW))
        await then(move_booking(conn, reference, slots[1], now=NOW))
        await then(confirm_booking(conn, reference, now=NOW), "confirmed")
        with pytest.raises(BookingError):
            await confirm_booking(conn, reference, now=NOW)
        await then(start_booking(conn, reference, now=NINE), "in_progress")
        await then(mark_no_show(conn, reference, now=NINE), "no_show")
        await then(start_booking(conn, reference, now=NINE), "in_progress")
        await then(complete_booking(conn, reference, now=NINE), "completed")
        assert set().union(*(one.keys() for one in news.heard)) == {"id", "status"}


async def test_paying_for_what_confirms_by_itself_is_one_change(
    fresh_database: FreshDatabase,
) -> None:
    async with fresh_database() as dsn, listening(dsn) as (conn, news):
        await make_consultant(conn)
        service = await make_service(conn, price=Decimal(150), requires_payment=True)
        first, second, *_ = await slots_on(conn, service)
        paid, unpaid = await make_booking(conn, first), await make_booking(conn, second)
        free = await make_booking(conn, (await slots_on(conn, await make_service(conn)))[9])
        await change_payment(conn, paid.booking_reference, "waived", now=NOW)
        assert len(await release_unpaid(conn, older_than=timedelta(0), now=NOW)) == 1
        await cancel_booking(conn, free.booking_reference, by="customer", now=NOW)
        for booking, expected in (
            (paid, ["pending", "confirmed"]),
            (unpaid, ["pending", "cancelled"]),
            (free, ["confirmed", "cancelled"]),
        ):
            assert await news.statuses(booking) == expected
            assert await audited(conn, booking) == expected


async def test_the_websites_changes_are_told_alike(fresh_database: FreshDatabase) -> None:
    """It may jump from pending to completed: the database does not police moves."""
    async with fresh_database() as dsn, listening(dsn) as (conn, news):
        await make_consultant(conn)
        service = await make_service(conn, auto_confirm=False)
        booking = await make_booking(conn, (await slots_on(conn, service))[0])
        for change in (
            "project_description = 'Another'",
            "status = 'completed'",
            "status = 'completed', follow_up_notes = 'Nice'",
            "status = 'pending', follow_up_notes = NULL",
            "status = 'rescheduled'",
        ):
            await conn.execute(f"UPDATE bookings SET {change} WHERE id = $1", booking.id)
        expected = ["pending", "completed", "pending", "rescheduled"]
        assert await news.statuses(booking) == expected
        assert await audited(conn, booking) == expected


async def test_what_is_rolled_back_is_never_told(fresh_database: FreshDatabase) -> None:
    async with fresh_database() as dsn, listening(dsn) as (conn, news):
        await make_consultant(conn)
        service = await make_service(conn)
        booking = await make_booking(conn, (await slots_on(conn, service))[0])
        outer = conn.transaction()
        await outer.start()
        await cancel_booking(conn, booking.booking_reference, by="staff", now=NOW)
        await outer.rollback()
        assert await news.statuses(booking) == ["confirmed"]
