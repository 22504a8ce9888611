"""The service with a platform of the test's own behind its relay."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect

from booking_core.local_postgres import LocalPostgres
from tests.conftest import FreshDatabase
from tests.voice_service.conftest import RELAY_KEY, RunningService, make_settings, run_service
from tests.voice_service.relay.platform import Call, Platform, run_platform
from voice_service.settings import Settings

HELLO = json.dumps({"type": "conversation_initiation_client_data"})


@dataclass(frozen=True, kw_only=True)
class Relayed:
    """The service, and the platform its relay connects to."""

    service: RunningService
    platform: Platform
    settings: Settings

    @property
    def socket_url(self) -> str:
        return f"ws{self.service.base_url.removeprefix('http')}/v1/convai/conversation"

    @asynccontextmanager
    async def visit(self, url: str | None = None, **more: Any) -> AsyncIterator[ClientConnection]:
        """A visitor's socket; nothing is sent yet."""
        address = url or f"{self.socket_url}?agent_id=agent_test"
        async with connect(address, max_size=None, proxy=None, close_timeout=2, **more) as visitor:
            yield visitor

    @asynccontextmanager
    async def converse(self) -> AsyncIterator[tuple[ClientConnection, Call]]:
        """A visitor whose conversation has begun, and the platform's side of it."""
        number = len(self.platform.calls)
        async with self.visit() as visitor:
            await visitor.send(HELLO)
            await visitor.recv()
            yield visitor, await self.platform.call(number)

    async def signed_url(self, **params: str) -> str:
        answer = await self.service.client.get(
            "/v1/convai/conversation/get-signed-url",
            params={"agent_id": "agent_test", **params},
            headers={"xi-api-key": RELAY_KEY},
        )
        assert answer.status_code == 200, answer.text
        url: str = answer.json()["signed_url"]
        return url

    async def turns(self, conversation_id: str) -> list[tuple[str, str | None]]:
        rows = await self.service.conn.fetch(
            "SELECT role, text FROM voice_turns JOIN voice_consultations AS c "
            "ON c.id = consultation_id WHERE voice_session_id = $1 ORDER BY position",
            conversation_id,
        )
        return [(row["role"], row["text"]) for row in rows]

    async def wait_for_turns(self, call: Call, count: int, *, seconds: float = 10) -> None:
        async with asyncio.timeout(seconds):
            while len(await self.turns(call.conversation_id)) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    async def wait_for_status(self, call: Call, *statuses: str, seconds: float = 15) -> str:
        """The consultation's status once it is one of these."""
        async with asyncio.timeout(seconds):
            while True:
                status = await self.service.conn.fetchval(
                    "SELECT status FROM voice_consultations WHERE voice_session_id = $1",
                    call.conversation_id,
                )
                if status in statuses:
                    return str(status)
                await asyncio.sleep(0.02)


@asynccontextmanager
async def relay_over(server: LocalPostgres, folder: Path) -> AsyncIterator[Relayed]:
    """The service on a database server that the test may take away."""
    async with run_platform() as platform:
        settings = make_settings(folder, elevenlabs_base_url=platform.url)
        async with run_service(server.dsn(), settings) as service:
            yield Relayed(service=service, platform=platform, settings=settings)


RunRelay = Callable[..., AbstractAsyncContextManager[Relayed]]


@pytest.fixture
def run_relay(fresh_database: FreshDatabase, tmp_path: Path) -> RunRelay:
    """``async with run_relay(relay_sessions=1) as relayed``: with settings of the test's own."""

    @asynccontextmanager
    async def run(*, run_jobs: bool = True, **changes: Any) -> AsyncIterator[Relayed]:
        async with run_platform() as platform, fresh_database() as dsn:
            settings = make_settings(tmp_path, elevenlabs_base_url=platform.url, **changes)
            async with run_service(dsn, settings, run_jobs=run_jobs) as service:
                yield Relayed(service=service, platform=platform, settings=settings)

    return run


@pytest.fixture
async def relayed(run_relay: RunRelay) -> AsyncIterator[Relayed]:
    async with run_relay() as running:
        yield running
