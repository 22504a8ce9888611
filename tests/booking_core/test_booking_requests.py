"""A request that is sent twice makes one booking."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import pytest

from booking_core.availability import Slot
from booking_core.bookings import Booking, book_once, book_slot, cancel_booking, find_booking
from booking_core.database import Connection, open_pool
from booking_core.errors import IdempotencyConflict, IdempotencyKeyInvalid, SlotTaken
from tests.booking_core.factories import (
    NOW,
    make_booking,
    make_consultant,
    make_customer,
    make_new_booking,
    make_service,
    slots_on,
)
from tests.conftest import FreshDatabase

CONTENT: Final = {"slot_id": "abc", "customer": {"email": "ada@example.com", "phone": None}}
COUNT_BOOKINGS: Final = "SELECT count(*) FROM bookings"


async def book(conn: Connection, slot: Slot, key: str, content: Mapping[str, Any]) -> Any:
    customer = await make_customer(conn)

    async def make() -> Booking:
        return await book_slot(conn, make_new_booking(customer, slot), now=NOW)

    return await book_once(conn, key, content, make, now=NOW)


async def make_slots(conn: Connection) -> list[Slot]:
    await make_consultant(conn)
    return await slots_on(conn, await make_service(conn))


async def test_the_same_request_is_answered_with_its_first_booking(conn: Connection) -> None:
    slots = await make_slots(conn)
    first = await book(conn, slots[0], "key-1", CONTENT)
    again = await book(conn, slots[0], "key-1", dict(reversed(CONTENT.items())))
    assert (first.repeated, again.repeated) == (False, True)
    assert again.booking == first.booking
    assert await conn.fetchval(COUNT_BOOKINGS) == 1
    await cancel_booking(conn, first.booking.booking_reference, by="customer", now=NOW)
    last = await book(conn, slots[0], "key-1", CONTENT)
    assert (last.booking.id, last.booking.status) == (first.booking.id, "cancelled")


@pytest.mark.parametrize(
    "other",
    [{}, CONTENT | {"slot_id": "abd"}, CONTENT | {"more": None}, {"customer": CONTENT["customer"]}],
)
async def test_the_same_key_for_something_else_is_a_conflict(
    conn: Connection, other: dict[str, Any]
) -> None:
    slots = await make_slots(conn)
    await book(conn, slots[0], "key-1", CONTENT)
    with pytest.raises(IdempotencyConflict):
        await book(conn, slots[1], "key-1", other)
    assert await conn.fetchval(COUNT_BOOKINGS) == 1


async def test_another_key_is_another_request(conn: Connection) -> None:
    slots = await make_slots(conn)
    one = await book(conn, slots[0], "key-1", CONTENT)
    two = await book(conn, slots[1], "key-2", CONTENT)
    assert one.booking.id != two.booking.id


async def test_a_refused_request_leaves_its_key_free(conn: Connection) -> None:
    slots = await make_slots(conn)
    await make_booking(conn, slots[0])
    with pytest.raises(SlotTaken):
        await book(conn, slots[0], "key-1", CONTENT)
    done = await book(conn, slots[1], "key-1", CONTENT | {"slot_id": "another"})
    assert not done.repeated


@pytest.mark.parametrize("key", ["", "  ", "x" * 256, "a\0b", "\ud800"])
async def test_a_key_that_cannot_be_kept_is_refused(conn: Connection, key: str) -> None:
    slots = await make_slots(conn)
    with pytest.raises(IdempotencyKeyInvalid):
        await book(conn, slots[0], key, CONTENT)
    assert await conn.fetchval(COUNT_BOOKINGS) == 0


@pytest.mark.parametrize("key", ["x" * 255, "'; DROP TABLE booking_requests; --", "ключ 🗝"])
async def test_any_other_text_is_a_key(conn: Connection, key: str) -> None:
    slots = await make_slots(conn)
    odd = {"note": "\ud800\0", "when": NOW, "score": float("nan")}
    first = await book(conn, slots[0], key, odd)
    assert (await book(conn, slots[0], key, odd)).booking == first.booking


async def test_a_request_goes_with_its_booking(conn: Connection) -> None:
    slots = await make_slots(conn)
    first = await book(conn, slots[0], "key-1", CONTENT)
    await conn.execute("DELETE FROM bookings WHERE id = $1", first.booking.id)
    assert not (await book(conn, slots[0], "key-1", CONTENT)).repeated


@pytest.mark.parametrize("role", ["anon", "authenticated"])
async def test_requests_are_the_services_alone(conn: Connection, role: str) -> None:
    granted = "SELECT has_table_privilege($1, 'booking_requests', 'SELECT, INSERT, UPDATE, DELETE')"
    assert not await conn.fetchval(granted, role)
    await conn.execute("SET LOCAL ROLE service_role")
    assert await conn.fetchval("SELECT count(*) FROM booking_requests") == 0


async def test_the_services_own_role_books_once(conn: Connection) -> None:
    slots = await make_slots(conn)
    await conn.execute("SET LOCAL ROLE service_role")
    first = await book(conn, slots[0], "key-1", CONTENT)
    assert await find_booking(conn, first.booking.id) == first.booking


async def test_two_at_once_make_one_booking(fresh_database: FreshDatabase) -> None:
    async with fresh_database() as dsn, await open_pool(dsn, max_size=8) as pool:
        async with pool.acquire() as conn:
            slots = await make_slots(conn)
            await make_customer(conn)

        async def send(key: str) -> Any:
            async with pool.acquire() as conn, conn.transaction():
                return await book(conn, slots[0], key, CONTENT)

        for attempt in range(20):
            answers = await asyncio.gather(*(send(f"key-{attempt}") for _ in range(8)))
            assert len({answer.booking.id for answer in answers}) == 1
            assert [answer.repeated for answer in answers].count(False) == 1
            await pool.execute(
                "UPDATE bookings SET status = 'cancelled', updated_at = $1",
                NOW + timedelta(minutes=attempt),
            )
        assert await pool.fetchval(COUNT_BOOKINGS) == 20
