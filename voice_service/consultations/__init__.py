"""Voice consultations: record, judge, convert, and what the clock makes of them."""

from voice_service.consultations.operations import fail_consultation, finish_consultation
from voice_service.consultations.staff_booking import StaffWish, book_for_consultation
from voice_service.consultations.tasks import change_task
from voice_service.consultations.upkeep import (
    forget_expired_holds,
    free_unpaid_times,
    mark_half_booked,
    mark_overdue_follow_ups,
)

__all__ = [
    "StaffWish",
    "book_for_consultation",
    "change_task",
    "fail_consultation",
    "finish_consultation",
    "forget_expired_holds",
    "free_unpaid_times",
    "mark_half_booked",
    "mark_overdue_follow_ups",
]
