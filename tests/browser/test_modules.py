"""The page's state and captions by themselves: whatever comes, in whatever order."""

import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Browser

ROOT: Final = Path(__file__).parents[2]
ENTRY: Final = """
    export * from "./voice_service/caller/page/state.js";
    export * from "./voice_service/caller/page/captions.js";
    export * from "./voice_service/caller/page/words.js";
"""
BUNDLE: Final = ("node_modules/.bin/esbuild", "--bundle", "--format=iife", "--global-name=caller")


@pytest.fixture(scope="module")
def modules() -> str:
    built = subprocess.run(
        BUNDLE, input=ENTRY, cwd=ROOT, capture_output=True, check=True, text=True
    )
    return built.stdout


async def run(browser: Browser, modules: str, script: str) -> Any:
    page = await browser.new_page()
    try:
        await page.add_script_tag(content=modules)
        return await page.evaluate(script)
    finally:
        await page.close()


async def test_every_event_is_harmless_in_every_state(browser: Browser, modules: str) -> None:
    """Twice, out of order, of no known kind: a state always has words, and ends are final."""
    found = await run(
        browser,
        modules,
        """() => {
            const events = [
                { type: "start", kind: "voice" }, { type: "start", kind: "text" },
                { type: "microphone" }, { type: "microphone", trouble: "denied" },
                { type: "microphone", trouble: "constructor" }, { type: "connected" },
                { type: "failed", reason: "" }, { type: "mode", mode: "speaking" },
                { type: "mute", muted: true }, { type: "queue", waiting: true },
                { type: "ended", by: "agent" }, { type: "lost" },
                { type: "progress", status: "toString" }, { type: "progress", status: "completed" },
                { type: "booked", status: "pending" }, { type: "toString" }, { type: "nothing" },
            ];
            const seen = new Map([[JSON.stringify(caller.START), caller.START]]);
            const phases = new Set();
            for (const state of seen.values()) {
                phases.add(state.phase);
                const { mood, hint } = caller.describe(state, "Ava");
                const words = [mood, hint, caller.announce(state, "Ava")];
                if (words.some((each) => typeof each !== "string" || /undefined|\\[/.test(each))) {
                    return [state, words];
                }
                for (const event of events) {
                    const after = caller.next(state, event);
                    if (["ended", "lost"].includes(state.phase) && after.phase !== state.phase
                        && event.type !== "start") return [state, event];
                    if (!seen.has(JSON.stringify(after))) seen.set(JSON.stringify(after), after);
                }
            }
            return [...phases].sort();
        }""",
    )
    assert found == sorted(
        ["before", "asking", "connecting", "refused", "failed", "talking", "ended", "lost"]
    )


async def test_sound_that_comes_before_its_line_counts(browser: Browser, modules: str) -> None:
    """Ids are numbers here and texts there; two seconds are thirty letters, to a word's end."""
    found = await run(
        browser,
        modules,
        """() => {
            const captions = new caller.Captions({ silent: false });
            captions.soundCame("7", 4000, null, 1000);
            const text = "Twelve words are said here and all of them at an even pace.";
            captions.agentSaid(text, 7, 1100);
            const [line] = captions.lines;
            const spoken = (now) => line.text.slice(0, captions.spoken(line, now));
            const progress = [500, 1000, 3000, 99_000].map(spoken);
            captions.fellSilent(2000);
            progress.push(spoken(2000));
            captions.fellSilent(5000);
            return [...progress, spoken(5000)];
        }""",
    )
    whole = "Twelve words are said here and all of them at an even pace."
    assert found == ["", "", "Twelve words are said here and", whole, found[4], whole]
    assert len(found[4]) < len(found[2])


async def test_a_correction_finds_its_line(browser: Browser, modules: str) -> None:
    found = await run(
        browser,
        modules,
        """() => {
            const captions = new caller.Captions({ silent: false });
            captions.corrected(1, "Nothing", "was said yet");
            captions.agentSaid("One", 1, 0);
            captions.agentSaid("Two a", 2, 0);
            captions.agentSaid("Two b", 2, 0);
            captions.callerSaid("Wait", 0);
            captions.interrupted(10);
            captions.corrected("2", "Two b", "Two");
            captions.corrected("2", "Two b", "Two");
            captions.corrected(99, " One ", "On");
            captions.corrected(98, "unknown", "");
            captions.corrected(97, "unknown", null);
            captions.agentSaid({}, 3, 0);
            captions.agentSaid("  ", 3, 0);
            return captions.lines.map(({ who, text }) => `${who}: ${text}`);
        }""",
    )
    assert found == ["agent: On", "agent: Two a", "caller: Wait"]


@pytest.mark.parametrize(
    ("reason", "readable"),
    [
        ("All lines are busy just now. Please try again in a few minutes.", True),
        ("Ångström is closed!", True),
        ("llm_timeout", False),
        ("Max duration limit reached", False),
        ("", False),
        (None, False),
        ({"a": 1}, False),
    ],
)
async def test_reasons_for_programs_are_not_shown(
    browser: Browser, modules: str, reason: object, readable: bool
) -> None:
    page = await browser.new_page()
    await page.add_script_tag(content=modules)
    assert await page.evaluate("(reason) => caller.isReadable(reason)", reason) is readable
    await page.close()
