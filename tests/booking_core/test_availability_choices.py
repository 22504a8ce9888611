"""What a caller is given to choose from: slot ids, proposals, the nearest time."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking_core.availability import (
    Slot,
    find_nearest,
    get_slot,
    propose_slots,
    read_slot_id,
)
from booking_core.database import Connection
from booking_core.errors import ServiceNotFound, SlotIdInvalid
from tests.booking_core.factories import (
    NOW,
    TODAY,
    add_override,
    at,
    make_consultant,
    make_service,
    slots_on,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TOMORROW = TODAY + DAY


def clocks(slots: list[Slot]) -> list[str]:
    return [f"{slot.start:%H:%M}" for slot in slots]


async def test_an_id_leads_back_to_its_slot(conn: Connection) -> None:
    await make_consultant(conn, hours=(("09:00", "10:00"),))
    service = await make_service(conn)
    for slot in await slots_on(conn, service):
        assert await get_slot(conn, slot.slot_id) == slot
        assert len(slot.slot_id) == 48
        assert slot.slot_id.replace("-", "").replace("_", "").isalnum()


async def test_the_id_of_a_service_that_is_gone_is_refused(conn: Connection) -> None:
    slot = Slot(consultant_id=UUID(int=1), service_id=UUID(int=2), start=NOW, end=NOW + HOUR)
    with pytest.raises(ServiceNotFound):
        await get_slot(conn, slot.slot_id)


@pytest.mark.parametrize(
    "text",
    ["", "slot_1", "A" * 47, "A" * 49, "A" * 44, "ä" * 48, "+" * 48, "_" * 48, "A" * 44 + "=" * 4],
)
def test_what_is_no_id_is_refused_as_such(text: str) -> None:
    with pytest.raises(SlotIdInvalid):
        read_slot_id(text)


@given(st.text(max_size=60) | st.text("ABCxyz019-_=", min_size=44, max_size=52))
def test_no_text_breaks_the_reading_of_ids(text: str) -> None:
    try:
        key = read_slot_id(text)
    except SlotIdInvalid:
        return
    again = Slot(
        consultant_id=key.consultant_id, service_id=key.service_id, start=key.start, end=key.start
    )
    assert again.slot_id == text


async def test_proposals_are_near_the_wish_and_an_hour_apart(conn: Connection) -> None:
    for _ in range(2):
        await make_consultant(conn)
    service = await make_service(conn)
    around = at(TOMORROW, "13:00")
    proposed = await propose_slots(conn, service, around=around, now=NOW)
    assert clocks(proposed) == ["12:00", "13:00", "14:00"]
    assert {slot.start.date() for slot in proposed} == {TOMORROW}


async def test_proposals_without_a_wish_are_the_soonest(conn: Connection) -> None:
    await make_consultant(conn)
    service = await make_service(conn, minimum_notice_minutes=240)
    proposed = await propose_slots(conn, service, around=None, now=NOW)
    assert clocks(proposed) == ["12:00", "13:00", "14:00"]
    past = await propose_slots(conn, service, around=NOW - 30 * DAY, now=NOW)
    assert past == proposed


async def test_proposals_fill_up_with_closer_times_before_there_are_too_few(
    conn: Connection,
) -> None:
    consultant = await make_consultant(conn, hours=[])
    await add_override(conn, consultant, TODAY + 9 * DAY, "09:00", "10:00", is_available=True)
    service = await make_service(conn)
    proposed = await propose_slots(conn, service, around=None, now=NOW)
    assert clocks(proposed) == ["09:00", "09:15", "09:30"]


async def test_a_wish_far_from_anything_free_still_gets_proposals(conn: Connection) -> None:
    consultant = await make_consultant(conn, hours=[])
    await add_override(conn, consultant, TODAY + 9 * DAY, "09:00", "10:00", is_available=True)
    service = await make_service(conn, duration_minutes=60)
    proposed = await propose_slots(conn, service, around=NOW + 900 * DAY, now=NOW)
    assert [slot.start for slot in proposed] == [at(TODAY + 9 * DAY, "09:00")]


def test_the_nearest_slot_is_found_within_reach_alone() -> None:
    slots = [
        Slot(
            consultant_id=UUID(int=1),
            service_id=UUID(int=2),
            start=NOW + hours * HOUR,
            end=NOW + (hours + 1) * HOUR,
        )
        for hours in (1, 3, 9)
    ]
    assert find_nearest(slots, NOW + 2 * HOUR, within=2 * HOUR) == slots[0]
    assert find_nearest(slots, NOW + 8 * HOUR, within=2 * HOUR) == slots[2]
    assert find_nearest(slots, NOW + 6 * HOUR, within=2 * HOUR) is None
