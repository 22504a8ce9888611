"""What a visitor's page is told of its conversation, and the calendar file it may offer."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import icalendar
import pytest

from tests.booking_core.factories import add_booking, make_consultant, make_customer, make_service
from tests.voice_service.conftest import RunningService, make_settings
from tests.voice_service.relay.conftest import HELLO, Relayed
from tests.voice_service.relay.platform import agent_says
from tests.voice_service.relay.test_following import Event, Follower
from voice_service.caller.calendar import calendar_file
from voice_service.caller.cards import Card
from voice_service.relay.endpoints import events_url
from voice_service.relay.tokens import Token

EVENTS = "/session/events"


async def begin(service: RunningService) -> dict[str, str]:
    """What our page gets when its visitor presses the button."""
    answer = await service.client.post(
        "/session", json={"timezone": "Europe/Berlin"}, headers={"Origin": service.base_url}
    )
    assert answer.status_code == 200, answer.text
    body: dict[str, str] = answer.json()
    return body


async def make_booking(relayed: Relayed, status: str = "confirmed") -> UUID:
    conn = relayed.service.conn
    return await add_booking(
        conn,
        await make_customer(conn, email=f"{uuid4().hex}@example.com"),
        await make_service(conn),
        status=status,
        consultant_id=await make_consultant(conn),
        scheduled_datetime=datetime(2031, 3, 30, 12, tzinfo=UTC),
        timezone="Europe/Berlin",
    )


async def test_a_visitor_is_told_of_the_end_and_of_their_booking(relayed: Relayed) -> None:
    session = await begin(relayed.service)
    assert session["events_url"].startswith(f"{EVENTS}?token=")
    booking_id = await make_booking(relayed)
    async with (
        httpx.AsyncClient(base_url=relayed.service.base_url, timeout=30) as page,
        page.stream("GET", session["events_url"]) as stream,
    ):
        assert stream.status_code == 200
        follower = Follower(stream.aiter_lines())
        async with relayed.visit(session["signed_url"]) as visitor:
            await visitor.send(HELLO)
            await visitor.recv()
            call = await relayed.platform.call()
            await call.say(agent_says("Hello!"))
            assert (await told(follower)).data == {"status": "in_progress"}
        assert (await told(follower)).data == {"status": "processing"}
        await relayed.service.conn.execute(
            "UPDATE voice_consultations SET status = 'completed', follow_up_booking_id = $1",
            booking_id,
        )
        booking = await told(follower)
        assert booking.kind == "booking"
        assert (await told(follower)).data == {"status": "completed"}
        row = await relayed.service.conn.fetchrow(
            "SELECT * FROM bookings WHERE id = $1", booking_id
        )
        assert row is not None
        calendar_url, booking_url = (
            booking.data.pop("calendar_url"),
            booking.data.pop("booking_url"),
        )
        assert (await page.get(booking_url)).status_code == 200
        assert booking.data == {
            "reference": row["booking_reference"],
            "status": "confirmed",
            "start": in_utc(row["scheduled_datetime"]),
            "end": in_utc(row["scheduled_end"]),
            "timezone": row["timezone"],
            "service": booking.data["service"],
            "consultant": booking.data["consultant"],
        }
        assert booking.data["consultant"]
        calendar = icalendar.Calendar.from_ical((await page.get(calendar_url)).content)
        [event] = calendar.events
        assert (event.start, event.end) == (row["scheduled_datetime"], row["scheduled_end"])
        assert str(event["STATUS"]) == "CONFIRMED"
        assert str(event["UID"]).startswith(row["booking_reference"])


async def told(follower: Follower) -> Event:
    async with asyncio.timeout(15):
        return await follower.read()


def in_utc(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")


async def test_nobody_is_told_of_a_booking_that_was_there_before(relayed: Relayed) -> None:
    """Who says somebody's address on a page does not learn when they come."""
    session = await begin(relayed.service)
    async with relayed.visit(session["signed_url"]) as visitor:
        await visitor.send(HELLO)
        await visitor.recv()
        call = await relayed.platform.call()
        await call.say(agent_says("Hello!"))
        await relayed.wait_for_turns(call, 1)
    await relayed.service.settle()
    await relayed.service.conn.execute(
        "UPDATE voice_consultations SET status = 'completed', follow_up_booking_id = $1, "
        "marks = '{existing_booking}'",
        await make_booking(relayed),
    )
    async with relayed.service.client.stream("GET", session["events_url"]) as stream:
        assert (await told(Follower(stream.aiter_lines()))).data == {"status": "completed"}


@pytest.mark.parametrize("token", ["", "x", "AAAA" * 20, "\x00", "é", "x" * 2000])
async def test_an_address_that_is_not_ours_tells_nothing(api: RunningService, token: str) -> None:
    answer = await api.client.get(EVENTS, params={"token": token})
    assert (answer.status_code, answer.json()["code"]) == (404, "session_unknown")


async def test_the_token_of_a_conversation_follows_none_and_the_other_way_round(
    relayed: Relayed,
) -> None:
    session = await begin(relayed.service)
    opens = session["signed_url"].rpartition("relay_token=")[2]
    follows = session["events_url"].rpartition("token=")[2]
    answer = await relayed.service.client.get(EVENTS, params={"token": opens})
    assert answer.status_code == 404
    url = f"{relayed.socket_url}?agent_id=agent_test&relay_token={follows}"
    async with relayed.visit(url) as visitor:
        await visitor.wait_closed()
        assert visitor.close_code == 1008


async def test_an_old_address_is_refused(api: RunningService, tmp_path: Any) -> None:
    token = Token(id=uuid4(), agent_id="agent", expires_at=datetime.now(UTC))
    settings = make_settings(tmp_path)
    old = events_url(settings, token, now=datetime.now(UTC) - timedelta(days=2))
    assert (await api.client.get(old)).status_code == 404
    new = events_url(settings, token, now=datetime.now(UTC))
    async with api.client.stream("GET", new) as answer:
        assert answer.status_code == 200


@pytest.mark.parametrize("reference", ["BK-1", "x", "%00", "é", "' OR 1=1"])
async def test_a_calendar_file_needs_its_link(api: RunningService, reference: str) -> None:
    for token in ("", "x", "é", "A" * 22):
        answer = await api.client.get(f"/b/{reference}.ics", params={"t": token})
        assert (answer.status_code, answer.json()["code"]) == (404, "booking_link_unknown")


def test_a_calendar_file_says_whether_the_time_is_kept(tmp_path: Any) -> None:
    """And is in the caller's zone with the rules of that zone, at the same instant."""
    settings = make_settings(tmp_path)
    start = datetime(2031, 3, 30, 12, tzinfo=UTC)
    for status, word in (
        ("pending", "TENTATIVE"),
        ("confirmed", "CONFIRMED"),
        ("cancelled", "CANCELLED"),
    ):
        card = Card(
            reference="BK-1",
            status=status,
            start=start,
            end=start + timedelta(minutes=30),
            timezone="Europe/Berlin",
            service="A talk; with, commas\nand lines",
            consultant=None,
        )
        content = calendar_file(card, sequence=3, settings=settings, now=start)
        calendar = icalendar.Calendar.from_ical(content)
        [event] = calendar.events
        [zone] = calendar.timezones
        assert zone.tz_name == "Europe/Berlin"
        assert str(event["STATUS"]) == word
        assert event.start == start
        assert f"{event.DTSTART:%H:%M}" == "14:00"  # an hour on, since that very morning
        assert str(event["SUMMARY"]) == card.service
