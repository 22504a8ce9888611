"""The document's objects all exist, wherever and however often the migrations are applied."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from booking_core.database import Connection
from booking_core.migrate import MIGRATIONS, migrate
from tests.sql import document
from tests.sql.roles import UNIQUE, acting_as, refused
from tests.sql.rows import People, insert, sign_up

COLUMNS_OF = """
    SELECT attname || ' ' || format_type(atttypid, atttypmod) FROM pg_attribute
    WHERE attrelid = ('public.' || $1)::regclass AND attnum > 0 AND NOT attisdropped
"""
VALUES_OF = """
    SELECT enumlabel FROM pg_enum WHERE enumtypid = ('public.' || $1)::regtype
    ORDER BY enumsortorder
"""
FUNCTIONS = """
    SELECT proname || '(' || pg_get_function_identity_arguments(oid) || ')',
        pg_get_function_result(oid)
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""
TRIGGERS = "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE tgenabled = 'O'"
POLICIES = "SELECT policyname, tablename || ' ' || cmd FROM pg_policies"
INDEXES = "SELECT indexname, tablename FROM pg_indexes WHERE schemaname = 'public'"
CONSTRAINTS = """
    SELECT conname, conrelid::regclass::text FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
"""


@pytest.mark.parametrize(("relation", "columns"), (document.COLUMNS | document.VIEWS).items())
async def test_tables_and_views_have_the_columns_of_the_document(
    conn: Connection, relation: str, columns: str
) -> None:
    there = {row[0] for row in await conn.fetch(COLUMNS_OF, relation)}
    assert set(columns.split("; ")) - there == set()


@pytest.mark.parametrize(("enum", "values"), document.ENUMS.items())
async def test_enums_have_the_values_of_the_document_in_their_order(
    conn: Connection, enum: str, values: str
) -> None:
    there = [row[0] for row in await conn.fetch(VALUES_OF, enum)]
    assert [value for value in there if value in values.split()] == values.split()


@pytest.mark.parametrize(
    ("expected", "query"),
    [
        (document.FUNCTIONS, FUNCTIONS),
        (document.TRIGGERS, TRIGGERS),
        (document.POLICIES, POLICIES),
    ],
    ids=["functions", "triggers", "policies"],
)
async def test_named_objects_of_the_document_exist(
    conn: Connection, expected: Mapping[str, str], query: str
) -> None:
    there = {(row[0], row[1]) for row in await conn.fetch(query)}
    assert set(expected.items()) - there == set()


@pytest.mark.parametrize(
    ("expected", "query"),
    [(document.INDEXES, INDEXES), (document.CONSTRAINTS, CONSTRAINTS)],
    ids=["indexes", "constraints"],
)
async def test_each_table_has_the_indexes_and_constraints_of_the_document(
    conn: Connection, expected: Mapping[str, str], query: str
) -> None:
    there = {(row[0], row[1]) for row in await conn.fetch(query)}
    named = {(name, table) for table, names in expected.items() for name in names.split()}
    assert named - there == set()


async def test_the_booking_sequence_exists(conn: Connection) -> None:
    assert await conn.fetchval("SELECT nextval('public.booking_ref_seq')") >= 1


async def test_the_two_services_are_there_once_even_when_inserted_again(conn: Connection) -> None:
    inserting = [file for file in MIGRATIONS.glob("*.sql") if "discovery-call" in file.read_text()]
    assert inserting
    for file in inserting:
        await conn.execute(file.read_text())
    services = await conn.fetch("SELECT slug, price::text FROM services ORDER BY slug")
    assert [tuple(row) for row in services] == [
        ("discovery-call", "0.00"),
        ("strategy-session", "150.00"),
    ]


async def test_the_conversion_funnel_counts_customers(conn: Connection, people: People) -> None:
    await insert(conn, "customer_metrics", email="hot@example.com", lead_quality="hot")
    rows = await conn.fetch(
        "SELECT lead_quality, customers, avg_revenue, repeat_customers"
        " FROM customer_conversion_funnel WHERE lead_quality = 'hot'"
    )
    assert [tuple(row) for row in rows] == [("hot", 1, 0, 0)]


async def test_auth_functions_read_the_claims_of_the_request(
    conn: Connection, people: People
) -> None:
    async with acting_as(conn, "authenticated", people.ann):
        row = await conn.fetchrow("SELECT auth.uid(), auth.role(), auth.jwt() ->> 'sub'")
    assert row is not None
    assert tuple(row) == (people.ann, "authenticated", str(people.ann))


async def test_auth_functions_answer_nothing_without_claims(conn: Connection) -> None:
    assert await conn.fetchval("SELECT auth.uid()") is None


async def test_a_confirmed_address_confirms_the_account(conn: Connection) -> None:
    user_id = await sign_up(conn, "eve@example.com")
    assert await conn.fetchval(
        "SELECT confirmed_at FROM auth.users WHERE id = $1", user_id
    ) == datetime(2026, 1, 1, tzinfo=UTC)


async def test_an_address_has_one_account_unless_it_signs_in_elsewhere(conn: Connection) -> None:
    await sign_up(conn, "eve@example.com")
    await sign_up(conn, "eve@example.com", is_sso_user=True)
    async with refused(conn, UNIQUE):
        await sign_up(conn, "eve@example.com")


async def test_migrating_again_does_nothing(conn: Connection) -> None:
    assert await migrate(conn) == []
    assert (
        await conn.fetchval("SELECT count(*) FROM pg_trigger WHERE tgname = 'on_auth_user_created'")
        == 1
    )


def test_no_migration_drops_a_trigger_of_the_auth_service() -> None:
    dropping = re.compile(r"drop\s+trigger[^;]*auth\s*\.\s*users", re.IGNORECASE)
    assert [
        file.name for file in MIGRATIONS.glob("*.sql") if dropping.search(file.read_text())
    ] == []


@pytest.mark.parametrize("table", document.COLUMNS)
async def test_the_service_may_read_and_insert_into_every_table(
    conn: Connection, table: str
) -> None:
    for right in ("select", "insert"):
        assert await conn.fetchval(
            "SELECT has_table_privilege('service_role', 'public.' || $1, $2)", table, right
        )


async def test_the_service_may_number_bookings(conn: Connection) -> None:
    assert await conn.fetchval(
        "SELECT has_sequence_privilege('service_role', $1, 'usage')", "public.booking_ref_seq"
    )


async def test_an_anonymous_visitor_sees_active_services_and_nothing_else(
    conn: Connection, people: People
) -> None:
    await conn.execute("UPDATE services SET is_active = false WHERE slug = 'strategy-session'")
    readable = await conn.fetch(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'v', 'm', 'p') AND has_any_column_privilege('anon', oid, 'select')"
    )
    assert [row[0] for row in readable] == ["services"]
    async with acting_as(conn, "anon"):
        assert await conn.fetchval("SELECT count(*) FROM services") == 1
