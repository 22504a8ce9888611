"""A follow-up, and the rules by which some are made."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias
from uuid import UUID

TYPES: Final = (
    "email",
    "phone_call",
    "proposal_send",
    "contract_discussion",
    "project_kickoff",
    "check_in",
    "upsell",
    "feedback_request",
)
PRIORITIES: Final = ("low", "medium", "high", "urgent")
EVENTS: Final = ("completed", "no_show")
OPEN: Final = ("pending", "in_progress", "overdue")
CLOSED: Final = ("completed", "cancelled", "failed")

Event: TypeAlias = Literal["completed", "no_show"]


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowUpRule:
    """After this event of a booking its consultant owes the customer that.

    Attributes:
        event: the status that the booking has come to.
        follow_up_type: a value of the enum.
        due_after: the event.
    """

    event: Event
    follow_up_type: str
    due_after: timedelta
    title: str
    priority: str = "medium"


DEFAULT_RULES: Final = (
    FollowUpRule(
        event="completed",
        follow_up_type="email",
        due_after=timedelta(days=1),
        title="Thank them and send what was agreed",
    ),
    FollowUpRule(
        event="completed",
        follow_up_type="check_in",
        due_after=timedelta(days=7),
        title="Ask how they want to go on",
    ),
    FollowUpRule(
        event="no_show",
        follow_up_type="phone_call",
        due_after=timedelta(hours=4),
        title="Offer another time",
        priority="high",
    ),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowUp:
    """A row of ``follow_ups``.

    Attributes:
        assigned_to: a staff member; None while nobody has it.
        outcome: what came of it, or why nothing did.
        do_not_contact_at: since when its customer wishes not to be contacted.
    """

    id: UUID
    booking_id: UUID
    customer_metrics_id: UUID | None
    assigned_to: UUID | None
    follow_up_type: str
    priority: str
    status: str
    scheduled_date: datetime | None
    due_date: datetime | None
    completed_date: datetime | None
    title: str
    notes: str | None
    outcome: str | None
    next_action: str | None
    created_at: datetime
    do_not_contact_at: datetime | None

    @property
    def comes_due_at(self) -> datetime:
        """One without a date is due from the beginning."""
        return self.due_date or self.created_at
