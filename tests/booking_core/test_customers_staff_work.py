"""Staff look customers up, mend their contact data, and make one of two records of one person."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from booking_core.customers import (
    Contact,
    Customer,
    clear_do_not_contact,
    find_or_create_customer,
    get_customer,
    list_customers,
    merge_customers,
    set_do_not_contact,
    update_contact,
)
from booking_core.database import Connection
from booking_core.errors import (
    BookingError,
    ContactInvalid,
    ContactOfAccount,
    ContactTaken,
    CustomerNotFound,
    CustomersNotMergeable,
    MergeWithItself,
    PageInvalid,
    ValueInvalid,
)
from booking_core.interactions import list_interactions, record_interaction
from booking_core.leads import LeadJudgement, get_lead, judge_lead
from tests.booking_core.factories import NOW, add_booking, make_customer, make_service, make_user
from tests.sql.rows import insert, value

PHONE = "+4930123456"
DAY = timedelta(days=1)


async def make_account(conn: Connection, email: str) -> Customer:
    user_id = await make_user(conn, email=email)
    contact = Contact(user_id=user_id)
    return await find_or_create_customer(conn, contact, lead_source="referral", now=NOW)


async def test_a_customer_comes_with_name_counts_and_money_by_currency(conn: Connection) -> None:
    ada = await make_customer(conn, phone=PHONE)
    euros = await make_service(conn, price=100, requires_payment=True, currency="EUR")
    dollars = await make_service(conn, price=70, requires_payment=True)
    for service in (euros, euros, dollars):
        await add_booking(conn, ada, service, status="completed", payment_status="paid")
    await add_booking(conn, ada, dollars, status="completed", payment_status="pending")
    found = await get_customer(conn, ada.id)
    assert (found.name, found.email, found.phone) == ("Ada Lovelace", "ada@example.com", PHONE)
    assert found.total_bookings == 4
    assert found.revenue == {"EUR": Decimal("200.00"), "USD": Decimal("70.00")}


async def test_customers_are_listed_newest_first_in_pages(conn: Connection) -> None:
    made = []
    for number in range(5):
        contact = Contact(email=f"c{number}@pages.example")
        # Two of them at the same moment: the id decides.
        at = NOW + (number // 2) * DAY
        made.append(await find_or_create_customer(conn, contact, lead_source="referral", now=at))
    seen: list[UUID] = []
    cursor = None
    while True:
        page = await list_customers(conn, search="@pages.example", cursor=cursor, limit=2)
        seen += [customer.id for customer in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    expected = sorted(made, key=lambda one: (one.created_at, one.id), reverse=True)
    assert seen == [customer.id for customer in expected]


@pytest.mark.parametrize(
    "search", ["ADA@", "30123", "lovelace", "Analytical", " ada lovelace ", "Byron"]
)
async def test_a_customer_is_found_by_any_part_of_what_is_known(
    conn: Connection, search: str
) -> None:
    ada = await make_customer(conn, phone=PHONE)
    await make_customer(conn, email="bob@example.com")
    service = await make_service(conn)
    data = {
        "email": "ada@example.com",
        "first_name": "Ada",
        "last_name": "Lovelace",
        "company": "Analytical Engines",
    }
    await add_booking(conn, ada, service, customer_data=data)
    await insert(
        conn,
        "voice_consultations",
        voice_session_id="conv_1",
        customer_metrics_id=ada.id,
        caller_name="Ada Byron",
    )
    page = await list_customers(conn, search=search)
    assert [customer.id for customer in page.items] == [ada.id]


@pytest.mark.parametrize(
    "search", ["%", "_", "\\", "'; DROP TABLE customer_metrics; --", "' OR 1=1"]
)
async def test_a_search_means_itself(conn: Connection, search: str) -> None:
    await make_customer(conn)
    assert (await list_customers(conn, search=search)).items == []


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"search": " "}, ValueInvalid),
        ({"search": "a\0b"}, ValueInvalid),
        ({"search": "x" * 201}, ValueInvalid),
        ({"status": "'; --"}, ValueInvalid),
        ({"limit": 0}, PageInvalid),
        ({"limit": 10_000}, PageInvalid),
        ({"cursor": "nonsense"}, PageInvalid),
    ],
    ids=str,
)
async def test_a_list_that_makes_no_sense_is_refused(
    conn: Connection, asked: dict[str, Any], refusal: type[BookingError]
) -> None:
    with pytest.raises(refusal):
        await list_customers(conn, **asked)


async def test_customers_are_filtered_by_status(conn: Connection) -> None:
    ada = await make_customer(conn)
    await conn.execute("UPDATE customer_metrics SET status = 'vip' WHERE id = $1", ada.id)
    await make_customer(conn, email="bob@example.com")
    assert [one.id for one in (await list_customers(conn, status="vip")).items] == [ada.id]


async def test_the_first_wish_not_to_be_contacted_stays_until_it_is_taken_back(
    conn: Connection,
) -> None:
    ada = await make_customer(conn)
    await set_do_not_contact(conn, ada.id, now=NOW)
    assert (await set_do_not_contact(conn, ada.id, now=NOW + DAY)).do_not_contact_at == NOW
    assert (await clear_do_not_contact(conn, ada.id)).do_not_contact_at is None


async def test_an_unknown_customer_is_refused_everywhere(conn: Connection) -> None:
    nobody, ada = uuid4(), await make_customer(conn)
    actions: list[Callable[[], Awaitable[object]]] = [
        lambda: get_customer(conn, nobody),
        lambda: set_do_not_contact(conn, nobody, now=NOW),
        lambda: clear_do_not_contact(conn, nobody),
        lambda: update_contact(conn, nobody, {"phone": PHONE}),
        lambda: merge_customers(conn, ada.id, nobody, now=NOW),
        lambda: merge_customers(conn, nobody, ada.id, now=NOW),
    ]
    for action in actions:
        with pytest.raises(CustomerNotFound):
            await action()


async def test_staff_change_only_what_they_name(conn: Connection) -> None:
    ada = await make_customer(conn, phone=PHONE)
    changed = await update_contact(conn, ada.id, {"email": " Ada@New.example "})
    assert (changed.email, changed.phone) == ("ada@new.example", PHONE)
    changed = await update_contact(conn, ada.id, {"email": None})
    assert (changed.email, changed.phone) == (None, PHONE)
    assert (await update_contact(conn, ada.id, {"phone": PHONE})).phone == PHONE


@pytest.mark.parametrize(
    "changes",
    [
        {"email": None},  # nothing would identify them any more
        {"email": "plain"},
        {"email": "a\0b@example.com"},
        {"email": f"{'a' * 300}@example.com"},
        {"email": "'; DROP TABLE bookings; --"},
        {"phone": "030 123456"},
        {"phone": "\ud800"},
    ],
    ids=ascii,
)
async def test_contact_data_that_is_none_is_refused(
    conn: Connection, changes: Mapping[Any, str | None]
) -> None:
    ada = await make_customer(conn)
    with pytest.raises(ContactInvalid):
        await update_contact(conn, ada.id, changes)
    assert (await get_customer(conn, ada.id)).email == "ada@example.com"


async def test_other_fields_are_not_contact_data(conn: Connection) -> None:
    ada = await make_customer(conn)
    forged: Mapping[Any, str | None] = {"user_id": str(uuid4())}
    with pytest.raises(ValueInvalid):
        await update_contact(conn, ada.id, forged)


async def test_what_another_customer_has_is_refused(conn: Connection) -> None:
    await make_customer(conn, phone=PHONE)
    bob = await make_customer(conn, email="bob@example.com")
    with pytest.raises(ContactTaken):
        await update_contact(conn, bob.id, {"email": "ADA@example.com"})
    with pytest.raises(ContactTaken):
        await update_contact(conn, bob.id, {"phone": PHONE})


async def test_a_number_shared_since_long_ago_stands_in_no_other_changes_way(
    conn: Connection,
) -> None:
    await make_customer(conn, phone=PHONE)
    twin = await insert(conn, "customer_metrics", email="twin@example.com", phone=PHONE)
    changed = await update_contact(conn, twin, {"email": "new@example.com"})
    assert (changed.email, changed.phone) == ("new@example.com", PHONE)


async def test_the_address_of_an_account_is_its_owners_to_change(conn: Connection) -> None:
    grace = await make_account(conn, "grace@example.com")
    with pytest.raises(ContactOfAccount):
        await update_contact(conn, grace.id, {"email": "eve@example.com"})
    assert (await update_contact(conn, grace.id, {"phone": PHONE})).phone == PHONE


async def test_the_kept_record_gets_all_the_other_had(conn: Connection) -> None:
    keep = await make_customer(conn)
    drop = await make_customer(conn, email="ada@work.example", phone=PHONE)
    service = await make_service(conn)
    booking = await add_booking(conn, drop, service)
    await insert(conn, "follow_ups", booking_id=booking, follow_up_type="email", title="Thank")
    await insert(conn, "projects", customer_metrics_id=drop.id, project_name="A web shop")
    await insert(
        conn, "voice_consultations", voice_session_id="conv_1", customer_metrics_id=drop.id
    )
    await record_interaction(conn, drop.id, "note", details={}, now=NOW)
    judgement = LeadJudgement(quality="hot", score=80, reasons=[{"code": "budget"}])
    await judge_lead(conn, drop.id, judgement, now=NOW)
    await set_do_not_contact(conn, drop.id, now=NOW)
    kept = await merge_customers(conn, keep.id, drop.id, now=NOW)
    assert (kept.id, kept.email, kept.phone) == (keep.id, "ada@example.com", PHONE)
    assert (kept.total_bookings, kept.lead_quality, kept.do_not_contact_at) == (1, "hot", NOW)
    assert (await get_lead(conn, keep.id)).score == 80
    notes = (await list_interactions(conn, keep.id)).items
    assert [note.details for note in notes if note.details] == [
        {"merged_customer_id": str(drop.id), "email": "ada@work.example", "phone": PHONE}
    ]
    for column in await references_to_customers(conn):
        table, name = column.split(".")
        found = await conn.fetch(f"SELECT DISTINCT {name} FROM {table}")
        assert [row[0] for row in found] == [keep.id], column
    with pytest.raises(CustomerNotFound):
        await get_customer(conn, drop.id)


async def references_to_customers(conn: Connection) -> list[str]:
    """Every column of the schema that points to a customer."""
    found = await conn.fetch(
        """SELECT c.conrelid::regclass || '.' || a.attname
        FROM pg_constraint c JOIN pg_attribute a
          ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        WHERE c.contype = 'f' AND c.confrelid = 'customer_metrics'::regclass"""
    )
    assert len(found) >= 6
    return [row[0] for row in found]


@pytest.mark.parametrize(
    ("keep", "drop", "merged"),
    [
        ("unqualified", "hot", "hot"),
        ("hot", "qualified", "hot"),
        ("hot", "converted", "converted"),
        ("hot", "churned", "hot"),
        ("churned", "qualified", "qualified"),
        ("churned", "churned", "churned"),
    ],
)
async def test_the_stronger_quality_is_kept(
    conn: Connection, keep: str, drop: str, merged: str
) -> None:
    ids = [
        await insert(conn, "customer_metrics", email=f"{at}@example.com", lead_quality=quality)
        for at, quality in (("keep", keep), ("drop", drop))
    ]
    assert (await merge_customers(conn, ids[0], ids[1], now=NOW)).lead_quality == merged


@pytest.mark.parametrize(("keep", "drop"), [(90, 40), (40, 90), (60, 60)])
async def test_the_higher_score_is_kept(conn: Connection, keep: int, drop: int) -> None:
    ids = []
    for name, score in (("keep", keep), ("drop", drop)):
        ids.append((await make_customer(conn, email=f"{name}@example.com")).id)
        judgement = LeadJudgement(quality="hot", score=score, reasons=[], conversation_id=name)
        await judge_lead(conn, ids[-1], judgement, now=NOW)
    await merge_customers(conn, ids[0], ids[1], now=NOW)
    lead = await get_lead(conn, ids[0])
    assert (lead.score, lead.conversation_id) == (
        max(keep, drop),
        "drop" if drop > keep else "keep",
    )


async def test_a_record_without_an_address_takes_the_only_one_there_is(conn: Connection) -> None:
    keep = await make_customer(conn, email=None, phone=PHONE)
    drop = await make_customer(conn)
    kept = await merge_customers(conn, keep.id, drop.id, now=NOW)
    assert (kept.email, kept.phone) == ("ada@example.com", PHONE)


async def test_a_guest_takes_over_the_account_with_its_address(conn: Connection) -> None:
    guest = await make_customer(conn)
    grace = await make_account(conn, "grace@example.com")
    kept = await merge_customers(conn, guest.id, grace.id, now=NOW)
    assert (kept.id, kept.user_id, kept.email) == (guest.id, grace.user_id, "grace@example.com")
    assert await value(conn, "customer_metrics", guest.id, "email") == "grace@example.com"


async def test_two_accounts_stay_two_customers(conn: Connection) -> None:
    grace, ada = [await make_account(conn, f"{name}@example.com") for name in ("grace", "ada")]
    with pytest.raises(CustomersNotMergeable):
        await merge_customers(conn, grace.id, ada.id, now=NOW)
    with pytest.raises(MergeWithItself):
        await merge_customers(conn, ada.id, ada.id, now=NOW)
    assert (await get_customer(conn, ada.id)).id == ada.id
