"""Bookings can be made, people see what is theirs, and accounts can be erased."""

from uuid import uuid4

from booking_core.database import Connection
from tests.sql.roles import FORBIDDEN, acting_as, refused, rows_seen
from tests.sql.rows import (
    MONDAY,
    People,
    book,
    change,
    insert,
    make_customer,
    sign_up,
    value,
)

AUTH_SERVICE = "auth_service_of_this_test"


async def make_auth_service(conn: Connection) -> None:
    """A role that may write accounts and nothing else, as Supabase's auth service connects."""
    await conn.execute(f"CREATE ROLE {AUTH_SERVICE}")
    await conn.execute(f"GRANT USAGE ON SCHEMA auth TO {AUTH_SERVICE}")
    await conn.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON auth.users TO {AUTH_SERVICE}")


async def test_the_service_books_and_the_customer_is_counted(
    conn: Connection, people: People
) -> None:
    async with acting_as(conn, "service_role"):
        await book(conn, people.customer, at=MONDAY, consultant_id=people.sam)
    assert await value(conn, "customer_metrics", people.customer, "total_bookings") == 1


async def test_a_customer_reads_one_profile_and_staff_read_all(
    conn: Connection, people: People
) -> None:
    async with acting_as(conn, "authenticated", people.ann):
        own = await conn.fetch("SELECT id FROM profiles")
        await change(conn, "profiles", people.ann, bio="Runs a shop")
    assert [row["id"] for row in own] == [people.ann]
    async with acting_as(conn, "authenticated", people.sam):
        everybody = await conn.fetch("SELECT id FROM profiles")
    assert {row["id"] for row in everybody} >= {people.ann, people.bob, people.sam, people.mia}


async def test_a_customer_sees_own_booking_and_record_without_reading_accounts(
    conn: Connection, people: People
) -> None:
    booking = await book(conn, people.customer)
    other = await make_customer(conn, "eve@example.com")
    await book(
        conn,
        other,
        customer_data={"email": "eve@example.com", "first_name": "Eve", "last_name": "Poe"},
    )
    async with acting_as(conn, "authenticated", people.ann):
        bookings = await conn.fetch("SELECT id FROM bookings")
        records = await conn.fetch("SELECT id FROM customer_metrics")
        async with refused(conn, FORBIDDEN):
            await conn.fetch("SELECT email FROM auth.users")
    assert [row["id"] for row in bookings] == [booking]
    assert [row["id"] for row in records] == [people.customer]
    for role in ("anon", "authenticated"):
        assert not await conn.fetchval(
            "SELECT has_table_privilege($1, 'auth.users', 'select')", role
        )


async def test_a_customer_sees_follow_ups_of_own_bookings_alone(
    conn: Connection, people: People
) -> None:
    booking = await book(conn, people.customer, user_id=people.ann)
    await insert(
        conn,
        "follow_ups",
        booking_id=booking,
        assigned_to=people.sam,
        follow_up_type="email",
        title="Thank them",
    )
    seen = {}
    for name, user_id in (("ann", people.ann), ("bob", people.bob), ("sam", people.sam)):
        async with acting_as(conn, "authenticated", user_id):
            seen[name] = len(await rows_seen(conn, "SELECT id FROM follow_ups"))
    assert seen == {"ann": 1, "bob": 0, "sam": 1}


async def test_the_auth_service_deletes_an_account_from_its_own_search_path(
    conn: Connection, people: People
) -> None:
    await make_auth_service(conn)
    await book(conn, people.customer, user_id=people.ann)
    async with acting_as(conn, AUTH_SERVICE):
        await conn.execute("SET LOCAL search_path = auth")
        assert await conn.execute("DELETE FROM users WHERE id = $1", people.ann) == "DELETE 1"
        await conn.execute("SET LOCAL search_path = public")
    assert await conn.fetchval("SELECT count(*) FROM profiles WHERE id = $1", people.ann) == 0


async def test_the_auth_service_signs_people_up_from_its_own_search_path(
    conn: Connection,
) -> None:
    await make_auth_service(conn)
    async with acting_as(conn, AUTH_SERVICE):
        await conn.execute("SET LOCAL search_path = auth")
        user_id = await sign_up(
            conn, "eve@example.com", raw_user_meta_data={"first_name": "Eve", "last_name": "Poe"}
        )
        await conn.execute("SET LOCAL search_path = public")
    assert await value(conn, "profiles", user_id, "first_name") == "Eve"


async def test_a_token_of_nobody_does_not_block_writes(conn: Connection, people: People) -> None:
    async with acting_as(conn, "service_role", uuid4()):
        customer = await make_customer(conn, "eve@example.com")
    changes = await conn.fetch(
        "SELECT operation, changed_by FROM audit_log WHERE record_id = $1", customer
    )
    assert [tuple(row) for row in changes] == [("INSERT", None)]


async def test_an_account_with_a_booking_can_be_erased_and_the_booking_stays(
    conn: Connection, people: People
) -> None:
    booking = await book(
        conn, people.customer, at=MONDAY, user_id=people.ann, consultant_id=people.sam
    )
    assert await conn.execute("DELETE FROM auth.users WHERE id = $1", people.ann) == "DELETE 1"
    assert await value(conn, "bookings", booking, "user_id") is None
    assert await value(conn, "bookings", booking, "customer_metrics_id") == people.customer
    assert await value(conn, "customer_metrics", people.customer, "user_id") is None


async def test_a_consultant_with_bookings_and_follow_ups_can_be_erased(
    conn: Connection, people: People
) -> None:
    booking = await book(conn, people.customer, at=MONDAY, consultant_id=people.sam)
    follow_up = await insert(
        conn,
        "follow_ups",
        booking_id=booking,
        assigned_to=people.sam,
        follow_up_type="email",
        title="Thank them",
    )
    assert await conn.execute("DELETE FROM auth.users WHERE id = $1", people.sam) == "DELETE 1"
    assert await value(conn, "bookings", booking, "consultant_id") is None
    assert await value(conn, "follow_ups", follow_up, "assigned_to") is None
