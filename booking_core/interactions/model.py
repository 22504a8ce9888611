"""Something that happened with a customer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

TYPES: Final = (
    "booking_created",
    "consultation_completed",
    "proposal_sent",
    "contract_signed",
    "project_started",
    "project_completed",
    "referral_made",
    "review_left",
    "complaint_filed",
    "voice_consultation",
    "email_sent",
    "note",
)
POTENTIALS: Final = ("unknown", "low", "medium", "high", "converted")


@dataclass(frozen=True, kw_only=True, slots=True)
class Interaction:
    """A row of ``customer_interactions``; ``details`` are free-form."""

    id: UUID
    customer_metrics_id: UUID
    booking_id: UUID | None
    interaction_type: str
    interaction_date: datetime
    details: Mapping[str, Any] | None
    staff_member: UUID | None
    value_score: int | None
    conversion_potential: str
