"""Voice consultations: record, judge, convert, and what the clock makes of them."""

from voice_service.consultations.following import START, News, Place, first_of, follow, watch
from voice_service.consultations.live import (
    conclude_live,
    end_live,
    mask_live_turns,
    record_live,
)
from voice_service.consultations.operations import fail_consultation, finish_consultation
from voice_service.consultations.queries.live import LiveConversation, list_unreported
from voice_service.consultations.staff_booking import StaffWish, book_for_consultation
from voice_service.consultations.tasks import change_task
from voice_service.consultations.upkeep import (
    forget_expired_holds,
    free_unpaid_times,
    mark_half_booked,
    mark_overdue_follow_ups,
)

__all__ = [
    "START",
    "LiveConversation",
    "News",
    "Place",
    "StaffWish",
    "book_for_consultation",
    "change_task",
    "conclude_live",
    "end_live",
    "fail_consultation",
    "finish_consultation",
    "first_of",
    "follow",
    "forget_expired_holds",
    "free_unpaid_times",
    "list_unreported",
    "mark_half_booked",
    "mark_overdue_follow_ups",
    "mask_live_turns",
    "record_live",
    "watch",
]
