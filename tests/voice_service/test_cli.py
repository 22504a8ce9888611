"""The commands, as a person runs them: real processes in an empty folder."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import asyncpg
import httpx
import pytest

from booking_core.local_postgres import LocalPostgres
from tests.voice_service.events import make_event, signed

COMMAND = Path(sys.executable).with_name("voice-service")
Run = Callable[..., subprocess.CompletedProcess[str]]


def environment(folder: Path, **more: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "DATA_DIR": str(folder / "var"),
        "PORT": str(free_port()),
        "STAFF_API_TOKEN": "token",
        "ELEVENLABS_WEBHOOK_SECRET": "secret",
        **more,
    }


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def run(
    arguments: list[str], env: dict[str, str], folder: Path
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *arguments],
        env=env,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@contextmanager
def serving(env: dict[str, str], folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """``voice-service serve`` until it is ready; stopped as Ctrl-C would when the block ends."""
    process = subprocess.Popen(
        [COMMAND, "serve", *arguments],
        env=env,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_until(lambda: answers(env, "/readyz") == 200 or process.poll() is not None)
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.wait(30)
        assert process.stdout is not None
        process.stdout.close()


def answers(env: dict[str, str], path: str) -> int | None:
    try:
        return httpx.get(f"http://127.0.0.1:{env['PORT']}{path}").status_code
    except httpx.TransportError:
        return None


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def test_serve_starts_from_nothing_and_leaves_nothing_running(tmp_path: Path) -> None:
    env = environment(tmp_path)
    with serving(env, tmp_path) as process:
        base = f"http://127.0.0.1:{env['PORT']}"
        headers = {"Authorization": "Bearer token"}
        slots = httpx.get(
            f"{base}/api/v1/slots", params={"service": "discovery-call"}, headers=headers
        )
        assert slots.json()["items"], "the demo business has free slots on any day"
        body, signature = signed(make_event(), secret="secret")
        posted = httpx.post(f"{base}/webhooks/elevenlabs", content=body, headers=signature)
        assert posted.json() == {"status": "stored"}
        listed = f"{base}/api/v1/consultations"
        wait_until(lambda: len(httpx.get(listed, headers=headers).json()["items"]) == 1)
        followed = f"{listed}/{httpx.get(listed, headers=headers).json()['items'][0]['id']}/live"
        postmaster = int(next(tmp_path.rglob("postmaster.pid")).read_text().split()[0])
        with httpx.stream("GET", followed, headers=headers) as stream:
            lines = stream.iter_lines()
            assert next(lines).startswith("event: ")
            process.send_signal(signal.SIGINT)
            assert list(lines), "an answer without an end ends whole"
        output, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert f"ready at {base}" in output
    assert "Traceback" not in output
    assert "token" not in re.sub(r"\S*docs|staff token", "", output)
    wait_until(lambda: not alive(postmaster))


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_worker_does_the_jobs_of_a_door_without_jobs(tmp_path: Path) -> None:
    env = environment(tmp_path)
    headers = {"Authorization": "Bearer token"}
    with serving(env, tmp_path, "--no-jobs"):
        base = f"http://127.0.0.1:{env['PORT']}"
        body, signature = signed(make_event(), secret="secret")
        httpx.post(f"{base}/webhooks/elevenlabs", content=body, headers=signature)
        time.sleep(0.5)
        listed = f"{base}/api/v1/consultations"
        assert httpx.get(listed, headers=headers).json()["items"] == []
        worker = subprocess.Popen([COMMAND, "worker"], env=env, cwd=tmp_path)
        try:
            wait_until(lambda: len(httpx.get(listed, headers=headers).json()["items"]) == 1)
        finally:
            worker.send_signal(signal.SIGTERM)
        assert worker.wait(20) == 0
        assert answers(env, "/readyz") == 200, "who attached to the database does not stop it"


def test_who_joined_the_database_goes_on_when_its_starter_leaves(tmp_path: Path) -> None:
    first = environment(tmp_path)
    second = first | {"PORT": str(free_port())}
    with ExitStack() as ending_later:
        with serving(first, tmp_path):
            ending_later.enter_context(serving(second, tmp_path))
            assert answers(second, "/readyz") == 200
        wait_until(lambda: answers(second, "/readyz") == 200, 15)
        headers = {"Authorization": "Bearer token"}
        body, signature = signed(make_event(), secret="secret")
        base = f"http://127.0.0.1:{second['PORT']}"
        posted = httpx.post(f"{base}/webhooks/elevenlabs", content=body, headers=signature)
        assert posted.status_code == 200
        listed = f"{base}/api/v1/consultations"
        wait_until(lambda: len(httpx.get(listed, headers=headers).json()["items"]) == 1)


async def test_with_a_database_of_its_own_serve_refuses_until_it_is_migrated(
    server: LocalPostgres, tmp_path: Path
) -> None:
    root = await asyncpg.connect(server.dsn())
    await root.execute("CREATE DATABASE operators_own")
    await root.close()
    env = environment(tmp_path, DATABASE_URL=server.dsn("operators_own"))
    refused = run(["serve"], env, tmp_path)
    assert refused.returncode == 1
    assert "voice-service migrate" in " ".join(refused.stderr.split())
    assert not (tmp_path / "var" / "postgres").exists()
    assert run(["dsn"], env, tmp_path).stdout == env["DATABASE_URL"] + "\n"
    migrated = run(["migrate"], env, tmp_path)
    assert migrated.returncode == 0, migrated.stderr
    assert run(["migrate"], env, tmp_path).stdout == "The schema is up to date.\n"
    with serving(env, tmp_path):
        assert answers(env, "/readyz") == 200
        conn = await asyncpg.connect(env["DATABASE_URL"])
        assert await conn.fetchval("SELECT count(*) FROM profiles") == 0, "no demo business"
        assert run(["demo"], env, tmp_path).returncode == 0
        assert await conn.fetchval("SELECT count(*) FROM profiles WHERE is_staff") == 3
        await conn.close()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}, "Check DATABASE_URL"),
        ({"BUSINESS_TIMEZONE": "Mars/Phobos"}, "BUSINESS_TIMEZONE"),
        ({"ELEVENLABS_API_KEY": "sk_real"}, "AGENT_TOOLS_SECRET"),
        ({"HOST": "203.0.113.7"}, "Set HOST or PORT"),
    ],
)
def test_what_a_person_can_mend_is_said_in_a_sentence(
    tmp_path: Path, more: dict[str, str], sentence: str
) -> None:
    result = run(["serve"], environment(tmp_path, **more), tmp_path)
    assert result.returncode == 1
    assert sentence in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = run(["serve"], environment(tmp_path, PORT=port), tmp_path)
    assert result.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in " ".join(result.stderr.split())
