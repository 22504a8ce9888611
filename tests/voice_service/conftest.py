"""The whole service on a real socket, over a database of its own, with its jobs running."""

import asyncio
import gc
import socket
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from pydantic import SecretStr

from booking_core.database import Connection, connect
from booking_core.local_postgres import LocalPostgres
from tests.conftest import FreshDatabase, databases_of
from tests.voice_service.events import TOKEN, WEBHOOK_SECRET, signed
from voice_service.app import create_app
from voice_service.relay import SOCKET_OPTIONS, give_up_on_the_silent
from voice_service.settings import Settings

RELAY_KEY = "a-relay-key-that-is-long-enough-for-any-client"


@dataclass(frozen=True, kw_only=True)
class RunningService:
    """``client`` speaks to it over HTTP; ``conn`` looks at its database as the owner."""

    client: httpx.AsyncClient
    conn: Connection
    dsn: str
    base_url: str

    async def post(self, event: dict[str, Any] | bytes) -> httpx.Response:
        """Post an event with a correct signature."""
        body, headers = signed(event)
        return await self.client.post("/webhooks/elevenlabs", content=body, headers=headers)

    async def settle(self, seconds: float = 15) -> None:
        """Wait until no job is left to do, or the time is over."""
        await self.wait_for(
            "SELECT NOT EXISTS (SELECT FROM jobs.pgqueuer WHERE status IN ('queued', 'picked'))",
            seconds=seconds,
        )

    async def wait_for(self, query: str, *, seconds: float = 15) -> None:
        """Wait until a query answers true."""
        async with asyncio.timeout(seconds):
            while not await self.conn.fetchval(query):  # noqa: ASYNC110  # only the database knows
                await asyncio.sleep(0.02)

    async def handle(self, event: dict[str, Any]) -> None:
        """Post an event and wait until it is handled."""
        answer = await self.post(event)
        assert answer.status_code == 200, answer.text
        await self.settle()

    async def consultation(self, conversation_id: str) -> dict[str, Any]:
        """The consultation as the API gives it."""
        answer = await self.client.get(f"/api/v1/consultations/{conversation_id}")
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body


def make_settings(tmp_path: Path, **changes: Any) -> Settings:
    values: dict[str, Any] = {
        "data_dir": tmp_path / "var",
        "elevenlabs_webhook_secret": (SecretStr(WEBHOOK_SECRET),),
        "staff_api_token": SecretStr(TOKEN),
        "session_secret": SecretStr("a-session-secret-for-the-tests-alone"),
        "relay_api_key": SecretStr(RELAY_KEY),
        "business_timezone": "Europe/London",
        **changes,
    }
    return Settings(_env_file=None, **values)


@asynccontextmanager
async def run_service(
    dsn: str, settings: Settings, *, run_jobs: bool = True
) -> AsyncIterator[RunningService]:
    """The app under uvicorn on a free port of the loopback interface, until the block ends."""
    listener = socket.create_server(("127.0.0.1", 0))
    give_up_on_the_silent(listener)
    settings = settings.model_copy(update={"port": listener.getsockname()[1]})
    base_url = f"http://127.0.0.1:{settings.port}"
    app = create_app(settings, dsn=dsn, direct_dsn=dsn, run_jobs=run_jobs)
    server = uvicorn.Server(
        uvicorn.Config(app, log_config=None, access_log=False, **SOCKET_OPTIONS)
    )
    task = asyncio.create_task(server.serve(sockets=[listener]))
    async with asyncio.timeout(20):
        while not server.started:  # noqa: ASYNC110  # uvicorn tells it no other way
            await asyncio.sleep(0.01)
    conn = await connect(dsn)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    try:
        async with httpx.AsyncClient(base_url=base_url, headers=headers, timeout=30) as client:
            yield RunningService(client=client, conn=conn, dsn=dsn, base_url=base_url)
    finally:
        await conn.close()
        server.should_exit = True
        await task


@pytest.fixture
async def service(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncIterator[RunningService]:
    async with (
        fresh_database() as dsn,
        run_service(dsn, make_settings(tmp_path)) as running,
    ):
        yield running


@pytest.fixture(scope="module")
async def api(
    server: LocalPostgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningService]:
    """The service without jobs, one for all tests of a module: each makes rows of its own."""
    # The tests of a module are one visitor, who begins again before the last end is written.
    settings = make_settings(tmp_path_factory.mktemp("api"), relay_sessions_per_visitor=100)
    async with (
        databases_of(server)() as dsn,
        run_service(dsn, settings, run_jobs=False) as running,
    ):
        yield running


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    """For the vendor's client, which leaves its own, and its socket, to the garbage collector."""
    with httpx.Client() as client:
        yield client
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
