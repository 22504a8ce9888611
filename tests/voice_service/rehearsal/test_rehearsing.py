"""All samples through the served service, as the command plays them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner, Result

from booking_core.database import connect
from tests.conftest import FreshDatabase
from tests.voice_service.conftest import make_settings, run_service
from voice_service.cli import app
from voice_service.databases import load_demo
from voice_service.rehearsal import SAMPLES, ServiceUnusable, play, reach_service
from voice_service.rehearsal import service as reached
from voice_service.settings import Settings


@pytest.fixture
async def demo_dsn(fresh_database: FreshDatabase) -> AsyncIterator[str]:
    async with fresh_database() as dsn:
        conn = await connect(dsn)
        await load_demo(conn)
        await conn.close()
        yield dsn


@pytest.fixture
async def settings(
    demo_dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Settings]:
    """Those of a running service, with what is needed to find it."""
    monkeypatch.chdir(tmp_path)  # away from a developer's own .env
    settings = make_settings(tmp_path)
    async with run_service(demo_dsn, settings) as running:
        yield settings.model_copy(update={"public_url": running.base_url})


async def rehearse(settings: Settings, *arguments: str) -> Result:
    assert settings.staff_api_token
    environment = {
        "DATABASE_URL": None,
        "ELEVENLABS_API_KEY": None,
        "PUBLIC_URL": settings.base_url,
        "STAFF_API_TOKEN": settings.staff_api_token.get_secret_value(),
        "ELEVENLABS_WEBHOOK_SECRET": settings.webhook_secrets[0].decode(),
        "DATA_DIR": str(settings.data_dir),
        "COLUMNS": "200",
    }
    return await asyncio.to_thread(
        CliRunner().invoke, app, ["rehearse", *arguments], env=environment
    )


async def test_every_sample_becomes_what_it_should_also_the_second_time(settings: Settings) -> None:
    for _ in range(2):
        result = await rehearse(settings, "--all")
        assert f"{len(SAMPLES)} of {len(SAMPLES)} went as expected" in result.output, result.output
        assert result.exit_code == 0


async def test_a_sample_that_becomes_something_else_fails_the_command(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = SAMPLES["no-time"]
    wrong = replace(sample, expected=replace(sample.expected, verdict="unknown"))
    monkeypatch.setitem(SAMPLES, "no-time", wrong)
    result = await rehearse(settings, "no-time")
    assert result.exit_code == 1
    assert "verdict: qualified, expected unknown" in result.output
    assert "0 of 1 went as expected" in result.output


async def test_other_secrets_than_the_services_are_told(settings: Settings) -> None:
    stranger = settings.model_copy(update={"staff_api_token": SecretStr("x" * 40)})
    with reach_service(stranger) as service, pytest.raises(ServiceUnusable, match="DATA_DIR"):
        await asyncio.to_thread(play, service, SAMPLES["strong-lead"], now=datetime.now(UTC))


async def test_when_nobody_does_the_jobs_the_sample_says_so(
    demo_dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reached, "RECORDED_WITHIN", timedelta(seconds=0.3))
    settings = make_settings(tmp_path)
    async with run_service(demo_dsn, settings, run_jobs=False) as running:
        there = settings.model_copy(update={"public_url": running.base_url})
        with reach_service(there) as service:
            played = await asyncio.to_thread(
                play, service, SAMPLES["no-time"], now=datetime.now(UTC)
            )
    assert played.recorded is None
    assert "worker" in played.differences[0]
