"""Whoever signs up has a profile, keeps what they said, and finds their earlier bookings."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from booking_core.database import Connection
from tests.sql.roles import CHECK, acting_as, refused
from tests.sql.rows import People, book, change, make_customer, sign_up, value

LONG = "X" * 120
PROFILE = """
    SELECT first_name, last_name, company, timezone, preferred_contact_method::text,
        marketing_consent
    FROM profiles WHERE id = $1
"""


async def profile(conn: Connection, user_id: UUID) -> dict[str, Any]:
    row = await conn.fetchrow(PROFILE, user_id)
    assert row is not None
    return dict(row)


async def update_own_profile(conn: Connection, user_id: UUID, **params: Any) -> dict[str, Any]:
    places = "".join(f", {name} => ${number}" for number, name in enumerate(params, start=2))
    async with acting_as(conn, "authenticated", user_id):
        text = await conn.fetchval(
            f"SELECT public.update_user_profile($1{places})", user_id, *params.values()
        )
    answer: dict[str, Any] = json.loads(text)
    return answer


@pytest.mark.parametrize(
    ("email", "metadata", "first_name", "last_name"),
    [
        ("cher@example.com", {"full_name": "Cher"}, "Cher", ""),
        ("eve@example.com", {"first_name": "Eve"}, "Eve", ""),
        ("zoe@example.com", None, "zoe", ""),
        ("zoe@example.com", {"first_name": "  ", "full_name": ""}, "zoe", ""),
        (None, None, "Guest", ""),
        ("mary@example.com", {"full_name": "  Mary Ann Smith"}, "Mary", "Ann Smith"),
        ("x@example.com", {"first_name": LONG, "last_name": LONG}, LONG[:100], LONG[:100]),
        ("x@example.com", {"full_name": f"{LONG} {LONG}"}, LONG[:100], LONG[:100]),
        ("x@example.com", {"first_name": "Eve", "company": LONG * 3}, "Eve", ""),
    ],
)
async def test_every_sign_up_makes_a_profile(
    conn: Connection,
    email: str | None,
    metadata: dict[str, str] | None,
    first_name: str,
    last_name: str,
) -> None:
    user_id = await sign_up(conn, email, raw_user_meta_data=metadata)
    made = await profile(conn, user_id)
    assert (made["first_name"], made["last_name"]) == (first_name, last_name)


async def test_updating_one_field_of_a_profile_keeps_the_others(
    conn: Connection, people: People
) -> None:
    await change(
        conn,
        "profiles",
        people.ann,
        timezone="Europe/Zurich",
        preferred_contact_method="phone",
        marketing_consent=True,
    )
    before = await profile(conn, people.ann)
    answer = await update_own_profile(conn, people.ann, company_param="New Co")
    assert answer["success"]
    assert await profile(conn, people.ann) == before | {"company": "New Co"}
    answer = await update_own_profile(conn, people.ann, first_name_param="Anna")
    assert answer["success"]
    changed = before | {"company": "New Co", "first_name": "Anna"}
    assert await profile(conn, people.ann) == changed
    metadata = await value(conn, "auth.users", people.ann, "raw_user_meta_data")
    assert metadata == {"first_name": "Anna", "last_name": "Lee", "company": "New Co"}


async def test_updating_makes_a_missing_profile(conn: Connection, people: People) -> None:
    await conn.execute("DELETE FROM profiles WHERE id = $1", people.bob)
    answer = await update_own_profile(conn, people.bob, company_param="Bob Ltd")
    assert answer["success"]
    assert (await profile(conn, people.bob))["company"] == "Bob Ltd"


async def test_a_profile_without_a_biography_is_still_told(
    conn: Connection, people: People
) -> None:
    async with acting_as(conn, "authenticated", people.ann):
        answer = json.loads(await conn.fetchval("SELECT public.get_user_profile($1)", people.ann))
    assert await value(conn, "profiles", people.ann, "bio") is None
    assert answer["profile_data"]["first_name"] == "Ann"


async def test_the_fallback_stands_in_for_an_account_without_an_address(
    conn: Connection,
) -> None:
    nameless = await sign_up(conn, None)
    async with acting_as(conn, "service_role"):
        for user_id in (uuid4(), nameless, None):
            row = await conn.fetchrow(
                "SELECT public.get_customer_email($1, 'eve@example.com'),"
                " public.get_customer_data($1, 'eve@example.com') ->> 'email'",
                user_id,
            )
            assert row is not None
            assert tuple(row) == ("eve@example.com", "eve@example.com")


async def test_the_account_comes_before_the_fallback(conn: Connection, people: People) -> None:
    async with acting_as(conn, "service_role"):
        email = await conn.fetchval(
            "SELECT public.get_customer_email($1, 'eve@example.com')", people.ann
        )
    assert email == "ann@example.com"


async def test_a_customer_is_called_as_the_profile_says(conn: Connection, people: People) -> None:
    await change(conn, "profiles", people.ann, first_name="Renamed")
    async with acting_as(conn, "service_role"):
        data = await conn.fetchval("SELECT public.get_customer_data($1, null)", people.ann)
    assert data["first_name"] == "Renamed"
    assert data["email"] == "ann@example.com"


async def test_a_confirmed_account_adopts_the_earlier_record_of_its_address(
    conn: Connection,
) -> None:
    customer = await make_customer(conn, "Zoe@Example.com")
    booking = await book(conn, customer)
    zoe = await sign_up(conn, "zoe@example.com")
    assert await value(conn, "customer_metrics", customer, "user_id") == zoe
    async with acting_as(conn, "authenticated", zoe):
        assert [row["id"] for row in await conn.fetch("SELECT id FROM customer_metrics")] == [
            customer
        ]
    assert await value(conn, "bookings", booking, "customer_metrics_id") == customer


async def test_an_unconfirmed_account_adopts_nothing_until_it_is_confirmed(
    conn: Connection,
) -> None:
    customer = await make_customer(conn, "zoe@example.com")
    zoe = await sign_up(conn, "zoe@example.com", confirmed=False)
    assert await value(conn, "customer_metrics", customer, "user_id") is None
    await change(conn, "auth.users", zoe, email_confirmed_at=datetime(2026, 2, 1, tzinfo=UTC))
    assert await value(conn, "customer_metrics", customer, "user_id") == zoe


async def test_an_account_with_a_record_can_still_confirm_an_address_of_another_record(
    conn: Connection,
) -> None:
    zoe = await sign_up(conn, "zoe@example.com", confirmed=False)
    own = await make_customer(conn, "zoe@work.example.com", user_id=zoe)
    await make_customer(conn, "zoe@example.com")
    await change(conn, "auth.users", zoe, email_confirmed_at=datetime(2026, 2, 1, tzinfo=UTC))
    assert await value(conn, "customer_metrics", own, "user_id") == zoe
    confirmed_at = await value(conn, "auth.users", zoe, "email_confirmed_at")
    assert confirmed_at == datetime(2026, 2, 1, tzinfo=UTC)


async def test_a_profile_takes_only_a_zone_that_exists(conn: Connection, people: People) -> None:
    await change(conn, "profiles", people.ann, timezone="America/Argentina/Buenos_Aires")
    async with refused(conn, CHECK):
        await change(conn, "profiles", people.ann, timezone="Mars/Phobos")
    assert await value(conn, "profiles", people.ann, "timezone") == (
        "America/Argentina/Buenos_Aires"
    )
