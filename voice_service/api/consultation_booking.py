"""Staff turn a voice consultation into a booking."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from booking_core.database import storable
from voice_service.api.booking_making import CustomerData, Description, SlotId, ZoneName
from voice_service.api.bookings import BookingView
from voice_service.consultations import StaffWish, book_for_consultation
from voice_service.dependencies import CurrentRules, CurrentSettings, Now, Transaction

router = APIRouter(prefix="/consultations", tags=["consultations"])


class ConsultationBooking(BaseModel):
    """A slot, and what is known better than from the conversation."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"slot_id": "rqGkuL3FRoyXvuYy5lSZ5AtEeYFzmEx6l4jKo0c5cVUB6q5E"},
                {
                    "slot_id": "rqGkuL3FRoyXvuYy5lSZ5AtEeYFzmEx6l4jKo0c5cVUB6q5E",
                    "customer": {"email": "ada@example.com", "first_name": "Ada"},
                    "project_description": "A machine that computes more than numbers.",
                    "timezone": "Europe/London",
                },
            ]
        },
    )

    slot_id: SlotId
    customer: CustomerData = CustomerData()
    project_description: Annotated[Description | None, Field(description="Default: as said")] = None
    timezone: Annotated[ZoneName | None, Field(description="Default: the caller's")] = None


@router.post(
    "/{key}/booking",
    status_code=201,
    summary="Book for a voice consultation",
    responses={200: {"model": BookingView, "description": "It has its booking already"}},
)
async def book_consultation(
    conn: Transaction,
    now: Now,
    settings: CurrentSettings,
    rules: CurrentRules,
    key: Annotated[str, Path(max_length=255, description="The row's uuid or conversation id")],
    request: ConsultationBooking,
    response: Response,
) -> BookingView:
    """Book a free slot for the caller; the consultation is then linked and closed.

    201 when it is new; 200 with the booking that the consultation has already. Refuses with 404
    ``consultation_not_found``, ``service_not_found``; 409 ``slot_taken``, ``slot_not_offered``;
    422 ``slot_id_invalid``, ``contact_invalid``, ``timezone_unknown``.
    """
    wish = StaffWish(
        slot_id=request.slot_id,
        contact=request.customer.to_contact(),
        project_description=storable(request.project_description),
        timezone=request.timezone,
    )
    made = await book_for_consultation(
        conn, key, wish, default_timezone=settings.business_timezone, now=now, rules=rules
    )
    if made.repeated:
        response.status_code = 200
    return BookingView.of(made.booking)
