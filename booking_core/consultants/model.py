"""A consultant as the rest of the core sees one."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Consultant:
    """A staff member who gives consultations; ``timezone`` is the IANA name their hours are in."""

    id: UUID
    first_name: str
    last_name: str
    email: str | None
    timezone: str
