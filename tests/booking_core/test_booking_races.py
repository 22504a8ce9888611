"""Many at once, committing for real, again and again: one wins, and nothing is ever half done."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Final, TypeVar
from uuid import UUID

import asyncpg
import pytest

from booking_core.availability import Rules, Slot
from booking_core.bookings import (
    Booking,
    Hold,
    NearestHold,
    book_hold,
    book_slot,
    confirm_booking,
    get_booking,
    hold_nearest,
    hold_slot,
    move_booking,
    release_unpaid,
)
from booking_core.database import Connection, Pool, open_pool
from booking_core.errors import BookingError, SlotTaken
from booking_core.services import Service
from tests.booking_core.factories import (
    NOW,
    TODAY,
    at,
    make_booking,
    make_consultant,
    make_customer,
    make_new_booking,
    make_service,
    make_wish,
    slot_at,
    slots_on,
)
from tests.booking_core.test_holds import insert_as_the_website
from tests.conftest import FreshDatabase

TIMES: Final = 20
CONNECTIONS: Final = 8
CLIENTS: Final = 64
CAPACITY: Final = 3
A_DAY: Final = 20
PATIENCE_SECS: Final = 300  # for a busy machine; a deadlock is an error after one second
NINE: Final = at(TODAY, "09:00")
MINUTES_5: Final = timedelta(minutes=5)
DAY: Final = timedelta(days=1)

Answer = TypeVar("Answer")


@asynccontextmanager
async def racing(fresh_database: FreshDatabase) -> AsyncIterator[Pool]:
    """Connections to a database of its own, where what is committed stays."""
    async with fresh_database() as dsn, await open_pool(dsn, max_size=CONNECTIONS) as pool:
        async with asyncio.timeout(PATIENCE_SECS):
            yield pool


async def race(
    pool: Pool, actions: Iterable[Callable[[Connection], Awaitable[Answer]]]
) -> list[Answer | BookingError]:
    """Let all of them run at once, each in a transaction; a refusal is an answer like another."""

    async def run(action: Callable[[Connection], Awaitable[Answer]]) -> Answer | BookingError:
        async with pool.acquire() as conn, conn.transaction():
            try:
                return await action(conn)
            except BookingError as refusal:
                return refusal

    return await asyncio.gather(*(run(action) for action in actions))


def codes(answers: Iterable[object]) -> list[str]:
    return sorted(answer.code for answer in answers if isinstance(answer, BookingError))


async def start_afresh(conn: Connection, *, max_bookings: int = 1) -> UUID:
    """A consultant who is the only one to be had, and no hold of an earlier round."""
    await conn.execute("TRUNCATE slot_holds")
    await conn.execute("UPDATE profiles SET is_staff = FALSE, role = 'customer' WHERE is_staff")
    return await make_consultant(conn, max_bookings=max_bookings)


async def count(pool: Pool, table: str, service: Service) -> int:
    found: int = await pool.fetchval(
        f"SELECT count(*) FROM {table} WHERE service_id = $1", service.id
    )
    return found


def booking(slot: Slot) -> Callable[[Connection], Awaitable[Booking]]:
    async def act(conn: Connection) -> Booking:
        customer = await make_customer(conn)
        return await book_slot(conn, make_new_booking(customer, slot), now=NOW)

    return act


def holding(slot: Slot, conversation_id: str) -> Callable[[Connection], Awaitable[Hold]]:
    async def act(conn: Connection) -> Hold:
        return await hold_slot(conn, slot, conversation_id, now=NOW)

    return act


@pytest.mark.parametrize("callers", [50, 200])
async def test_of_all_callers_at_one_seat_one_is_booked_and_the_others_keep_the_nearest(
    fresh_database: FreshDatabase, callers: int
) -> None:
    async with racing(fresh_database) as pool:
        for attempt in range(TIMES):
            await fight_for_a_seat(pool, [f"conv_{attempt}_{number}" for number in range(callers)])


async def fight_for_a_seat(pool: Pool, conversations: Sequence[str]) -> None:
    async with pool.acquire() as conn:
        await start_afresh(conn)
        service = await make_service(conn, duration_minutes=5, slot_step_minutes=5)
        slot = await slot_at(conn, service, NINE)
        wish = make_new_booking(await make_customer(conn), slot)

    def call(conversation_id: str) -> Callable[[Connection], Awaitable[Booking | NearestHold]]:
        async def act(conn: Connection) -> Booking | NearestHold:
            try:
                return await book_slot(conn, wish, now=NOW)
            except SlotTaken:
                return await hold_nearest(conn, service, slot.start, conversation_id, now=NOW)

        return act

    answers = await race(pool, map(call, conversations))
    held = [answer for answer in answers if isinstance(answer, NearestHold)]
    assert len([answer for answer in answers if isinstance(answer, Booking)]) == 1
    assert len(held) == len(conversations) - 1
    assert len({one.hold.slot for one in held}) == len(held)
    assert all(len(one.others) == 2 for one in held)
    assert await count(pool, "bookings", service) == 1
    assert await count(pool, "slot_holds", service) == len(held)
    starts = sorted(one.hold.slot.start for one in held)
    assert starts[0] == slot.start + MINUTES_5  # nothing nearer was passed over
    assert len(set(starts)) == len(starts)


async def test_random_slots_are_filled_and_never_overfilled(fresh_database: FreshDatabase) -> None:
    async with racing(fresh_database) as pool:
        for attempt in range(TIMES):
            async with pool.acquire() as conn:
                await start_afresh(conn, max_bookings=CAPACITY)
                service = await make_service(
                    conn,
                    duration_minutes=30,
                    max_concurrent_bookings=CAPACITY,
                    max_daily_bookings=A_DAY,
                )
                slots = await slots_on(conn, service)
            dice = random.Random(attempt)
            answers = await race(pool, [booking(dice.choice(slots)) for _ in range(CLIENTS)])
            won = [answer for answer in answers if isinstance(answer, Booking)]
            assert len(won) == await count(pool, "bookings", service) == A_DAY
            assert most_at_once(won) <= CAPACITY


def most_at_once(bookings: Sequence[Booking]) -> int:
    ranges = [
        (one.scheduled_datetime, one.scheduled_end)
        for one in bookings
        if one.scheduled_datetime is not None and one.scheduled_end is not None
    ]
    return max(sum(start <= moment < end for start, end in ranges) for moment, _ in ranges)


async def test_a_consultants_own_limit_is_kept_over_all_services(
    fresh_database: FreshDatabase,
) -> None:
    rules = Rules(consultant_daily_limit=5)

    def take(number: int, slot: Slot) -> Callable[[Connection], Awaitable[Booking | Hold]]:
        async def act(conn: Connection) -> Booking | Hold:
            if number % 2:
                return await hold_slot(conn, slot, f"conv_{slot.slot_id}", now=NOW, rules=rules)
            wish = make_new_booking(await make_customer(conn), slot)
            return await book_slot(conn, wish, now=NOW, rules=rules)

        return act

    async with racing(fresh_database) as pool:
        for _ in range(TIMES):
            async with pool.acquire() as conn:
                await start_afresh(conn)
                services = [await make_service(conn) for _ in range(2)]
                slots = await slots_on(conn, services[0])
                others = await slots_on(conn, services[1])
            wanted = [*slots[:16:2], *others[17:32:2]]
            answers = await race(pool, [take(*one) for one in enumerate(wanted)])
            assert codes(answers) == ["slot_not_offered"] * (len(wanted) - 5)


async def test_of_two_confirmations_at_once_one_wins(fresh_database: FreshDatabase) -> None:
    async with racing(fresh_database) as pool:
        for _ in range(TIMES):
            async with pool.acquire() as conn:
                await start_afresh(conn)
                service = await make_service(conn, auto_confirm=False)
                pending = await make_booking(conn, await slot_at(conn, service, NINE))

            async def confirm(conn: Connection, reference: str) -> Booking:
                return await confirm_booking(conn, reference, now=NOW)

            answers = await race(pool, [partial(confirm, reference=pending.booking_reference)] * 2)
            assert codes(answers) == ["move_not_allowed"]


def moving(moved: Booking, slot: Slot) -> Callable[[Connection], Awaitable[Booking]]:
    async def act(conn: Connection) -> Booking:
        return await move_booking(conn, moved.booking_reference, slot, now=NOW)

    return act


async def test_of_many_moves_to_one_time_one_wins_and_the_others_stay(
    fresh_database: FreshDatabase,
) -> None:
    async with racing(fresh_database) as pool:
        for _ in range(TIMES):
            async with pool.acquire() as conn:
                await start_afresh(conn)
                target, *slots = await slots_on(conn, await make_service(conn))
                before = [await make_booking(conn, slot) for slot in slots[:8]]
            answers = await race(pool, [moving(one, target) for one in before])
            assert codes(answers) == ["slot_taken"] * 7
            for one, answer in zip(before, answers, strict=True):
                after = await get_booking_of(pool, one)
                assert after == (answer if isinstance(answer, Booking) else one)


async def get_booking_of(pool: Pool, one: Booking) -> Booking:
    async with pool.acquire() as conn:
        return await get_booking(conn, one.booking_reference)


async def test_who_would_change_places_at_once_both_stay(fresh_database: FreshDatabase) -> None:
    async with racing(fresh_database) as pool:
        for _ in range(TIMES):
            async with pool.acquire() as conn:
                await start_afresh(conn)
                service = await make_service(conn)
                today, tomorrow = [
                    (await slots_on(conn, service, day))[0] for day in (TODAY, TODAY + DAY)
                ]
                first, second = [await make_booking(conn, slot) for slot in (today, tomorrow)]
            answers = await race(pool, [moving(first, tomorrow), moving(second, today)])
            assert codes(answers) == ["slot_taken", "slot_taken"]
            assert await get_booking_of(pool, first) == first
            assert await get_booking_of(pool, second) == second


async def test_holds_bookings_and_the_websites_inserts_share_a_seat_with_nobody(
    fresh_database: FreshDatabase,
) -> None:
    def insert(slot: Slot, customer_id: UUID) -> Callable[[Connection], Awaitable[None]]:
        async def act(conn: Connection) -> None:
            try:
                async with conn.transaction():
                    await insert_as_the_website(conn, slot, customer_id)
            except asyncpg.ExclusionViolationError as error:
                raise SlotTaken from error

        return act

    async with racing(fresh_database) as pool:
        for attempt in range(TIMES):
            async with pool.acquire() as conn:
                await start_afresh(conn)
                service = await make_service(conn)
                slot = await slot_at(conn, service, NINE)
                customer = await make_customer(conn)
            rivals = [
                action
                for number in range(5)
                for action in (
                    holding(slot, f"conv_{attempt}_{number}"),
                    booking(slot),
                    insert(slot, customer.id),
                )
            ]
            random.Random(attempt).shuffle(rivals)
            answers = await race(pool, rivals)
            assert codes(answers) == ["slot_taken"] * 14
            assert (
                await count(pool, "bookings", service) + await count(pool, "slot_holds", service)
                == 1
            )


async def test_a_hold_is_booked_once_however_often_it_is_asked(
    fresh_database: FreshDatabase,
) -> None:
    async with racing(fresh_database) as pool:
        for attempt in range(TIMES):
            async with pool.acquire() as conn:
                await start_afresh(conn)
                service = await make_service(conn)
                slot = await slot_at(conn, service, NINE)
                await hold_slot(conn, slot, f"conv_{attempt}", now=NOW)
                wish = make_wish(await make_customer(conn))
            book = partial(book_hold, conversation_id=f"conv_{attempt}", wish=wish, now=NOW)
            rivals: list[Callable[[Connection], Awaitable[Booking | Hold]]] = [
                book, book, booking(slot), holding(slot, "conv_x"), book,
            ]  # fmt: skip
            answers = await race(pool, rivals)
            assert codes(answers) == ["hold_not_found"] * 2 + ["slot_taken"] * 2
            assert await count(pool, "bookings", service) == 1


async def test_a_conversation_that_wants_many_times_at_once_keeps_one(
    fresh_database: FreshDatabase,
) -> None:
    async with racing(fresh_database) as pool:
        for _ in range(TIMES):
            async with pool.acquire() as conn:
                await start_afresh(conn)
                service = await make_service(conn)
                slots = [
                    *(await slots_on(conn, service))[:4],
                    *(await slots_on(conn, service, TODAY + DAY))[:4],
                ]
            answers = await race(pool, [holding(slot, "conv_1") for slot in slots])
            assert codes(answers) == []
            assert await count(pool, "slot_holds", service) == 1


async def test_a_caller_with_many_conversations_keeps_only_so_many_times(
    fresh_database: FreshDatabase,
) -> None:
    async with racing(fresh_database) as pool:
        for attempt in range(TIMES):
            async with pool.acquire() as conn:
                await start_afresh(conn)
                service = await make_service(conn)
                slots = (await slots_on(conn, service))[:10]
            answers = await race(
                pool,
                [
                    partial(
                        hold_slot,
                        slot=slot,
                        conversation_id=slot.slot_id,
                        now=NOW,
                        caller=f"+493012345{attempt}",
                    )
                    for slot in slots
                ],
            )
            assert codes(answers) == ["too_many_holds"] * 7
            assert await count(pool, "slot_holds", service) == 3


async def test_unpaid_times_are_freed_once_however_many_look(
    fresh_database: FreshDatabase,
) -> None:
    async with racing(fresh_database) as pool:
        for _ in range(TIMES):
            async with pool.acquire() as conn:
                await start_afresh(conn)
                service = await make_service(conn, price=Decimal(150), requires_payment=True)
                for slot in (await slots_on(conn, service))[:5]:
                    await make_booking(conn, slot)
            release = partial(release_unpaid, older_than=timedelta(0), now=NOW)
            answers = await race(pool, [release] * 4)
            released = [one.id for found in answers if isinstance(found, list) for one in found]
            assert len(released) == len(set(released)) == 5
