"""Bookings as they are read: one by its reference, or a list in pages."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict

from booking_core.bookings import Booking, Status, get_booking, list_bookings
from voice_service.dependencies import Transaction

router = APIRouter(prefix="/bookings", tags=["bookings"])

Reference = Annotated[str, Path(max_length=20, description="As in INT-20310106-0001")]


class BookingView(BaseModel):
    """A booking; field names are the table's columns, amounts are numbers in ``currency``."""

    model_config = ConfigDict(extra="ignore")

    id: UUID
    booking_reference: str
    customer_metrics_id: UUID | None
    service_id: UUID
    consultant_id: UUID | None
    scheduled_datetime: datetime | None
    scheduled_end: datetime | None
    timezone: str
    status: str
    payment_status: str
    payment_amount: float | None
    payment_method: str | None
    payment_reference: str | None
    currency: str | None
    booking_source: str
    lead_score: int | None
    project_description: str
    customer_data: dict[str, Any]
    created_at: datetime
    confirmed_at: datetime | None
    actual_start_time: datetime | None
    actual_end_time: datetime | None
    completed_at: datetime | None
    cancelled_at: datetime | None
    cancelled_by: str | None
    cancellation_reason: str | None

    @classmethod
    def of(cls, booking: Booking) -> "BookingView":
        return cls.model_validate(asdict(booking))


class BookingPage(BaseModel):
    """One page; ``next_cursor`` is null on the last one."""

    items: list[BookingView]
    next_cursor: str | None


@router.get("", summary="List bookings")
async def list_page(
    conn: Transaction,
    status: Status | None = None,
    start: Annotated[
        AwareDatetime | None, Query(alias="from", description="Of the booking's own time")
    ] = None,
    end: Annotated[AwareDatetime | None, Query(alias="to")] = None,
    consultant: UUID | None = None,
    customer: Annotated[UUID | None, Query(description="Id of a customer")] = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> BookingPage:
    """The latest made first; with ``from`` or ``to`` only bookings whose time lies there.

    Refuses with 422 ``range_invalid``, ``value_invalid`` or ``page_invalid``.
    """
    page = await list_bookings(
        conn,
        status=status,
        start=start,
        end=end,
        consultant_id=consultant,
        customer_id=customer,
        cursor=cursor,
        limit=limit,
    )
    return BookingPage(
        items=[BookingView.of(booking) for booking in page.items], next_cursor=page.next_cursor
    )


@router.get("/{reference}", summary="Read a booking")
async def read_booking(conn: Transaction, reference: Reference) -> BookingView:
    """One booking. Refuses with 404 ``booking_not_found``."""
    return BookingView.of(await get_booking(conn, reference))
