"""One embedded PostgreSQL for the whole run; each test rolls back, or has a database of its own."""

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from hypothesis import settings

from booking_core.database import Connection, connect
from booking_core.local_postgres import LocalPostgres
from voice_service.databases import apply_migrations

# Workers of pytest-xdist have this set, and what prints tables would keep to it for good.
os.environ.pop("COLUMNS", None)

# How long an example takes says more of the machine than of us.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

TEMPLATE = "migrated"
FreshDatabase = Callable[[], AbstractAsyncContextManager[str]]


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, bool]]:
    return ("asyncio", {"use_uvloop": True})


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalPostgres]:
    """A PostgreSQL that forgets everything: no fsync, own folder, stopped at the end."""
    with LocalPostgres(Path(tmp_path_factory.mktemp("postgres")) / "data", durable=False) as server:
        asyncio.run(make_template(server))
        yield server


async def make_template(server: LocalPostgres) -> None:
    """A migrated database that every other one is copied from."""
    root = await asyncpg.connect(server.dsn())
    await root.execute(f"CREATE DATABASE {TEMPLATE}")
    await root.close()
    await prepare(server.dsn(TEMPLATE))


async def prepare(dsn: str) -> None:
    """Give a database its schema and the tables of the jobs."""
    conn = await connect(dsn)
    try:
        await apply_migrations(conn)
    finally:
        await conn.close()


@asynccontextmanager
async def running_server(folder: Path) -> AsyncIterator[LocalPostgres]:
    """A PostgreSQL with a prepared database, for a test that stops or freezes it."""
    server = LocalPostgres(folder / "data", durable=False)
    await asyncio.to_thread(server.start)
    try:
        await prepare(server.dsn())
        yield server
    finally:
        await asyncio.to_thread(server.stop)


@pytest.fixture(scope="session")
def shared_dsn(server: LocalPostgres) -> str:
    """The database of all tests that roll back what they did."""
    asyncio.run(copy_template(server, "shared"))
    return server.dsn("shared")


async def copy_template(server: LocalPostgres, name: str) -> None:
    root = await asyncpg.connect(server.dsn())
    try:
        await root.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY file_copy")
    finally:
        await root.close()


@pytest.fixture
async def conn(shared_dsn: str) -> AsyncIterator[Connection]:
    """A connection as the schema's owner; whatever the test writes is rolled back."""
    conn = await connect(shared_dsn)
    outer = conn.transaction()
    await outer.start()
    try:
        yield conn
    finally:
        await outer.rollback()
        await conn.close()


_numbers = itertools.count(1)


@pytest.fixture
def fresh_database(server: LocalPostgres) -> FreshDatabase:
    """Make a database of its own for a test that needs real commits: ``async with … as dsn``."""
    return databases_of(server)


def databases_of(server: LocalPostgres) -> FreshDatabase:
    @asynccontextmanager
    async def make() -> AsyncIterator[str]:
        name = f"test_{next(_numbers)}"
        await copy_template(server, name)
        try:
            yield server.dsn(name)
        finally:
            root = await asyncpg.connect(server.dsn())
            await root.execute(f"DROP DATABASE {name} WITH (FORCE)")
            await root.close()

    return make
