"""A service with somebody who gives consultations."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.booking_core.factories import make_consultant
from tests.conftest import FreshDatabase
from tests.voice_service.conftest import RunningService, make_settings, run_service


@pytest.fixture
async def staffed(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncIterator[RunningService]:
    """One consultant, every day of the week from nine to five in London."""
    async with (
        fresh_database() as dsn,
        run_service(dsn, make_settings(tmp_path)) as running,
    ):
        await make_consultant(running.conn, timezone="Europe/London", days=range(7))
        yield running
