"""Databases go away and workers are killed; nothing that was said is lost."""

import asyncio
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from booking_core.database import Connection, connect
from tests.conftest import FreshDatabase, running_server
from tests.voice_service.conftest import RunningService, make_settings, run_service
from tests.voice_service.events import conversation_id, make_event
from voice_service import jobs
from voice_service.consultations.queries import recording
from voice_service.jobs import JobContext
from voice_service.webhooks.handling import empty_handled_events


async def test_the_service_answers_503_without_its_database_and_works_on_when_it_is_back(
    tmp_path: Path,
) -> None:
    async with running_server(tmp_path) as server:
        settings = make_settings(tmp_path)
        async with run_service(server.dsn(), settings) as service:
            before, during, after = make_event(), make_event(), make_event()
            await service.handle(before)
            await asyncio.to_thread(server.stop)
            refused = await service.post(during)
            assert (refused.status_code, refused.json()["code"]) == (503, "database_unavailable")
            assert refused.headers["Retry-After"]
            assert (await service.client.get("/readyz")).status_code == 503
            assert (await service.client.get("/healthz")).status_code == 200
            assert (await service.client.get("/api/v1/consultations")).status_code == 503

            await asyncio.to_thread(server.start)
            again = RunningService(
                client=service.client,
                conn=await connect(server.dsn()),
                dsn=service.dsn,
                base_url=service.base_url,
            )
            for event in (during, after):
                assert (await again.post(event)).status_code == 200
            await again.settle(30)
            for event in (before, during, after):
                found = await again.consultation(conversation_id(event))
                assert found["status"] == "completed"
            assert (await service.client.get("/readyz")).status_code == 200
            await again.conn.close()


async def test_a_failing_job_is_rolled_back_noted_and_tried_again(
    service: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault between two writes: the first attempt leaves nothing, the second all of it."""
    replace_turns = recording.replace_turns
    attempts: list[int] = []

    async def fail_once(conn: Connection, consultation_id: UUID, *args: Any, **more: Any) -> None:
        await replace_turns(conn, consultation_id, *args, **more)
        attempts.append(1)
        if len(attempts) == 1:
            raise RuntimeError("the caller said something private")

    monkeypatch.setattr(recording, "replace_turns", fail_once)
    event = make_event()
    assert (await service.post(event)).status_code == 200
    await service.wait_for("SELECT last_error IS NOT NULL FROM voice_events")
    row = await service.conn.fetchrow("SELECT * FROM voice_events")
    assert row is not None
    assert row["last_error"].startswith("RuntimeError at ")
    assert "private" not in row["last_error"]
    assert await service.conn.fetchval("SELECT count(*) FROM voice_turns") == 0
    await service.settle(20)
    row = await service.conn.fetchrow("SELECT * FROM voice_events")
    assert row is not None
    assert (row["attempts"], row["last_error"]) == (2, None)
    assert (await service.consultation(conversation_id(event)))["status"] == "completed"
    kept = await service.conn.fetchval(
        "SELECT string_agg(traceback::text, ' ') FROM jobs.pgqueuer_log"
    )
    assert "private" not in (kept or "")


async def test_a_job_that_never_works_ends_as_failed_with_its_reason(
    fresh_database: FreshDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("broken for good")

    monkeypatch.setattr(recording, "replace_turns", fail)
    monkeypatch.setattr(jobs, "MAX_ATTEMPTS", 2)
    event = make_event()
    async with fresh_database() as dsn, run_service(dsn, make_settings(tmp_path)) as service:
        assert (await service.post(event)).status_code == 200
        await service.wait_for("SELECT bool_and(status = 'failed') FROM jobs.pgqueuer")
        assert await status_of(service, event) == "failed"
        row = await service.conn.fetchrow("SELECT * FROM voice_events")
    assert row is not None
    assert (row["attempts"], row["handled_at"]) == (2, None)
    assert row["last_error"].startswith("RuntimeError at ")
    assert bytes(row["body"])  # kept, to be replayed


async def status_of(service: RunningService, event: dict[str, Any]) -> str | None:
    status: str | None = await service.conn.fetchval(
        "SELECT status FROM voice_consultations WHERE voice_session_id = $1",
        conversation_id(event),
    )
    return status


SLOW_WORKER = """
import asyncio, sys
from pathlib import Path
from voice_service import jobs, webhooks
from voice_service.consultations import operations
from voice_service.settings import Settings

replace_turns = operations.recording.replace_turns

async def stop_half_way(*args, **more):
    await replace_turns(*args, **more)
    print("half way", flush=True)
    await asyncio.sleep(600)

operations.recording.replace_turns = stop_half_way
settings = Settings(_env_file=None, data_dir=Path(sys.argv[2]))
asyncio.run(jobs.run(sys.argv[1], settings, stop=asyncio.Event()))
"""


async def test_an_event_that_was_given_up_is_tried_again_when_it_comes_again(
    fresh_database: FreshDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_turns = recording.replace_turns

    async def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("broken for now")

    monkeypatch.setattr(recording, "replace_turns", fail)
    monkeypatch.setattr(jobs, "MAX_ATTEMPTS", 1)
    event = make_event()
    async with fresh_database() as dsn, run_service(dsn, make_settings(tmp_path)) as service:
        await service.post(event)
        await service.wait_for("SELECT bool_and(status = 'failed') FROM jobs.pgqueuer")
        found = await service.consultation(conversation_id(event))
        assert found["end_reason"].startswith("handling gave up: RuntimeError at ")
        monkeypatch.setattr(recording, "replace_turns", replace_turns)
        assert (await service.post(event)).status_code == 200
        await service.settle()
        found = await service.consultation(conversation_id(event))
        said = len(event["data"]["transcript"])
        assert (found["status"], len(found["turns"])) == ("completed", said)


def kill_half_way(dsn: str, folder: Path) -> None:
    """Start a worker that stops between two writes of a job, and kill it there."""
    with subprocess.Popen(
        [sys.executable, "-c", SLOW_WORKER, dsn, str(folder)], stdout=subprocess.PIPE, text=True
    ) as worker:
        try:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "half way\n"
        finally:
            os.kill(worker.pid, signal.SIGKILL)


async def test_a_worker_killed_half_way_leaves_its_job_to_another(
    fresh_database: FreshDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with fresh_database() as dsn:
        conn = await connect(dsn)
        event = make_event()
        async with run_service(dsn, make_settings(tmp_path), run_jobs=False) as door:
            assert (await door.post(event)).status_code == 200
        await asyncio.to_thread(kill_half_way, dsn, tmp_path)
        assert await conn.fetchval("SELECT count(*) FROM voice_turns") == 0
        # Shorter than in life, where 30 seconds pass before a silent worker counts as dead.
        monkeypatch.setattr(jobs, "HEARTBEAT_TIMEOUT", jobs.FIRST_DELAY * 2)
        async with run_service(dsn, make_settings(tmp_path)) as service:
            await service.settle(20)
            assert (await service.consultation(conversation_id(event)))["status"] == "completed"
        assert (
            await conn.fetchval("SELECT count(*) FROM voice_events WHERE handled_at IS NULL") == 0
        )
        await conn.close()


async def test_raw_bodies_are_let_go_of_some_days_after_handling(
    service: RunningService, tmp_path: Path
) -> None:
    await service.handle(make_event())
    assert (await service.post(b"not json")).status_code == 400
    now = datetime.now(UTC)
    settings = make_settings(tmp_path, raw_event_days=7)
    await empty_handled_events(JobContext(conn=service.conn, settings=settings, now=now))
    assert await service.conn.fetchval("SELECT count(body) FROM voice_events") == 2
    settings = make_settings(tmp_path, raw_event_days=0)
    later = datetime.now(UTC)
    await empty_handled_events(JobContext(conn=service.conn, settings=settings, now=later))
    left = await service.conn.fetch("SELECT last_error FROM voice_events WHERE body IS NOT NULL")
    assert [row["last_error"] for row in left] == ["not JSON (JSONDecodeError)"]
