"""What we owe customers after a booking, with a due time."""

from booking_core.follow_ups.after_bookings import complete_and_follow_up, miss_and_follow_up
from booking_core.follow_ups.model import DEFAULT_RULES, FollowUp, FollowUpRule
from booking_core.follow_ups.operations import (
    assign_follow_up,
    cancel_follow_up,
    complete_follow_up,
    create_follow_ups,
    fail_follow_up,
    get_follow_up,
    list_open_follow_ups,
    mark_overdue,
    reschedule_follow_up,
    start_follow_up,
)

__all__ = [
    "DEFAULT_RULES",
    "FollowUp",
    "FollowUpRule",
    "assign_follow_up",
    "cancel_follow_up",
    "complete_and_follow_up",
    "complete_follow_up",
    "create_follow_ups",
    "fail_follow_up",
    "get_follow_up",
    "list_open_follow_ups",
    "mark_overdue",
    "miss_and_follow_up",
    "reschedule_follow_up",
    "start_follow_up",
]
