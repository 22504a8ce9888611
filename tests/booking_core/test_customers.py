"""One row a person, whoever asks, however often, at whatever moment."""

import asyncio

import pytest

from booking_core.customers import Contact, Customer, find_or_create_customer, raise_lead_quality
from booking_core.customers.model import LeadQuality
from booking_core.database import Connection, open_pool
from booking_core.errors import ContactInvalid
from tests.booking_core.factories import NOW, make_customer, make_user
from tests.conftest import FreshDatabase

PHONE = "+4930123456"


async def find(conn: Connection, contact: Contact) -> Customer:
    return await find_or_create_customer(conn, contact, lead_source="voice_consultation", now=NOW)


async def test_a_new_address_makes_a_customer_and_knows_them_again(conn: Connection) -> None:
    first = await find(conn, Contact(email=" Ada@Example.com ", phone=PHONE))
    again = await find(conn, Contact(email="ADA@example.COM"))
    assert again == first
    assert (first.email, first.phone) == ("ada@example.com", PHONE)
    assert (first.lead_source, first.lead_quality) == ("voice_consultation", "unqualified")
    assert first.created_at == NOW


async def test_a_number_alone_finds_whoever_has_it(conn: Connection) -> None:
    ada = await make_customer(conn, phone=PHONE)
    assert await find(conn, Contact(phone=PHONE)) == ada


async def test_a_number_nobody_has_makes_a_customer_without_an_address(conn: Connection) -> None:
    caller = await find(conn, Contact(phone=PHONE))
    assert (caller.email, caller.phone) == (None, PHONE)


async def test_an_unknown_address_is_a_new_customer_although_the_number_is_known(
    conn: Connection,
) -> None:
    ada = await make_customer(conn, phone=PHONE)
    bob = await find(conn, Contact(email="bob@example.com", phone=PHONE))
    assert bob.id != ada.id
    assert bob.phone is None
    assert await find(conn, Contact(phone=PHONE)) == ada


async def test_what_a_caller_says_changes_no_identifier(conn: Connection) -> None:
    ada = await make_customer(conn, phone=PHONE)
    assert await find(conn, Contact(email="ada@example.com", phone="+4930999999")) == ada


async def test_an_account_decides_before_the_address(conn: Connection) -> None:
    user_id = await make_user(conn, email="grace@example.com")
    grace = await find(conn, Contact(user_id=user_id))
    await make_customer(conn, email="ada@example.com")
    assert await find(conn, Contact(user_id=user_id, email="ada@example.com")) == grace
    assert grace.email == "grace@example.com"


async def test_an_account_takes_over_the_record_of_its_confirmed_address(
    conn: Connection,
) -> None:
    user_id = await make_user(conn, email="grace@example.com")
    guest = await conn.fetchval(
        "INSERT INTO customer_metrics (email) VALUES ('Grace@example.com') RETURNING id"
    )
    grace = await find(conn, Contact(user_id=user_id))
    assert (grace.id, grace.user_id) == (guest, user_id)


async def test_an_account_leaves_the_record_of_an_address_it_never_confirmed(
    conn: Connection,
) -> None:
    guest = await make_customer(conn, email="grace@example.com")
    user_id = await make_user(conn, email="grace@example.com", confirmed=False)
    claimed = await find(conn, Contact(user_id=user_id, email="grace@example.com"))
    assert claimed.id != guest.id
    assert (await find(conn, Contact(email="grace@example.com"))).id == guest.id


async def test_the_confirmed_address_of_an_account_finds_its_customer(conn: Connection) -> None:
    user_id = await make_user(conn, email="Grace@example.com")
    grace = await find(conn, Contact(user_id=user_id))
    assert (await find(conn, Contact(email="grace@EXAMPLE.com"))).id == grace.id


async def test_an_account_that_changed_its_address_is_not_found_by_the_old_one(
    conn: Connection,
) -> None:
    user_id = await make_user(conn, email="grace@example.com")
    grace = await find(conn, Contact(user_id=user_id))
    await conn.execute("UPDATE auth.users SET email = 'new@example.com' WHERE id = $1", user_id)
    assert (await find(conn, Contact(email="new@example.com"))).id == grace.id
    assert (await find(conn, Contact(email="grace@example.com"))).id != grace.id


@pytest.mark.parametrize(
    "contact",
    [
        Contact(),
        Contact(email="  ", phone=""),
        Contact(first_name="Ada", last_name="Lovelace"),
        Contact(email="no address"),
        Contact(phone="030 123456"),
        Contact(email="a\0da@example.com"),
        Contact(email="ada\ud800@example.com"),
        Contact(email="ada@example.com", phone=f"{PHONE}\0"),
        Contact(email=f"ada@{'x' * 300}.example"),
    ],
)
async def test_who_cannot_be_told_apart_is_refused(conn: Connection, contact: Contact) -> None:
    with pytest.raises(ContactInvalid):
        await find(conn, contact)
    assert await conn.fetchval("SELECT 1") == 1  # the caller's transaction goes on


async def test_an_account_that_is_gone_is_refused(conn: Connection) -> None:
    user_id = await make_user(conn)
    await conn.execute("DELETE FROM auth.users WHERE id = $1", user_id)
    with pytest.raises(ContactInvalid):
        await find(conn, Contact(user_id=user_id))


@pytest.mark.parametrize("known_by", ["email", "phone", "account"])
async def test_twenty_at_once_make_one_customer(
    fresh_database: FreshDatabase, known_by: str
) -> None:
    async with fresh_database() as dsn, await open_pool(dsn, max_size=20) as pool:
        async with pool.acquire() as conn:
            user_id = await make_user(conn, email="grace@example.com")
        contact = {
            "email": Contact(email="ada@example.com"),
            "phone": Contact(phone=PHONE),
            "account": Contact(user_id=user_id),
        }[known_by]

        async def ask() -> Customer:
            async with pool.acquire() as conn, conn.transaction():
                return await find(conn, contact)

        found = await asyncio.gather(*(ask() for _ in range(20)))
        assert len({customer.id for customer in found}) == 1
        assert await pool.fetchval("SELECT count(*) FROM customer_metrics") == 1


async def test_one_number_said_with_many_addresses_at_once_is_kept_once(
    fresh_database: FreshDatabase,
) -> None:
    async with fresh_database() as dsn, await open_pool(dsn, max_size=10) as pool:

        async def ask(number: int) -> Customer:
            async with pool.acquire() as conn, conn.transaction():
                return await find(conn, Contact(email=f"c{number}@example.com", phone=PHONE))

        found = await asyncio.gather(*(ask(number) for number in range(10)))
        assert len({customer.id for customer in found}) == 10
        assert [customer.phone for customer in found if customer.phone] == [PHONE]


@pytest.mark.parametrize(
    ("before", "judged", "after"),
    [
        ("unqualified", "qualified", "qualified"),
        ("qualified", "hot", "hot"),
        ("hot", "qualified", "hot"),
        ("qualified", "unqualified", "qualified"),
        ("converted", "hot", "converted"),
        ("churned", "hot", "churned"),
    ],
)
async def test_lead_quality_only_rises(
    conn: Connection, before: str, judged: LeadQuality, after: str
) -> None:
    ada = await make_customer(conn)
    await conn.execute(
        "UPDATE customer_metrics SET lead_quality = $2 WHERE id = $1", ada.id, before
    )
    await raise_lead_quality(conn, ada.id, judged, now=NOW)
    assert (await find(conn, Contact(email="ada@example.com"))).lead_quality == after
