"""Chromium with the real page on the real service; what it asks for and complains of is kept."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.booking_core.factories import make_consultant
from tests.browser.sound import write_speech
from tests.conftest import FreshDatabase
from tests.voice_service.conftest import RunningService, make_settings, run_service
from tests.voice_service.relay.conftest import Relayed
from tests.voice_service.relay.platform import run_platform

FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-device-for-media-stream",
)


@pytest.fixture(scope="module")
async def browser(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    """Its microphone hears somebody speak for half a second, every three."""
    chromium = shutil.which("chromium")
    if chromium is None:
        missing = "Chromium is not installed: apt-get install chromium"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    speech = write_speech(tmp_path_factory.mktemp("sound") / "speech.wav", 1.5, 2.1, 3.2)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium,
            args=[*FLAGS, f"--use-file-for-fake-audio-capture={speech}"],
        )
        yield browser
        await browser.close()


class Visit:
    """A visitor's page. ``requests``: what it asked for; ``complaints``: the console's."""

    def __init__(self, page: Page, context: BrowserContext, base_url: str) -> None:
        self.page, self.context, self.base_url = page, context, base_url
        self.requests: list[str] = []
        self.complaints: list[str] = []
        context.on("request", lambda request: self.requests.append(request.url))
        page.on("websocket", lambda socket: self.requests.append(socket.url))
        page.on("console", lambda told: self._hear(told.type, told.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)

    async def mood(self, text: str) -> None:
        """Wait until the page says that this is how things are."""
        await self.page.locator("#mood", has_text=text).wait_for()

    async def hint(self, text: str) -> None:
        """Wait until the page says this below the mood."""
        await self.page.locator("#hint", has_text=text).wait_for()

    async def until(self, expression: str) -> None:
        """Wait until the page finds this true. Its policy forbids Playwright's own way to wait."""
        async with asyncio.timeout(15):
            while not await self.page.evaluate(expression):  # noqa: ASYNC110  # see above
                await asyncio.sleep(0.05)

    async def lines(self) -> list[tuple[str, str]]:
        """The captions: who, and what."""
        texts = await self.page.locator("#log .line").all_inner_texts()
        return [(who, what.strip()) for who, _, what in (text.partition("\n") for text in texts)]

    async def width_beyond(self) -> int:
        """Pixels by which the page must be scrolled sideways."""
        found: int = await self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return found

    async def write(self, text: str) -> None:
        await self.page.fill("#words", text)
        await self.page.press("#words", "Enter")

    async def start(self) -> None:
        await self.page.click("#start")

    async def end(self) -> None:
        await self.page.click("#end")


VisitPage = Callable[..., AbstractAsyncContextManager[Visit]]


@pytest.fixture
def visit(browser: Browser) -> VisitPage:
    """``async with visit(service, microphone=False) as caller``: one visitor's page."""

    @asynccontextmanager
    async def open_page(
        service: RunningService, *, site: str | None = None, microphone: bool = True, **more: Any
    ) -> AsyncIterator[Visit]:
        permissions = ["microphone"] if microphone else []
        context = await browser.new_context(
            **{"reduced_motion": "reduce", "permissions": permissions, **more}
        )
        try:
            page = await context.new_page()
            page.set_default_timeout(15_000)
            found = Visit(page, context, service.base_url)
            await page.goto(site or service.base_url)
            yield found
        finally:
            await context.close()

    return open_page


@pytest.fixture
async def service(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncIterator[RunningService]:
    """The service with the stand-in behind its relay."""
    async with fresh_database() as dsn, run_service(dsn, make_settings(tmp_path)) as running:
        yield running


@pytest.fixture
async def staffed(service: RunningService) -> RunningService:
    """The same, with a consultant who has time every day."""
    await make_consultant(service.conn, timezone="Europe/London", days=range(7))
    return service


@pytest.fixture
async def relayed(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncIterator[Relayed]:
    """The service with a platform of the test's own behind its relay."""
    async with run_platform() as platform, fresh_database() as dsn:
        settings = make_settings(tmp_path, elevenlabs_base_url=platform.url)
        async with run_service(dsn, settings) as running:
            yield Relayed(service=running, platform=platform, settings=settings)
