"""What staff ask of a running conversation, whichever process serves it."""

import asyncio
from contextlib import suppress
from datetime import datetime
from typing import Final
from uuid import UUID

from booking_core.database import Pool, storable
from booking_core.errors import Conflict
from voice_service.notifications import COMMANDS, Listener
from voice_service.relay import queries
from voice_service.relay.queries import CommandKind
from voice_service.relay.reaping import LOST_AFTER

TAKEN_WITHIN: Final = 3.0  # seconds


class ConversationNotLive(Conflict):
    code = "conversation_not_live"


async def command(
    pool: Pool,
    listener: Listener,
    conversation_id: str,
    kind: CommandKind,
    body: str | None = None,
    *,
    now: datetime,
) -> None:
    """Have a running conversation told or ended; returns once its process has taken it up.

    Raises:
        ConversationNotLive: it does not run through our relay, or its process does not answer.
            Nothing will be done then.
    """
    with listener.follow(COMMANDS, conversation_id) as news:
        async with pool.acquire() as conn:
            command_id = await queries.insert_command(
                conn,
                conversation_id,
                kind,
                storable(body),
                seen_since=now - LOST_AFTER,
                now=now,
            )
        if command_id is None:
            raise ConversationNotLive(
                "This conversation does not run just now, or not through our relay, "
                "so nobody can be reached in it."
            )
        if not await is_taken(pool, command_id, news):
            raise ConversationNotLive("The conversation could not be reached; it may have ended.")


async def is_taken(pool: Pool, command_id: UUID, news: asyncio.Event) -> bool:
    """Wait for it; one that nobody takes in time is withdrawn."""
    with suppress(TimeoutError):
        async with asyncio.timeout(TAKEN_WITHIN):
            while True:
                news.clear()
                async with pool.acquire() as conn:
                    if await queries.is_command_taken(conn, command_id):
                        return True
                await news.wait()
    async with pool.acquire() as conn:
        return not await queries.withdraw_command(conn, command_id)
