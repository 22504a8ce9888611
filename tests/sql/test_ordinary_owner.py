"""The migrations applied as on Supabase: by a login that owns the schema, but not the accounts."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Final

import asyncpg
import pytest

from booking_core.database import Connection, connect
from booking_core.local_postgres import LocalPostgres
from booking_core.migrate import migrate
from tests.sql.conftest import drop_database
from tests.sql.roles import TAKEN, acting_as, refused, rows_seen
from tests.sql.rows import MONDAY, book, change, hold, make_customer, make_people, sign_up, value

OWNER: Final = "postgres_like"
DATABASE: Final = "like_supabase"

# What a project has before its first migration: the roles, the accounts and who may touch them.
PLATFORM: Final = f"""
    CREATE SCHEMA auth;
    CREATE TABLE auth.users (
        id uuid PRIMARY KEY,
        email varchar,
        email_confirmed_at timestamptz,
        phone text UNIQUE,
        phone_confirmed_at timestamptz,
        raw_user_meta_data jsonb,
        is_sso_user boolean NOT NULL DEFAULT false,
        created_at timestamptz,
        updated_at timestamptz
    );
    CREATE FUNCTION auth.jwt() RETURNS jsonb LANGUAGE sql STABLE AS
        $$ SELECT nullif(current_setting('request.jwt.claims', true), '')::jsonb $$;
    CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS
        $$ SELECT (auth.jwt() ->> 'sub')::uuid $$;
    CREATE FUNCTION auth.role() RETURNS text LANGUAGE sql STABLE AS
        $$ SELECT auth.jwt() ->> 'role' $$;
    GRANT USAGE ON SCHEMA auth TO {OWNER}, anon, authenticated, service_role;
    GRANT SELECT, INSERT, UPDATE, DELETE, REFERENCES, TRIGGER ON auth.users TO {OWNER};
    ALTER SCHEMA public OWNER TO {OWNER};
    ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public
        GRANT ALL ON TABLES TO anon, authenticated, service_role;
    ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public
        GRANT ALL ON SEQUENCES TO anon, authenticated, service_role;
    ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public
        GRANT ALL ON FUNCTIONS TO anon, authenticated, service_role;
"""


async def prepare_platform(server: LocalPostgres) -> None:
    root = await asyncpg.connect(server.dsn())
    await root.execute(f"CREATE ROLE {OWNER} LOGIN NOSUPERUSER NOCREATEROLE")
    await root.execute(f"GRANT anon, authenticated, service_role TO {OWNER}")
    await root.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
    await root.close()
    inside = await asyncpg.connect(server.dsn(DATABASE))
    await inside.execute(PLATFORM)
    await inside.close()


async def migrate_as_owner(server: LocalPostgres) -> list[str]:
    conn = await connect(server.dsn(DATABASE, user=OWNER))
    try:
        return await migrate(conn)
    finally:
        await conn.close()


async def remove_platform(server: LocalPostgres) -> None:
    await drop_database(server, DATABASE)
    root = await asyncpg.connect(server.dsn())
    await root.execute(f"DROP ROLE {OWNER}")
    await root.close()


@pytest.fixture(scope="module")
def platform(server: LocalPostgres) -> Iterator[LocalPostgres]:
    asyncio.run(prepare_platform(server))
    asyncio.run(migrate_as_owner(server))
    yield server
    asyncio.run(remove_platform(server))


@pytest.fixture
async def conn(platform: LocalPostgres) -> AsyncIterator[Connection]:
    conn = await connect(platform.dsn(DATABASE, user=OWNER))
    outer = conn.transaction()
    await outer.start()
    try:
        yield conn
    finally:
        await outer.rollback()
        await conn.close()


async def test_the_owner_of_the_schema_is_nobody_special(conn: Connection) -> None:
    row = await conn.fetchrow(
        "SELECT rolsuper, rolcreaterole, rolbypassrls,"
        " pg_has_role(current_user, (SELECT relowner FROM pg_class"
        " WHERE oid = 'auth.users'::regclass), 'usage')"
        " FROM pg_roles WHERE rolname = current_user"
    )
    assert row is not None
    assert tuple(row) == (False, False, False, False)


async def test_migrating_again_as_the_owner_does_nothing(platform: LocalPostgres) -> None:
    assert await migrate_as_owner(platform) == []


async def test_the_platform_is_left_as_it_was(conn: Connection) -> None:
    functions = await conn.fetch(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'auth'::regnamespace ORDER BY 1"
    )
    assert [row[0] for row in functions] == ["jwt", "role", "uid"]
    triggers = await conn.fetch(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = 'auth.users'::regclass AND NOT tgisinternal"
    )
    assert "on_auth_user_created" in {row[0] for row in triggers}


async def test_nothing_is_left_of_what_the_platform_gives_to_everybody(conn: Connection) -> None:
    tables = await conn.fetch(
        "SELECT relname, privilege_type FROM pg_class, aclexplode(relacl)"
        " WHERE relnamespace = 'public'::regnamespace AND grantee = 'anon'::regrole"
    )
    assert [tuple(row) for row in tables] == [("services", "SELECT")]
    functions = await conn.fetch(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        " AND has_function_privilege('anon', oid, 'execute')"
    )
    assert functions == []
    excessive = await conn.fetch(
        "SELECT relname, privilege_type FROM pg_class, aclexplode(relacl)"
        " WHERE relnamespace = 'public'::regnamespace AND grantee = 'authenticated'::regrole"
        " AND privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')"
    )
    assert excessive == []


async def test_a_sign_up_makes_a_profile_and_adopts_earlier_bookings(conn: Connection) -> None:
    customer = await make_customer(conn, "Zoe@Example.com")
    zoe = await sign_up(conn, "zoe@example.com", raw_user_meta_data={"full_name": "Zoe Poe"})
    assert await value(conn, "profiles", zoe, "last_name") == "Poe"
    assert await value(conn, "customer_metrics", customer, "user_id") == zoe


async def test_the_service_books_once_and_the_customer_is_counted(conn: Connection) -> None:
    people = await make_people(conn)
    async with acting_as(conn, "service_role"):
        await book(conn, people.customer, at=MONDAY, consultant_id=people.sam)
        async with refused(conn, TAKEN):
            await hold(conn, "conv_1", people.sam, at=MONDAY)
    assert await value(conn, "customer_metrics", people.customer, "total_bookings") == 1


async def test_each_role_sees_its_own(conn: Connection) -> None:
    people = await make_people(conn)
    await book(conn, people.customer)
    query = "SELECT id FROM bookings"
    seen = {}
    for name, role, user_id in (
        ("visitor", "anon", None),
        ("ann", "authenticated", people.ann),
        ("bob", "authenticated", people.bob),
        ("sam", "authenticated", people.sam),
        ("service", "service_role", None),
    ):
        async with acting_as(conn, role, user_id):
            seen[name] = len(await rows_seen(conn, query))
    assert seen == {"visitor": 0, "ann": 1, "bob": 0, "sam": 1, "service": 1}


async def test_a_customer_updates_the_profile_and_the_account_follows(conn: Connection) -> None:
    people = await make_people(conn)
    async with acting_as(conn, "authenticated", people.ann):
        await conn.fetchval(
            "SELECT public.update_user_profile($1, company_param => 'Co')", people.ann
        )
    assert await value(conn, "profiles", people.ann, "company") == "Co"
    metadata = await value(conn, "auth.users", people.ann, "raw_user_meta_data")
    assert metadata == {"first_name": "Ann", "last_name": "Lee", "company": "Co"}


async def test_an_account_is_erased_and_its_booking_stays(conn: Connection) -> None:
    people = await make_people(conn)
    booking = await book(conn, people.customer, user_id=people.ann)
    assert await conn.execute("DELETE FROM auth.users WHERE id = $1", people.ann) == "DELETE 1"
    assert await value(conn, "bookings", booking, "user_id") is None


async def test_the_owner_confirms_a_booking_and_the_change_is_traced(conn: Connection) -> None:
    people = await make_people(conn)
    booking = await book(conn, people.customer, at=MONDAY)
    async with acting_as(conn, "authenticated", people.sam):
        await change(conn, "bookings", booking, status="confirmed")
    assert people.sam == await conn.fetchval(
        "SELECT changed_by FROM audit_log WHERE record_id = $1 AND operation = 'UPDATE'", booking
    )
