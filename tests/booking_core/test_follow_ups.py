"""What is owed after a booking is made once, seen in time, and closed for good."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from booking_core.customers import set_do_not_contact
from booking_core.database import Connection, open_pool
from booking_core.errors import (
    BookingError,
    BookingNotFound,
    BookingNotOver,
    FollowUpClosed,
    FollowUpNotFound,
    PageInvalid,
    StaffMemberNotFound,
    ValueInvalid,
)
from booking_core.follow_ups import (
    DEFAULT_RULES,
    FollowUp,
    FollowUpRule,
    assign_follow_up,
    cancel_follow_up,
    complete_follow_up,
    create_follow_ups,
    fail_follow_up,
    get_follow_up,
    list_open_follow_ups,
    mark_overdue,
    reschedule_follow_up,
    start_follow_up,
)
from booking_core.follow_ups.model import CLOSED, EVENTS, OPEN, PRIORITIES, TYPES
from tests.booking_core.factories import (
    NOW,
    add_booking,
    enum_values,
    make_consultant,
    make_customer,
    make_service,
    make_user,
)
from tests.conftest import FreshDatabase

DAY = timedelta(days=1)
CALL = FollowUpRule(
    event="completed", follow_up_type="phone_call", due_after=DAY, title="Call '; -- them"
)


async def make_booking(conn: Connection, status: str = "completed", **columns: Any) -> UUID:
    customer, service = await make_customer(conn), await make_service(conn)
    return await add_booking(conn, customer, service, status=status, **columns)


async def make_follow_up(conn: Connection) -> FollowUp:
    (made,) = await create_follow_ups(
        conn, await make_booking(conn), "completed", rules=[CALL], now=NOW
    )
    return made


async def test_a_completed_booking_owes_what_the_rules_say(conn: Connection) -> None:
    consultant = await make_consultant(conn)
    booking = await make_booking(conn, consultant_id=consultant)
    made = await create_follow_ups(conn, booking, "completed", now=NOW)
    expected = [rule for rule in DEFAULT_RULES if rule.event == "completed"]
    assert [(one.follow_up_type, one.due_date, one.title, one.priority) for one in made] == [
        (rule.follow_up_type, NOW + rule.due_after, rule.title, rule.priority) for rule in expected
    ]
    assert {one.assigned_to for one in made} == {consultant}
    assert {(one.status, one.created_at) for one in made} == {("pending", NOW)}


async def test_somebody_who_did_not_come_is_called(conn: Connection) -> None:
    booking = await make_booking(conn, "no_show")
    (made,) = await create_follow_ups(conn, booking, "no_show", now=NOW)
    assert (made.follow_up_type, made.priority, made.assigned_to) == ("phone_call", "high", None)


async def test_a_booking_never_owes_two_of_one_type(conn: Connection) -> None:
    booking = await make_booking(conn)
    later = FollowUpRule(
        event="completed", follow_up_type="phone_call", due_after=9 * DAY, title="Later"
    )
    made = await create_follow_ups(conn, booking, "completed", rules=[later, CALL], now=NOW)
    assert [one.title for one in made] == [CALL.title]
    await complete_follow_up(conn, made[0].id, outcome="Done", now=NOW + DAY)
    assert await create_follow_ups(conn, booking, "completed", rules=[CALL], now=NOW + DAY) == []


async def test_nothing_is_owed_where_nobody_wants_it(conn: Connection) -> None:
    wanted_none = await make_booking(conn, follow_up_required=False)
    assert await create_follow_ups(conn, wanted_none, "completed", now=NOW) == []
    booking = await make_booking(conn)
    customer = await make_customer(conn)
    await set_do_not_contact(conn, customer.id, now=NOW)
    assert await create_follow_ups(conn, booking, "completed", now=NOW) == []


@pytest.mark.parametrize("status", ["pending", "cancelled", "no_show"])
async def test_a_booking_that_did_not_take_place_owes_nothing(
    conn: Connection, status: str
) -> None:
    booking = await make_booking(conn, status)
    with pytest.raises(BookingNotOver):
        await create_follow_ups(conn, booking, "completed", now=NOW)


async def test_an_unknown_booking_owes_nothing(conn: Connection) -> None:
    with pytest.raises(BookingNotFound):
        await create_follow_ups(conn, uuid4(), "completed", now=NOW)


@pytest.mark.parametrize(
    "said",
    [
        {"event": "cancelled"},
        {"follow_up_type": "fax"},
        {"priority": "'; --"},
        {"title": "a\0b"},
        {"title": "x" * 256},
        {"title": ""},
        {"due_after": -DAY},
        {"due_after": timedelta.max},
    ],
    ids=ascii,
)
async def test_a_rule_that_makes_no_sense_is_refused(
    conn: Connection, said: dict[str, Any]
) -> None:
    fields: dict[str, Any] = {
        "event": "completed",
        "follow_up_type": "email",
        "due_after": DAY,
        "title": "Thank them",
    }
    rule = FollowUpRule(**fields | said)
    with pytest.raises(ValueInvalid):
        await create_follow_ups(conn, await make_booking(conn), "completed", rules=[rule], now=NOW)


async def test_an_event_that_is_none_is_refused(conn: Connection) -> None:
    event: Any = "cancelled"
    with pytest.raises(ValueInvalid):
        await create_follow_ups(conn, await make_booking(conn), event, now=NOW)


async def test_twenty_at_once_make_each_type_once(fresh_database: FreshDatabase) -> None:
    async with fresh_database() as dsn, await open_pool(dsn, max_size=20) as pool:
        async with pool.acquire() as conn:
            booking = await make_booking(conn)

        async def ask() -> list[FollowUp]:
            async with pool.acquire() as conn, conn.transaction():
                return await create_follow_ups(conn, booking, "completed", now=NOW)

        made = await asyncio.gather(*(ask() for _ in range(20)))
        assert sum(map(len, made)) == await pool.fetchval("SELECT count(*) FROM follow_ups") == 2


async def test_what_is_owed_is_listed_the_longest_due_first(conn: Connection) -> None:
    consultant = await make_consultant(conn)
    first = await make_booking(conn, consultant_id=consultant)
    made = await create_follow_ups(conn, first, "completed", now=NOW - DAY)
    made += await create_follow_ups(conn, await make_booking(conn), "completed", now=NOW)
    expected = sorted(made, key=lambda one: (one.comes_due_at, one.id))
    seen: list[UUID] = []
    page = await list_open_follow_ups(conn, limit=1)
    seen += [one.id for one in page.items]
    while page.next_cursor is not None:
        page = await list_open_follow_ups(conn, limit=1, cursor=page.next_cursor)
        seen += [one.id for one in page.items]
    assert seen == [one.id for one in expected]
    due = await list_open_follow_ups(conn, due_by=NOW)
    assert [one.id for one in due.items] == [expected[0].id]
    theirs = await list_open_follow_ups(conn, assigned_to=consultant)
    assert len(theirs.items) == 2
    await cancel_follow_up(conn, expected[0].id, reason="Not needed")
    assert expected[0].id not in [one.id for one in (await list_open_follow_ups(conn)).items]


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"limit": 0}, PageInvalid),
        ({"cursor": "x"}, PageInvalid),
        ({"due_by": datetime(2031, 1, 6)}, ValueInvalid),  # noqa: DTZ001  # the point
        ({"due_by": NOW.replace(year=9999)}, ValueInvalid),
    ],
    ids=str,
)
async def test_a_list_that_makes_no_sense_is_refused(
    conn: Connection, asked: dict[str, Any], refusal: type[BookingError]
) -> None:
    with pytest.raises(refusal):
        await list_open_follow_ups(conn, **asked)


async def test_what_is_past_its_time_is_marked_once(conn: Connection) -> None:
    made = await make_follow_up(conn)
    assert await mark_overdue(conn, now=NOW + DAY) == []  # due now is not yet late
    assert await mark_overdue(conn, now=NOW + 2 * DAY) == [made.id]
    assert await mark_overdue(conn, now=NOW + 2 * DAY) == []
    assert (await get_follow_up(conn, made.id)).status == "overdue"


async def test_what_somebody_has_begun_is_not_marked(conn: Connection) -> None:
    made = await make_follow_up(conn)
    assert (await start_follow_up(conn, made.id)).status == "in_progress"
    assert await mark_overdue(conn, now=NOW + 9 * DAY) == []


async def test_two_jobs_at_once_mark_each_one_once(fresh_database: FreshDatabase) -> None:
    async with fresh_database() as dsn, await open_pool(dsn, max_size=8) as pool:
        async with pool.acquire() as conn:
            for _ in range(20):
                await create_follow_ups(conn, await make_booking(conn), "completed", now=NOW)

        async def run() -> list[UUID]:
            async with pool.acquire() as conn, conn.transaction():
                return await mark_overdue(conn, now=NOW + 30 * DAY)

        marked = [one for run in await asyncio.gather(*(run() for _ in range(8))) for one in run]
        assert len(marked) == len(set(marked)) == 40


async def test_a_completed_one_says_what_came_of_it(conn: Connection) -> None:
    made = await make_follow_up(conn)
    done = await complete_follow_up(
        conn, made.id, outcome=" They sign '; -- ", next_action="Send the contract", now=NOW + DAY
    )
    assert done == await get_follow_up(conn, made.id)
    assert (done.status, done.outcome, done.next_action, done.completed_date) == (
        "completed",
        "They sign '; --",
        "Send the contract",
        NOW + DAY,
    )


async def test_one_that_came_to_nothing_says_why(conn: Connection) -> None:
    failed = await fail_follow_up(conn, (await make_follow_up(conn)).id, outcome="No answer")
    assert (failed.status, failed.outcome, failed.completed_date) == ("failed", "No answer", None)


CHANGES: dict[str, Callable[[Connection, UUID], Awaitable[FollowUp]]] = {
    "start": start_follow_up,
    "complete": lambda conn, row: complete_follow_up(conn, row, outcome="Done", now=NOW),
    "fail": lambda conn, row: fail_follow_up(conn, row, outcome="No answer"),
    "cancel": lambda conn, row: cancel_follow_up(conn, row, reason="Not needed"),
    "reschedule": lambda conn, row: reschedule_follow_up(conn, row, NOW + DAY, now=NOW),
    "assign": lambda conn, row: assign_follow_up(conn, row, None),
}


@pytest.mark.parametrize("closing", ["complete", "fail", "cancel"])
async def test_what_is_closed_stays_closed(conn: Connection, closing: str) -> None:
    made = await make_follow_up(conn)
    closed = await CHANGES[closing](conn, made.id)
    for change in CHANGES.values():
        with pytest.raises(FollowUpClosed):
            await change(conn, made.id)
    assert await get_follow_up(conn, made.id) == closed


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_an_unknown_one_is_refused(
    conn: Connection, change: Callable[[Connection, UUID], Awaitable[FollowUp]]
) -> None:
    with pytest.raises(FollowUpNotFound):
        await change(conn, uuid4())


async def test_an_overdue_one_with_a_new_time_is_pending_again(conn: Connection) -> None:
    made = await make_follow_up(conn)
    await mark_overdue(conn, now=NOW + 2 * DAY)
    later = await reschedule_follow_up(conn, made.id, NOW + 3 * DAY, now=NOW + 2 * DAY)
    assert (later.status, later.due_date) == ("pending", NOW + 3 * DAY)


@pytest.mark.parametrize(
    "due",
    [NOW, NOW - DAY, NOW.replace(tzinfo=None) + DAY, NOW.replace(year=9999), NOW.replace(year=1)],
    ids=str,
)
async def test_a_due_time_that_makes_no_sense_is_refused(conn: Connection, due: datetime) -> None:
    made = await make_follow_up(conn)
    with pytest.raises(ValueInvalid):
        await reschedule_follow_up(conn, made.id, due, now=NOW)


async def test_it_is_given_to_staff_alone(conn: Connection) -> None:
    made = await make_follow_up(conn)
    consultant = await make_consultant(conn)
    assert (await assign_follow_up(conn, made.id, consultant)).assigned_to == consultant
    for nobody in (uuid4(), await make_user(conn, email="bob@example.com")):
        with pytest.raises(StaffMemberNotFound):
            await assign_follow_up(conn, made.id, nobody)
    assert (await assign_follow_up(conn, made.id, None)).assigned_to is None


@pytest.mark.parametrize("text", ["", "  ", "a\0b", "\ud800", "x" * 10_001], ids=ascii)
async def test_words_that_cannot_be_kept_are_refused(conn: Connection, text: str) -> None:
    made = await make_follow_up(conn)
    actions: Sequence[Callable[[], Awaitable[FollowUp]]] = [
        lambda: complete_follow_up(conn, made.id, outcome=text, now=NOW),
        lambda: complete_follow_up(conn, made.id, outcome="Done", next_action=text, now=NOW),
        lambda: fail_follow_up(conn, made.id, outcome=text),
        lambda: cancel_follow_up(conn, made.id, reason=text),
    ]
    for action in actions:
        with pytest.raises(ValueInvalid):
            await action()


async def test_nothing_is_completed_before_it_is_made(conn: Connection) -> None:
    made = await make_follow_up(conn)
    with pytest.raises(ValueInvalid):
        await complete_follow_up(conn, made.id, outcome="Done", now=NOW - DAY)


@pytest.mark.parametrize(
    ("names", "enum"),
    [
        (TYPES, "follow_up_type"),
        (PRIORITIES, "priority_level"),
        (OPEN + CLOSED, "follow_up_status"),
    ],
)
async def test_the_kinds_are_the_schemas(conn: Connection, names: Sequence[str], enum: str) -> None:
    assert await enum_values(conn, enum) == set(names)


async def test_the_events_are_statuses_of_a_booking(conn: Connection) -> None:
    assert set(EVENTS) < await enum_values(conn, "booking_status")
