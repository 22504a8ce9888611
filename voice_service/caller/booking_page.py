"""A booking, for whoever holds its link: see it, give it another time, cancel it. No script."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Path, Query
from starlette.responses import HTMLResponse, RedirectResponse, Response

from booking_core import bookings
from booking_core.availability import Rules, Slot, find_slots, get_slot
from booking_core.bookings import Booking, find_booking
from booking_core.database import Connection
from booking_core.errors import BookingError, MoveNotAllowed
from booking_core.services import Service, find_service_by_id
from voice_service.caller.calendar import calendar_file
from voice_service.caller.cards import Card, read_card
from voice_service.caller.links import (
    BookingLinkUnknown,
    booking_url,
    calendar_url,
    require_link,
    start_of,
)
from voice_service.caller.queries import KeptBooking, find_kept_booking
from voice_service.caller.templates import render
from voice_service.caller.words import Day, days_of, describe_times
from voice_service.dependencies import CurrentRules, CurrentSettings, Now, Transaction
from voice_service.errors import status_of
from voice_service.settings import Settings

SHOWN: Final = timedelta(days=14)
MOST_DAYS: Final = 7
OPEN: Final = ("pending", "confirmed")
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Robots-Tag": "noindex",
}

router = APIRouter(include_in_schema=False)

Reference = Annotated[str, Path(max_length=64)]
LinkToken = Annotated[str, Query(alias="t", max_length=64)]
FormToken = Annotated[str, Form(alias="t", max_length=64)]


@router.get("/b/{reference}.ics")
async def get_calendar_file(
    conn: Transaction, settings: CurrentSettings, now: Now, reference: Reference, t: LinkToken = ""
) -> Response:
    """The booking for a calendar. Wrong links and unknown bookings are answered alike."""
    kept = await open_link(conn, settings, reference, t)
    card = await read_card(conn, kept.id)
    if card is None:
        raise BookingLinkUnknown("This booking has no time yet, so there is nothing to enter.")
    return Response(
        calendar_file(card, sequence=kept.sequence, settings=settings, now=now),
        media_type="text/calendar",
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": 'attachment; filename="consultation.ics"',
        },
    )


@router.get("/b/{reference}")
async def show_booking(
    conn: Transaction,
    settings: CurrentSettings,
    rules: CurrentRules,
    now: Now,
    reference: Reference,
    t: LinkToken = "",
) -> HTMLResponse:
    try:
        kept = await open_link(conn, settings, reference, t)
    except BookingLinkUnknown as unknown:
        return unknown_link(settings, unknown)
    return await answer_page(conn, settings, kept, t, rules=rules, now=now)


@router.post("/b/{reference}/move")
async def move(
    conn: Transaction,
    settings: CurrentSettings,
    rules: CurrentRules,
    now: Now,
    reference: Reference,
    t: FormToken = "",
    slot_id: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Another time, if it is still free; otherwise the old one stays, and the page says so."""

    async def act() -> None:
        slot = await get_slot(conn, slot_id)
        await bookings.move_booking(conn, reference, slot, now=now, rules=rules)

    return await change(act, conn, settings, reference, t, rules=rules, now=now)


@router.post("/b/{reference}/cancel")
async def cancel(
    conn: Transaction,
    settings: CurrentSettings,
    rules: CurrentRules,
    now: Now,
    reference: Reference,
    t: FormToken = "",
    reason: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    async def act() -> None:
        said = reason.strip() or None
        await bookings.cancel_booking(conn, reference, by="customer", reason=said, now=now)

    return await change(act, conn, settings, reference, t, rules=rules, now=now)


async def change(
    act: Callable[[], Awaitable[None]],
    conn: Connection,
    settings: Settings,
    reference: str,
    token: str,
    *,
    rules: Rules,
    now: datetime,
) -> Response:
    """Do it for whoever holds the link, and show the booking; a refusal is said on its page."""
    try:
        kept = await open_link(conn, settings, reference, token)
    except BookingLinkUnknown as unknown:
        return unknown_link(settings, unknown)
    try:
        async with conn.transaction():
            await require_ahead(conn, kept, now=now)
            await act()
    except BookingError as refused:
        return await answer_page(conn, settings, kept, token, rules=rules, now=now, refused=refused)
    return RedirectResponse(booking_url(settings, reference), HTTPStatus.SEE_OTHER)


async def open_link(
    conn: Connection, settings: Settings, reference: str, token: str
) -> KeptBooking:
    require_link(settings, reference, token)
    kept = await find_kept_booking(conn, reference)
    if kept is None:
        raise BookingLinkUnknown("This link belongs to no booking. Use the one you were given.")
    return kept


async def require_ahead(conn: Connection, kept: KeptBooking, *, now: datetime) -> None:
    """Callers change what is still ahead of them; what has begun is for staff."""
    card = await read_card(conn, kept.id)
    if card is not None and card.start <= now:
        raise MoveNotAllowed("This time has come already. Please ring us.")


def unknown_link(settings: Settings, unknown: BookingLinkUnknown) -> HTMLResponse:
    html = render("booking_unknown.html", root=settings.base_path, told=str(unknown))
    return HTMLResponse(html, status_of(type(unknown)), headers=HEADERS)


async def answer_page(
    conn: Connection,
    settings: Settings,
    kept: KeptBooking,
    token: str,
    *,
    rules: Rules,
    now: datetime,
    refused: BookingError | None = None,
) -> HTMLResponse:
    """The page of a booking; ``refused``: what was asked for and cannot be."""
    booking, card = await find_booking(conn, kept.id), await read_card(conn, kept.id)
    assert booking is not None  # found in this transaction
    changeable = booking.status in OPEN and (card is None or card.start > now)
    days = await free_days(conn, booking, rules=rules, now=now) if changeable else []
    html = render(
        "booking.html",
        root=settings.base_path,
        here=start_of(settings, booking.booking_reference),
        reference=booking.booking_reference,
        token=token,
        status=booking.status,
        card=None if card is None else describe_card(card),
        past=card is not None and card.end <= now,
        changeable=changeable,
        days=days,
        calendar_url=calendar_url(settings, booking.booking_reference),
        refused=None if refused is None else str(refused),
    )
    status = HTTPStatus.OK if refused is None else status_of(type(refused))
    return HTMLResponse(html, status, headers=HEADERS)


def describe_card(card: Card) -> dict[str, Any]:
    times = describe_times(card.start, card.end, card.timezone)
    return {"service": card.service, "consultant": card.consultant, "times": times}


async def free_days(
    conn: Connection, booking: Booking, *, rules: Rules, now: datetime
) -> list[Day]:
    """The next days on which there is something free, as the caller's clock has it."""
    service = await find_service_by_id(conn, booking.service_id)
    if service is None or not service.is_active:
        return []
    slots = await free_slots(conn, booking, service, rules=rules, now=now)
    return days_of(slots, booking.timezone)[:MOST_DAYS]


async def free_slots(
    conn: Connection, booking: Booking, service: Service, *, rules: Rules, now: datetime
) -> Sequence[Slot]:
    """One slot a start, with the same consultant where they are free; not the present time."""
    found = await find_slots(
        conn, service, start=now, end=now + SHOWN, now=now, rules=rules, booking_id=booking.id
    )
    by_start: dict[datetime, Slot] = {}
    for slot in found:
        if slot.start not in by_start or slot.consultant_id == booking.consultant_id:
            by_start[slot.start] = slot
    by_start.pop(booking.scheduled_datetime or now, None)
    return list(by_start.values())
