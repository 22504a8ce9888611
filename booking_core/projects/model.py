"""A project, and the pipeline it goes through."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

# Every legal move. A proposal may be made anew; what is completed or cancelled stays so.
MOVES: Final[Mapping[str, tuple[str, ...]]] = {
    "lead": ("qualified", "proposal_sent", "cancelled"),
    "qualified": ("proposal_sent", "cancelled"),
    "proposal_sent": ("negotiation", "signed", "cancelled"),
    "negotiation": ("proposal_sent", "signed", "cancelled"),
    "signed": ("in_progress", "cancelled"),
    "in_progress": ("completed", "cancelled"),
    "completed": (),
    "cancelled": (),
}
STATUSES: Final = tuple(MOVES)

# The moves that the customer's journey tells of, by their interaction.
INTERACTION_OF: Final[Mapping[str, str]] = {
    "proposal_sent": "proposal_sent",
    "signed": "contract_signed",
    "in_progress": "project_started",
    "completed": "project_completed",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class NewProject:
    """What a completed booking leads to.

    Attributes:
        project_type: what kinds of work it is, in free words.
        estimated_value: in the currency of the booking.
        currency: of the value, where it is said; another than the booking's is refused.
    """

    project_name: str
    project_type: Sequence[str] = ()
    estimated_value: Decimal | None = None
    currency: str | None = None
    start_date: date | None = None
    estimated_completion: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Project:
    """A row of ``projects``; both values are in its ``currency``."""

    id: UUID
    customer_metrics_id: UUID
    original_booking_id: UUID | None
    project_name: str
    project_type: Sequence[str]
    estimated_value: Decimal | None
    actual_value: Decimal | None
    currency: str | None
    status: str
    start_date: date | None
    estimated_completion: date | None
    actual_completion: date | None
    created_at: datetime
