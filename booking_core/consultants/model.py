"""A consultant as the rest of the core sees one."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Consultant:
    """A staff member who gives consultations.

    Attributes:
        timezone: the IANA name of the zone their hours are in.
        is_active: still on the staff.
    """

    id: UUID
    first_name: str
    last_name: str
    email: str | None
    timezone: str
    is_active: bool
