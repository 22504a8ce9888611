"""What may happen to a voice consultation."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from booking_core.availability import Rules
from booking_core.customers import (
    Contact,
    Customer,
    find_customer,
    find_or_create_customer,
)
from booking_core.database import Connection
from booking_core.errors import ContactInvalid
from booking_core.interactions import record_interaction
from booking_core.leads import LeadJudgement, judge_lead
from voice_service.analysis.data_collection import values_by_name
from voice_service.consultations.conversion import (
    SOURCE,
    Outcome,
    Policy,
    convert_or_hand_over,
)
from voice_service.consultations.judging import (
    Judgement,
    judge_material,
    mask_conversation,
    material_of,
    read_stored_corrections,
)
from voice_service.consultations.model import (
    ConsultationState,
    FinishedConversation,
    Status,
    readable_transcript,
    status_after,
)
from voice_service.consultations.queries import recording
from voice_service.consultations.queries.rejudging import update_turn_sentiments
from voice_service.metrics import CONSULTATIONS


async def finish_consultation(
    conn: Connection,
    finished: FinishedConversation,
    *,
    reported_at: datetime,
    policy: Policy,
    rules: Rules,
    now: datetime,
) -> bool:
    """Record a conversation that is over, judge it, and make of it what it asks for.

    All of it is one transaction of the caller's. An event older than what is already written
    changes nothing. A later one brings the record up to date: what it lacks stays what an earlier
    one told, and what became of the conversation was decided once.

    Args:
        reported_at: when the platform made the event.
        policy: ``off`` hands every qualified conversation to staff.
        rules: what limits bookings beside what each service says of itself.
    Returns:
        Whether it was recorded; False for one that is older than what is written.
    """
    state = await recording.lock_consultation(conn, finished.conversation_id, now=now)
    if state.event_timestamp is not None and state.event_timestamp > reported_at.timestamp():
        return False
    told_turns = bool(finished.turns)
    finished = await keep_what_it_lacks(conn, finished, state)
    # In a thread: a long call takes a while, and the event loop has others to serve.
    finished, judgement = await asyncio.to_thread(mask_and_judge, finished, state)
    contact = read_contact(judgement, caller_phone=finished.caller_phone)
    customer = await identify_customer(conn, contact, judgement, now=now)
    outcome = None
    if may_convert(finished, state):
        outcome = await convert_or_hand_over(
            conn,
            finished,
            judgement,
            customer=customer,
            contact=contact,
            policy=policy,
            rules=rules,
            now=now,
        )
    if customer is not None and judgement.qualification.qualified:
        await judge_lead(conn, customer.id, lead_of(finished, judgement), now=now)
    if told_turns:
        await recording.replace_turns(
            conn,
            state.id,
            finished.turns,
            judgement.turn_sentiments,
            started_at=finished.started_at,
        )
    else:  # what was heard live stays as it was heard
        await update_turn_sentiments(conn, state.id, judgement.turn_sentiments)
    metadata = describe(finished, judgement, reported_at=reported_at)
    if outcome is not None and outcome.is_decision:
        metadata["decided_at"] = now.isoformat()
    if customer is not None and not state.is_noted:
        booked = outcome.booking.id if outcome and outcome.booking else state.follow_up_booking_id
        await note_interaction(conn, finished, judgement, customer, booked, now=now)
        metadata["interaction_noted"] = True
    await recording.update_finished(
        conn, state.id, write_up(finished, judgement, customer, outcome, metadata)
    )
    if outcome is not None:
        count(judgement, outcome)
    return True


def lead_of(finished: FinishedConversation, judgement: Judgement) -> LeadJudgement:
    """What the judgement says of the customer; words of the caller stay with the conversation."""
    qualification = judgement.qualification
    return LeadJudgement(
        quality=qualification.lead_quality,
        score=qualification.score,
        reasons=[
            {"code": reason.code, "points": reason.points} for reason in qualification.reasons
        ],
        conversation_id=finished.conversation_id,
    )


async def keep_what_it_lacks(
    conn: Connection, finished: FinishedConversation, state: ConsultationState
) -> FinishedConversation:
    """The report with what an earlier one told of the same conversation where it is silent.

    Transcripts are withheld and analyses come late; neither takes away what we have.
    """
    results = values_by_name(finished.data_collection_results)
    sentiment = finished.platform_sentiment
    return replace(
        finished,
        status=status_after(state.status, finished.status),
        turns=finished.turns or await recording.read_turns(conn, state.id),
        data_collection_results=results or state.metadata.get("data_collection", {}),
        platform_sentiment=state.metadata.get("platform_sentiment")
        if sentiment is None
        else sentiment,
    )


def mask_and_judge(
    finished: FinishedConversation, state: ConsultationState
) -> tuple[FinishedConversation, Judgement]:
    masked = mask_conversation(finished)
    corrections = read_stored_corrections(
        state.corrections, started_at=masked.started_at, timezone=masked.zone.name
    )
    return masked, judge_material(material_of(masked, corrections))


def may_convert(finished: FinishedConversation, state: ConsultationState) -> bool:
    """Once a conversation: not when it has its booking, and not after a person closed it."""
    return (
        finished.status is Status.COMPLETED
        and state.follow_up_booking_id is None
        and state.closed_at is None
        and not state.is_decided
    )


def read_contact(judgement: Judgement, *, caller_phone: str | None) -> Contact:
    """Who the caller is: the number is the platform's, the rest is what they said."""
    first_name, _, last_name = (judgement.text("full_name") or "").partition(" ")
    return Contact(
        email=judgement.text("email"),
        phone=caller_phone or judgement.text("phone"),
        first_name=first_name or None,
        last_name=last_name.strip() or None,
        company=judgement.text("company"),
    )


async def identify_customer(
    conn: Connection, contact: Contact, judgement: Judgement, *, now: datetime
) -> Customer | None:
    """The customer behind a call. Who sells, misdials or applies for a job becomes none by it."""
    if not contact.identifies:
        return None
    try:
        if judgement.qualification.disqualifier is not None:
            return await find_customer(conn, contact)
        return await find_or_create_customer(conn, contact, lead_source=SOURCE, now=now)
    except ContactInvalid:
        return None  # the facts keep what was said; staff see it on the desk


def describe(
    finished: FinishedConversation, judgement: Judgement, *, reported_at: datetime | None
) -> dict[str, Any]:
    """What has no column of its own; ``reported_at`` is None before the platform's report."""
    worst = judgement.sentiment.worst_position
    reported = {} if reported_at is None else {"event_timestamp": reported_at.timestamp()}
    return {
        **reported,
        "data_collection": finished.data_collection_results,
        "platform_sentiment": finished.platform_sentiment,
        "language": judgement.language,
        "has_audio": finished.has_audio,
        "caller_address": finished.caller_address,
        "worst_moment": None
        if worst is None
        else {"turn": worst, "sentiment": judgement.sentiment.worst_score},
    }


def write_up(
    finished: FinishedConversation,
    judgement: Judgement,
    customer: Customer | None,
    outcome: Outcome | None,
    metadata: dict[str, Any],
) -> recording.ConsultationUpdate:
    qualification = judgement.qualification
    wanted = qualification.wanted_time
    became = outcome or Outcome()
    return recording.ConsultationUpdate(
        status=finished.status,
        channel=finished.channel,
        agent_id=finished.agent_id,
        started_at=finished.started_at,
        ended_at=finished.ended_at,
        duration_seconds=None
        if finished.duration is None
        else int(finished.duration.total_seconds()),
        timezone=finished.zone.name,
        timezone_source=finished.zone.source,
        title=finished.title,
        caller_name=judgement.text("full_name"),
        customer_email=judgement.text("email"),
        customer_phone=finished.caller_phone or judgement.text("phone"),
        customer_metrics_id=customer.id if customer else None,
        conversation_transcript=readable_transcript(finished.turns),
        conversation_summary=finished.summary,
        sentiment_score=judgement.sentiment.score,
        sentiment_source=judgement.sentiment.source,
        lead_qualified=qualification.qualified,
        lead_verdict=qualification.verdict,
        lead_score=qualification.score,
        qualification=qualification.as_json(),
        wanted_time=wanted.as_json() if wanted else None,
        end_reason=finished.end_reason,
        follow_up_booking_id=became.booking.id if became.booking else None,
        decided=outcome is not None,
        marks=[mark.value for mark in became.marks],
        proposals=became.proposals_as_json(finished.zone.name),
        due_at=became.due_at,
        metadata=metadata,
    )


async def note_interaction(
    conn: Connection,
    finished: FinishedConversation,
    judgement: Judgement,
    customer: Customer,
    booking_id: UUID | None,
    *,
    now: datetime,
) -> None:
    await record_interaction(
        conn,
        customer.id,
        SOURCE,
        booking_id=booking_id,
        details={
            "conversation_id": finished.conversation_id,
            "lead_verdict": judgement.qualification.verdict,
            "lead_score": judgement.qualification.score,
        },
        now=now,
    )


def count(judgement: Judgement, outcome: Outcome) -> None:
    became = "booked" if outcome.booking else "staff" if outcome.due_at else "none"
    CONSULTATIONS.labels(judgement.qualification.verdict, became).inc()


async def fail_consultation(
    conn: Connection,
    conversation_id: str,
    *,
    reason: str,
    agent_id: str | None = None,
    now: datetime,
) -> None:
    """Show a conversation as failed; one that is over already stays as it is."""
    await recording.mark_failed(conn, conversation_id, reason=reason, agent_id=agent_id, now=now)
