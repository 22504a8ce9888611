"""Conversations on the page: spoken and typed, with the stand-in behind the relay."""

import asyncio
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from tests.browser.conftest import Visit, VisitPage
from tests.browser.scripts import loud_chunks, says, sent, sounds
from tests.voice_service.conftest import RunningService
from tests.voice_service.rehearsal.visitor import TYPED
from tests.voice_service.relay.conftest import Relayed
from tests.voice_service.relay.platform import Call, agent_says, correct
from voice_service.rehearsal.script import COMPANY, HEARD, PROJECT

HOSTILE = '<script>alert(1)</script><img src="x" onerror="document.title = 1"> {name} %s שלום 💶'
TURNS = "SELECT role, text FROM voice_turns ORDER BY position"
INTERRUPTED = f"""
    SELECT EXISTS (
        SELECT FROM voice_turns WHERE interrupted AND original_text = '{PROJECT}'
    )
"""
# Firefox's answer; which modules are loaded is noted, since no request of theirs is reported.
WITHOUT_SAMPLE_RATE = """
    MediaDevices.prototype.getSupportedConstraints = () => ({});
    const load = AudioWorklet.prototype.addModule;
    window.modules = [];
    AudioWorklet.prototype.addModule = function (url) {
        window.modules.push(url);
        return load.call(this, url);
    };
"""
SPEAKERS = {"Ava": "agent", "You": "user"}


async def assert_recorded(service: RunningService, visit: Visit) -> None:
    """The database has, in the end, what the captions show."""
    await service.wait_for("SELECT bool_and(status = 'completed') FROM voice_consultations")
    rows = await service.conn.fetch(TURNS)
    recorded = [(row["role"], row["text"]) for row in rows if row["text"] is not None]
    assert [(SPEAKERS[who], what) for who, what in await visit.lines()] == recorded


def assert_stayed_here(visit: Visit) -> None:
    """Nothing was asked of another host, and the browser complained of nothing."""
    assert {urlsplit(url).netloc for url in visit.requests} == {urlsplit(visit.base_url).netloc}
    assert visit.complaints == []


async def test_a_spoken_call_is_captioned_and_recorded_as_it_was_said(
    service: RunningService, visit: VisitPage
) -> None:
    async with visit(service, reduced_motion="no-preference") as caller:
        await caller.start()
        await caller.mood("Ava is speaking")
        await caller.page.locator(".line.agent").nth(1).wait_for()
        await service.wait_for(INTERRUPTED)
        await caller.end()
        await caller.mood("Conversation ended")
        lines = await caller.lines()
        # Interrupted in the middle: what was not said is gone from the caption, too.
        assert PROJECT.startswith(lines[0][1])
        assert len(lines[0][1]) < len(PROJECT)
        assert lines[1:] == [("You", HEARD["project"]), ("Ava", COMPANY)]
        await assert_recorded(service, caller)
        assert_stayed_here(caller)


async def test_who_has_no_microphone_types_and_sees_the_booking(
    staffed: RunningService, visit: VisitPage
) -> None:
    async with visit(staffed, microphone=False, timezone_id="Europe/Berlin") as caller:
        await caller.start()
        await caller.mood("No microphone")
        assert "allow the microphone" in await caller.page.inner_text("#hint")
        for number, answer in enumerate([f"{TYPED[0]} {HOSTILE}", *TYPED[1:]]):
            await caller.write(answer)
            await caller.page.locator(".line.agent").nth(number + 1).wait_for()
        await caller.mood("Conversation ended")
        await caller.hint("Your booking stands on this page.")
        booking = await staffed.conn.fetchrow("SELECT * FROM bookings")
        assert booking is not None
        card = await caller.page.locator(".ticket").inner_text()
        local = booking["scheduled_datetime"].astimezone(ZoneInfo("Europe/Berlin"))
        assert "Your consultation is booked" in card
        assert booking["booking_reference"] in card
        assert f"{local:%A}\n{local.day}\n{local:%B}" in card
        assert f"{local:%H:%M} to " in card
        assert ", Berlin time" in card
        await caller.page.get_by_role("link", name="Change the time").wait_for()
        assert await caller.page.title() == "Talk to Intellectif"
        await assert_recorded(staffed, caller)
        assert_stayed_here(caller)


async def test_typed_words_interrupt_the_speaking_agent(relayed: Relayed, visit: VisitPage) -> None:
    relayed.platform.script = says(agent_says("Let me tell you all of it."), sounds(5))
    async with visit(relayed.service) as caller:
        await caller.start()
        await caller.mood("Ava is speaking")
        await caller.write("  Stop  ")
        call = await relayed.platform.call()
        await call.say('{"type":"interruption","interruption_event":{"event_id":1}}')
        await call.say(correct("Let me tell you all of it.", "Let me tell"))
        await caller.page.get_by_text("Let me tell", exact=True).wait_for()
        assert await caller.lines() == [("Ava", "Let me tell"), ("You", "Stop")]
        await caller.mood("Ava is listening")
        assert [frame["text"] for frame in sent(call, "user_message")] == ["Stop"]
        assert sent(call, "user_activity")
        await relayed.wait_for_turns(call, 2)
        await relayed.service.wait_for(
            "SELECT array_agg(text ORDER BY position) = '{Let me tell,Stop}' FROM voice_turns"
        )
        assert_stayed_here(caller)


async def test_a_muted_microphone_sends_silence(relayed: Relayed, visit: VisitPage) -> None:
    async with visit(relayed.service) as caller:
        await caller.start()
        await caller.mood("Ava is listening")
        call = await relayed.platform.call()
        await wait_for_speech(call)
        await caller.page.click("#mute")
        await caller.mood("You are muted")
        await asyncio.sleep(0.3)  # what was under way has arrived
        before = len(call.heard)
        await asyncio.sleep(3.5)  # longer than from one spoken word to the next
        assert len(call.heard) > before + 100
        assert loud_chunks(call.heard[before:]) == 0
        await caller.page.click("#mute")
        await wait_for_speech(call, since=before)


async def wait_for_speech(call: Call, *, since: int = 0) -> None:
    async with asyncio.timeout(10):
        while not loud_chunks(call.heard[since:]):  # noqa: ASYNC110  # a test can wait
            await asyncio.sleep(0.05)


async def test_browsers_that_cannot_set_a_sample_rate_resample_with_what_we_serve(
    service: RunningService, visit: VisitPage
) -> None:
    async with visit(service) as caller:
        await caller.page.add_init_script(WITHOUT_SAMPLE_RATE)
        await caller.page.reload()
        await caller.start()
        await caller.page.locator(".line.caller").first.wait_for()
        loaded = await caller.page.evaluate("modules")
        assert f"{caller.base_url}/static/libsamplerate.worklet.js" in loaded
        assert all(url.startswith(f"{caller.base_url}/static/") for url in loaded)
        assert not any("Content Security Policy" in each for each in caller.complaints)
