"""``voice-service rehearse``: what it says before and instead of playing."""

import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from voice_service.cli import app
from voice_service.rehearsal import SAMPLES

PLACE = ("DATABASE_URL", "ELEVENLABS_API_KEY", "PUBLIC_URL", "HOST")


@pytest.fixture(autouse=True)
def free_port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """A port nobody listens on, in a folder without a ``.env``."""
    monkeypatch.chdir(tmp_path)
    for name in PLACE:
        monkeypatch.delenv(name, raising=False)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    monkeypatch.setenv("PORT", str(port))
    return port


def rehearse(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["rehearse", *arguments], env={"COLUMNS": "200"})


def test_without_a_name_it_lists_the_samples() -> None:
    result = rehearse()
    assert result.exit_code == 0
    assert all(name in result.output for name in SAMPLES)


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    result = rehearse("nobody")
    assert result.exit_code == 1
    assert all(name in result.stderr for name in ("nobody", *SAMPLES))


def test_a_service_that_does_not_run_is_told_how_to_start(free_port: int) -> None:
    result = rehearse("--all")
    assert result.exit_code == 1
    assert f"127.0.0.1:{free_port}" in result.stderr
    assert "make run" in result.stderr


def test_a_database_of_yours_is_not_filled_with_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1/none")
    assert "--yes" in rehearse("no-time").stderr
    assert "make run" in rehearse("no-time", "--yes").stderr


def test_a_real_key_is_not_rehearsed_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELEVENLABS_API_KEY", "sk_real")
    monkeypatch.setenv("ELEVENLABS_AGENT_ID", "agent_1")
    for name in ("ELEVENLABS_WEBHOOK_SECRET", "AGENT_TOOLS_SECRET"):
        monkeypatch.setenv(name, "a" * 40)
    for name in ("SESSION_SECRET", "STAFF_API_TOKEN"):
        monkeypatch.setenv(name, "b" * 40)
    assert "--yes" in rehearse("no-time").stderr
    assert "make run" in rehearse("no-time", "--yes").stderr
