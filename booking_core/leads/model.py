"""A customer as a lead, and a judgement of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

from booking_core.customers import LeadQuality

# From the weakest, in the order of the enum.
QUALITIES: Final = ("unqualified", "qualified", "hot", "converted", "churned")
OPEN_QUALITIES: Final = ("unqualified", "qualified", "hot")

Stage: TypeAlias = Literal["known", "called", "qualified", "booked", "held", "paid"]


@dataclass(frozen=True, kw_only=True, slots=True)
class LeadJudgement:
    """What a conversation, or a person, says of a lead.

    Attributes:
        score: 0..100.
        reasons: why, each an object of plain values such as ``{"code": …, "points": …}``.
        conversation_id: that it was judged from; None when a person judged.
    """

    quality: LeadQuality
    score: int
    reasons: Sequence[Mapping[str, Any]]
    conversation_id: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Lead:
    """A customer as a lead.

    Attributes:
        id: of the customer.
        score: of the best judgement so far; None as long as there is none.
        stage: the furthest step taken: ``known`` without any, ``called``, ``qualified``,
            ``booked``, ``held`` (a consultation took place), ``paid`` (for a consultation).
    """

    id: UUID
    email: str | None
    phone: str | None
    lead_source: str
    lead_quality: str
    status: str
    score: int | None
    reasons: Sequence[Mapping[str, Any]]
    conversation_id: str | None
    judged_at: datetime | None
    stage: Stage
    do_not_contact_at: datetime | None
    last_interaction_date: datetime | None
