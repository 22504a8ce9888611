"""The schema on both ends of what we support: the embedded PostgreSQL 18 and a system's 15."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from booking_core.database import Connection
from booking_core.local_postgres import LocalPostgres
from tests.conftest import copy_template, make_template
from tests.sql.rows import People, make_people

POSTGRES_15 = Path("/usr/lib/postgresql/15/bin")
SHARED = "schema_tests"


@pytest.fixture(scope="session", params=["18", "15"])
def postgres_version(request: pytest.FixtureRequest) -> str:
    version: str = request.param
    return version


@pytest.fixture(scope="session")
def server(
    postgres_version: str, server: LocalPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LocalPostgres]:
    """Both servers in turn; ``server`` among the arguments is the whole suite's own, an 18."""
    if postgres_version == "18":
        yield server
        return
    if not POSTGRES_15.is_dir():
        pytest.skip(f"PostgreSQL 15 is not installed in {POSTGRES_15}")
    data = Path(tmp_path_factory.mktemp("postgres15")) / "data"
    with LocalPostgres(data, bindir=POSTGRES_15, durable=False) as old_server:
        asyncio.run(make_template(old_server))
        yield old_server


@pytest.fixture(scope="session")
def shared_dsn(server: LocalPostgres) -> Iterator[str]:
    """The database of all tests that roll back what they did."""
    asyncio.run(copy_template(server, SHARED))
    yield server.dsn(SHARED)
    asyncio.run(drop_database(server, SHARED))


async def drop_database(server: LocalPostgres, name: str) -> None:
    root = await asyncpg.connect(server.dsn())
    try:
        await root.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await root.close()


@pytest.fixture
async def people(conn: Connection) -> People:
    return await make_people(conn)
