"""The job behind the door: one event, once, handed to the consultations."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from pydantic import ValidationError

from voice_service.consultations import (
    fail_consultation,
    finish_consultation,
)
from voice_service.elevenlabs_api.translate import read_instant, to_finished_conversation
from voice_service.elevenlabs_api.wire import (
    Conversation,
    Envelope,
    InitiationFailure,
    read_envelope,
)
from voice_service.jobs import JobContext, Payload, job, schedule
from voice_service.webhooks.queries import (
    Event,
    empty_handled,
    lock_event,
    mark_attempt_failed,
    mark_handled,
)

HANDLE_EVENT: Final = "handle_event"
TRANSCRIPTION: Final = "post_call_transcription"
AUDIO: Final = "post_call_audio"
INITIATION_FAILURE: Final = "call_initiation_failure"

log = structlog.get_logger()


async def note_failure(context: JobContext, payload: Payload, *, reason: str, last: bool) -> None:
    """Keep the reason with the event; the last time, show the conversation as failed."""
    conversation_id = await mark_attempt_failed(
        context.conn, UUID(payload["event_id"]), reason=reason
    )
    if last and conversation_id is not None:
        await fail_consultation(
            context.conn, conversation_id, reason=f"handling gave up: {reason}", now=context.now
        )


@job(HANDLE_EVENT, failed=note_failure)
async def handle_event(context: JobContext, payload: Payload) -> None:
    """Handle one event of the inbox; handled before, it is left alone."""
    event = await lock_event(context.conn, UUID(payload["event_id"]))
    if event is None or event.handled_at is not None:
        return
    handle = HANDLERS.get(event.type or "")
    remark = None
    if handle is not None and event.body is not None:
        try:
            remark = await handle(context, event, read_envelope(event.body))
        except ValidationError:
            # Trying again would not help: a person may look at it, and replay it.
            reason = "no conversation_id in data"
            await mark_attempt_failed(context.conn, event.id, reason=reason)
            log.warning("event_not_understood", event_id=str(event.id), reason=reason)
            return
    await mark_handled(context.conn, event.id, remark=remark)


async def handle_transcription(context: JobContext, event: Event, envelope: Envelope) -> str | None:
    finished = to_finished_conversation(
        Conversation.read(envelope.data),
        received_at=event.received_at,
        business_timezone=context.settings.business_timezone,
    )
    # Nothing is reported later than it comes: a wrong clock must not shut out what follows.
    told = read_instant(envelope.event_timestamp) or event.received_at
    recorded = await finish_consultation(
        context.conn,
        finished,
        reported_at=min(told, event.received_at),
        policy=context.settings.conversion_policy,
        rules=context.settings.rules,
        now=context.now,
    )
    return None if recorded else "passed over: a newer report was recorded before it"


async def handle_initiation_failure(context: JobContext, _: Event, envelope: Envelope) -> None:
    failure = InitiationFailure.model_validate(envelope.data)
    await fail_consultation(
        context.conn,
        failure.conversation_id,
        reason=failure.failure_reason or "unknown",
        agent_id=failure.agent_id,
        now=context.now,
    )


Handle = Callable[[JobContext, Event, Envelope], Awaitable[str | None]]
HANDLERS: Final[Mapping[str, Handle]] = {
    TRANSCRIPTION: handle_transcription,
    INITIATION_FAILURE: handle_initiation_failure,
}


@schedule("empty_handled_events", "7 * * * *")
async def empty_handled_events(context: JobContext) -> None:
    """Once an hour: raw bodies are kept ``RAW_EVENT_DAYS`` after handling, no longer."""
    kept_for = timedelta(days=context.settings.raw_event_days)
    await empty_handled(context.conn, handled_before=context.now - kept_for)
