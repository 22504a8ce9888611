"""Everything in JSON for programs, under ``/api/v1``, with the staff token."""

from fastapi import APIRouter

from voice_service.api import (
    availability,
    booking_changes,
    booking_making,
    bookings,
    consultants,
    consultation_booking,
    consultation_live,
    consultation_task,
    consultations,
    customers,
    follow_ups,
    interactions,
    leads,
    projects,
    reports,
    services,
    slots,
)
from voice_service.dependencies import RequireStaff
from voice_service.errors import Problem

router = APIRouter(
    prefix="/api/v1",
    dependencies=[RequireStaff],
    responses={"4XX": {"model": Problem, "description": "A refusal, as each operation names them"}},
)
router.include_router(consultations.router)
router.include_router(consultation_booking.router)
router.include_router(consultation_live.router)
router.include_router(consultation_task.router)
router.include_router(slots.router)
router.include_router(services.router)
router.include_router(bookings.router)
router.include_router(booking_making.router)
router.include_router(booking_changes.router)
router.include_router(customers.router)
router.include_router(interactions.router)
router.include_router(leads.router)
router.include_router(consultants.router)
router.include_router(availability.router)
router.include_router(follow_ups.router)
router.include_router(projects.router)
router.include_router(reports.router)

__all__ = ["router"]
