"""Who gives a booking: a team, a named one, whom the customer knows; and wishes that are none."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid4

import pytest

from booking_core.bookings import (
    book_immediate,
    book_slot,
    book_time,
    cancel_booking,
    find_hold,
    hold_slot,
)
from booking_core.database import Connection
from booking_core.errors import (
    BookingInvalid,
    RangeInvalid,
    ServiceNeedsTime,
    SlotNotOffered,
    SlotTaken,
    TimezoneUnknown,
)
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

NINE: Final = at(TODAY, "09:00")
TEN: Final = at(TODAY, "10:00")


async def make_team(conn: Connection) -> tuple[Service, list[UUID]]:
    return await make_service(conn), [await make_consultant(conn) for _ in range(3)]


async def test_only_the_team_is_chosen_from(conn: Connection) -> None:
    service, (first, second, third) = await make_team(conn)
    wish = make_wish(await make_customer(conn))
    team = {second, third}
    booked = {
        (await book_time(conn, service, NINE, wish, now=NOW, team=team)).consultant_id
        for _ in range(2)
    }
    assert booked == team
    with pytest.raises(SlotTaken):
        await book_time(conn, service, NINE, wish, now=NOW, team=team)
    named = await book_time(conn, service, NINE, wish, now=NOW, team=[first])
    assert named.consultant_id == first
    for nobody in ([], [uuid4()]):
        with pytest.raises(SlotTaken):
            await book_time(conn, service, TEN, wish, now=NOW, team=nobody)


async def test_whom_the_customer_knows_comes_first_when_free(conn: Connection) -> None:
    service, consultants = await make_team(conn)
    known = consultants[1]
    for slot in await slots_on(conn, service, consultant_id=known):
        if slot.start == NINE:
            before = await make_booking(conn, slot)  # now the most loaded of all
    wish = make_wish(await make_customer(conn))
    again = await book_time(conn, service, TEN, wish, now=NOW, previous_first=True)
    assert again.consultant_id == known
    other = await book_time(conn, service, TEN, wish, now=NOW, previous_first=True)
    assert other.consultant_id != known
    for booking in (before, again, other):
        await cancel_booking(conn, booking.booking_reference, by="staff", now=NOW)
    await book_time(conn, service, TEN, wish, now=NOW, previous_first=True)


async def test_a_new_customer_knows_nobody(conn: Connection) -> None:
    service, consultants = await make_team(conn)
    wish = make_wish(await make_customer(conn, email="new@example.com"))
    booking = await book_time(conn, service, NINE, wish, now=NOW, previous_first=True)
    assert booking.consultant_id in consultants


async def test_the_load_is_that_of_the_consultants_own_date(conn: Connection) -> None:
    """Late in Auckland it is the next date there already: what was given today counts no more."""
    service = await make_service(conn)
    always = (("00:00", "24:00"),)
    near = await make_consultant(conn, hours=always, days=range(7))
    far = await make_consultant(conn, hours=always, days=range(7), timezone="Pacific/Auckland")
    for consultant, clock in ((near, "09:00"), (far, "09:00"), (far, "09:30")):
        (slot,) = [
            slot
            for slot in await slots_on(conn, service, consultant_id=consultant)
            if slot.start == at(TODAY, clock)
        ]
        await make_booking(conn, slot)
    wish = make_wish(await make_customer(conn))
    late = await book_time(conn, service, at(TODAY, "20:00"), wish, now=NOW)
    assert late.consultant_id == far


async def test_a_conversation_books_what_it_holds_at_any_consultants(conn: Connection) -> None:
    service = await make_service(conn)
    await make_consultant(conn)
    await hold_slot(conn, await slot_at(conn, service, NINE), "conv_1", now=NOW)
    wish = make_wish(await make_customer(conn))
    with pytest.raises(SlotTaken):
        await book_time(conn, service, NINE, wish, now=NOW, conversation_id="conv_\0")
    await book_time(conn, service, NINE, wish, now=NOW, conversation_id="conv_1")
    assert await find_hold(conn, "conv_1", now=NOW) is None


@pytest.mark.parametrize(
    "said",
    [
        {"source": "telepathy"},
        {"source": "website_booking'; --"},
        {"lead_score": -1},
        {"lead_score": 101},
        {"estimated_value": Decimal("NaN")},
        {"estimated_value": Decimal("Infinity")},
        {"estimated_value": Decimal(-1)},
        {"estimated_value": Decimal(10**10)},
    ],
)
async def test_what_no_booking_can_have_is_refused_in_words(
    conn: Connection, said: dict[str, Any]
) -> None:
    await make_consultant(conn)
    service = await make_service(conn)
    slot = await slot_at(conn, service, NINE)
    customer = await make_customer(conn)
    with pytest.raises(BookingInvalid):
        await book_slot(conn, make_new_booking(customer, slot, **said), now=NOW)
    with pytest.raises(BookingInvalid):
        await book_time(conn, service, NINE, make_wish(customer, **said), now=NOW)
    assert await conn.fetchval("SELECT count(*) FROM bookings") == 0


async def test_odd_text_is_kept_as_far_as_it_can_be(conn: Connection) -> None:
    await make_consultant(conn)
    slot = await slot_at(conn, await make_service(conn), NINE)
    customer = replace(await make_customer(conn), phone="+4930\0")
    said = "a\0b\ud800 '; DROP TABLE bookings; --"
    booking = await book_slot(
        conn, make_new_booking(customer, slot, project_description=said), now=NOW
    )
    assert booking.project_description == "a\ufffdb\ufffd '; DROP TABLE bookings; --"
    assert booking.customer_data["phone"] == "+4930\ufffd"


@pytest.mark.parametrize("year", [1, 1969, 3000, 9999])
async def test_no_time_of_another_age_is_booked(conn: Connection, year: int) -> None:
    await make_consultant(conn)
    wish = make_wish(await make_customer(conn))
    with pytest.raises(SlotTaken):
        await book_time(conn, await make_service(conn), NINE.replace(year=year), wish, now=NOW)


async def test_a_time_without_a_zone_is_refused(conn: Connection) -> None:
    await make_consultant(conn)
    wish = make_wish(await make_customer(conn))
    naive: datetime = NINE.replace(tzinfo=None)
    with pytest.raises(RangeInvalid):
        await book_time(conn, await make_service(conn), naive, wish, now=NOW)


async def test_only_an_immediate_service_is_booked_without_a_time(conn: Connection) -> None:
    wish = make_wish(await make_customer(conn))
    scheduled = await make_service(conn)
    immediate = await make_service(conn, booking_type="immediate")
    with pytest.raises(ServiceNeedsTime):
        await book_immediate(conn, scheduled, wish, now=NOW)
    with pytest.raises(SlotNotOffered):
        await book_immediate(conn, replace(immediate, is_active=False), wish, now=NOW)
    with pytest.raises(TimezoneUnknown):
        await book_immediate(conn, immediate, replace(wish, timezone="Mars/Phobos"), now=NOW)
    with pytest.raises(SlotNotOffered):
        await book_immediate(conn, immediate, wish, now=NOW, consultant_id=uuid4())
    assert await conn.fetchval("SELECT count(*) FROM bookings") == 0
