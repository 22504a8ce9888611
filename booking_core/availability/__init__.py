"""When consultants can be booked: weekly hours, exceptions, free slots."""

from booking_core.availability.editing import (
    add_time_off,
    delete_override,
    delete_time_off,
    list_overrides,
    put_override,
    put_templates,
)
from booking_core.availability.explaining import (
    ConsultantExplanation,
    Explanation,
    Reason,
    explain,
)
from booking_core.availability.model import (
    Override,
    Rules,
    Slot,
    Template,
    TimeOff,
    find_nearest,
    read_slot_id,
)
from booking_core.availability.operations import (
    find_slots,
    get_slot,
    is_offered,
    require_slot,
)
from booking_core.availability.proposing import propose_slots
from booking_core.availability.queries.editing import list_templates, list_time_off

__all__ = [
    "ConsultantExplanation",
    "Explanation",
    "Override",
    "Reason",
    "Rules",
    "Slot",
    "Template",
    "TimeOff",
    "add_time_off",
    "delete_override",
    "delete_time_off",
    "explain",
    "find_nearest",
    "find_slots",
    "get_slot",
    "is_offered",
    "list_overrides",
    "list_templates",
    "list_time_off",
    "propose_slots",
    "put_override",
    "put_templates",
    "read_slot_id",
    "require_slot",
]
