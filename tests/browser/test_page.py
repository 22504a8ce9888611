"""What the page says and shows, whatever happens to a conversation."""

import asyncio
from http import HTTPStatus
from pathlib import Path

import pytest
from playwright.async_api import Route

from tests.browser.conftest import Visit, VisitPage
from tests.browser.scripts import HOSTILE, hangs_up, says, sounds
from tests.conftest import FreshDatabase
from tests.voice_service.conftest import RunningService, make_settings, run_service
from tests.voice_service.relay.conftest import Relayed
from tests.voice_service.relay.platform import agent_says, caller_says, correct

SHOWN_GREY = "[...CSS.highlights.get('unspoken')].map(String)"


async def test_letters_not_yet_spoken_are_grey(relayed: Relayed, visit: VisitPage) -> None:
    text = "Good morning to everybody"
    told_letters = [min(at * 10, 100) if at < 12 else 60_000 for at in range(len(text))]
    relayed.platform.script = says(agent_says(text), sounds(30, letters=told_letters))
    async with visit(relayed.service) as caller:
        await caller.start()
        await caller.mood("Ava is speaking")
        await caller.until(f"{SHOWN_GREY}.join() === ' to everybody'")
        assert await caller.lines() == [("Ava", text)]
        call = await relayed.platform.call()
        await call.say(correct(text, "Good morning"))
        await caller.until(f"{SHOWN_GREY}.length === 0")
        assert await caller.lines() == [("Ava", "Good morning")]


async def test_a_caller_in_the_queue_is_told_to_wait(relayed: Relayed, visit: VisitPage) -> None:
    waiting = '{"type":"queue_status","queue_status_event":{"status":"waiting"}}'
    admitted = '{"type":"queue_status","queue_status_event":{"status":"admitted"}}'
    relayed.platform.script = says(waiting)
    async with visit(relayed.service) as caller:
        await caller.start()
        await caller.mood("Please hold the line")
        call = await relayed.platform.call()
        await call.say(admitted, '{"type":"queue_status"}')
        await caller.mood("Ava is listening")


async def test_captions_come_from_odd_frames_unharmed(relayed: Relayed, visit: VisitPage) -> None:
    relayed.platform.script = says(
        agent_says(HOSTILE),
        '{"type":"agent_response_correction"}',
        '{"type":"audio","audio_event":{"event_id":1}}',
        '{"type":"agent_response","agent_response_event":{"agent_response":null,"event_id":2}}',
        '{"type":"agent_response"}',
        '{"type":"brand_new","brand_new":{}}',
        caller_says(HOSTILE),
        caller_says("   "),
        agent_says("Never said", 3),
        correct("Never said", "", 3),
        agent_says("x" * 20_000, 4),
        agent_says("Said by halves", 5),
        correct("Said by halves", HOSTILE, 5),
    )
    async with visit(relayed.service, viewport={"width": 390, "height": 800}) as caller:
        await caller.start()
        await caller.page.locator(".line").nth(3).wait_for()
        await caller.until("!document.body.innerText.includes('Said by halves')")
        assert await caller.lines() == [
            ("Ava", HOSTILE),
            ("You", HOSTILE),
            ("Ava", "x" * 20_000),
            ("Ava", HOSTILE),
        ]
        assert await caller.page.title() == "Talk to Intellectif"
        assert not any(url.endswith("/x") for url in caller.requests)
        assert await caller.width_beyond() == 0


@pytest.mark.parametrize(
    ("code", "reason", "mood", "shown"),
    [
        (1000, "The longest time for a conversation is over.", "Conversation ended", True),
        (1000, "Max inactive time reached", "Conversation ended", False),
        (1002, "llm_timeout", "Connection lost", False),
        (1008, "Override <b>not</b> allowed. Sorry.", "Connection lost", True),
    ],
)
async def test_how_a_conversation_ends_is_said_in_words(
    relayed: Relayed, visit: VisitPage, code: int, reason: str, mood: str, shown: bool
) -> None:
    relayed.platform.script = hangs_up(code, reason)
    async with visit(relayed.service) as caller:
        await caller.write("Hello")
        await caller.mood(mood)
        hint = await caller.page.inner_text("#hint")
        assert hint.startswith(f"{reason} ") is shown
        assert (reason in hint) is shown
        assert await caller.page.inner_text("#start") == "Start again"
        assert await caller.page.locator("#start").is_visible()
        assert await caller.lines() == [("Ava", "One moment, please."), ("You", "Hello")]


async def test_why_no_conversation_begins_is_said_in_words(
    relayed: Relayed, visit: VisitPage
) -> None:
    async with visit(relayed.service) as caller:
        relayed.platform.refuse = HTTPStatus.TOO_MANY_REQUESTS
        await caller.start()
        await caller.mood("No connection")
        hint = caller.page.locator("#hint")
        assert await hint.inner_text() == "The voice platform is busy just now. Please try again."
        relayed.platform.refuse = None
        relayed.platform.script = says(agent_says("Here we are."))
        await caller.start()
        await caller.mood("Ava is listening")
        await caller.end()
        await caller.mood("Conversation ended")
        for _ in range(10):  # more than a visitor may begin in a minute
            await relayed.service.client.post("/session", headers={"Origin": caller.base_url})
        await caller.start()
        await caller.hint("You have begun many conversations just now.")
        await caller.page.route("**/session", lambda route: route.abort())
        await caller.start()
        await caller.hint("We cannot be reached just now.")
        await caller.page.unroute("**/session")
        await caller.page.route(
            "**/session", lambda route: route.fulfill(body="<html>", status=502)
        )
        await caller.start()
        await caller.mood("No connection")


async def test_our_number_is_shown_when_talking_here_does_not_work(
    fresh_database: FreshDatabase, tmp_path: Path, visit: VisitPage
) -> None:
    settings = make_settings(tmp_path, business_phone="+44 20 7946 0000")
    async with (
        fresh_database() as dsn,
        run_service(dsn, settings, run_jobs=False) as service,
        visit(service, microphone=False) as caller,
    ):
        number = caller.page.get_by_role("link", name="+44 20 7946 0000")
        assert not await number.is_visible()
        await caller.start()
        await caller.mood("No microphone")
        assert await number.get_attribute("href") == "tel:+442079460000"


async def test_a_cut_line_is_not_mended_but_said_and_begun_anew(
    relayed: Relayed, visit: VisitPage
) -> None:
    relayed.platform.script = says(agent_says("Hello!"))
    async with visit(relayed.service) as caller:
        await caller.start()
        await caller.mood("Ava is listening")
        await caller.context.set_offline(True)
        await caller.mood("Connection lost")
        assert await caller.lines() == [("Ava", "Hello!")]
        await caller.context.set_offline(False)
        await caller.start()
        await caller.mood("Ava is listening")
        assert await caller.lines() == [("Ava", "Hello!")]
        assert len(relayed.platform.calls) == 2


async def test_a_beginning_can_be_cancelled(relayed: Relayed, visit: VisitPage) -> None:
    relayed.platform.script = says()
    async with visit(relayed.service) as caller:
        release = asyncio.Event()

        async def hold(route: Route) -> None:
            await release.wait()
            await route.continue_()

        await caller.page.route("**/session", hold)
        await caller.start()
        await caller.mood("Connecting")
        assert await caller.page.inner_text("#end") == "Cancel"
        await caller.end()
        await caller.mood("Ready when you are")
        release.set()
        await asyncio.sleep(0.3)
        assert relayed.platform.calls == []
        assert await caller.page.locator("#mood", has_text="Ready").is_visible()


async def test_the_page_works_under_another_name_of_this_machine(
    staffed: RunningService, visit: VisitPage
) -> None:
    site = staffed.base_url.replace("127.0.0.1", "localhost")
    async with visit(staffed, site=site) as caller:
        await caller.write("A web app for our drivers")
        await caller.page.locator(".line.agent").nth(1).wait_for()
        await caller.end()
        await caller.hint("Thank you. We have what you told us.")
        assert caller.complaints == []


async def test_a_call_needs_no_mouse(service: RunningService, visit: VisitPage) -> None:
    async with visit(service) as caller:
        page = caller.page
        await page.keyboard.press("Tab")
        assert await focused(caller) == "start"
        await page.keyboard.press("Enter")
        await caller.mood("Ava is speaking")
        assert await focused(caller) in ("mute", "end")
        await page.focus("#mute")
        await page.keyboard.press("Space")
        await caller.mood("You are muted")
        assert await page.get_attribute("#mute", "aria-pressed") == "true"
        for control in ("end", "captions", "larger", "log", "words"):
            await page.keyboard.press("Tab")
            assert await focused(caller) == control
        await page.keyboard.type("By keyboard alone")
        await page.keyboard.press("Enter")
        await page.get_by_text("By keyboard alone").wait_for()
        await page.focus("#captions")
        await page.keyboard.press("Enter")
        assert not await page.locator("#log").is_visible()
        await page.focus("#end")
        await page.keyboard.press("Enter")
        await caller.mood("Conversation ended")
        assert await focused(caller) == "start"


async def focused(caller: Visit) -> str:
    found: str = await caller.page.evaluate("document.activeElement.id")
    return found


async def test_without_javascript_the_page_says_what_to_do(
    service: RunningService, visit: VisitPage
) -> None:
    async with visit(service, java_script_enabled=False) as caller:
        notice = caller.page.locator("noscript p")
        assert await notice.bounding_box() is not None
        assert "switch JavaScript on" in str(await notice.text_content())
