"""The button on other sites, under a strict policy of theirs; and the sites it does not show on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.browser.conftest import Visit, VisitPage
from tests.browser.sites import serve_page
from tests.conftest import FreshDatabase
from tests.voice_service.conftest import make_settings, run_service

SITE = """<!doctype html><html lang="en"><title>A shop</title>
<style>button, iframe, div {{ display: none !important; font-size: 99px !important }}</style>
<body><p>Shoes.</p><script src="{base}/embed.js" async></script>
<script src="{base}/embed.js" async></script></body></html>"""
FRAME = """<!doctype html><html lang="en"><title>A frame</title><iframe src="{base}/"></iframe>"""


@asynccontextmanager
async def site(
    fresh_database: FreshDatabase,
    tmp_path: Path,
    visit: VisitPage,
    *,
    html: str = SITE,
    allowed: bool = True,
    width: int = 1200,
) -> AsyncIterator[Visit]:
    """A visitor of a site on another port, whose own policy lets it run and frame only ours."""
    # Each must know the other's address: the site's port is found first, and served again later.
    async with serve_page("") as reserved:
        origin = reserved
    port = int(origin.rpartition(":")[2])
    origins = ("https://example.com", origin) if allowed else ("https://example.com",)
    settings = make_settings(tmp_path, allowed_origins=origins)
    async with fresh_database() as dsn, run_service(dsn, settings) as service:
        base = service.base_url
        policy = (
            f"default-src 'none'; script-src {base}; frame-src {base}; style-src 'unsafe-inline'"
        )
        headers = {"Content-Security-Policy": policy}
        async with (
            serve_page(html.format(base=base), headers, port=port),
            visit(service, viewport={"width": width, "height": 800}, site=origin) as visitor,
        ):
            yield visitor


async def test_the_button_opens_a_call_and_escape_closes_it(
    fresh_database: FreshDatabase, tmp_path: Path, visit: VisitPage
) -> None:
    async with site(fresh_database, tmp_path, visit) as visitor:
        page = visitor.page
        button = page.get_by_role("button", name="Talk to us")
        await button.wait_for()
        assert await button.count() == 1  # although the script is there twice
        assert not any(url.endswith("embed=1") for url in visitor.requests)
        assert await button.evaluate("each => getComputedStyle(each).fontSize") == "16px"
        await button.press("Enter")
        frame = page.frame_locator("iframe")
        await frame.locator("#start:enabled").press("Enter")
        await frame.get_by_text("Ava is speaking").wait_for()
        assert not await button.is_visible()
        await page.keyboard.press("Escape")
        back = page.get_by_role("button", name="Back to the call")
        assert await back.evaluate("each => each.getRootNode().activeElement === each")
        await page.keyboard.press("Enter")
        await frame.get_by_text("Ava is").first.wait_for()  # the same call
        await frame.get_by_role("button", name="End call").click()
        await frame.get_by_text("Conversation ended").first.wait_for()
        await page.get_by_role("button", name="Close").click()
        assert await button.is_visible()
        assert await page.locator("iframe").count() == 0
        assert visitor.complaints == []


async def test_on_a_phone_the_call_fills_the_screen(
    fresh_database: FreshDatabase, tmp_path: Path, visit: VisitPage
) -> None:
    async with site(fresh_database, tmp_path, visit, width=390) as visitor:
        await visitor.page.get_by_role("button", name="Talk to us").click()
        frame = visitor.page.locator("iframe")
        box = await frame.bounding_box()
        assert box is not None
        assert (box["x"], box["width"]) == (0, 390)
        await visitor.page.frame_locator("iframe").locator("#start:enabled").wait_for()


async def test_a_site_that_is_not_allowed_shows_nothing(
    fresh_database: FreshDatabase, tmp_path: Path, visit: VisitPage
) -> None:
    async with site(fresh_database, tmp_path, visit, allowed=False) as visitor:
        await visitor.page.wait_for_load_state("networkidle")
        assert any(url.endswith("/embed.js") for url in visitor.requests)
        assert await visitor.page.get_by_role("button").count() == 0
        assert visitor.complaints == []


async def test_a_site_that_is_not_allowed_cannot_frame_the_page(
    fresh_database: FreshDatabase, tmp_path: Path, visit: VisitPage
) -> None:
    async with site(fresh_database, tmp_path, visit, html=FRAME, allowed=False) as visitor:
        await visitor.page.wait_for_load_state("networkidle")
        assert await visitor.page.frame_locator("iframe").locator("#start").count() == 0
        assert any("frame-ancestors" in each for each in visitor.complaints)
