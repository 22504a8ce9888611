"""Which PostgreSQL we work on: the operator's, or the embedded one, started and made ready."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import structlog

from booking_core.consultants import count_consultants
from booking_core.database import Connection, connect
from booking_core.local_postgres import LocalPostgres, LocalPostgresError
from booking_core.migrate import migrate, pending
from voice_service import jobs
from voice_service.settings import Settings

DEMO: Final = Path(__file__).parents[1] / "sql" / "demo.sql"
CHECK_EVERY: Final = timedelta(seconds=0.5)
DATABASE: Final = "voice"
SERVICE_LOGIN: Final = "voice_service"
MAKE_LOGIN: Final = f"""
    DO $$ BEGIN
        IF to_regrole('{SERVICE_LOGIN}') IS NULL THEN
            CREATE ROLE {SERVICE_LOGIN} LOGIN IN ROLE service_role;
        END IF;
    END $$
"""

log = structlog.get_logger()


class NotMigrated(Exception):
    """The operator's database lacks migrations; only a person may apply them."""


@dataclass(frozen=True, kw_only=True)
class Databases:
    """How to reach the database.

    Attributes:
        owner_dsn: migrates, and may ``SET ROLE``.
        dsn: for requests.
        direct_dsn: a session connection, for jobs and LISTEN.
    """

    owner_dsn: str
    dsn: str
    direct_dsn: str


def find_databases(settings: Settings) -> Databases:
    """Where the database is, or would be: nothing is started."""
    if settings.database_url is None:
        server = embedded_server(settings)
        service_dsn = server.dsn(DATABASE, SERVICE_LOGIN)
        return Databases(owner_dsn=server.dsn(DATABASE), dsn=service_dsn, direct_dsn=service_dsn)
    dsn = settings.database_url.get_secret_value()
    direct = settings.database_direct_url
    direct_dsn = direct.get_secret_value() if direct else dsn
    return Databases(owner_dsn=direct_dsn, dsn=dsn, direct_dsn=direct_dsn)


def embedded_server(settings: Settings) -> LocalPostgres:
    return LocalPostgres(settings.data_dir / "postgres")


@contextmanager
def reach_databases(settings: Settings) -> Iterator[Databases]:
    """The database as far as it is there: the embedded server is started and its database made."""
    if not settings.uses_embedded_database:
        yield find_databases(settings)
        return
    with embedded_server(settings) as server, kept_running(server):
        asyncio.run(make_database(server))
        yield find_databases(settings)


@contextmanager
def kept_running(server: LocalPostgres) -> Iterator[None]:
    """Start the server again when it is gone: whoever started it first may leave before us."""
    leave = threading.Event()

    def watch() -> None:
        while not leave.wait(CHECK_EVERY.total_seconds()):
            try:
                server.start()
            except LocalPostgresError as error:
                log.warning("embedded_server_gone", error=str(error))

    watcher = threading.Thread(target=watch, name="embedded-server", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        leave.set()
        watcher.join()


@contextmanager
def open_databases(settings: Settings) -> Iterator[Databases]:
    """The database ready to work on.

    The embedded one is migrated and given the demo business where it has no consultants; the
    operator's is only looked at.

    Raises:
        NotMigrated: migrations are pending in the operator's database.
    """
    with reach_databases(settings) as databases:
        if settings.uses_embedded_database:
            asyncio.run(prepare_embedded(databases))
        else:
            asyncio.run(require_migrated(databases))
        yield databases


async def make_database(server: LocalPostgres) -> None:
    conn = await connect(server.dsn())
    try:
        # Two starters may meet here; CREATE DATABASE knows no IF NOT EXISTS.
        await conn.execute("SELECT pg_advisory_lock(hashtext('make_database'))")
        found = await conn.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE)
        if not found:
            await conn.execute(f"CREATE DATABASE {DATABASE}")
    finally:
        await conn.close()


async def prepare_embedded(databases: Databases) -> None:
    conn = await connect(databases.owner_dsn)
    try:
        await apply_migrations(conn)
        await conn.execute(MAKE_LOGIN)
        if await count_consultants(conn) == 0:
            await load_demo(conn)
    finally:
        await conn.close()


async def apply_migrations(conn: Connection) -> list[str]:
    """Bring schema and job tables up to date; the names of the files that were applied."""
    applied = await migrate(conn)
    await jobs.install(conn)
    return applied


async def load_demo(conn: Connection) -> None:
    """Three consultants with hours, so that there are slots; loading it again changes nothing."""
    async with conn.transaction():
        await conn.execute(DEMO.read_text())


async def require_migrated(databases: Databases) -> None:
    conn = await connect(databases.direct_dsn)
    try:
        left = await pending(conn)
        if left or not await jobs.is_installed(conn):
            what = ", ".join(left) or "the job tables"
            raise NotMigrated(
                f"The database is not up to date; missing: {what}. Run 'voice-service migrate'."
            )
    finally:
        await conn.close()
