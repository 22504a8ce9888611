"""A booking's own page: whoever holds its link sees, moves and cancels it, without any script."""

import html
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import icalendar
import pytest

from booking_core.availability import Slot, find_slots, get_slot
from booking_core.bookings import Booking, NewBooking, book_slot, find_booking
from booking_core.customers import Contact
from booking_core.local_postgres import LocalPostgres
from booking_core.services import Service, get_service
from tests.booking_core.factories import make_customer
from tests.conftest import databases_of
from tests.voice_service.conftest import RunningService, make_settings, run_service
from voice_service.caller.links import booking_url, link_token
from voice_service.databases import load_demo
from voice_service.settings import Settings

HOSTILE = "<script>alert(1)</script>"


@dataclass(frozen=True, kw_only=True)
class Door:
    """The demo business, and a browser that knows nothing but its links."""

    service: RunningService
    settings: Settings
    browser: httpx.AsyncClient

    async def book(self, slot: Slot | None = None) -> Booking:
        """Somebody's booking, of that slot or the first one that is free."""
        now = datetime.now(UTC)
        if slot is None:
            slot = (await self.free(await get_service(self.service.conn, "discovery-call")))[0]
        wish = NewBooking(
            slot=slot,
            customer=await make_customer(self.service.conn, email=f"{uuid4().hex}@example.com"),
            contact=Contact(first_name="Ada"),
            project_description="A portal",
            timezone="America/New_York",
        )
        async with self.service.conn.transaction():
            return await book_slot(self.service.conn, wish, now=now)

    async def free(self, service: Service) -> list[Slot]:
        now = datetime.now(UTC)
        return await find_slots(
            self.service.conn, service, start=now, end=now + timedelta(days=10), now=now
        )

    async def reload(self, booking: Booking) -> Booking:
        found = await find_booking(self.service.conn, booking.id)
        assert found is not None
        return found

    def url(self, booking: Booking) -> str:
        return booking_url(self.settings, booking.booking_reference)

    async def send(self, booking: Booking, what: str, **fields: str) -> httpx.Response:
        token = link_token(self.settings, booking.booking_reference)
        return await self.browser.post(
            f"/b/{booking.booking_reference}/{what}", data={"t": token} | fields
        )


@pytest.fixture(scope="module")
async def door(
    server: LocalPostgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Door]:
    settings = make_settings(tmp_path_factory.mktemp("door"))
    async with (
        databases_of(server)() as dsn,
        run_service(dsn, settings, run_jobs=False) as service,
    ):
        await load_demo(service.conn)
        async with httpx.AsyncClient(
            base_url=service.base_url, follow_redirects=True, timeout=30
        ) as browser:
            yield Door(service=service, settings=settings, browser=browser)


def slot_ids(page: str) -> list[str]:
    return [html.unescape(each) for each in re.findall(r'name="slot_id" value="([^"]+)"', page)]


async def test_a_booking_is_seen_on_the_callers_own_clock(door: Door) -> None:
    booking = await door.book()
    answer = await door.browser.get(door.url(booking))
    assert answer.status_code == 200
    assert booking.booking_reference in answer.text
    assert "New York time" in answer.text
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "<script" not in answer.text
    assert slot_ids(answer.text), "other times are offered"


async def test_it_is_moved_to_a_time_that_the_page_offered(door: Door) -> None:
    booking = await door.book()
    page = await door.browser.get(door.url(booking))
    answer = await door.send(booking, "move", slot_id=slot_ids(page.text)[3])
    assert answer.status_code == 200
    assert str(answer.url).endswith(door.url(booking))
    moved = await door.reload(booking)
    assert moved.booking_reference == booking.booking_reference
    assert moved.scheduled_datetime != booking.scheduled_datetime
    assert moved.scheduled_end is not None
    assert moved.scheduled_datetime is not None
    calendar_url = html.unescape(re.findall(r'href="([^"]+\.ics[^"]*)"', answer.text)[0])
    calendar = icalendar.Calendar.from_ical((await door.browser.get(calendar_url)).content)
    assert calendar.events[0].start == moved.scheduled_datetime


async def test_a_time_that_went_meanwhile_is_refused_and_the_old_one_kept(door: Door) -> None:
    booking = await door.book()
    wanted = slot_ids((await door.browser.get(door.url(booking))).text)[0]
    await door.book(await get_slot(door.service.conn, wanted))
    answer = await door.send(booking, "move", slot_id=wanted)
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    assert slot_ids(answer.text), "others are offered at once"
    kept = await door.reload(booking)
    assert kept.scheduled_datetime == booking.scheduled_datetime


async def test_it_is_cancelled_with_a_reason_and_can_be_changed_no_more(door: Door) -> None:
    booking = await door.book()
    answer = await door.send(booking, "cancel", reason=f" {HOSTILE} ")
    assert answer.status_code == 200
    assert "This booking is cancelled" in answer.text
    assert "<form" not in answer.text
    cancelled = await door.reload(booking)
    assert (cancelled.status, cancelled.cancelled_by) == ("cancelled", "customer")
    assert cancelled.cancellation_reason == HOSTILE
    again = await door.send(booking, "cancel")
    assert again.status_code == 409
    slot = (await door.free(await get_service(door.service.conn, "discovery-call")))[0]
    assert (await door.send(booking, "move", slot_id=slot.slot_id)).status_code == 409


async def test_what_has_begun_is_not_changed_by_a_link(door: Door) -> None:
    booking = await door.book()
    await door.service.conn.execute(
        "UPDATE bookings SET created_at = now() - interval '1 day', "
        "scheduled_datetime = now() - interval '10 minutes' WHERE id = $1",
        booking.id,
    )
    page = await door.browser.get(door.url(booking))
    assert "<form" not in page.text
    for what in ("cancel", "move"):
        assert (await door.send(booking, what)).status_code == 409
    assert (await door.reload(booking)).status == booking.status


async def test_a_wrong_link_and_an_unknown_booking_look_alike(door: Door) -> None:
    booking, other = await door.book(), await door.book()
    wrong = link_token(door.settings, other.booking_reference)
    answers = set()
    for reference, token in (
        (booking.booking_reference, wrong),
        (booking.booking_reference, ""),
        (booking.booking_reference, "é" * 20),
        ("BK-NOBODY", link_token(door.settings, "BK-NOBODY")),
        ("<img src=x onerror=alert(1)>", wrong),
    ):
        for path in ("", ".ics"):
            answer = await door.browser.get(f"/b/{reference}{path}", params={"t": token})
            assert answer.status_code == 404
            assert "<img" not in answer.text
        answers.add((await door.browser.get(f"/b/{reference}", params={"t": token})).text)
        for what in ("cancel", "move"):
            answer = await door.browser.post(f"/b/{reference}/{what}", data={"t": token})
            assert answer.status_code == 404
    assert len(answers) == 1
    assert (await door.reload(booking)).status == booking.status


@pytest.mark.parametrize("slot_id", ["", "x", "A" * 48, HOSTILE, "\0"])
async def test_a_slot_that_is_none_changes_nothing(door: Door, slot_id: str) -> None:
    booking = await door.book()
    answer = await door.send(booking, "move", slot_id=slot_id)
    assert answer.status_code in {404, 409, 422}
    assert HOSTILE not in answer.text
    assert (await door.reload(booking)).scheduled_datetime == booking.scheduled_datetime


async def test_a_slot_of_another_service_is_not_taken(door: Door) -> None:
    booking = await door.book()
    other = (await door.free(await get_service(door.service.conn, "strategy-session")))[-1]
    answer = await door.send(booking, "move", slot_id=other.slot_id)
    assert answer.status_code == 409
    assert "another service" in answer.text


async def test_huge_and_broken_forms_are_refused(door: Door) -> None:
    booking = await door.book()
    assert (await door.send(booking, "cancel", reason="x" * 100_000)).status_code == 422
    path = f"/b/{booking.booking_reference}/cancel"
    for content in (b"", b"t=%ff%fe", b"{}", b"&" * 5000):
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await door.browser.post(path, content=content, headers=headers)
        assert 400 <= answer.status_code < 500
    assert (await door.reload(booking)).status == booking.status
