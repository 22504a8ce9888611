"""The serving process is killed, or its database frozen, in the middle of conversations."""

import asyncio
import json
import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect as connect_socket

from booking_core.database import Connection, connect
from tests.conftest import FreshDatabase, running_server
from tests.voice_service.conftest import make_settings
from tests.voice_service.relay.conftest import HELLO, Relayed, relay_over
from tests.voice_service.relay.platform import Call, agent_says, run_platform
from tests.voice_service.test_cli import answers, environment, serving
from voice_service.jobs import JobContext
from voice_service.relay.reaping import reap_conversations

FROZEN = 6  # seconds; that a minute changes nothing was seen by hand, with 60 here
SAID = [(f"question {number}", f"answer {number}") for number in range(8)]


@pytest.mark.parametrize("pause", [0.5, 0.0])
async def test_a_killed_process_leaves_every_turn_and_the_reaper_finds_the_conversation(
    fresh_database: FreshDatabase, tmp_path: Path, pause: float
) -> None:
    """Without a pause the last quarter of a second may be lost: never more, and no hole."""
    async with fresh_database() as dsn, run_platform() as platform:
        env = environment(tmp_path, DATABASE_URL=dsn, ELEVENLABS_BASE_URL=platform.url)
        socket_url = f"ws://127.0.0.1:{env['PORT']}/v1/convai/conversation?agent_id=any"
        serve = serving(env, tmp_path, "--no-jobs")
        process = await asyncio.to_thread(serve.__enter__)
        try:
            async with connect_socket(socket_url, proxy=None, close_timeout=1) as visitor:
                await visitor.send(HELLO)
                await visitor.recv()
                call = await platform.call()
                for number, (question, answer) in enumerate(SAID):
                    await call.say(agent_says(question, number))
                    await visitor.recv()
                    await visitor.send(json.dumps({"type": "user_message", "text": answer}))
                    await call.wait_for_frames(number + 2)
                    await asyncio.sleep(0.1)
                await asyncio.sleep(pause)
                os.kill(process.pid, signal.SIGKILL)
                async with asyncio.timeout(5):
                    await call.socket.wait_closed()
        finally:
            await asyncio.to_thread(serve.__exit__, None, None, None)
        conn = await connect(dsn)
        try:
            expected = [line for pair in SAID for line in pair]
            kept = await texts(conn, call)
            assert kept == expected[: len(kept)]
            assert len(kept) == len(expected) if pause else len(kept) > 0
            settings = make_settings(tmp_path)
            later = datetime.now(UTC) + timedelta(seconds=90)
            async with conn.transaction():
                await reap_conversations(JobContext(conn=conn, settings=settings, now=later))
            row = await conn.fetchrow("SELECT status, qualification FROM voice_consultations")
            assert row is not None
            assert row["status"] == "dropped"
            assert row["qualification"]["score"] == 0
        finally:
            await conn.close()


async def texts(conn: Connection, call: Call) -> list[str]:
    rows = await conn.fetch(
        "SELECT text FROM voice_turns JOIN voice_consultations AS c ON c.id = consultation_id "
        "WHERE voice_session_id = $1 ORDER BY position",
        call.conversation_id,
    )
    return [row["text"] for row in rows]


async def test_a_frozen_database_stops_no_call_and_loses_no_turn(tmp_path: Path) -> None:
    """Frozen is worse than gone: nothing answers, and nothing fails either."""
    async with running_server(tmp_path) as server, relay_over(server, tmp_path) as relayed:
        await talk_while_frozen(relayed, tmp_path)


async def talk_while_frozen(relayed: Relayed, folder: Path) -> None:
    async with relayed.converse() as (visitor, call):
        await call.say(agent_says("before"))
        await relayed.wait_for_turns(call, 1)
        frozen = processes_of(folder)
        for pid in frozen:
            os.kill(pid, signal.SIGSTOP)
        try:
            for number in range(10 * FROZEN):
                await call.say(agent_says(f"during {number}", number + 2))
                async with asyncio.timeout(1):  # passed on at once, whatever the database does
                    await visitor.recv()
                await asyncio.sleep(0.1)
            async with relayed.converse() as (other, second):
                await other.send('{"type":"user_message","text":"I called meanwhile"}')
                await asyncio.sleep(0.2)
        finally:
            for pid in frozen:
                os.kill(pid, signal.SIGCONT)
        await relayed.wait_for_turns(call, 10 * FROZEN + 1, seconds=40)
        await relayed.wait_for_turns(second, 1, seconds=40)
    expected = ["before", *(f"during {number}" for number in range(10 * FROZEN))]
    assert await texts(relayed.service.conn, call) == expected
    await relayed.wait_for_status(second, "processing", seconds=30)


def processes_of(folder: Path) -> list[int]:
    """The server and all it has started."""
    postmaster = int(next(folder.rglob("postmaster.pid")).read_text().split()[0])
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    return [postmaster, *map(int, children)]


async def test_the_whole_service_talks_without_an_account(tmp_path: Path) -> None:
    """As ``make run`` starts it: embedded database, its least rights, and the stand-in."""
    env = environment(tmp_path)
    base = f"http://127.0.0.1:{env['PORT']}"
    override = {"conversation_config_override": {"conversation": {"text_only": True}}}
    begin = {"type": "conversation_initiation_client_data", **override}
    serve = serving(env, tmp_path)
    await asyncio.to_thread(serve.__enter__)
    try:
        async with httpx.AsyncClient(base_url=base, trust_env=False) as client:
            answer = await client.post("/session", headers={"Origin": base})
            async with connect_socket(answer.json()["signed_url"], proxy=None) as visitor:
                await visitor.send(json.dumps(begin))
                first = json.loads(await visitor.recv())
                await visitor.recv()
                await visitor.recv()
                await visitor.send('{"type":"user_message","text":"Hello there"}')
                await visitor.recv()
            conversation_id = first["conversation_initiation_metadata_event"]["conversation_id"]
            path = f"/api/v1/consultations/{conversation_id}"
            headers = {"Authorization": "Bearer token"}
            async with asyncio.timeout(20):
                status = None
                while status != "completed":
                    await asyncio.sleep(0.2)
                    found = await client.get(path, headers=headers)
                    status = found.json().get("status")
            assert found.json()["turns"][1]["text"] == "Hello there"
    finally:
        await asyncio.to_thread(serve.__exit__, None, None, None)
    assert answers(env, "/healthz") is None
