"""What callers see: the page to talk on, and what became of it."""

from fastapi import APIRouter

from voice_service.caller import calendar, visitor_events

router = APIRouter()
router.include_router(visitor_events.router)
router.include_router(calendar.router)

__all__ = ["router"]
