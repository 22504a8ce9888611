"""Every state of the page, in light and dark, wide and narrow, against WCAG 2.1 A and AA."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from booking_core.local_postgres import LocalPostgres
from tests.browser.conftest import Visit, VisitPage
from tests.browser.news import BOOKING, told
from tests.browser.scripts import says, sounds
from tests.conftest import databases_of
from tests.voice_service.conftest import make_settings, run_service
from tests.voice_service.relay.conftest import Relayed
from tests.voice_service.relay.platform import agent_says, caller_says, run_platform

AXE: Final = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
QUICKLY: Final = {"resultTypes": ["violations"], "iframes": False}
# Between light and dark nothing differs but colours.
RULES: Final = {
    "light": {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], **QUICKLY},
    "dark": {"runOnly": {"type": "rule", "values": ["color-contrast"]}, **QUICKLY},
}
WIDTHS: Final = (1440, 390)


@pytest.fixture(scope="module")
async def relayed(
    server: LocalPostgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Relayed]:
    """One service for all states; a visitor may begin ten conversations a minute."""
    async with run_platform() as platform, databases_of(server)() as dsn:
        folder = tmp_path_factory.mktemp("service")
        settings = make_settings(folder, elevenlabs_base_url=platform.url)
        async with run_service(dsn, settings) as running:
            yield Relayed(service=running, platform=platform, settings=settings)


async def before(_: Visit) -> None:
    """Nothing has happened yet."""


async def refused(caller: Visit) -> None:
    await caller.context.clear_permissions()
    await caller.start()
    await caller.mood("No microphone")


async def talking(caller: Visit) -> None:
    await caller.start()
    await caller.mood("Ava is speaking")
    await caller.page.locator(".ticket").wait_for()


async def muted(caller: Visit) -> None:
    await talking(caller)
    await caller.page.click("#mute")
    await caller.page.click("#larger")
    await caller.page.click("summary")


async def ended(caller: Visit) -> None:
    await talking(caller)
    await caller.end()
    await caller.mood("Conversation ended")


async def lost(caller: Visit) -> None:
    await talking(caller)
    await caller.context.set_offline(True)
    await caller.mood("Connection lost")


@pytest.mark.parametrize("reach", [before, refused, talking, muted, ended, lost])
async def test_nothing_is_amiss_in_any_state(
    relayed: Relayed, visit: VisitPage, reach: Callable[[Visit], Awaitable[None]]
) -> None:
    relayed.platform.script = says(
        agent_says("Good morning!", 1),
        caller_says("I would like a consultation.", 2),
        agent_says("Gladly. Which day suits you?", 3),
        sounds(60, event_id=3),
    )
    pending = {**BOOKING, "status": "pending"}
    async with visit(relayed.service) as caller, told(caller, ("booking", pending)):
        await reach(caller)
        await caller.page.evaluate(AXE.read_text())
        for width in WIDTHS:
            await caller.page.set_viewport_size({"width": width, "height": 844})
            assert await caller.width_beyond() == 0
            for scheme, rules in RULES.items():
                await caller.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                assert await violations(caller, rules) == []
        # As at 400 % on a screen of 1280 pixels.
        await caller.page.set_viewport_size({"width": 320, "height": 256})
        assert await caller.width_beyond() == 0


async def violations(caller: Visit, rules: Mapping[str, Any]) -> list[Any]:
    found: list[Any] = await caller.page.evaluate(
        f"axe.run({json.dumps(rules)}).then(({{ violations }}) => violations.map("
        "({ id, nodes }) => [id, nodes.map(({ html }) => html)]))"
    )
    return found


async def test_live_regions_tell_each_thing_once(relayed: Relayed, visit: VisitPage) -> None:
    """What a screen reader reads out by itself: whole lines as they come, and what changes."""
    relayed.platform.script = says(agent_says("Good morning to you."), sounds(2))
    done = ("status", {"status": "completed"})
    async with visit(relayed.service) as caller, told(caller, done):
        await caller.page.evaluate(WATCH)
        await caller.start()
        await caller.mood("Ava is speaking")
        await caller.mood("Ava is listening")
        await caller.page.click("#mute")
        await caller.end()
        await caller.mood("Conversation ended")
        told_of = await caller.page.evaluate("heard")
        assert [each for each in told_of if each.startswith("log")] == [
            "log: AvaGood morning to you."
        ]
        assert [each for each in told_of if each.startswith("status")] == [
            "status: May we hear you?. Your browser asks whether this page may use the microphone.",
            "status: Connecting. One moment, please.",
            "status: Connected.",
            "status: You are muted. Ava cannot hear you. You can still type.",
            "status: Conversation ended. Thank you. We have what you told us.",
        ]


WATCH: Final = """
    window.heard = [];
    for (const region of document.querySelectorAll("[role=log], [role=status]")) {
        new MutationObserver((changes) => {
            for (const { type, addedNodes } of changes) {
                const text = type === "characterData" ? region.textContent
                    : [...addedNodes].map((node) => node.textContent).join("");
                if (text) window.heard.push(`${region.role}: ${text}`);
            }
        }).observe(region, { childList: true, subtree: true, characterData: true });
    }
"""
