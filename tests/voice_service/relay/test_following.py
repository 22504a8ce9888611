"""A conversation followed while it runs, and what staff do in it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from tests.voice_service.conftest import RunningService, run_service
from tests.voice_service.events import make_event
from tests.voice_service.relay.conftest import Relayed
from tests.voice_service.relay.platform import agent_says, caller_says, correct
from voice_service.relay.pump import ENDED_BY_STAFF

WISH = "We need an app for our drivers. Our budget is 20,000 dollars, and I am very happy to talk."


@dataclass(frozen=True, kw_only=True)
class Event:
    """One server-sent event."""

    id: str
    kind: str
    data: Any


class Follower:
    """Reads events until it has what it waits for."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self.events: list[Event] = []
        self._lines = lines

    async def read(self) -> Event:
        fields: dict[str, str] = {}
        async for line in self._lines:
            if line == "" and fields:
                event = Event(
                    id=fields.get("id", ""), kind=fields["event"], data=json.loads(fields["data"])
                )
                self.events.append(event)
                return event
            name, _, value = line.partition(": ")
            if name:
                fields[name] = value
        raise EOFError

    async def until(self, fits: Callable[[Event], bool]) -> Event:
        async with asyncio.timeout(15):
            while not fits(event := await self.read()):
                pass
        return event

    @property
    def said(self) -> list[tuple[str, str | None]]:
        """The transcript as this follower has it."""
        turns: dict[int, dict[str, Any]] = {}
        for event in self.events:
            if event.kind == "transcript":
                turns = {turn["position"]: turn for turn in event.data["turns"]}
            elif event.kind == "turn":
                turns[event.data["position"]] = event.data
        return [(turns[at]["role"], turns[at]["text"]) for at in sorted(turns)]


@asynccontextmanager
async def following(
    service: RunningService, key: str, *, after: str | None = None
) -> AsyncIterator[Follower]:
    headers = [] if after is None else [(b"Last-Event-ID", after.encode("latin-1"))]
    path = f"/api/v1/consultations/{key}/live"
    async with service.client.stream("GET", path, headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Follower(answer.aiter_lines())


def turns_in(events: list[Event]) -> list[str]:
    return [event.data["text"] for event in events if event.kind == "turn"]


def is_turn(text: str) -> Callable[[Event], bool]:
    return lambda event: event.kind == "turn" and event.data["text"] == text


def has_status(*statuses: str) -> Callable[[Event], bool]:
    return lambda event: event.kind == "consultation" and event.data["status"] in statuses


async def test_whoever_follows_hears_each_turn_as_it_is_said(relayed: Relayed) -> None:
    """With corrections, the mood and the facts so far, the end, and what the report replaces."""
    async with relayed.converse() as (visitor, call):
        await call.say(agent_says("Hello! I am Ava, and I would go on.", 1))
        await relayed.wait_for_turns(call, 1)
        async with following(relayed.service, call.conversation_id) as follower:
            await follower.until(is_turn("Hello! I am Ava, and I would go on."))
            first = await follower.until(has_status("in_progress"))
            assert first.data["lead_verdict"] == "unknown"
            await call.say(correct("Hello! I am Ava, and I would go on.", "Hello! I am Ava", 1))
            await follower.until(is_turn("Hello! I am Ava"))
            await call.say(caller_says(WISH, 2))
            heard = await follower.until(is_turn(WISH))
            assert heard.data["sentiment"] > 0.15
            now = await follower.until(has_status("in_progress"))
            while now.data["sentiment_score"] is None:
                now = await follower.until(has_status("in_progress"))
            assert now.data["sentiment_score"] > 0.15
            assert now.data["qualification"]["facts"]["budget_max"]["value"] == 20000
            assert "metadata" not in now.data
            await visitor.close()
            await follower.until(has_status("processing"))
            event = make_event(conversation_id=call.conversation_id)
            await relayed.service.handle(event)
            done = await follower.until(has_status("completed"))
            assert done.data["lead_verdict"] != "unknown"
            said = [(turn["role"], turn["message"]) for turn in event["data"]["transcript"]]
            assert follower.said == said
            assert "transcript" in [each.kind for each in follower.events]


async def test_who_has_not_told_enough_yet_is_not_judged_for_it(relayed: Relayed) -> None:
    """The same words make an unqualified lead once the conversation is over."""
    async with relayed.converse() as (visitor, call):
        await call.say(caller_says("We want a web shop. We are 40 people, and I own the company."))
        await relayed.wait_for_turns(call, 1)
        async with following(relayed.service, call.conversation_id) as follower:
            now = await follower.until(has_status("in_progress"))
            assert len(now.data["qualification"]["facts"]) >= 3
            assert now.data["lead_verdict"] == "unknown"
            await visitor.close()
            await follower.until(
                lambda event: (
                    event.kind == "consultation" and event.data["lead_verdict"] == "unqualified"
                )
            )


async def test_a_follower_who_was_cut_off_goes_on_where_they_were(relayed: Relayed) -> None:
    """After whichever event: no turn is missing, none comes twice."""
    async with relayed.converse() as (_, call):
        texts = [f"This is sentence number {n}." for n in range(6)]
        await call.say(*(caller_says(text, n) for n, text in enumerate(texts)))
        await relayed.wait_for_turns(call, 6)
        async with following(relayed.service, call.conversation_id) as follower:
            await follower.until(is_turn(texts[-1]))
            await follower.until(has_status("in_progress"))
        for at, last in enumerate(follower.events):
            more = f"And then {at}."
            await call.say(agent_says(more, 100 + at))
            await relayed.wait_for_turns(call, 7 + at)
            async with following(relayed.service, call.conversation_id, after=last.id) as again:
                await again.until(is_turn(more))
            missing = [
                each.data["text"] for each in follower.events[at + 1 :] if each.kind == "turn"
            ]
            later = [f"And then {n}." for n in range(at + 1)]
            assert [each.data["text"] for each in again.events if each.kind == "turn"] == [
                *missing,
                *later,
            ]


@pytest.mark.parametrize("after", ["", "no", "-1", "1.x", "99999999", "9" * 60, "1.2.3", "²"])
async def test_an_id_that_is_not_ours_means_from_the_start(relayed: Relayed, after: str) -> None:
    async with relayed.converse() as (_, call):
        await call.say(agent_says("Hello!"))
        await relayed.wait_for_turns(call, 1)
        async with following(relayed.service, call.conversation_id, after=after) as follower:
            assert (await follower.read()).data["text"] == "Hello!"


async def test_another_process_is_told_too(relayed: Relayed) -> None:
    """Two processes over one database: one serves the conversation, staff are at the other."""
    settings = relayed.settings
    async with run_service(relayed.service.dsn, settings, run_jobs=False) as other:
        async with relayed.converse() as (visitor, call):
            await call.say(agent_says("Hello!"))
            await relayed.wait_for_turns(call, 1)
            async with following(other, call.conversation_id) as follower:
                await follower.until(is_turn("Hello!"))
                await call.say(caller_says("Are you there?"))
                await follower.until(is_turn("Are you there?"))
                path = f"/api/v1/consultations/{call.conversation_id}/live"
                told = await other.client.post(
                    f"{path}/contextual-update", json={"text": "They called before."}
                )
                assert told.status_code == 200, told.text
                await call.wait_for_frames(2)
                assert json.loads(call.heard[-1]) == {
                    "type": "contextual_update",
                    "text": "They called before.",
                }
                assert (await other.client.post(f"{path}/end")).status_code == 200
                await asyncio.wait_for(visitor.wait_closed(), 10)
                assert (visitor.close_code, visitor.close_reason) == (1000, ENDED_BY_STAFF)
                ended = await follower.until(has_status("processing", "dropped"))
                assert ended.data["end_reason"] == ENDED_BY_STAFF
        assert follower.said == [("agent", "Hello!"), ("user", "Are you there?")]


async def test_nobody_is_reached_in_a_conversation_that_is_over(relayed: Relayed) -> None:
    async with relayed.converse() as (_, call):
        await call.say(agent_says("Hello!"))
        await relayed.wait_for_turns(call, 1)
    await relayed.wait_for_status(call, "processing")
    await relayed.service.wait_for("SELECT bool_and(closed_at IS NOT NULL) FROM relay_sessions")
    for what, body in (("end", None), ("contextual-update", {"text": "Hello?"})):
        path = f"/api/v1/consultations/{call.conversation_id}/live/{what}"
        answer = await relayed.service.client.post(path, json=body)
        assert answer.status_code == 409
        assert answer.json()["code"] == "conversation_not_live"
    assert await relayed.service.conn.fetchval("SELECT count(*) FROM relay_commands") == 0


async def test_what_nobody_takes_up_is_withdrawn(relayed: Relayed) -> None:
    """Its process was killed: nothing of it may be carried out later."""
    await relayed.service.conn.execute(
        "INSERT INTO voice_consultations (voice_session_id, status) "
        "VALUES ('conv_killed', 'in_progress')"
    )
    await relayed.service.conn.execute(
        "INSERT INTO relay_sessions (id, conversation_id, opened_at, seen_at) "
        "VALUES (gen_random_uuid(), 'conv_killed', now(), now())"
    )
    answer = await relayed.service.client.post("/api/v1/consultations/conv_killed/live/end")
    assert answer.status_code == 409
    assert answer.json()["code"] == "conversation_not_live"
    assert await relayed.service.conn.fetchval("SELECT count(*) FROM relay_commands") == 0


async def test_a_follower_outlives_the_loss_of_every_connection(relayed: Relayed) -> None:
    async with relayed.converse() as (_, call):
        await call.say(agent_says("Hello!"))
        await relayed.wait_for_turns(call, 1)
        async with following(relayed.service, call.conversation_id) as follower:
            await follower.until(is_turn("Hello!"))
            for number in range(3):
                await relayed.service.conn.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
                await call.say(caller_says(f"Number {number}", number))
                await follower.until(is_turn(f"Number {number}"))


async def test_an_unknown_consultation_is_followed_by_nobody(relayed: Relayed) -> None:
    for key in ("conv_unknown", "00000000-0000-0000-0000-000000000000"):
        answer = await relayed.service.client.get(f"/api/v1/consultations/{key}/live")
        assert (answer.status_code, answer.json()["code"]) == (404, "consultation_not_found")


async def test_following_ends_when_the_consultation_is_erased(relayed: Relayed) -> None:
    conn = relayed.service.conn
    await conn.execute("INSERT INTO voice_consultations (voice_session_id) VALUES ('conv_gone')")
    async with following(relayed.service, "conv_gone") as follower:
        await follower.read()
        await conn.execute("DELETE FROM voice_consultations WHERE voice_session_id = 'conv_gone'")
        async with asyncio.timeout(10):
            with pytest.raises(EOFError):
                await follower.read()


async def test_followers_leave_nothing_behind(relayed: Relayed) -> None:
    """No connection is held while nothing happens, and no task stays when they leave."""
    conn = relayed.service.conn
    await conn.execute("INSERT INTO voice_consultations (voice_session_id) VALUES ('conv_quiet')")
    await asyncio.sleep(0.3)
    before = len(asyncio.all_tasks())
    for _ in range(40):
        async with following(relayed.service, "conv_quiet") as follower:
            await follower.read()
    async with asyncio.timeout(10):
        while len(asyncio.all_tasks()) > before + 2:  # noqa: ASYNC110  # a test can wait
            await asyncio.sleep(0.05)
