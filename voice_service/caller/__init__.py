"""What callers see: the page to talk on, the button for other sites, and what became of it."""

from fastapi import APIRouter

from voice_service.caller import booking_page, endpoints, visitor_events
from voice_service.caller.endpoints import is_built

router = APIRouter()
router.include_router(endpoints.router)
router.include_router(visitor_events.router)
router.include_router(booking_page.router)

__all__ = ["is_built", "router"]
