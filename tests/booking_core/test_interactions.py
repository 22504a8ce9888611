"""The customer's journey."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from booking_core.database import Connection
from booking_core.errors import (
    BookingError,
    BookingNotFound,
    CustomerNotFound,
    PageInvalid,
    StaffMemberNotFound,
    ValueInvalid,
)
from booking_core.interactions import add_note, list_interactions, record_interaction
from booking_core.interactions.model import POTENTIALS, TYPES
from tests.booking_core.factories import (
    NOW,
    add_booking,
    enum_values,
    make_consultant,
    make_customer,
    make_service,
)

NOBODY = UUID("00000000-0000-4000-8000-000000000000")


async def test_an_interaction_is_kept_and_moves_the_customers_latest_date(
    conn: Connection,
) -> None:
    customer = await make_customer(conn)
    interaction_id = await record_interaction(
        conn, customer.id, "voice_consultation", details={"conversation_id": "conv_1"}, now=NOW
    )
    row = await conn.fetchrow("SELECT * FROM customer_interactions WHERE id = $1", interaction_id)
    assert row is not None
    assert row["details"] == {"conversation_id": "conv_1"}
    assert row["interaction_date"] == NOW
    latest = "SELECT last_interaction_date FROM customer_metrics WHERE id = $1"
    assert await conn.fetchval(latest, customer.id) == NOW


async def test_an_older_interaction_never_moves_the_latest_date_back(conn: Connection) -> None:
    customer = await make_customer(conn)
    for moment in (NOW, NOW - timedelta(days=3)):
        await record_interaction(conn, customer.id, "voice_consultation", details={}, now=moment)
    latest = "SELECT last_interaction_date FROM customer_metrics WHERE id = $1"
    assert await conn.fetchval(latest, customer.id) == NOW


async def test_the_journey_is_told_latest_first_in_pages(conn: Connection) -> None:
    customer = await make_customer(conn)
    other = await make_customer(conn, email="bob@example.com")
    made = []
    for number in range(5):
        moment = NOW + timedelta(hours=number // 2)  # two at once: the id decides
        said: dict[str, Any] = {"details": {"number": number}, "now": moment}
        made.append((moment, await record_interaction(conn, customer.id, "note", **said)))
        await record_interaction(conn, other.id, "email_sent", **said)
    seen = []
    page = await list_interactions(conn, customer.id, limit=2)
    seen += [one.id for one in page.items]
    while page.next_cursor is not None:
        page = await list_interactions(conn, customer.id, limit=2, cursor=page.next_cursor)
        seen += [one.id for one in page.items]
    assert seen == [interaction_id for _, interaction_id in sorted(made, reverse=True)]


async def test_an_interaction_says_who_had_it_and_what_it_is_worth(conn: Connection) -> None:
    customer = await make_customer(conn)
    consultant = await make_consultant(conn)
    booking = await add_booking(conn, customer, await make_service(conn))
    await record_interaction(
        conn,
        customer.id,
        "consultation_completed",
        booking_id=booking,
        details={},
        staff_member=consultant,
        value_score=80,
        conversion_potential="high",
        now=NOW,
    )
    (told,) = (await list_interactions(conn, customer.id)).items
    assert (told.booking_id, told.staff_member) == (booking, consultant)
    assert (told.value_score, told.conversion_potential) == (80, "high")


async def test_what_json_cannot_keep_is_replaced(conn: Connection) -> None:
    customer = await make_customer(conn)
    odd = {"said": "a\0b", "score": float("nan"), "sql": "'; DROP TABLE bookings; --"}
    await record_interaction(conn, customer.id, "note", details=odd, now=NOW)
    (told,) = (await list_interactions(conn, customer.id)).items
    assert told.details == {"said": "a\ufffdb", "score": None, "sql": odd["sql"]}


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"interaction_type": "séance"}, ValueInvalid),
        ({"interaction_type": "'; --"}, ValueInvalid),
        ({"value_score": -1}, ValueInvalid),
        ({"value_score": 101}, ValueInvalid),
        ({"conversion_potential": "enormous"}, ValueInvalid),
        ({"now": NOW.replace(tzinfo=None)}, ValueInvalid),
        ({"now": NOW.replace(year=9999)}, ValueInvalid),
        ({"customer_id": NOBODY}, CustomerNotFound),
        ({"booking_id": NOBODY}, BookingNotFound),
        ({"staff_member": NOBODY}, StaffMemberNotFound),
    ],
    ids=str,
)
async def test_an_interaction_that_makes_no_sense_is_refused(
    conn: Connection, said: dict[str, Any], refusal: type[BookingError]
) -> None:
    customer = await make_customer(conn)
    usual: dict[str, Any] = {
        "customer_id": customer.id,
        "interaction_type": "note",
        "details": {},
        "now": NOW,
    }
    with pytest.raises(refusal):
        await record_interaction(conn, **usual | said)
    assert (await list_interactions(conn, customer.id)).items == []


async def test_a_list_too_long_for_a_page_is_refused(conn: Connection) -> None:
    with pytest.raises(PageInvalid):
        await list_interactions(conn, uuid4(), limit=201)
    assert (await list_interactions(conn, uuid4())).items == []


@pytest.mark.parametrize(
    ("names", "enum"), [(TYPES, "interaction_type"), (POTENTIALS, "conversion_potential")]
)
async def test_the_kinds_are_the_schemas(conn: Connection, names: Sequence[str], enum: str) -> None:
    assert await enum_values(conn, enum) == set(names)


async def test_a_note_is_kept_in_words(conn: Connection) -> None:
    customer = await make_customer(conn)
    note = await add_note(conn, customer.id, "  Prefers mornings.  ", now=NOW)
    assert (note.interaction_type, note.details) == ("note", {"note": "Prefers mornings."})
    assert list((await list_interactions(conn, customer.id)).items) == [note]


@pytest.mark.parametrize("note", ["", "  ", "x" * 10_001, "a\0b", "\ud800"])
async def test_a_note_that_says_nothing_or_cannot_be_kept_is_refused(
    conn: Connection, note: str
) -> None:
    customer = await make_customer(conn)
    with pytest.raises(ValueInvalid):
        await add_note(conn, customer.id, note, now=NOW)


async def test_there_are_no_notes_about_nobody(conn: Connection) -> None:
    with pytest.raises(CustomerNotFound):
        await add_note(conn, uuid4(), "Hello", now=NOW)
