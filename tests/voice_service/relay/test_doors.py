"""Who may have a conversation: keys, tokens, agents, origins, limits; refused in words."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from tests.voice_service.conftest import RELAY_KEY
from tests.voice_service.relay.conftest import HELLO, Relayed, RunRelay
from voice_service.relay import admission, tokens

SIGNED = "/v1/convai/conversation/get-signed-url"


async def refusal(relayed: Relayed, url: str | None = None, **more: Any) -> tuple[int, str]:
    """The close that a visitor is answered with."""
    async with relayed.visit(url, **more) as visitor:
        with pytest.raises(ConnectionClosed) as closed:
            await visitor.recv()
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code, closed.value.rcvd.reason


async def begins(relayed: Relayed, url: str | None = None, **more: Any) -> None:
    async with relayed.visit(url, **more) as visitor:
        await visitor.send(HELLO)
        assert "conversation_initiation_metadata" in str(await visitor.recv())


@pytest.mark.parametrize("path", [SIGNED, "/v1/convai/conversation/get_signed_url"])
async def test_a_signed_url_needs_our_key(relayed: Relayed, path: str) -> None:
    client = relayed.service.client
    for headers in ({}, {"xi-api-key": ""}, {"xi-api-key": RELAY_KEY + "x"}):
        answer = await client.get(path, params={"agent_id": "agent_test"}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
    answer = await client.get(
        path, params={"agent_id": "agent_test"}, headers={"xi-api-key": RELAY_KEY}
    )
    url = answer.json()["signed_url"]
    assert url.startswith(relayed.socket_url + "?agent_id=agent_test&relay_token=")
    assert not set("+%=") & set(url.rpartition("relay_token=")[2])
    await begins(relayed, url)


async def test_without_a_key_of_ours_nobody_gets_a_signed_url(run_relay: RunRelay) -> None:
    async with run_relay(relay_api_key=None, relay_allow_unsigned=False) as relayed:
        answer = await relayed.service.client.get(
            SIGNED, params={"agent_id": "a"}, headers={"xi-api-key": ""}
        )
        assert answer.status_code == 401
        code, reason = await refusal(relayed)
        assert (code, reason) == (1008, "A signed URL is needed to connect.")


async def test_a_signed_url_has_one_conversation(relayed: Relayed) -> None:
    url = await relayed.signed_url()
    await begins(relayed, url + "&source=python_sdk&version=2.78.0")
    assert await refusal(relayed, url) == (1008, admission.USED)


async def test_a_signed_url_used_in_another_process_is_known_here(relayed: Relayed) -> None:
    url = await relayed.signed_url()
    key = relayed.settings.derive_key("relay token")
    token = tokens.read_token(url.rpartition("=")[2], key, now=datetime.now(UTC))
    await relayed.service.conn.execute(
        "INSERT INTO relay_sessions (id, opened_at, seen_at, closed_at) "
        "VALUES ($1, now(), now(), now())",
        token.id,
    )
    assert await refusal(relayed, url) == (1008, admission.USED)


@pytest.mark.parametrize("token", ["x", "%00", "é", "A" * 3000, "AAAA", "a.b.c", "%2B%2F=="])
async def test_a_token_that_is_not_ours_is_refused(relayed: Relayed, token: str) -> None:
    code, reason = await refusal(relayed, f"{relayed.socket_url}?relay_token={token}")
    assert code == 1008
    assert reason.endswith("Get a new one.")


async def test_a_token_in_the_subprotocol_is_taken_and_never_echoed(run_relay: RunRelay) -> None:
    async with run_relay(relay_allow_unsigned=False) as relayed:
        token = (await relayed.signed_url()).rpartition("=")[2]
        async with relayed.visit(subprotocols=["convai", f"bearer.{token}"]) as visitor:
            assert visitor.subprotocol == "convai"
            await visitor.send(HELLO)
            assert "metadata" in str(await visitor.recv())


async def test_the_subprotocol_is_chosen_only_when_it_is_offered(relayed: Relayed) -> None:
    async with relayed.visit() as visitor:
        assert visitor.subprotocol is None
    async with relayed.visit(subprotocols=["convai"]) as visitor:
        assert visitor.subprotocol == "convai"


async def test_only_listed_agents_can_be_talked_to(run_relay: RunRelay) -> None:
    async with run_relay(elevenlabs_agent_id="agent_ours", relay_agents=("agent_too",)) as relayed:
        answer = await relayed.service.client.get(
            SIGNED, params={"agent_id": "agent_test"}, headers={"xi-api-key": RELAY_KEY}
        )
        assert (answer.status_code, answer.json()["code"]) == (404, "agent_not_found")
        assert await refusal(relayed) == (1008, "This agent is not available here.")
        for agent in ("agent_ours", "agent_too"):
            await begins(relayed, f"{relayed.socket_url}?agent_id={agent}")


async def test_a_signed_url_is_for_its_agent_alone(relayed: Relayed) -> None:
    url = (await relayed.signed_url()).replace("agent_test", "agent_other")
    assert await refusal(relayed, url) == (1008, "The signed URL is for another agent.")


async def test_pages_of_other_sites_may_not_connect(run_relay: RunRelay) -> None:
    async with run_relay(allowed_origins=("https://www.example.com",)) as relayed:
        port = relayed.service.base_url.rpartition(":")[2]
        for origin in ("https://evil.example", "null", f"https://127.0.0.1:{port}", "http://x:y"):
            code, reason = await refusal(relayed, origin=origin)
            assert (code, "ALLOWED_ORIGINS" in reason) == (1008, True)
        for origin in ("https://www.example.com", f"http://localhost:{port}"):
            await begins(relayed, origin=origin)


async def test_our_own_page_gets_a_signed_url_for_its_visitor(run_relay: RunRelay) -> None:
    async with run_relay(relay_allow_unsigned=False) as relayed:
        client, own = relayed.service.client, {"Origin": relayed.service.base_url}
        answer = await client.post("/session", json={"timezone": "Asia/Tokyo"}, headers=own)
        assert answer.status_code == 200
        await begins(relayed, answer.json()["signed_url"], origin=relayed.service.base_url)
        call = await relayed.platform.call()
        assert '"caller_timezone":"Asia/Tokyo"' in str(call.heard[0])
        for headers in ({}, {"Origin": "https://evil.example"}):
            assert (await client.post("/session", headers=headers)).status_code == 403
        wrong = await client.post("/session", json={"timezone": "Mars/X", "x": 1}, headers=own)
        assert wrong.status_code == 422
        for _ in range(20):
            answer = await client.post("/session", headers=own)
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 0


async def test_limits_are_told_in_words(run_relay: RunRelay) -> None:
    async with run_relay(relay_sessions=2, relay_sessions_per_visitor=1) as relayed:
        async with relayed.visit() as first:
            await first.send(HELLO)
            await first.recv()
            assert await refusal(relayed) == (1013, admission.VISITOR_FULL)
            async with relayed.visit(await relayed.signed_url()) as second:
                await second.send(HELLO)
                await second.recv()
                assert await refusal(relayed, await relayed.signed_url()) == (1013, admission.FULL)
        await relayed.service.wait_for(
            "SELECT NOT EXISTS (SELECT FROM relay_sessions WHERE closed_at IS NULL)"
        )
        await begins(relayed)


async def test_one_visitor_has_so_many_conversations_an_hour(run_relay: RunRelay) -> None:
    async with run_relay(relay_sessions_per_hour=2) as relayed:
        for _ in range(2):
            await begins(relayed)
        assert await refusal(relayed) == (1013, admission.VISITOR_OFTEN)


async def test_an_expired_signed_url_is_refused(
    relayed: Relayed, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = await relayed.signed_url()

    def later(text: str, key: bytes, *, now: datetime) -> tokens.Token:
        return tokens.read_token(text, key, now=now + timedelta(minutes=6))

    monkeypatch.setattr(admission, "read_token", later)
    assert await refusal(relayed, url) == (1008, "The signed URL has expired. Get a new one.")
