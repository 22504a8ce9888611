"""ElevenLabs' own browser client, used by a page of somebody's, against our relay."""

import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest

from booking_core.local_postgres import LocalPostgres
from tests.browser.conftest import VisitPage
from tests.browser.sites import serve_page
from tests.conftest import databases_of
from tests.voice_service.conftest import make_settings, run_service
from tests.voice_service.relay.conftest import Relayed
from tests.voice_service.relay.platform import Call, agent_says, correct, run_platform
from voice_service.relay import admission

ROOT: Final = Path(__file__).parents[2]
BUNDLE: Final = (
    "node_modules/.bin/esbuild",
    "--bundle",
    "--format=iife",
    "--global-name=elevenlabs",
    "--conditions=browser",
)
TALK: Final = """
    (options) => new Promise((done) => {
        const told = { said: [] };
        elevenlabs.Conversation.startSession({
            ...options,
            onConnect: ({ conversationId }) => { told.id = conversationId; },
            onMessage: ({ role, message }) => told.said.push([role, message]),
            onAgentResponseCorrection: (correction) => { told.correction = correction; },
            onDisconnect: (details) => done({ ...told, details }),
        }).then(
            (conversation) => conversation.sendUserMessage("Typed"),
            ({ message, closeCode, closeReason }) => done({ message, closeCode, closeReason }),
        );
    })
"""


@pytest.fixture(scope="module")
def client() -> str:
    """The client as a page would bundle it."""
    built = subprocess.run(
        BUNDLE,
        input="export { Conversation } from '@elevenlabs/client';",
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    return built.stdout


@pytest.fixture(scope="module")
async def site(client: str) -> AsyncIterator[str]:
    """Somebody's site, whose pages have only the client."""
    async with serve_page(f"<!doctype html><title>Theirs</title><script>{client}</script>") as url:
        yield url


@pytest.fixture(scope="module")
async def relayed(
    server: LocalPostgres, tmp_path_factory: pytest.TempPathFactory, site: str
) -> AsyncIterator[Relayed]:
    """The service, which lets that site connect."""
    async with run_platform() as platform, databases_of(server)() as dsn:
        settings = make_settings(
            tmp_path_factory.mktemp("service"),
            elevenlabs_base_url=platform.url,
            allowed_origins=(site,),
        )
        async with run_service(dsn, settings) as running:
            yield Relayed(service=running, platform=platform, settings=settings)


async def options(relayed: Relayed, *, signed: bool) -> dict[str, Any]:
    """How the client is told where to connect."""
    if signed:
        return {"signedUrl": await relayed.signed_url()}
    origin = f"ws{relayed.service.base_url.removeprefix('http')}"
    return {"agentId": "agent_test", "origin": origin, "connectionType": "websocket"}


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize(
    ("text_only", "code", "reason"),
    [(True, 1000, "bye"), (False, 1002, "llm_timeout"), (True, 4300, "Too many conversations")],
)
async def test_a_conversation_ends_with_the_platforms_code_and_reason(
    site: str,
    relayed: Relayed,
    visit: VisitPage,
    signed: bool,
    text_only: bool,
    code: int,
    reason: str,
) -> None:
    async def script(call: Call) -> None:
        await call.begin()
        await call.say(agent_says("Good morning to you"), correct("Good morning to you", "Good"))
        while '"Typed"' not in await call.hear():
            pass
        await call.socket.close(code, reason)

    relayed.platform.script = script
    async with visit(relayed.service, site=site) as visitor:
        where = await options(relayed, signed=signed)
        told = await visitor.page.evaluate(TALK, {**where, "textOnly": text_only})
        call = relayed.platform.calls[-1]
        assert told["id"] == call.conversation_id
        assert told["said"] == [["agent", "Good morning to you"]]
        assert told["correction"]["corrected_agent_response"] == "Good"
        details = told["details"]
        assert details["reason"] == ("agent" if code == 1000 else "error")
        assert (details["closeCode"], details["closeReason"]) == (code, reason)
        await relayed.wait_for_turns(call, 2)
        assert await relayed.turns(call.conversation_id) == [("agent", "Good"), ("user", "Typed")]


async def test_a_refusal_arrives_with_its_code_and_reason(
    site: str, relayed: Relayed, visit: VisitPage
) -> None:
    async def hang_up(call: Call) -> None:
        await call.begin()
        await call.socket.close(1000, "")

    relayed.platform.script = hang_up
    async with visit(relayed.service, site=site) as visitor:
        where = await options(relayed, signed=True) | {"textOnly": True}
        await visitor.page.evaluate(TALK, where)
        told = await visitor.page.evaluate(TALK, where)
        assert told == {
            "message": admission.USED,
            "closeCode": 1008,
            "closeReason": admission.USED,
        }
