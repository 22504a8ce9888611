"""Plain .sql files in the Supabase CLI's own convention, applied in this process.

Files are ``<14-digit timestamp>_<name>.sql``, forward only. The history is the table the CLI keeps,
so that ``supabase db push``, ``psql -f`` and this module work with the same files.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg

from booking_core.database import Connection

MIGRATIONS: Final[Path] = Path(__file__).resolve().parent.parent / "sql" / "migrations"
FILE_NAME: Final = re.compile(r"(?P<version>\d{14})_(?P<name>\w+)\.sql")

# What a semicolon may be hidden in. Standard SQL function bodies (BEGIN ATOMIC) are not known.
SQL_PIECE: Final = re.compile(
    r"""--[^\n]* | /\*.*?\*/ | '(?:[^']|'')*' | "[^"]*"
    | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$ | ; | .""",
    re.DOTALL | re.VERBOSE,
)

LOCK: Final = "SELECT pg_advisory_lock(hashtextextended('supabase_migrations', 0))"
UNLOCK: Final = "SELECT pg_advisory_unlock(hashtextextended('supabase_migrations', 0))"

CREATE_HISTORY: Final = """
    CREATE SCHEMA IF NOT EXISTS supabase_migrations;
    CREATE TABLE IF NOT EXISTS supabase_migrations.schema_migrations (
        version text PRIMARY KEY, statements text[], name text
    );
    ALTER TABLE supabase_migrations.schema_migrations ADD COLUMN IF NOT EXISTS sha256 text;
"""

SELECT_HISTORY: Final = "SELECT version, sha256 FROM supabase_migrations.schema_migrations"

SELECT_VERSIONS: Final = "SELECT version FROM supabase_migrations.schema_migrations"

INSERT_APPLIED: Final = """
    INSERT INTO supabase_migrations.schema_migrations (version, name, statements, sha256)
    VALUES ($1, $2, $3, $4)
"""

# The service's own login must be able to see whether anything is pending.
GRANT_HISTORY: Final = """
    DO $$
    BEGIN
        IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'service_role') THEN
            GRANT USAGE ON SCHEMA supabase_migrations TO service_role;
            GRANT SELECT ON supabase_migrations.schema_migrations TO service_role;
        END IF;
    END
    $$
"""


class MigrationError(Exception):
    """The migrations cannot be applied as they are; the message names the file."""


@dataclass(frozen=True, kw_only=True)
class Migration:
    """One file. ``version`` is its timestamp, which is also its place in the order."""

    file_name: str
    version: str
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement of a file and the line, counted from 1, where it begins."""

    sql: str
    line: int


async def migrate(conn: Connection, folder: Path = MIGRATIONS) -> list[str]:
    """Apply what is pending, each file in a transaction of its own; give the applied files' names.

    Any number of processes may do this at once: one applies, the others wait and find nothing. The
    lock belongs to the session, so the connection must not go through a transaction pooler.

    Raises:
        MigrationError: a file is misnamed, was edited after it was applied, is older than one that
            was applied, or fails (then nothing of it remains; the message has file and line).
    """
    migrations = read_migrations(folder)
    await conn.execute(LOCK)
    try:
        await conn.execute(CREATE_HISTORY)
        history = {row["version"]: row["sha256"] for row in await conn.fetch(SELECT_HISTORY)}
        waiting = choose_pending(migrations, history)
        for migration in waiting:
            await apply_file(conn, migration)
        await conn.execute(GRANT_HISTORY)
    finally:
        await conn.execute(UNLOCK)
    return [migration.file_name for migration in waiting]


async def pending(conn: Connection, folder: Path = MIGRATIONS) -> list[str]:
    """Names of the files not applied yet. Only reads: neither lock nor the right to create."""
    migrations = read_migrations(folder)
    try:
        async with conn.transaction():  # a savepoint: the caller's transaction outlives the miss
            applied = {row["version"] for row in await conn.fetch(SELECT_VERSIONS)}
    except asyncpg.UndefinedTableError:
        applied = set()
    except asyncpg.InsufficientPrivilegeError as error:
        raise MigrationError(
            "this login may not read supabase_migrations.schema_migrations: make it a member of "
            "service_role, or migrate with the owner of the schema first"
        ) from error
    return [each.file_name for each in migrations if each.version not in applied]


def read_migrations(folder: Path) -> list[Migration]:
    """All files of the folder, oldest first."""
    migrations: list[Migration] = []
    for path in sorted(folder.glob("*.sql")):
        match = FILE_NAME.fullmatch(path.name)
        if match is None:
            raise MigrationError(f"{path.name} is not named <14-digit timestamp>_<name>.sql")
        if migrations and migrations[-1].version == match["version"]:
            raise MigrationError(f"{path.name} has the timestamp of {migrations[-1].file_name}")
        sql = path.read_text(encoding="utf-8")
        migrations.append(
            Migration(file_name=path.name, version=match["version"], name=match["name"], sql=sql)
        )
    if not migrations:
        raise MigrationError(f"no migrations in {folder}")
    return migrations


def choose_pending(migrations: list[Migration], history: dict[str, str | None]) -> list[Migration]:
    """The migrations to apply, in order.

    Args:
        migrations: of the folder, oldest first.
        history: SHA-256 by version; None where the Supabase CLI applied the file. Such rows may
            belong to other people's migrations, so they set no order for ours.
    """
    newest = max((version for version, sha256 in history.items() if sha256), default="")
    waiting = []
    for migration in migrations:
        if migration.version not in history:
            if migration.version < newest:
                raise MigrationError(
                    f"{migration.file_name} is older than the newest applied migration {newest}"
                )
            waiting.append(migration)
        elif history[migration.version] not in (None, migration.sha256):
            raise MigrationError(
                f"{migration.file_name} was edited after it was applied; write a new migration"
            )
    return waiting


async def apply_file(conn: Connection, migration: Migration) -> None:
    statements = list(split_statements(migration.sql))
    async with conn.transaction():
        for statement in statements:
            try:
                await conn.execute(statement.sql)
            except asyncpg.PostgresError as error:
                line = statement.line + lines_before(statement.sql, error)
                raise MigrationError(f"{migration.file_name}:{line}: {error}") from error
        await conn.execute(
            INSERT_APPLIED,
            migration.version,
            migration.name,
            [statement.sql for statement in statements],
            migration.sha256,
        )


def split_statements(sql: str) -> Iterator[Statement]:
    """Cut a file at the semicolons that end a statement, without comments in front."""
    start = end = 0
    begun = False  # whether anything but blanks and comments has come since ``start``
    for piece in SQL_PIECE.finditer(sql):
        text, end = piece.group(), piece.end()
        if not begun and (text.isspace() or text.startswith(("--", "/*"))):
            start = end
        elif text == ";":
            if begun:
                yield Statement(sql=sql[start : piece.start()], line=sql.count("\n", 0, start) + 1)
            start, begun = end, False
        else:
            begun = True
    if begun:
        yield Statement(sql=sql[start:end].rstrip(), line=sql.count("\n", 0, start) + 1)


def lines_before(sql: str, error: asyncpg.PostgresError) -> int:
    """How many lines of a statement lie before the place its error points to, if it does."""
    position = getattr(error, "position", None)
    return sql.count("\n", 0, int(position) - 1) if position else 0
