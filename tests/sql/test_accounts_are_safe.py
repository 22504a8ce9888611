"""Nobody reads or changes another person's account, or makes themselves staff."""

import json
from contextlib import suppress
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from booking_core.database import Connection
from tests.sql.roles import FORBIDDEN, acting_as, refused, rows_seen, rows_touched, told
from tests.sql.rows import People, change, insert, value

TELLING = [
    "public.get_user_email($1)",
    "public.get_user_phone($1)",
    "public.get_user_profile($1)",
    "public.get_customer_email($1, null)",
    "public.get_customer_data($1, null)",
]
SECRETS = ("ann@example.com", "+41790000001", "Ann")
RANK = "SELECT role::text, is_staff FROM public.profiles WHERE id = $1"
PROFILE_AND_METADATA = """
    SELECT p.first_name, p.last_name, p.company, u.phone, u.raw_user_meta_data
    FROM profiles p JOIN auth.users u USING (id) WHERE id = $1
"""


async def rank(conn: Connection, user_id: UUID) -> tuple[str, bool]:
    row = await conn.fetchrow(RANK, user_id)
    assert row is not None
    return row[0], row[1]


async def update_profile(conn: Connection, user_id: UUID, **params: Any) -> dict[str, Any]:
    """Call update_user_profile by its parameter names; {} when it may not be called."""
    places = "".join(f", {name} => ${number}" for number, name in enumerate(params, start=2))
    rows = await rows_seen(
        conn, f"SELECT public.update_user_profile($1{places})", user_id, *params.values()
    )
    return dict(json.loads(rows[0][0])) if rows else {}


@pytest.mark.parametrize("call", TELLING)
async def test_an_anonymous_visitor_is_told_nothing_of_an_account(
    conn: Connection, people: People, call: str
) -> None:
    async with acting_as(conn, "anon"):
        answer = await told(conn, call, people.ann)
    assert [secret for secret in SECRETS if secret in answer] == []


@pytest.mark.parametrize("call", TELLING)
async def test_another_customer_is_told_nothing_of_an_account(
    conn: Connection, people: People, call: str
) -> None:
    async with acting_as(conn, "authenticated", people.bob):
        answer = await told(conn, call, people.ann)
    assert [secret for secret in SECRETS if secret in answer] == []


@pytest.mark.parametrize("call", TELLING)
async def test_the_person_staff_and_the_service_are_told(
    conn: Connection, people: People, call: str
) -> None:
    expected = "+41790000001" if "phone" in call else "ann@example.com"
    for role, user_id in (
        ("authenticated", people.ann),
        ("authenticated", people.sam),
        ("service_role", None),
    ):
        async with acting_as(conn, role, user_id):
            assert expected in await told(conn, call, people.ann), role


@pytest.mark.parametrize("visitor", ["anon", "bob"])
async def test_nobody_updates_the_profile_of_another(
    conn: Connection, people: People, visitor: str
) -> None:
    before = await conn.fetchrow(PROFILE_AND_METADATA, people.ann)
    role, user_id = ("anon", None) if visitor == "anon" else ("authenticated", people.bob)
    async with acting_as(conn, role, user_id):
        answer = await update_profile(
            conn,
            people.ann,
            first_name_param="Mallory",
            last_name_param="M",
            phone_param="+15550001",
            company_param="Evil",
        )
    assert answer == {} or (answer["success"], answer["error_code"]) == (False, FORBIDDEN)
    assert await conn.fetchrow(PROFILE_AND_METADATA, people.ann) == before


async def test_a_signed_in_stranger_is_answered_with_a_refusal(
    conn: Connection, people: People
) -> None:
    async with acting_as(conn, "authenticated", people.bob):
        answer = await update_profile(conn, people.ann, first_name_param="Mallory")
    assert (answer["success"], answer["error_code"]) == (False, FORBIDDEN)


async def test_an_own_call_leaves_no_new_phone_counting_as_confirmed(
    conn: Connection, people: People
) -> None:
    async with acting_as(conn, "authenticated", people.ann):
        answer = await update_profile(conn, people.ann, phone_param="+1999")
    assert answer["success"]
    row = await conn.fetchrow(
        "SELECT phone, phone_confirmed_at FROM auth.users WHERE id = $1", people.ann
    )
    assert row is not None
    assert row["phone"] == "+41790000001" or row["phone_confirmed_at"] is None


async def test_the_service_may_change_a_phone(conn: Connection, people: People) -> None:
    async with acting_as(conn, "service_role"):
        answer = await update_profile(conn, people.ann, phone_param="+41790000002")
    assert answer["success"]
    assert await value(conn, "auth.users", people.ann, "phone") == "+41790000002"


@pytest.mark.parametrize("columns", ["role = 'admin', is_staff = true", "is_staff = true"])
async def test_a_customer_cannot_promote_themselves(
    conn: Connection, people: People, columns: str
) -> None:
    async with acting_as(conn, "authenticated", people.bob):
        await rows_touched(conn, f"UPDATE profiles SET {columns} WHERE id = $1", people.bob)
        assert await rows_touched(
            conn, "UPDATE profiles SET bio = 'Bakes bread' WHERE id = $1", people.bob
        )
    assert await rank(conn, people.bob) == ("customer", False)
    assert await value(conn, "profiles", people.bob, "bio") == "Bakes bread"


async def test_a_customer_without_a_profile_inserts_one_as_customer_only(
    conn: Connection, people: People
) -> None:
    await conn.execute("DELETE FROM profiles WHERE id = $1", people.bob)
    async with acting_as(conn, "authenticated", people.bob):
        await rows_touched(
            conn,
            "INSERT INTO profiles (id, first_name, last_name, role, is_staff)"
            " VALUES ($1, 'Bob', 'Ray', 'admin', true)",
            people.bob,
        )
        await rows_touched(
            conn,
            "INSERT INTO profiles (id, first_name, last_name) VALUES ($1, 'Bob', 'Ray')"
            " ON CONFLICT DO NOTHING",
            people.bob,
        )
    assert await rank(conn, people.bob) == ("customer", False)


async def test_nobody_from_outside_may_truncate_reference_or_add_triggers(
    conn: Connection, people: People
) -> None:
    granted = await conn.fetch(
        "SELECT relname, privilege_type, grantee::regrole::text FROM pg_class,"
        " aclexplode(relacl) WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'v', 'p')"
        " AND grantee IN (0, 'anon'::regrole, 'authenticated'::regrole)"
        " AND privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')"
    )
    assert granted == []
    async with acting_as(conn, "authenticated", people.bob), refused(conn, FORBIDDEN):
        await conn.execute("TRUNCATE profiles CASCADE")


async def test_functions_with_the_owners_rights_look_nothing_up_by_search_path(
    conn: Connection,
) -> None:
    lax = await conn.fetch(
        "SELECT oid::regprocedure::text FROM pg_proc WHERE prosecdef"
        " AND pronamespace::regnamespace::text IN ('public', 'private', 'auth')"
        " AND NOT coalesce(proconfig, '{}') && ARRAY['search_path=', 'search_path=\"\"']"
    )
    assert [row[0] for row in lax] == []


async def test_no_function_is_open_to_everybody(conn: Connection) -> None:
    public_functions = await conn.fetch(
        "SELECT p.oid::regprocedure::text FROM pg_proc p"
        " WHERE pronamespace::regnamespace::text IN ('public', 'private')"
        " AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')"
        " AND (proacl IS NULL OR EXISTS (SELECT FROM aclexplode(proacl) WHERE grantee = 0))"
    )
    assert [row[0] for row in public_functions] == []


async def test_a_temporary_table_cannot_lend_the_owners_rights(
    conn: Connection, people: People
) -> None:
    async with acting_as(conn, "authenticated", people.bob):
        await conn.execute(
            """
            CREATE TEMPORARY TABLE profiles (LIKE public.profiles INCLUDING ALL);
            CREATE TEMPORARY TABLE audit_log (id uuid);
            """
        )
        await conn.execute(
            "CREATE FUNCTION pg_temp.grab() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " UPDATE public.profiles SET role = 'admin', is_staff = true"
            f" WHERE id = '{people.bob}';"
            " RETURN new; END $$;"
            " CREATE TRIGGER grab BEFORE INSERT OR UPDATE ON pg_temp.profiles"
            " FOR EACH ROW EXECUTE FUNCTION pg_temp.grab()"
        )
        answer = await update_profile(conn, people.bob, company_param="Bob Ltd")
    assert answer["success"]
    assert await rank(conn, people.bob) == ("customer", False)
    assert await value(conn, "public.profiles", people.bob, "company") == "Bob Ltd"


@pytest.mark.parametrize(("role", "is_staff"), [("admin", False), ("customer", True)])
async def test_role_and_staff_flag_always_agree(
    conn: Connection, people: People, role: str, *, is_staff: bool
) -> None:
    # Refusing the pair and mending it are both right; storing it is not.
    with suppress(asyncpg.IntegrityConstraintViolationError):
        async with conn.transaction():
            await change(conn, "profiles", people.ann, role=role, is_staff=is_staff)
    await conn.execute("DELETE FROM profiles WHERE id = $1", people.bob)
    with suppress(asyncpg.IntegrityConstraintViolationError):
        async with conn.transaction():
            row = {"first_name": "Bob", "last_name": "Ray", "role": role, "is_staff": is_staff}
            await insert(conn, "profiles", id=people.bob, **row)
    unlike = "SELECT role, is_staff FROM profiles WHERE is_staff <> (role <> 'customer')"
    assert await conn.fetch(unlike) == []
