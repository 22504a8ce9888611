"""Bookings as they are made: at a free slot, or of a service that needs no time."""

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from booking_core.availability import Rules, get_slot
from booking_core.bookings import (
    Booking,
    BookingWish,
    NewBooking,
    book_immediate,
    book_once,
    book_slot,
)
from booking_core.customers import Contact, find_or_create_customer
from booking_core.database import Connection, storable
from booking_core.services import get_service
from voice_service.api.bookings import BookingView
from voice_service.dependencies import CurrentRules, CurrentSettings, Now, Transaction

router = APIRouter(prefix="/bookings", tags=["bookings"])

SOURCE: Final = "website_booking"

SlotId = Annotated[str, Field(max_length=100, description="Of a free slot, as the API gave it")]
Description = Annotated[str, Field(min_length=1, max_length=10_000)]
ZoneName = Annotated[str, Field(max_length=64, description="The customer's IANA zone")]


class CustomerData(BaseModel):
    """Who books. An e-mail address or a phone number is needed."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    email: Annotated[str | None, Field(max_length=255)] = None
    phone: Annotated[str | None, Field(max_length=50, description="E.164: +4930123456")] = None
    first_name: Annotated[str | None, Field(max_length=100)] = None
    last_name: Annotated[str | None, Field(max_length=100)] = None
    company: Annotated[str | None, Field(max_length=255)] = None

    def to_contact(self) -> Contact:
        names = storable(self.model_dump(exclude={"email", "phone"}))
        return Contact(email=self.email, phone=self.phone, **names)


EXAMPLES: Final[list[Any]] = [
    {
        "slot_id": "rqGkuL3FRoyXvuYy5lSZ5AtEeYFzmEx6l4jKo0c5cVUB6q5E",
        "customer": {
            "email": "ada@example.com",
            "phone": "+442079460000",
            "first_name": "Ada",
            "last_name": "Lovelace",
            "company": "Analytical Engines",
        },
        "project_description": "A machine that computes more than numbers.",
        "timezone": "Europe/London",
    },
    {
        "service": "priority-consultation",
        "customer": {"email": "ada@example.com"},
        "project_description": "Our orders are stuck; please look at once.",
    },
]


class BookingRequest(BaseModel):
    """A booking at ``slot_id``, or of ``service`` where that is given without a time."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": EXAMPLES})

    slot_id: SlotId | None = None
    service: Annotated[str | None, Field(max_length=100, description="Slug of a service")] = None
    customer: CustomerData
    project_description: Description
    timezone: Annotated[ZoneName | None, Field(description="Default: the business's")] = None

    @model_validator(mode="after")
    def must_name_one(self) -> "BookingRequest":
        if (self.slot_id is None) == (self.service is None):
            raise ValueError("write either a slot_id, or the service where it needs no time")
        return self


@router.post(
    "",
    status_code=201,
    summary="Book",
    responses={200: {"model": BookingView, "description": "Made by an earlier request like it"}},
)
async def create_booking(
    conn: Transaction,
    now: Now,
    settings: CurrentSettings,
    rules: CurrentRules,
    request: BookingRequest,
    response: Response,
    key: Annotated[
        str | None,
        Header(alias="Idempotency-Key", max_length=255, description="Of your choice; makes once"),
    ] = None,
) -> BookingView:
    """Book a free slot, or a service that needs no time. 201 when it is new.

    With an ``Idempotency-Key`` the same request sent again answers 200 with the first booking.
    Refuses with 404 ``service_not_found``; 409 ``slot_taken``, ``slot_not_offered``,
    ``idempotency_conflict``; 422 ``slot_id_invalid``, ``service_needs_time``, ``contact_invalid``,
    ``timezone_unknown``, ``idempotency_key_invalid``.
    """
    zone = request.timezone or settings.business_timezone

    async def book() -> Booking:
        return await book_request(conn, request, zone, now=now, rules=rules)

    if key is None:
        return BookingView.of(await book())
    made = await book_once(conn, key, request.model_dump(mode="json"), book, now=now)
    if made.repeated:
        response.status_code = 200
    return BookingView.of(made.booking)


async def book_request(
    conn: Connection, request: BookingRequest, timezone: str, *, now: datetime, rules: Rules
) -> Booking:
    contact = request.customer.to_contact()
    said: dict[str, Any] = {
        "customer": await find_or_create_customer(conn, contact, lead_source=SOURCE, now=now),
        "contact": contact,
        "project_description": request.project_description,
        "timezone": storable(timezone),
        "source": SOURCE,
    }
    if request.slot_id is not None:
        slot = await get_slot(conn, request.slot_id)
        return await book_slot(conn, NewBooking(slot=slot, **said), now=now, rules=rules)
    service = await get_service(conn, request.service or "")
    return await book_immediate(conn, service, BookingWish(**said), now=now)
