"""What may be set, and what is said when it is wrong."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from voice_service import settings as module
from voice_service.settings import Settings, load_settings

LONG = "x" * 32
WITH_KEY = {
    "ELEVENLABS_API_KEY": "sk_real",
    "ELEVENLABS_AGENT_ID": "agent_x",
    "ELEVENLABS_WEBHOOK_SECRET": "wsec_short",
    "AGENT_TOOLS_SECRET": LONG,
    "SESSION_SECRET": LONG,
    "STAFF_API_TOKEN": LONG,
}
NAMES = {name.upper() for name in Settings.model_fields}


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def set_all(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)


def test_without_a_key_missing_secrets_are_made_once_and_kept_private(tmp_path: Path) -> None:
    first, second = load_settings(), load_settings()
    assert first.staff_api_token == second.staff_api_token
    assert first.webhook_secrets == second.webhook_secrets
    assert first.staff_api_token is not None
    assert len(first.staff_api_token.get_secret_value()) >= 32
    kept = sorted((tmp_path / "var" / "secrets").iterdir())
    assert [path.name for path in kept] == [
        "agent_tools_secret",
        "elevenlabs_webhook_secret",
        "relay_api_key",
        "session_secret",
        "staff_api_token",
    ]
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}


def test_a_value_that_is_set_is_used_with_the_stand_in_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_all(monkeypatch, {"STAFF_API_TOKEN": "short", "ELEVENLABS_WEBHOOK_SECRET": "a, b,,"})
    settings = load_settings()
    assert settings.staff_api_token is not None
    assert settings.staff_api_token.get_secret_value() == "short"
    assert settings.webhook_secrets == (b"a", b"b")


def test_with_a_key_nothing_else_is_required_and_nothing_is_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    set_all(monkeypatch, WITH_KEY)
    settings = load_settings()
    assert not settings.uses_stand_in
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize("name", sorted(WITH_KEY.keys() - {"ELEVENLABS_API_KEY"}))
def test_with_a_key_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    set_all(monkeypatch, WITH_KEY | {name: ""})
    with pytest.raises(ValidationError, match=name):
        load_settings()


@pytest.mark.parametrize("name", ["AGENT_TOOLS_SECRET", "SESSION_SECRET", "STAFF_API_TOKEN"])
def test_with_a_key_a_short_secret_of_ours_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    set_all(monkeypatch, WITH_KEY | {name: "x" * 31})
    with pytest.raises(ValidationError, match=f"shorter than 32 characters.*{name}"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "eighty"),
        ("BUSINESS_TIMEZONE", "Mars/Phobos"),
        ("BUSINESS_TIMEZONE", "../etc/passwd"),
        ("MAX_WEBHOOK_BYTES", "-1"),
        ("RAW_EVENT_DAYS", "-1"),
        ("CONVERSION_POLICY", "always"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match=name.lower()):
        load_settings()


def test_secrets_do_not_show_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, WITH_KEY | {"DATABASE_URL": "postgresql://u:hidden@db/x"})
    printed = repr(load_settings())
    assert LONG not in printed
    assert "wsec_short" not in printed
    assert "hidden" not in printed


def test_every_setting_is_explained_in_the_example_file() -> None:
    example = (Path(module.__file__).parents[1] / ".env.example").read_text()
    lines = {line.lstrip("# ").partition("=")[0] for line in example.splitlines() if "=" in line}
    assert lines == NAMES
