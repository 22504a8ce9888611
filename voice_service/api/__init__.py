"""Everything in JSON for programs, under ``/api/v1``, with the staff token."""

from fastapi import APIRouter

from voice_service.api import (
    availability,
    bookings,
    consultants,
    consultations,
    customers,
    follow_ups,
    interactions,
    leads,
    projects,
    reports,
    slots,
)
from voice_service.dependencies import RequireStaff

router = APIRouter(prefix="/api/v1", dependencies=[RequireStaff])
router.include_router(consultations.router)
router.include_router(slots.router)
router.include_router(bookings.router)
router.include_router(customers.router)
router.include_router(interactions.router)
router.include_router(leads.router)
router.include_router(consultants.router)
router.include_router(availability.router)
router.include_router(follow_ups.router)
router.include_router(projects.router)
router.include_router(reports.router)

__all__ = ["router"]
