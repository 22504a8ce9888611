"""Why a time is not offered, and that what is said agrees with what is offered."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import uuid4

import pytest

from booking_core.availability import (
    ConsultantExplanation,
    Reason,
    Rules,
    Slot,
    add_time_off,
    explain,
    find_slots,
)
from booking_core.database import Connection
from booking_core.errors import ConsultantNotFound, RangeInvalid
from booking_core.services import Service
from tests.booking_core.factories import (
    NOW,
    TODAY,
    add_override,
    at,
    hold_slot,
    make_booking,
    make_consultant,
    make_service,
    slot_at,
)

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
TOMORROW = TODAY + DAY


async def ask(
    conn: Connection,
    service: Service,
    clock: str,
    *,
    on: date = TODAY,
    rules: Rules = Rules(),
    conversation_id: str | None = None,
) -> ConsultantExplanation:
    """What is said of the only consultant there is."""
    said = await explain(
        conn, service, at(on, clock), now=NOW, rules=rules, conversation_id=conversation_id
    )
    assert said.end - said.start == service.duration
    (one,) = said.consultants
    assert said.offered == (one.reason is Reason.OFFERED)
    return one


async def test_a_free_time_is_said_to_be_offered(conn: Connection) -> None:
    consultant = await make_consultant(conn)
    one = await ask(conn, await make_service(conn), "09:15")
    assert (one.consultant_id, one.reason) == (consultant, Reason.OFFERED)
    assert one.sentence == "The time is free."


@pytest.mark.parametrize(
    ("clock", "on", "reason"),
    [
        ("07:00", TODAY, Reason.NOTICE),  # over: it is eight o'clock
        ("09:00", TODAY, Reason.NOTICE),
        ("10:00", TODAY, Reason.OFFERED),
        ("10:10", TODAY, Reason.STEP),
        ("16:45", TODAY, Reason.HOURS),  # would end a quarter of an hour late
        ("22:00", TODAY, Reason.HOURS),
        ("10:00", TODAY + 5 * DAY, Reason.HOURS),  # a Saturday
        ("10:00", TODAY + 7 * DAY, Reason.HORIZON),
    ],
)
async def test_hours_step_notice_and_horizon_have_their_names(
    conn: Connection, clock: str, on: date, reason: Reason
) -> None:
    await make_consultant(conn)
    service = await make_service(
        conn, duration_minutes=30, minimum_notice_minutes=90, horizon_days=7
    )
    assert (await ask(conn, service, clock, on=on)).reason is reason


async def test_sentences_name_dates_and_numbers(conn: Connection) -> None:
    consultant = await make_consultant(conn)
    service = await make_service(conn, minimum_notice_minutes=90)
    assert "90 minutes" in (await ask(conn, service, "09:00")).sentence
    await add_override(conn, consultant, TOMORROW)
    assert "Tuesday 2031-01-07" in (await ask(conn, service, "09:00", on=TOMORROW)).sentence


async def test_the_exception_that_closes_a_time_is_named(conn: Connection) -> None:
    consultant = await make_consultant(conn)
    service = await make_service(conn, duration_minutes=60)
    await add_override(conn, consultant, TODAY, "11:00", "12:00", is_available=True)
    await add_override(conn, consultant, TODAY, "14:00", "15:00", is_available=True)
    await add_override(conn, consultant, TODAY, "14:00", "14:30")
    ids = {
        f"{row['start_time']:%H:%M}-{row['end_time']:%H:%M}": row["id"]
        for row in await conn.fetch("SELECT id, start_time, end_time FROM availability_overrides")
    }
    cut = await ask(conn, service, "14:00")
    assert (cut.reason, cut.override_id) == (Reason.OVERRIDE, ids["14:00-14:30"])
    replaced = await ask(conn, service, "09:00")
    assert replaced.reason is Reason.OVERRIDE
    assert replaced.override_id in {ids["11:00-12:00"], ids["14:00-15:00"]}
    assert (await ask(conn, service, "11:00")).reason is Reason.OFFERED
    assert (await ask(conn, service, "20:00")).reason is Reason.HOURS


async def test_time_off_is_named_by_its_date(conn: Connection) -> None:
    consultant = await make_consultant(conn)
    service = await make_service(conn)
    await add_time_off(conn, consultant, first=TODAY, last=TODAY + 3 * DAY)
    off = await ask(conn, service, "09:00", on=TOMORROW)
    found = await conn.fetchval(
        "SELECT specific_date FROM availability_overrides WHERE id = $1", off.override_id
    )
    assert (off.reason, found) == (Reason.OVERRIDE, TOMORROW)


async def test_the_booking_or_hold_in_the_way_is_named(conn: Connection) -> None:
    await make_consultant(conn)
    service = await make_service(conn, duration_minutes=30, buffer_after_minutes=15)
    first = await slot_at(conn, service, at(TODAY, "09:00"))
    second = await slot_at(conn, service, at(TODAY, "12:00"))
    booking = await make_booking(conn, first)
    hold_id = await hold_slot(conn, second, "conv_1", expires_at=NOW + DAY)
    taken = await ask(conn, service, "09:15")
    assert (taken.reason, taken.booking_id, taken.hold_id) == (Reason.BOOKING, booking.id, None)
    close = await ask(conn, service, "09:30")
    assert (close.reason, close.booking_id) == (Reason.BUFFER, booking.id)
    held = await ask(conn, service, "12:00")
    assert (held.reason, held.booking_id, held.hold_id) == (Reason.HOLD, None, hold_id)
    own = await ask(conn, service, "12:00", conversation_id="conv_1")
    assert own.reason is Reason.OFFERED


async def test_limits_of_a_day_are_told_from_one_another(conn: Connection) -> None:
    await make_consultant(conn)
    limited = await make_service(conn, max_daily_bookings=1)
    other = await make_service(conn)
    await make_booking(conn, await slot_at(conn, limited, at(TODAY, "09:00")))
    assert (await ask(conn, limited, "12:00")).reason is Reason.SERVICE_DAILY_LIMIT
    assert (await ask(conn, other, "12:00")).reason is Reason.OFFERED
    rules = Rules(consultant_daily_limit=1)
    assert (await ask(conn, other, "12:00", rules=rules)).reason is Reason.CONSULTANT_DAILY_LIMIT
    tomorrow = await ask(conn, other, "12:00", on=TOMORROW, rules=rules)
    assert tomorrow.reason is Reason.OFFERED


async def test_what_is_not_active_is_said_first(conn: Connection) -> None:
    consultant = await make_consultant(conn)
    service = await make_service(conn)
    retired = replace(service, is_active=False)
    assert (await ask(conn, retired, "09:00")).reason is Reason.SERVICE_INACTIVE
    assert await find_slots(conn, retired, start=NOW, end=NOW + DAY, now=NOW) == []
    await conn.execute(
        "UPDATE profiles SET role = 'customer', is_staff = FALSE WHERE id = $1", consultant
    )
    said = await explain(conn, service, at(TODAY, "09:00"), now=NOW, consultant_id=consultant)
    assert [one.reason for one in said.consultants] == [Reason.CONSULTANT_INACTIVE]


async def test_an_unreadable_zone_and_missing_hours_are_reasons_too(conn: Connection) -> None:
    unreadable = await make_consultant(conn, timezone="America/New_york")
    without = await make_consultant(conn, hours=[])
    service = await make_service(conn)
    said = await explain(conn, service, at(TODAY, "09:00"), now=NOW)
    reasons = {one.consultant_id: one.reason for one in said.consultants}
    assert reasons == {unreadable: Reason.TIMEZONE, without: Reason.HOURS}


async def test_an_unknown_consultant_and_impossible_times_are_refused(conn: Connection) -> None:
    consultant = await make_consultant(conn)
    service = await make_service(conn)
    for unknown in (uuid4(), service.id):
        with pytest.raises(ConsultantNotFound):
            await explain(conn, service, NOW, now=NOW, consultant_id=unknown)
    for time, now in (
        (NOW.replace(tzinfo=None), NOW),
        (NOW, NOW.replace(tzinfo=None)),
        (datetime(1, 1, 1, tzinfo=UTC), NOW),
        (datetime(9999, 12, 31, 23, 59, tzinfo=UTC), NOW),
        (NOW, datetime(9999, 12, 31, tzinfo=UTC)),
    ):
        with pytest.raises(RangeInvalid):
            await explain(conn, service, time, now=now, consultant_id=consultant)


@pytest.mark.parametrize("seed", range(6))
async def test_a_time_is_said_to_be_offered_just_when_it_is(conn: Connection, seed: int) -> None:
    random = Random(seed)
    rules = Rules(
        consultant_daily_limit=random.choice([None, 3]), horizon_in_business_days=seed % 2 == 1
    )
    for number in range(3):
        consultant = await make_consultant(
            conn,
            timezone=random.choice(["UTC", "America/New_York", "Asia/Kathmandu"]),
            hours=[("09:00", "11:00"), ("11:00", "12:30"), ("22:30", "24:00")],
            max_bookings=random.randint(1, 2),
        )
        await add_override(conn, consultant, TODAY + number * DAY, "10:00", "10:40")
        await add_override(conn, consultant, TODAY + (number + 1) * DAY)
    services = [await make_some_service(conn, random) for _ in range(2)]
    for number in range(12):
        slots = await offered_by(conn, random.choice(services), rules)
        if slots and number % 3:
            await make_booking(conn, random.choice(slots))
        elif slots:
            await hold_slot(conn, random.choice(slots), f"conv_{number}", expires_at=NOW + DAY)
    tried: Counter[Reason] = Counter()
    for service in services:
        offered = {(one.consultant_id, one.start) for one in await offered_by(conn, service, rules)}
        for minute in random.sample(range(0, 5 * 1440, 5), 120):
            time = NOW + minute * MINUTE
            said = await explain(conn, service, time, now=NOW, rules=rules)
            assert len(said.consultants) == 3
            for one in said.consultants:
                free = one.reason is Reason.OFFERED
                assert free == ((one.consultant_id, time) in offered), one
                tried[one.reason] += 1
    assert min(tried[Reason.OFFERED], tried[Reason.HOURS], tried[Reason.STEP]) > 0


async def make_some_service(conn: Connection, random: Random) -> Service:
    return await make_service(
        conn,
        duration_minutes=random.choice([20, 45]),
        slot_step_minutes=random.choice([15, 30]),
        buffer_before_minutes=random.choice([0, 10]),
        buffer_after_minutes=random.choice([0, 5]),
        max_concurrent_bookings=random.choice([1, 2]),
        max_daily_bookings=random.choice([None, 5]),
        minimum_notice_minutes=random.choice([0, 60]),
        horizon_days=3,
    )


async def offered_by(conn: Connection, service: Service, rules: Rules) -> list[Slot]:
    return await find_slots(conn, service, start=NOW, end=NOW + 5 * DAY, now=NOW, rules=rules)
