"""The webhook's door: what it lets in, what it refuses, and that nothing let in is lost."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.voice_service.conftest import RunningService
from tests.voice_service.events import (
    WEBHOOK_SECRET,
    conversation_id,
    load_sample,
    make_event,
    signed,
)
from voice_service.elevenlabs_api.signature import SignatureCheck, read_header

DOOR = "/webhooks/elevenlabs"


async def events_kept(service: RunningService) -> int:
    count: int = await service.conn.fetchval("SELECT count(*) FROM voice_events")
    return count


async def post_with(service: RunningService, body: bytes, signature: str | bytes) -> httpx.Response:
    return await service.client.post(
        DOOR, content=body, headers=[(b"ElevenLabs-Signature", as_bytes(signature))]
    )


def as_bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode()


async def test_wrong_signatures_are_refused_and_leave_nothing(service: RunningService) -> None:
    body, headers = signed(make_event())
    good = headers["ElevenLabs-Signature"]
    now = datetime.now(UTC)
    _, stale = signed(body, at=now - timedelta(minutes=31))
    _, early = signed(body, at=now + timedelta(minutes=6))
    _, foreign = signed(body, secret="somebody else's")
    time, _, digest = good.partition(",v0=")
    wrong: dict[str, str | bytes] = {
        "empty": "",
        "no v0": time,
        "no time": f"v0={digest}",
        "other scheme": f"{time},v1={digest}",
        "tampered": f"{time},v0={'0' * 64}",
        "upper case": f"{time},v0={digest.upper()}",
        "not a number": f"t=soon,v0={digest}",
        "other digits": f"t=\uff11\uff17\uff19,v0={digest}".encode(),
        "two times": f"{time},{good}",
        "non-ASCII": f"{time},v0=ключ".encode(),
        "raw bytes": time.encode() + b",v0=\xff\xfe\xfd",
        "huge": f"{time}," + ",".join(["v0=" + "a" * 64] * 200),
        "stale": stale["ElevenLabs-Signature"],
        "early": early["ElevenLabs-Signature"],
        "foreign": foreign["ElevenLabs-Signature"],
    }
    answers = {name: await post_with(service, body, value) for name, value in wrong.items()}
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(
        wrong, 401
    )
    assert answers["stale"].json()["code"] == "signature_invalid"
    missing = await service.client.post(DOOR, content=body)
    doubled = await service.client.post(
        DOOR,
        content=body,
        headers=[("ElevenLabs-Signature", good), ("ElevenLabs-Signature", good)],
    )
    reserialised = await post_with(service, json.dumps(json.loads(body), indent=1).encode(), good)
    assert [missing.status_code, doubled.status_code, reserialised.status_code] == [401, 401, 401]
    assert await events_kept(service) == 0


async def test_one_good_signature_among_two_is_enough(service: RunningService) -> None:
    body, headers = signed(make_event())
    time, _, digest = headers["ElevenLabs-Signature"].partition(",v0=")
    answer = await post_with(service, body, f"{time}, v0={'0' * 64} , v0={digest}")
    assert answer.status_code == 200


async def test_a_missing_signature_is_refused_before_the_body_is_read(
    service: RunningService,
) -> None:
    host, port = service.base_url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"POST {DOOR} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n".encode())
    await writer.drain()
    async with asyncio.timeout(5):
        line = await reader.readline()
    writer.close()
    assert b" 401 " in line


async def test_an_event_is_stored_once_however_often_it_comes(service: RunningService) -> None:
    body, headers = signed(make_event())
    answers = await asyncio.gather(
        *(service.client.post(DOOR, content=body, headers=headers) for _ in range(20))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert sorted(answer.json()["status"] for answer in answers) == ["repeated"] * 19 + ["stored"]
    await service.settle()
    assert await events_kept(service) == 1
    assert await service.conn.fetchval("SELECT count(*) FROM voice_consultations") == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json at all",
        b'{"type": "post_call_transcription", "data": {',
        b"[1, 2, 3]",
        b"null",
        b'"text"',
        b'{"a":' * 100_000,
        b'{"a":' * 3_000 + b"1" + b"}" * 3_000,
        b"\xff\xfe\x00",
    ],
    ids=["empty", "words", "truncated", "list", "null", "text", "deep", "deep, closed", "binary"],
)
async def test_signed_garbage_is_kept_and_answered_400(
    service: RunningService, body: bytes
) -> None:
    answer = await service.post(body)
    assert answer.status_code == 400
    assert answer.json()["code"] == "body_unreadable"
    row = await service.conn.fetchrow("SELECT * FROM voice_events")
    assert row is not None
    assert row["body"] == body
    assert row["last_error"]
    assert row["handled_at"] is None
    again = await service.post(body)
    assert again.status_code == 400
    assert await events_kept(service) == 1


@pytest.mark.parametrize(
    "event",
    [
        {"type": "voice_removal_notice", "event_timestamp": 1, "data": {"x": 1}},
        {"type": None, "data": None},
        {"type": ["?"], "data": []},
        {},
    ],
    ids=["unknown", "null", "list", "nothing"],
)
async def test_an_event_of_an_unknown_type_is_kept_and_answered_200(
    service: RunningService, event: dict[str, Any]
) -> None:
    assert (await service.post(event)).status_code == 200
    await service.settle()
    row = await service.conn.fetchrow("SELECT * FROM voice_events")
    assert row is not None
    assert json.loads(row["body"]) == event
    assert row["handled_at"] is not None


@pytest.mark.parametrize("data", [None, {}, {"conversation_id": ["c"]}, {"conversation_id": ""}])
async def test_a_transcription_without_an_id_is_kept_and_marked(
    service: RunningService, data: Any
) -> None:
    assert (
        await service.post({"type": "post_call_transcription", "data": data})
    ).status_code == 200
    await service.settle()
    row = await service.conn.fetchrow("SELECT * FROM voice_events")
    assert row is not None
    assert row["handled_at"] is None
    assert "conversation_id" in row["last_error"]


async def test_a_large_body_is_taken_and_one_over_the_limit_is_not(
    service: RunningService,
) -> None:
    large = make_event()
    large["data"]["padding"] = "x" * 20_000_000
    assert (await service.post(large)).status_code == 200
    await service.settle()
    assert (await service.consultation(conversation_id(large)))["status"] == "completed"

    too_large = b'{"padding": "' + b"x" * (32 * 1024 * 1024) + b'"}'
    body, headers = signed(too_large)
    announced = await service.client.post(DOOR, content=body, headers=headers)
    assert announced.status_code == 413

    async def in_pieces() -> Any:
        for at in range(0, len(body), 1 << 20):
            yield body[at : at + (1 << 20)]

    streamed = await service.client.post(DOOR, content=in_pieces(), headers=headers)
    assert streamed.status_code == 413
    assert await events_kept(service) == 1


async def test_audio_leaves_only_its_length_and_hash(service: RunningService) -> None:
    event = {
        "type": "post_call_audio",
        "event_timestamp": 1,
        "data": {"agent_id": "a", "conversation_id": "conv_audio", "full_audio": "SUQzBAAA"},
    }
    assert (await service.post(event)).status_code == 200
    await service.settle()
    row = await service.conn.fetchrow("SELECT * FROM voice_events")
    assert row is not None
    assert row["body"] is None
    assert row["body_bytes"] == len(json.dumps(event))
    assert len(row["body_sha256"]) == 32


async def test_a_body_cut_half_way_leaves_nothing(service: RunningService) -> None:
    body, headers = signed(make_event())
    host, port = service.base_url.removeprefix("http://").split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    head = (
        f"POST {DOOR} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"
        f"ElevenLabs-Signature: {headers['ElevenLabs-Signature']}\r\n\r\n"
    )
    writer.write(head.encode() + body[: len(body) // 2])
    await writer.drain()
    writer.close()
    await asyncio.sleep(0.2)
    assert await events_kept(service) == 0
    assert (await service.post(body)).status_code == 200


async def test_either_of_two_secrets_is_good_while_one_replaces_the_other() -> None:
    body, headers = signed(b"{}", secret="the new one")
    header = read_header([headers["ElevenLabs-Signature"]], now=datetime.now(UTC))
    check = SignatureCheck(header, [WEBHOOK_SECRET.encode(), b"the new one"])
    check.update(body)
    check.verify()


@pytest.mark.parametrize("name", ["phone_call", "web_call"])
async def test_a_recorded_event_is_readable_within_two_seconds(
    service: RunningService, name: str
) -> None:
    event = load_sample(name)
    assert (await service.post(event)).status_code == 200
    async with asyncio.timeout(2):
        await service.settle()
    found = await service.consultation(conversation_id(event))
    assert found["status"] == "completed"
    assert found["conversation_transcript"].startswith("Agent: ")
    assert "\nCaller: " in found["conversation_transcript"]
    assert len(found["turns"]) == len(event["data"]["transcript"])
    assert found["conversation_summary"] == event["data"]["analysis"]["transcript_summary"]
    assert -1 <= found["sentiment_score"] <= 1
    assert found["lead_verdict"] in {"qualified", "unqualified", "unknown"}
    assert isinstance(found["qualification"]["reasons"], list)
    claimed = name == "phone_call"
    assert ("claimed_booking_missing" in found["marks"]) is claimed
    assert found["follow_up_booking_id"] is None
