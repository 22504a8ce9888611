"""Another time at once for a caller whose time is gone."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from booking_core.availability import Rules
from booking_core.bookings import find_hold, hold_nearest, hold_slot
from booking_core.bookings.nearest import first_of_each_day
from booking_core.database import Connection
from booking_core.errors import HoldInvalid, RangeInvalid, SlotTaken, TooManyHolds
from tests.booking_core.factories import (
    NOW,
    TODAY,
    add_override,
    at,
    make_booking,
    make_consultant,
    make_service,
    slot_at,
    slots_on,
)

TEN: Final = at(TODAY, "10:00")
QUARTER: Final = timedelta(minutes=15)
DAY: Final = timedelta(days=1)


async def test_the_nearest_is_held_and_two_more_are_named(conn: Connection) -> None:
    await make_consultant(conn)
    service = await make_service(conn)
    await make_booking(conn, await slot_at(conn, service, TEN))
    found = await hold_nearest(conn, service, TEN, "conv_1", now=NOW)
    assert found.hold.slot.start == TEN - QUARTER
    assert [slot.start for slot in found.others] == [TEN - 2 * QUARTER, TEN + QUARTER]
    assert await find_hold(conn, "conv_1", now=NOW) == found.hold
    for other in found.others:
        assert other in await slots_on(conn, service, conversation_id="conv_1")


async def test_anybody_who_is_free_at_the_very_time_is_nearest(conn: Connection) -> None:
    taken, free = await make_consultant(conn), await make_consultant(conn)
    service = await make_service(conn)
    (slot,) = [
        slot for slot in await slots_on(conn, service, consultant_id=taken) if slot.start == TEN
    ]
    await make_booking(conn, slot)
    found = await hold_nearest(conn, service, TEN, "conv_1", now=NOW)
    assert (found.hold.slot.start, found.hold.slot.consultant_id) == (TEN, free)
    assert TEN not in [slot.start for slot in found.others]


async def test_days_are_passed_over_until_one_has_room(conn: Connection) -> None:
    consultant = await make_consultant(conn, timezone="Pacific/Auckland")
    service = await make_service(conn)
    for days in range(-1, 20):
        await add_override(conn, consultant, TODAY + days * DAY)
    found = await hold_nearest(conn, service, TEN, "conv_1", now=NOW)
    assert found.hold.slot.start.date() == TODAY + 20 * DAY


async def test_the_conversations_own_hold_is_in_nobodys_way(conn: Connection) -> None:
    await make_consultant(conn)
    service = await make_service(conn)
    slot = await slot_at(conn, service, TEN)
    await hold_slot(conn, slot, "conv_1", now=NOW)
    assert (await hold_nearest(conn, service, TEN, "conv_1", now=NOW)).hold.slot == slot


async def test_with_one_slot_left_there_are_no_others(conn: Connection) -> None:
    await make_consultant(conn, hours=(("09:00", "09:15"),), days=(1,))
    service = await make_service(conn, horizon_days=5)
    found = await hold_nearest(conn, service, TEN, "conv_1", now=NOW)
    assert list(found.others) == []
    with pytest.raises(SlotTaken):
        await hold_nearest(conn, service, TEN, "conv_2", now=NOW)


async def test_every_rule_is_kept(conn: Connection) -> None:
    await make_consultant(conn)
    service, other = await make_service(conn), await make_service(conn)
    await make_booking(conn, await slot_at(conn, other, TEN))
    rules = Rules(consultant_daily_limit=1)
    found = await hold_nearest(conn, service, TEN, "conv_1", now=NOW, rules=rules)
    assert found.hold.slot.start == at(TODAY, "09:00") + DAY


async def test_who_keeps_enough_is_held_nothing_more(conn: Connection) -> None:
    await make_consultant(conn)
    service = await make_service(conn)
    for number in range(3):
        await hold_nearest(conn, service, TEN, f"conv_{number}", now=NOW, caller="+4930123456")
    with pytest.raises(TooManyHolds):
        await hold_nearest(conn, service, TEN, "conv_x", now=NOW, caller="+4930123456")
    with pytest.raises(HoldInvalid):
        await hold_nearest(conn, service, TEN, "", now=NOW)
    with pytest.raises(HoldInvalid):
        await hold_nearest(conn, service, TEN, "conv_x", now=NOW, keep_for=DAY)


@pytest.mark.parametrize(
    "around",
    [
        TEN.replace(tzinfo=None),
        datetime.min.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
    ],
)
async def test_near_no_time_nothing_is_held(conn: Connection, around: datetime) -> None:
    await make_consultant(conn)
    service = await make_service(conn)
    with pytest.raises(RangeInvalid):
        await hold_nearest(conn, service, around, "conv_1", now=NOW)


@pytest.mark.parametrize("years", [-50, -1, 1, 900])
async def test_near_a_time_that_nobody_offers_nothing_is_held(conn: Connection, years: int) -> None:
    await make_consultant(conn)
    service = await make_service(conn)
    with pytest.raises(SlotTaken):
        await hold_nearest(conn, service, TEN.replace(year=2031 + years), "conv_1", now=NOW)


async def test_each_day_of_each_consultant_is_tried_once(conn: Connection) -> None:
    consultants = {await make_consultant(conn) for _ in range(2)}
    service = await make_service(conn)
    slots = await slots_on(conn, service) + await slots_on(conn, service, TODAY + DAY)
    firsts = list(first_of_each_day(slots))
    assert len(firsts) == 4
    assert {slot.consultant_id for slot in firsts} == consultants
    assert {slot.start.hour for slot in firsts} == {9}
