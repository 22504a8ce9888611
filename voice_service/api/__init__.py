"""Everything in JSON for programs, under ``/api/v1``, with the staff token."""

from fastapi import APIRouter

from voice_service.api import (
    booking_changes,
    booking_making,
    bookings,
    consultation_booking,
    consultations,
    services,
    slots,
)
from voice_service.dependencies import RequireStaff

router = APIRouter(prefix="/api/v1", dependencies=[RequireStaff])
router.include_router(consultations.router)
router.include_router(consultation_booking.router)
router.include_router(slots.router)
router.include_router(services.router)
router.include_router(bookings.router)
router.include_router(booking_making.router)
router.include_router(booking_changes.router)

__all__ = ["router"]
