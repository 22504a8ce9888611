"""Who gives consultations."""

from booking_core.consultants.model import Consultant
from booking_core.consultants.operations import change_timezone, get_consultant, lock_consultant
from booking_core.consultants.queries import (
    count_consultants,
    find_consultant,
    is_staff,
    list_consultants,
)

__all__ = [
    "Consultant",
    "change_timezone",
    "count_consultants",
    "find_consultant",
    "get_consultant",
    "is_staff",
    "list_consultants",
    "lock_consultant",
]
