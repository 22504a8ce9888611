"""Bookings, by their reference."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict

from booking_core.bookings import Booking, get_booking
from voice_service.dependencies import Transaction

router = APIRouter(prefix="/bookings", tags=["bookings"])


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
    currency: str | None
    booking_source: str
    lead_score: int | None
    project_description: str
    customer_data: dict[str, Any]
    created_at: datetime

    @classmethod
    def of(cls, booking: Booking) -> "BookingView":
        return cls.model_validate(asdict(booking))


@router.get("/{reference}", summary="Read a booking")
async def read_booking(
    conn: Transaction, reference: Annotated[str, Path(max_length=20)]
) -> BookingView:
    """One booking. Refuses with 404 ``booking_not_found``."""
    return BookingView.of(await get_booking(conn, reference.replace("\0", "")))
