"""Jobs of the relay: judge what ended, find what was killed, forget old sessions."""

from datetime import timedelta
from typing import Final

import structlog

from voice_service.consultations import conclude_live, list_unreported
from voice_service.consultations.model import Status
from voice_service.jobs import JobContext, Payload, job, schedule
from voice_service.relay.queries import close_lost_sessions, delete_commands, delete_sessions
from voice_service.relay.recorder import CONCLUDE

LOST_AFTER: Final = timedelta(seconds=60)
"""Without a sign of life from the process that serves it; they come every five seconds."""
REPORTED_WITHIN: Final = timedelta(hours=2)
"""After its end; a post-call event that comes later still completes the conversation."""
SESSIONS_KEPT: Final = timedelta(days=1)

log = structlog.get_logger()


async def note_failure(context: JobContext, payload: Payload, *, reason: str, last: bool) -> None:
    """The conversation stays ``processing``, and the reaper tries again later."""
    if last:
        conversation_id = payload["conversation_id"]
        at = context.now.isoformat()
        log.warning("conclusion_gave_up", conversation_id=conversation_id, error=reason, at=at)


@job(CONCLUDE, failed=note_failure)
async def conclude_conversation(context: JobContext, payload: Payload) -> None:
    """A conversation is over: judge what was heard, before the platform tells more."""
    await conclude(context, payload["conversation_id"], Status(payload["status"]))


@schedule("reap_conversations", "* * * * *")
async def reap_conversations(context: JobContext) -> None:
    """Every minute: what a killed process left, and what was never reported, ends as dropped."""
    now = context.now
    lost = await close_lost_sessions(context.conn, seen_before=now - LOST_AFTER, now=now)
    unreported = await list_unreported(context.conn, ended_before=now - REPORTED_WITHIN)
    for conversation_id in dict.fromkeys((*lost, *unreported)):
        if await conclude(context, conversation_id, Status.DROPPED):
            log.info("conversation_dropped", conversation_id=conversation_id)


async def conclude(context: JobContext, conversation_id: str, status: Status) -> bool:
    return await conclude_live(
        context.conn,
        conversation_id,
        status,
        business_timezone=context.settings.business_timezone,
        now=context.now,
    )


@schedule("forget_relay_sessions", "19 * * * *")
async def forget_sessions(context: JobContext) -> None:
    await delete_sessions(context.conn, closed_before=context.now - SESSIONS_KEPT)
    await delete_commands(context.conn, created_before=context.now - SESSIONS_KEPT)
