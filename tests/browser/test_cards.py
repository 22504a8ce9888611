"""The card of a booking, and what the page says after a conversation."""

from tests.browser.conftest import VisitPage
from tests.browser.news import BOOKING, told
from tests.browser.scripts import HOSTILE, says
from tests.voice_service.relay.conftest import Relayed
from tests.voice_service.relay.platform import agent_says


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
