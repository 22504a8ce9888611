"""What the page says and shows, whatever happens to a conversation."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

import pytest
from playwright.async_api import Route

from tests.browser.conftest import Visit, VisitPage
from tests.browser.scripts import hangs_up, says, sounds
from tests.voice_service.conftest import RunningService
from tests.voice_service.relay.conftest import Relayed
from tests.voice_service.relay.platform import agent_says, caller_says, correct

HOSTILE = '<script>document.title=1</script><img src="/x" onerror="document.title=2"> & more'
BOOKING: dict[str, Any] = {
    "reference": "BK-2026-0042",
    "status": "confirmed",
    "start": "2026-12-01T14:00:00Z",
    "end": "2026-12-01T14:30:00+00:00",
    "timezone": "Europe/Berlin",
    "service": "Discovery call",
    "consultant": "Marta Klein",
    "calendar_url": "/b/BK-2026-0042.ics",
}
SHOWN_GREY = "[...CSS.highlights.get('unspoken')].map(String)"


@asynccontextmanager
async def told(caller: Visit, *news: tuple[str, Any]) -> AsyncIterator[None]:
    """As if the session's answer named a stream that tells this news."""
    stream = "".join(
        f"event: {kind}\ndata: {data if isinstance(data, str) else json.dumps(data)}\n\n"
        for kind, data in news
    )

    async def add_address(route: Route) -> None:
        answer = await route.fetch()
        body = await answer.json() | {"events_url": "/session/events"}
        await route.fulfill(response=answer, json=body)

    async def tell(route: Route) -> None:
        await route.fulfill(content_type="text/event-stream", body=stream)

    await caller.page.route("**/session", add_address)
    await caller.page.route("**/session/events", tell)
    yield


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
        assert await width_beyond(caller) == 0


async def width_beyond(caller: Visit) -> int:
    found: int = await caller.page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return found


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


async def test_our_booking_is_shown_as_a_card(relayed: Relayed, visit: VisitPage) -> None:
    relayed.platform.script = says(agent_says("You are booked for Monday!"))
    again = {**BOOKING, "consultant": "Zoë " + HOSTILE}
    async with (
        visit(relayed.service, timezone_id="Asia/Tokyo") as caller,
        told(
            caller,
            ("status", {"status": "in_progress"}),
            ("booking", BOOKING),
            ("booking", again),
            ("status", {"status": "completed"}),
        ),
    ):
        await caller.start()
        card = caller.page.locator(".ticket")
        await card.get_by_text(HOSTILE).wait_for()
        assert await card.count() == 1
        shown = await card.inner_text()
        for words in (
            "Your consultation is booked",
            "Tuesday\n1\nDecember",
            "15:00 to 15:30, Berlin time",
            "Discovery call",
            "BK-2026-0042",
        ):
            assert words in shown
        link = card.get_by_role("link", name="Add to calendar")
        assert await link.get_attribute("href") == (
            f"{relayed.service.base_url}/b/BK-2026-0042.ics"
        )
        await caller.end()
        await caller.hint("Your booking stands on this page.")
        assert await caller.page.title() == "Talk to Intellectif"


async def test_a_pending_booking_says_what_is_missing(relayed: Relayed, visit: VisitPage) -> None:
    pending = {**BOOKING, "status": "pending", "consultant": None, "calendar_url": None}
    hostile = {**BOOKING, "reference": "BK-2", "calendar_url": "javascript:alert(1)"}
    async with (
        visit(relayed.service) as caller,
        told(
            caller,
            ("booking", "{"),
            ("booking", []),
            ("booking", {"reference": 7, "start": BOOKING["start"]}),
            ("booking", {**BOOKING, "start": "soon"}),
            ("booking", {**hostile, "timezone": "Mars/Olympus", "end": None, "service": {}}),
            ("status", "null"),
            ("status", {"status": 7}),
            ("booking", pending),
        ),
    ):
        await caller.start()
        await caller.page.locator(".ticket").nth(1).wait_for()
        odd, card = await caller.page.locator(".ticket").all()
        assert "14:00, UTC time" in await odd.inner_text()
        assert await odd.get_by_role("link").count() == 0
        shown = await card.inner_text()
        assert "Your time is kept for you" in shown
        assert "Still missing" in shown
        assert "With" not in shown
        assert await card.get_by_role("link").count() == 0


async def test_what_becomes_of_a_conversation_is_told_after_its_end(
    relayed: Relayed, visit: VisitPage
) -> None:
    for status, words in {
        "in_progress": "One moment, we are looking at our calendar.",
        "processing": "One moment, we are looking at our calendar.",
        "completed": "Thank you. We have what you told us.",
        "failed": "Something went wrong on our side. Please contact us again.",
    }.items():
        async with (
            visit(relayed.service) as caller,
            told(caller, ("status", {"status": status})),
        ):
            await caller.write("Hello")
            await caller.mood("You are writing")
            await caller.end()
            await caller.hint(words)


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
