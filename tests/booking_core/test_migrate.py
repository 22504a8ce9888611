"""Migrations are applied once, whole and in order, by anybody who owns the schema."""

import asyncio
import itertools
import os
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from booking_core.database import Connection, connect
from booking_core.local_postgres import LocalPostgres
from booking_core.migrate import MIGRATIONS, MigrationError, migrate, pending
from booking_core.postgres_programs import embedded_folders, system_folders

POSTGRES_15 = Path("/usr/lib/postgresql/15/bin")
EmptyDatabase = Callable[..., AbstractAsyncContextManager[str]]

# Everything the migrations make, with its definition and its rights, as lines of text.
CATALOGUE = """
    SELECT 'column ' || a.attrelid::regclass::text || ' ' || a.attname || ' '
        || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || ' '
        || coalesce(pg_get_expr(d.adbin, d.adrelid), '') || ' ' || coalesce(a.attacl::text, '')
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE c.relnamespace = ANY ($1::regnamespace[]) AND a.attnum > 0
    UNION ALL
    SELECT 'relation ' || oid::regclass::text || ' ' || relkind::text || ' ' || relrowsecurity
        || coalesce(relacl::text, '')
    FROM pg_class WHERE relnamespace = ANY ($1::regnamespace[])
    UNION ALL
    SELECT 'index ' || pg_get_indexdef(i.indexrelid) FROM pg_index i
    JOIN pg_class c ON c.oid = i.indrelid WHERE c.relnamespace = ANY ($1::regnamespace[])
    UNION ALL
    SELECT 'constraint ' || conrelid::regclass::text || ' ' || conname || ' '
        || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = ANY ($1::regnamespace[])
    UNION ALL
    SELECT 'function ' || pg_get_functiondef(oid) || coalesce(proacl::text, '')
    FROM pg_proc WHERE pronamespace = ANY ($1::regnamespace[]) AND prokind = 'f'
    UNION ALL
    SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT 'policy ' || policyname || ' ' || tablename || ' ' || cmd || ' ' || roles::text
        || coalesce(qual, '') || coalesce(with_check, '') FROM pg_policies
    UNION ALL
    SELECT 'enum ' || enumtypid::regtype::text || ' ' || enumlabel FROM pg_enum
"""
OURS = ["public", "private", "auth"]

_numbers = itertools.count(1)


@asynccontextmanager
async def connected(dsn: str) -> AsyncIterator[Connection]:
    conn = await connect(dsn)
    try:
        yield conn
    finally:
        await conn.close()


async def run_as_superuser(server: LocalPostgres, *statements: str) -> None:
    async with connected(server.dsn()) as root:
        for statement in statements:
            await root.execute(statement)


@pytest.fixture
def empty_database(server: LocalPostgres) -> EmptyDatabase:
    """Make a database with nothing in it: ``async with empty_database(owner=…) as dsn``."""

    @asynccontextmanager
    async def make(owner: str = "postgres") -> AsyncIterator[str]:
        name = f"empty_{next(_numbers)}"
        await run_as_superuser(server, f"CREATE DATABASE {name} OWNER {owner}")
        try:
            yield server.dsn(name, user=owner)
        finally:
            await run_as_superuser(server, f"DROP DATABASE {name} WITH (FORCE)")

    return make


@pytest.fixture
async def empty(empty_database: EmptyDatabase) -> AsyncIterator[Connection]:
    async with empty_database() as dsn, connected(dsn) as conn:
        yield conn


@pytest.fixture
def plain_owner(server: LocalPostgres) -> Iterator[str]:
    """A login that may own a database, but neither make roles nor pass row security."""
    name = "plain_owner"
    asyncio.run(run_as_superuser(server, f"CREATE ROLE {name} LOGIN"))
    yield name
    asyncio.run(run_as_superuser(server, f"DROP ROLE {name}"))


@pytest.fixture(scope="module")
def server_15(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalPostgres]:
    if not POSTGRES_15.is_dir():
        pytest.skip(f"PostgreSQL 15 is not installed in {POSTGRES_15}")
    data = Path(tmp_path_factory.mktemp("postgres15")) / "data"
    with LocalPostgres(data, bindir=POSTGRES_15, durable=False) as server:
        yield server


def write(folder: Path, **files: str) -> Path:
    """Migration files; ``first``, ``second`` … are their names and their order."""
    for number, (name, sql) in enumerate(files.items(), start=1):
        (folder / f"2026010100000{number}_{name}.sql").write_text(sql, encoding="utf-8")
    return folder


async def migrate_over_a_connection_of_its_own(dsn: str) -> list[str]:
    async with connected(dsn) as conn:
        return await migrate(conn)


async def read_catalogue(conn: Connection) -> set[str]:
    return {row[0] for row in await conn.fetch(CATALOGUE, OURS)}


def run_with_psql(dsn: str, path: Path) -> None:
    options = ["-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-f", str(path)]
    psql = subprocess.run(
        [find_psql(), dsn, *options],
        env={"PATH": os.defpath},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert psql.returncode == 0, psql.stderr


def find_psql() -> Path:
    for folder in (*embedded_folders(), *system_folders()):
        if (folder / "psql").is_file():
            return folder / "psql"
    pytest.skip("there is no psql beside the PostgreSQL in use")


async def test_everything_is_pending_until_it_is_applied_and_then_nothing(
    empty: Connection,
) -> None:
    files = sorted(path.name for path in MIGRATIONS.glob("*.sql"))
    assert await pending(empty) == files
    assert await migrate(empty) == files
    assert await pending(empty) == []
    assert await migrate(empty) == []


async def test_of_eight_at_once_one_applies_and_seven_find_nothing(
    empty_database: EmptyDatabase,
) -> None:
    async with empty_database() as dsn:
        applied = await asyncio.gather(
            *(migrate_over_a_connection_of_its_own(dsn) for _ in range(8))
        )
        assert sorted(map(len, applied)) == [0] * 7 + [len(list(MIGRATIONS.glob("*.sql")))]


async def test_psql_makes_the_same_schema_of_the_same_files(
    empty: Connection, empty_database: EmptyDatabase
) -> None:
    await migrate(empty)
    async with empty_database() as dsn:
        for path in sorted(MIGRATIONS.glob("*.sql")):
            await asyncio.to_thread(run_with_psql, dsn, path)
        async with connected(dsn) as conn:
            assert await read_catalogue(conn) ^ await read_catalogue(empty) == set()


async def test_an_owner_without_any_special_right_migrates_where_the_roles_exist(
    empty: Connection, empty_database: EmptyDatabase, plain_owner: str
) -> None:
    await migrate(empty)  # the roles belong to the whole server
    async with empty_database(plain_owner) as dsn, connected(dsn) as conn:
        assert len(await migrate(conn)) == len(list(MIGRATIONS.glob("*.sql")))
        assert await conn.fetchval("SELECT count(*) FROM services") == 2


async def test_an_owner_who_may_make_roles_makes_those_that_are_missing(
    server_15: LocalPostgres,
) -> None:
    await run_as_superuser(
        server_15,
        "CREATE ROLE role_maker LOGIN CREATEROLE",
        "CREATE DATABASE without_roles OWNER role_maker",
    )
    async with connected(server_15.dsn("without_roles", user="role_maker")) as conn:
        await migrate(conn)
        await conn.execute("SET ROLE anon")
        assert await conn.fetchval("SELECT count(*) FROM services") == 2


async def test_postgresql_15_takes_every_file(server_15: LocalPostgres) -> None:
    await run_as_superuser(server_15, "CREATE DATABASE fifteen")
    async with connected(server_15.dsn("fifteen")) as conn:
        assert len(await migrate(conn)) == len(list(MIGRATIONS.glob("*.sql")))
        assert await pending(conn) == []


async def test_a_member_of_the_service_role_sees_whether_anything_is_pending(
    empty: Connection,
) -> None:
    await migrate(empty)
    await empty.execute("SET ROLE service_role")
    assert await pending(empty) == []


async def test_who_may_not_read_the_history_is_told_what_to_do(empty: Connection) -> None:
    await migrate(empty)
    await empty.execute("SET ROLE anon")
    with pytest.raises(MigrationError, match="member of service_role"):
        await pending(empty)


async def test_looking_for_pending_files_spoils_no_transaction(empty: Connection) -> None:
    async with empty.transaction():
        assert await pending(empty) != []
        assert await empty.fetchval("SELECT 1") == 1


async def test_an_edited_file_is_refused(empty: Connection, tmp_path: Path) -> None:
    write(tmp_path, first="CREATE TABLE a ();")
    await migrate(empty, tmp_path)
    write(tmp_path, first="CREATE TABLE a (b int);")
    with pytest.raises(MigrationError, match=r"first\.sql was edited after it was applied"):
        await migrate(empty, tmp_path)


async def test_a_file_older_than_one_of_ours_is_refused(empty: Connection, tmp_path: Path) -> None:
    write(tmp_path, first="SELECT 1;")
    await migrate(empty, tmp_path)
    (tmp_path / "20250101000000_late.sql").write_text("SELECT 1;", encoding="utf-8")
    with pytest.raises(MigrationError, match=r"late\.sql is older than"):
        await migrate(empty, tmp_path)


async def test_newer_files_that_the_supabase_cli_applied_do_not_stand_in_the_way(
    empty: Connection, tmp_path: Path
) -> None:
    write(tmp_path, first="SELECT 1;")
    await migrate(empty, tmp_path)
    await empty.execute(
        "INSERT INTO supabase_migrations.schema_migrations (version) VALUES ('20990101000000')"
    )
    write(tmp_path, first="SELECT 1;", second="SELECT 2;")
    assert await migrate(empty, tmp_path) == ["20260101000002_second.sql"]


async def test_a_file_the_supabase_cli_applied_is_not_applied_again(
    empty: Connection, tmp_path: Path
) -> None:
    write(tmp_path, first="CREATE TABLE a ();")
    await empty.execute("CREATE SCHEMA supabase_migrations")
    await empty.execute(
        "CREATE TABLE supabase_migrations.schema_migrations"
        " (version text PRIMARY KEY, statements text[], name text)"
    )
    await empty.execute(
        "INSERT INTO supabase_migrations.schema_migrations (version) VALUES ('20260101000001')"
    )
    assert await migrate(empty, tmp_path) == []


BROKEN = {
    "a word that is none": ("CREATE TABLE b (\n  c int,\n  d nonsense\n);", 5),
    "a table that is not there": ("ALTER TABLE nowhere ADD COLUMN c int;", 3),
    "a fault inside a block": ("DO $$\nBEGIN\n  PERFORM 1 / 0;\nEND\n$$;", 3),
    "a semicolon in a string": ("SELECT ';', \"nothing;\" -- ; \n;", 3),
}


@pytest.mark.parametrize(("sql", "line"), BROKEN.values(), ids=BROKEN.keys())
async def test_a_broken_file_names_its_line_and_leaves_nothing(
    empty: Connection, tmp_path: Path, sql: str, line: int
) -> None:
    broken = f"-- Why; it exists.\nCREATE TABLE before ();\n{sql}\nCREATE TABLE after ();\n"
    write(tmp_path, good="CREATE TABLE good ();", broken=broken)
    with pytest.raises(MigrationError, match=rf"^20260101000002_broken\.sql:{line}: "):
        await migrate(empty, tmp_path)
    assert await empty.fetchval("SELECT to_regclass('before')") is None
    assert await pending(empty, tmp_path) == ["20260101000002_broken.sql"]


async def test_after_a_broken_file_the_next_try_goes_on(empty: Connection, tmp_path: Path) -> None:
    with pytest.raises(MigrationError):
        await migrate(empty, write(tmp_path, first="SELECT 1;", second="SELECT nothing;"))
    write(tmp_path, first="SELECT 1;", second="CREATE TABLE mended ()")
    assert await migrate(empty, tmp_path) == ["20260101000002_second.sql"]
    assert await empty.fetchval("SELECT to_regclass('mended')::text") == "mended"


@pytest.mark.parametrize("name", ["1_first.sql", "20260101000001-first.sql"])
async def test_a_misnamed_file_is_refused(empty: Connection, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("SELECT 1;", encoding="utf-8")
    with pytest.raises(MigrationError, match=f"{name} is not named"):
        await migrate(empty, tmp_path)


async def test_two_files_with_one_timestamp_are_refused(empty: Connection, tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / f"20260101000001_{name}.sql").write_text("SELECT 1;", encoding="utf-8")
    with pytest.raises(MigrationError, match="has the timestamp of"):
        await migrate(empty, tmp_path)


async def test_a_folder_without_migrations_is_a_mistake(empty: Connection, tmp_path: Path) -> None:
    with pytest.raises(MigrationError, match="no migrations in"):
        await pending(empty, tmp_path)


@pytest.mark.parametrize("path", sorted(MIGRATIONS.glob("*.sql")), ids=lambda path: path.stem)
def test_every_file_says_first_why_it_exists(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("-- ")
