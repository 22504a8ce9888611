"""The caller's page and the button for other sites, as they are served."""

from pathlib import Path
from typing import Any

import pytest
import structlog

from tests.conftest import FreshDatabase
from tests.voice_service.conftest import RunningService, make_settings, run_service
from voice_service.app import create_app
from voice_service.caller import endpoints

SITES = ("https://www.example.com", "http://127.0.0.1:4000")
OF_ELEVENLABS: dict[str, Any] = {
    "elevenlabs_api_key": "sk_real",
    "elevenlabs_agent_id": "agent_x",
    "agent_tools_secret": "x" * 32,
}


def policy(headers: Any) -> dict[str, str]:
    directives = headers["content-security-policy"].split("; ")
    return dict(each.split(" ", 1) for each in directives)


async def test_the_page_loads_from_us_alone_and_only_allowed_sites_frame_it(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    settings = make_settings(tmp_path, allowed_origins=SITES, public_url="https://talk.example.org")
    async with fresh_database() as dsn, run_service(dsn, settings, run_jobs=False) as service:
        page = await service.client.get("/")
        assert page.status_code == 200
        found = policy(page.headers)
        assert found["default-src"] == "'none'"
        assert found["connect-src"] == "'self' wss://talk.example.org"
        assert found["frame-ancestors"] == "'self' https://www.example.com http://127.0.0.1:4000"
        assert not any("unsafe-inline" in each or "*" in each for each in found.values())
        assert "microphone=(self)" in page.headers["permissions-policy"]
        assert "<style" not in page.text
        assert "style=" not in page.text
        for other in ("/docs", "/healthz", "/nothing"):
            answer = await service.client.get(other)
            assert policy(answer.headers)["frame-ancestors"] == "'none'"


async def test_a_new_release_is_not_hidden_by_what_a_browser_keeps(api: RunningService) -> None:
    script = await api.client.get("/static/caller.js")
    assert script.headers["cache-control"] == "no-cache"
    known = {"If-None-Match": script.headers["etag"]}
    again = await api.client.get("/static/caller.js", headers=known)
    assert (again.status_code, again.content) == (304, b"")


async def test_the_buttons_script_knows_the_allowed_sites(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    settings = make_settings(tmp_path, allowed_origins=SITES)
    async with fresh_database() as dsn, run_service(dsn, settings, run_jobs=False) as service:
        script = await service.client.get("/embed.js")
        assert script.headers["content-type"].startswith("text/javascript")
        assert script.headers["cross-origin-resource-policy"] == "cross-origin"
        assert 'ALLOWED = ["https://www.example.com", "http://127.0.0.1:4000"];' in script.text


async def test_the_page_says_who_answers_and_what_is_kept(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    changes = {**OF_ELEVENLABS, "business_phone": "+44 (20) 7946-0000", "store_audio": True}
    settings = make_settings(tmp_path, **changes)
    async with fresh_database() as dsn, run_service(dsn, settings, run_jobs=False) as service:
        page = (await service.client.get("/?embed=1")).text
        assert "This is a rehearsal" not in page
        assert "ElevenLabs, who run the voice" in page
        assert "recorded and kept in" in page
        assert '<a href="tel:+442079460000">+44 (20) 7946-0000</a>' in page
        assert "data-embedded" in page


async def test_the_page_says_that_a_stand_in_answers(api: RunningService) -> None:
    page = (await api.client.get("/")).text
    assert "This is a rehearsal" in page
    assert "ElevenLabs, who run the voice" not in page
    assert "Not the sound of your voice" in page
    assert "tel:" not in page


@pytest.mark.parametrize("query", ["embed=x", "embed=", "embed=1&embed=0"])
async def test_a_strange_query_breaks_nothing(api: RunningService, query: str) -> None:
    answer = await api.client.get(f"/?{query}")
    assert answer.status_code in (200, 422)


async def test_without_its_scripts_the_service_starts_and_says_how_to_build_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shared_dsn: str
) -> None:
    monkeypatch.setattr(endpoints, "BUILT", tmp_path / "caller.js")
    settings = make_settings(tmp_path)
    with structlog.testing.capture_logs() as told:
        create_app(settings, dsn=shared_dsn, direct_dsn=shared_dsn, run_jobs=False)
    assert [each["event"] for each in told] == ["pages_not_built"]
    assert told[0]["build_them_with"] == "make setup"
    async with run_service(shared_dsn, settings, run_jobs=False) as service:
        page = await service.client.get("/")
        assert page.status_code == 200
        assert "its scripts have not been built" in page.text


@pytest.mark.parametrize("phone", ["0123456", "+1", "tel:+4420", '+44 20 "><script>', "+" * 9])
def test_a_number_that_cannot_be_rung_is_refused(tmp_path: Path, phone: str) -> None:
    with pytest.raises(ValueError, match="is no number"):
        make_settings(tmp_path, business_phone=phone)
