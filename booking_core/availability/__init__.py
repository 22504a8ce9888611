"""When consultants can be booked: weekly hours, exceptions, free slots."""

from booking_core.availability.model import Rules, Slot, find_nearest, read_slot_id
from booking_core.availability.operations import (
    find_slots,
    get_slot,
    is_offered,
    propose_slots,
    require_slot,
)

__all__ = [
    "Rules",
    "Slot",
    "find_nearest",
    "find_slots",
    "get_slot",
    "is_offered",
    "propose_slots",
    "read_slot_id",
    "require_slot",
]
