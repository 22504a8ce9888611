"""Staff edit weekly hours, exceptions and time off; nonsense is refused in words."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from booking_core.availability import (
    Override,
    Template,
    add_time_off,
    delete_override,
    delete_time_off,
    list_overrides,
    list_templates,
    list_time_off,
    put_override,
    put_templates,
)
from booking_core.consultants import change_timezone
from booking_core.database import Connection, connect
from booking_core.errors import (
    BookingError,
    ConsultantNotFound,
    HoursInvalid,
    OverrideConflict,
    OverrideNotFound,
    RangeInvalid,
    TimeOffNotFound,
    TimezoneUnknown,
)
from tests.booking_core.factories import (
    NOW,
    TODAY,
    add_override,
    make_consultant,
    make_service,
    make_user,
    slots_on,
)
from tests.conftest import FreshDatabase

DAY = timedelta(days=1)
INJECTION = "'); DROP TABLE availability_overrides; --"
MORNING = Template(day_of_week=1, start_minute=9 * 60, end_minute=10 * 60)
NIGHT = (
    Template(day_of_week=1, start_minute=22 * 60, end_minute=1440, max_bookings=2),
    Template(day_of_week=2, start_minute=0, end_minute=60, max_bookings=2),
)


async def clocks_on(conn: Connection, day: date = TODAY) -> list[str]:
    service = await make_service(conn, duration_minutes=60, slot_step_minutes=60)
    return [f"{slot.start:%H:%M}" for slot in await slots_on(conn, service, day)]


async def test_weekly_hours_replace_those_there_were(conn: Connection) -> None:
    consultant = await make_consultant(conn)
    stored = await put_templates(conn, consultant, [*NIGHT, MORNING])
    assert stored == [MORNING, *NIGHT]
    assert await list_templates(conn, consultant) == stored
    assert await clocks_on(conn) == ["09:00", "22:00", "23:00"]
    assert await clocks_on(conn, TODAY + DAY) == ["00:00"]
    assert await put_templates(conn, consultant, []) == []
    assert await clocks_on(conn) == []


async def test_hours_that_stay_are_not_written_again(conn: Connection) -> None:
    consultant = await make_consultant(conn, hours=[])
    await put_templates(conn, consultant, [MORNING, NIGHT[0]])
    rows = "SELECT id, xmin::text, max_bookings FROM availability_templates ORDER BY start_time"
    before = [tuple(row) for row in await conn.fetch(rows)]
    await put_templates(conn, consultant, [MORNING, replace(NIGHT[0], max_bookings=1)])
    after = [tuple(row) for row in await conn.fetch(rows)]
    assert after[0] == before[0]
    assert (after[1][0], after[1][2]) == (before[1][0], 1)


async def test_hours_that_were_switched_off_can_be_had_again(conn: Connection) -> None:
    consultant = await make_consultant(conn, hours=[])
    await put_templates(conn, consultant, [MORNING])
    await conn.execute("UPDATE availability_templates SET is_active = FALSE")
    assert await list_templates(conn, consultant) == []
    assert await put_templates(conn, consultant, [MORNING]) == [MORNING]


@pytest.mark.parametrize(
    "wrong",
    [
        {"day_of_week": 7},
        {"day_of_week": -1},
        {"day_of_week": "1; DROP TABLE profiles"},
        {"day_of_week": float("nan")},
        {"start_minute": 600, "end_minute": 600},
        {"start_minute": 600, "end_minute": 540},
        {"start_minute": -1},
        {"end_minute": 1441},
        {"end_minute": float("inf")},
        {"end_minute": None},
        {"start_minute": True},
        {"max_bookings": 0},
        {"max_bookings": -1},
        {"max_bookings": 40_000},
        {"max_bookings": 1.5},
    ],
)
async def test_hours_that_no_week_has_are_refused(conn: Connection, wrong: dict[str, Any]) -> None:
    consultant = await make_consultant(conn)
    before = await list_templates(conn, consultant)
    with pytest.raises(HoursInvalid):
        await put_templates(conn, consultant, [replace(MORNING, **wrong)])
    assert await list_templates(conn, consultant) == before


async def test_the_same_hours_twice_and_too_many_are_refused(conn: Connection) -> None:
    consultant = await make_consultant(conn)
    with pytest.raises(HoursInvalid, match="twice"):
        await put_templates(conn, consultant, [MORNING, replace(MORNING, max_bookings=2)])
    many = [replace(MORNING, end_minute=541 + number) for number in range(201)]
    with pytest.raises(HoursInvalid, match="200"):
        await put_templates(conn, consultant, many)


async def test_an_exception_is_put_listed_changed_and_taken_back(conn: Connection) -> None:
    consultant = await make_consultant(conn)
    wish = Override(
        specific_date=TODAY, start_minute=840, end_minute=1440, is_available=True, reason=INJECTION
    )
    stored = await put_override(conn, consultant, wish)
    assert stored.id is not None
    assert replace(stored, id=None) == wish
    assert await clocks_on(conn) == [f"{hour}:00" for hour in range(14, 24)]
    changed = await put_override(conn, consultant, replace(wish, max_bookings=3, reason=None))
    assert (changed.id, changed.max_bookings, changed.reason) == (stored.id, 3, None)
    closed = await put_override(conn, consultant, Override(specific_date=TODAY + DAY))
    listed = await list_overrides(conn, consultant, first=TODAY, last=TODAY + DAY)
    assert listed == [changed, closed]
    assert await clocks_on(conn, TODAY + DAY) == []
    await delete_override(conn, consultant, stored.id)
    assert await list_overrides(conn, consultant, first=TODAY, last=TODAY) == []
    with pytest.raises(OverrideNotFound):
        await delete_override(conn, consultant, stored.id)


async def test_one_consultants_exception_is_not_anothers_to_take_back(conn: Connection) -> None:
    owner, other = await make_consultant(conn), await make_consultant(conn)
    stored = await put_override(conn, owner, Override(specific_date=TODAY))
    assert stored.id is not None
    off = await add_time_off(conn, owner, first=TODAY + DAY, last=TODAY + DAY)
    with pytest.raises(OverrideNotFound):
        await delete_override(conn, other, stored.id)
    with pytest.raises(TimeOffNotFound):
        await delete_time_off(conn, other, off.id)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"start_minute": 600, "end_minute": 540}, HoursInvalid),
        ({"start_minute": 600}, HoursInvalid),
        ({"end_minute": 600}, HoursInvalid),
        ({"start_minute": 600, "end_minute": 5000}, HoursInvalid),
        ({"max_bookings": 0}, HoursInvalid),
        ({"reason": "x" * 256}, HoursInvalid),
        ({"specific_date": date(1, 1, 1)}, RangeInvalid),
        ({"specific_date": date(9999, 12, 31)}, RangeInvalid),
        ({"specific_date": NOW}, RangeInvalid),
        ({"specific_date": "2031-01-06"}, RangeInvalid),
    ],
)
async def test_exceptions_that_cannot_be_are_refused(
    conn: Connection, wrong: dict[str, Any], refusal: type[BookingError]
) -> None:
    consultant = await make_consultant(conn)
    with pytest.raises(refusal):
        await put_override(conn, consultant, replace(Override(specific_date=TODAY), **wrong))


async def test_a_reason_keeps_what_can_be_kept(conn: Connection) -> None:
    consultant = await make_consultant(conn)
    stored = await put_override(
        conn, consultant, Override(specific_date=TODAY, reason="a\0b\ud800c")
    )
    assert stored.reason == "a\ufffdb\ufffdc"


async def test_time_off_is_entered_listed_and_taken_back_as_a_whole(conn: Connection) -> None:
    consultant = await make_consultant(conn)
    first, last = TODAY + DAY, TODAY + 3 * DAY
    off = await add_time_off(conn, consultant, first=first, last=last, reason="Lisbon")
    assert (off.first, off.last, off.reason) == (first, last, "Lisbon")
    assert await list_time_off(conn, consultant, since=last) == [off]
    assert await list_time_off(conn, consultant, since=last + DAY) == []
    days = await list_overrides(conn, consultant, first=TODAY, last=TODAY + 9 * DAY)
    assert [one.specific_date for one in days] == [first, first + DAY, last]
    assert {(one.time_off_id, one.reason) for one in days} == {(off.id, "Lisbon")}
    assert [bool(await clocks_on(conn, TODAY + day * DAY)) for day in range(5)] == [
        True,
        False,
        False,
        False,
        True,
    ]
    await delete_time_off(conn, consultant, off.id)
    assert await list_time_off(conn, consultant, since=TODAY) == []
    assert await clocks_on(conn, first)
    with pytest.raises(TimeOffNotFound):
        await delete_time_off(conn, consultant, off.id)


async def test_time_off_closes_dates_with_other_hours_and_spares_closed_ones(
    conn: Connection,
) -> None:
    consultant = await make_consultant(conn)
    await add_override(conn, consultant, TODAY, "12:00", "14:00", is_available=True)
    await add_override(conn, consultant, TODAY + DAY)
    off = await add_time_off(conn, consultant, first=TODAY, last=TODAY + 2 * DAY)
    assert [await clocks_on(conn, TODAY + day * DAY) for day in range(3)] == [[], [], []]
    await delete_time_off(conn, consultant, off.id)
    assert await clocks_on(conn) == ["12:00", "13:00"]
    assert await clocks_on(conn, TODAY + DAY) == []
    assert await clocks_on(conn, TODAY + 2 * DAY)


async def test_what_contradicts_a_time_off_is_refused(conn: Connection) -> None:
    consultant = await make_consultant(conn)
    off = await add_time_off(conn, consultant, first=TODAY, last=TODAY + 2 * DAY)
    with pytest.raises(OverrideConflict, match=str(TODAY + DAY)):
        await add_time_off(conn, consultant, first=TODAY + DAY, last=TODAY + 5 * DAY)
    for is_available in (True, False):
        with pytest.raises(OverrideConflict, match=str(TODAY)):
            await put_override(
                conn, consultant, Override(specific_date=TODAY, is_available=is_available)
            )
    (first, *_) = await list_overrides(conn, consultant, first=TODAY, last=TODAY)
    assert first.id is not None
    with pytest.raises(OverrideNotFound):
        await delete_override(conn, consultant, first.id)
    opened = TODAY + 9 * DAY
    await add_override(conn, consultant, opened, is_available=True)
    with pytest.raises(OverrideConflict, match=str(opened)):
        await add_time_off(conn, consultant, first=TODAY + 8 * DAY, last=opened)
    assert await list_time_off(conn, consultant, since=TODAY) == [off]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (TODAY, TODAY - DAY),
        (TODAY, TODAY + 366 * DAY),
        (TODAY, TODAY + 10_000 * DAY),
        (date(1, 1, 1), date(1, 1, 2)),
        (date(9999, 12, 30), date(9999, 12, 31)),
        (NOW, NOW + DAY),
        ("2031-01-06", "2031-01-07"),
    ],
)
async def test_dates_that_make_no_range_are_refused(
    conn: Connection, first: date, last: date
) -> None:
    consultant = await make_consultant(conn)
    with pytest.raises(RangeInvalid):
        await add_time_off(conn, consultant, first=first, last=last)
    with pytest.raises(RangeInvalid):
        await list_overrides(conn, consultant, first=first, last=last)


async def test_only_the_staff_have_hours(conn: Connection) -> None:
    customer = await make_user(conn, email="customer@example.com")
    for nobody in (uuid4(), customer):
        with pytest.raises(ConsultantNotFound):
            await put_templates(conn, nobody, [MORNING])
        with pytest.raises(ConsultantNotFound):
            await put_override(conn, nobody, Override(specific_date=TODAY))
        with pytest.raises(ConsultantNotFound):
            await add_time_off(conn, nobody, first=TODAY, last=TODAY)
        with pytest.raises(ConsultantNotFound):
            await change_timezone(conn, nobody, "Europe/Berlin")


async def test_hours_are_read_in_the_zone_they_are_moved_to(conn: Connection) -> None:
    consultant = await make_consultant(conn, hours=[("09:00", "10:00")])
    await change_timezone(conn, consultant, "Asia/Tokyo")
    assert await clocks_on(conn, TODAY + DAY) == ["00:00"]
    for unknown in ("Mars/Phobos", "PST", "", "UTC\0", INJECTION, "x" * 10_000, "../etc/passwd"):
        with pytest.raises(TimezoneUnknown):
            await change_timezone(conn, consultant, unknown)


async def test_two_who_replace_the_week_at_once_leave_one_of_their_weeks(
    fresh_database: FreshDatabase,
) -> None:
    weeks = [
        [replace(MORNING, day_of_week=day, max_bookings=limit) for day in range(7)]
        for limit in (1, 2)
    ]
    weeks[1] = [replace(row, start_minute=row.start_minute + 30) for row in weeks[1]]
    async with fresh_database() as dsn:
        owner = await connect(dsn)
        consultant = await make_consultant(owner, hours=[])
        editors = [await connect(dsn) for _ in range(8)]
        for _ in range(5):
            await asyncio.gather(
                *(
                    put_templates(conn, consultant, weeks[number % 2])
                    for number, conn in enumerate(editors)
                )
            )
            assert await list_templates(owner, consultant) in weeks
        for conn in (owner, *editors):
            await conn.close()


async def test_time_off_that_two_enter_at_once_is_entered_once(
    fresh_database: FreshDatabase,
) -> None:
    async with fresh_database() as dsn:
        owner = await connect(dsn)
        consultant = await make_consultant(owner)
        editors = [await connect(dsn) for _ in range(8)]
        answers = await asyncio.gather(
            *(
                add_time_off(conn, consultant, first=TODAY, last=TODAY + number * DAY)
                for number, conn in enumerate(editors)
            ),
            return_exceptions=True,
        )
        entered = [answer for answer in answers if not isinstance(answer, BaseException)]
        refused = [answer for answer in answers if isinstance(answer, OverrideConflict)]
        assert (len(entered), len(refused)) == (1, 7)
        assert await list_time_off(owner, consultant, since=TODAY) == entered
        for conn in (owner, *editors):
            await conn.close()
