"""A booking as a calendar file, for whoever holds its link."""

import base64
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import quote, urlencode, urlsplit

import icalendar
from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from booking_core.database import storable
from booking_core.errors import NotFound
from booking_core.zones import find_zone
from voice_service.caller import queries
from voice_service.caller.cards import Card, read_card
from voice_service.dependencies import CurrentSettings, Now, Transaction
from voice_service.settings import Settings

KEY: Final = "booking link"
MAC_BYTES: Final = 16
STATUS_OF: Final[Mapping[str, str]] = {"pending": "TENTATIVE", "cancelled": "CANCELLED"}

router = APIRouter(include_in_schema=False)


class BookingLinkUnknown(NotFound):
    code = "booking_link_unknown"


@router.get("/b/{reference}.ics")
async def get_calendar_file(
    conn: Transaction,
    settings: CurrentSettings,
    now: Now,
    reference: Annotated[str, Path(max_length=64)],
    t: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """The booking for a calendar. Wrong links and unknown bookings are answered alike."""
    card = await find_card(conn, settings, reference, t)
    return Response(
        calendar_file(card, settings=settings, now=now),
        status_code=HTTPStatus.OK,
        media_type="text/calendar",
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": 'attachment; filename="consultation.ics"',
        },
    )


async def find_card(conn: Transaction, settings: Settings, reference: str, token: str) -> Card:
    if hmac.compare_digest(token.encode(), link_token(settings, reference).encode()):
        booking_id = await queries.find_booking_id(conn, storable(reference))
        card = await read_card(conn, booking_id) if booking_id else None
        if card is not None:
            return card
    raise BookingLinkUnknown("This link belongs to no booking. Use the one you were given.")


def link_token(settings: Settings, reference: str) -> str:
    """What opens a booking's link: nobody can guess it, and it needs no table."""
    key = settings.derive_key(KEY)
    mac = hmac.digest(key, storable(reference).encode(), "sha256")[:MAC_BYTES]
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def calendar_url(settings: Settings, reference: str) -> str:
    """Without a host, as for every address on our own pages."""
    query = urlencode({"t": link_token(settings, reference)})
    return f"{urlsplit(settings.base_url).path}/b/{quote(reference)}.ics?{query}"


def calendar_file(card: Card, *, settings: Settings, now: datetime) -> bytes:
    """RFC 5545, with the caller's zone and its rules, so that no calendar has to know them."""
    zone = find_zone(card.timezone) or UTC
    event = icalendar.Event()
    event.add("uid", f"{card.reference}@{urlsplit(settings.base_url).hostname}")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", card.start.astimezone(zone))
    event.add("dtend", card.end.astimezone(zone))
    event.add("summary", card.service)
    event.add("status", STATUS_OF.get(card.status, "CONFIRMED"))
    event.add("description", description_of(card))
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Intellectif//Voice//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    content: bytes = calendar.to_ical()
    return content


def description_of(card: Card) -> str:
    who = f"With {card.consultant}. " if card.consultant else ""
    return f"{who}Booking {card.reference}."
