"""The live conversations of one process: admitted, connected, recorded."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

import httpx
import structlog
from starlette.websockets import WebSocket

from booking_core.database import Pool
from voice_service.consultations import LiveConversation
from voice_service.consultations.model import Channel
from voice_service.elevenlabs_api.translate import WEB_SOURCES
from voice_service.errors import COLLISIONS, DATABASE_AWAY, describe
from voice_service.notifications import COMMANDS, Listener
from voice_service.relay.admission import (
    FULL,
    USED,
    Admission,
    OpenSessions,
    check_limits,
    refuse,
)
from voice_service.relay.frames import BROKEN, TRY_LATER
from voice_service.relay.initiation import Variables
from voice_service.relay.pump import Clock, Commands, broken_off, close_visitor, pump, steady_clock
from voice_service.relay.queries import count_sessions, insert_session, take_commands
from voice_service.relay.reaping import LOST_AFTER
from voice_service.relay.recorder import Recorder
from voice_service.relay.recording import RETRY_AFTER, Recording
from voice_service.relay.session import Ending, Session, SessionBroken
from voice_service.relay.upstream import connect_platform, platform_client
from voice_service.settings import Settings

COUNTED_WITHIN: Final = 1.0  # seconds; a slow database does not keep a caller waiting longer
MOST_UNWRITTEN: Final = 5  # times the conversations at once: those that wait for the database
CUT_OFF: Final = Ending(
    by="relay", code=BROKEN, reason="The service was stopped.", broken=True
)  # fmt: skip

log = structlog.get_logger()


class Switchboard:
    """Connects visitors; one for the process."""

    def __init__(
        self, pool: Pool, settings: Settings, platform: httpx.AsyncClient, listener: Listener
    ) -> None:
        self.recorder = Recorder(pool)
        self.sessions = OpenSessions(
            most=settings.relay_sessions,
            most_per_visitor=settings.relay_sessions_per_visitor,
            most_per_hour=settings.relay_sessions_per_hour,
        )
        self._pool = pool
        self._settings = settings
        self._platform = platform
        self._listener = listener
        self._commands: dict[str, Commands] = {}
        self._obeying: asyncio.Task[None] | None = None
        self._late: set[asyncio.Task[None]] = set()

    async def converse(self, visitor: WebSocket, admission: Admission, *, from_page: bool) -> None:
        """One whole conversation; the visitor's socket is closed when it returns.

        Args:
            visitor: accepted.
            from_page: whether a browser connects, as its Origin tells.
        Raises:
            SessionBroken: there are too many conversations, or the token was used.
        """
        now = datetime.now(UTC)
        if len(self.recorder) >= MOST_UNWRITTEN * self.sessions.most:
            raise refuse(FULL, TRY_LATER)
        self.sessions.begin(admission, now=now)
        try:
            await self._count(admission, now=now)
            await self._connect(visitor, admission, from_page=from_page)
        finally:
            self.sessions.end(admission.id)

    async def _count(self, admission: Admission, *, now: datetime) -> None:
        """Limits over all processes; a database that is away is not waited for."""
        counting = asyncio.create_task(self._begin(admission, now=now))
        done, _ = await asyncio.wait({counting}, timeout=COUNTED_WITHIN)
        if not done:
            log.warning("session_not_counted", session_id=str(admission.id))
            self._late.add(counting)
            counting.add_done_callback(self._forget_late)
            return
        try:
            counting.result()
        except (*DATABASE_AWAY, *COLLISIONS) as error:
            log.warning("session_not_counted", error=describe(error))

    def _forget_late(self, task: asyncio.Task[None]) -> None:
        self._late.discard(task)
        if not task.cancelled():
            task.exception()  # whatever it was, the conversation has begun

    async def _begin(self, admission: Admission, *, now: datetime) -> None:
        async with self._pool.acquire() as conn, conn.transaction():
            counts = await count_sessions(
                conn,
                admission.visitor,
                seen_since=now - LOST_AFTER,
                opened_since=now - timedelta(hours=1),
            )
            check_limits(
                self.sessions,
                open_now=counts.open_now,
                visitors=counts.visitors,
                lately=counts.lately,
            )
            if not await insert_session(conn, admission.id, admission.visitor, now=now):
                raise refuse(USED)

    async def _connect(self, visitor: WebSocket, admission: Admission, *, from_page: bool) -> None:
        clock = steady_clock()
        commands: Commands = asyncio.Queue()

        def begin(session: Session) -> None:
            conversation = conversation_of(session, admission, from_page=from_page)
            recording.conversation = conversation
            self._commands[conversation.conversation_id] = commands

        session = Session(
            our_variables(admission, self._settings), on_start=begin, room=self.recorder.room
        )
        recording = Recording(session_id=admission.id, transcript=session.transcript)
        self.recorder.follow(recording)
        ending = CUT_OFF
        try:
            ending = await self._pump(visitor, session, admission, commands, clock)
        finally:
            self._commands.pop(session.conversation_id or "", None)
            reason = session.finish(ending, now=clock())
            recording.end(at=clock(), reason=reason, broken=ending.broken)
            log.info(
                "conversation_relayed",
                conversation_id=session.conversation_id,
                ended_by=ending.by,
                code=ending.code,
                dropped_frames=session.dropped_frames,
            )

    async def _pump(
        self,
        visitor: WebSocket,
        session: Session,
        admission: Admission,
        commands: Commands,
        clock: Clock,
    ) -> Ending:
        try:
            upstream = await connect_platform(self._settings, self._platform, admission.agent_id)
        except SessionBroken as broken:
            await close_visitor(visitor, broken.close.code, broken.close.reason)
            return broken_off(broken)
        try:
            return await pump(
                visitor,
                upstream,
                session,
                clock,
                commands=commands,
                longest=timedelta(minutes=self._settings.relay_longest_minutes),
            )
        finally:
            await upstream.close()  # closed already, unless we were cut off

    def start(self) -> None:
        self.recorder.start()
        self._obeying = asyncio.create_task(self._obey())

    async def _obey(self) -> None:
        """Hand what staff ask to the conversations that this process serves."""
        with self._listener.follow(COMMANDS) as news:
            while True:
                await news.wait()
                news.clear()
                try:
                    await self._take_commands()
                except (*DATABASE_AWAY, *COLLISIONS) as error:
                    log.warning("commands_wait", error=describe(error))
                    await asyncio.sleep(RETRY_AFTER.total_seconds())
                    news.set()

    async def _take_commands(self) -> None:
        if not self._commands:
            return
        async with self._pool.acquire() as conn:
            taken = await take_commands(conn, list(self._commands), now=datetime.now(UTC))
        for command in taken:
            if command.conversation_id in self._commands:  # else it has just ended
                self._commands[command.conversation_id].put_nowait(command)

    async def stop(self) -> None:
        left = [*self._late, *([self._obeying] if self._obeying else [])]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await self.recorder.stop()


def our_variables(admission: Admission, settings: Settings) -> Variables:
    """What the agent may know of a visitor, under the names its prompt uses.

    Nobody is known before they have said who they are: a page's visitor proves no identity.
    """
    return {
        "consultation_id": str(admission.id),
        "caller_timezone": admission.timezone or settings.business_timezone,
        "caller_known": False,
    }


def conversation_of(session: Session, admission: Admission, *, from_page: bool) -> LiveConversation:
    assert session.conversation_id is not None
    assert session.started_at is not None
    web = from_page or session.client in WEB_SOURCES
    return LiveConversation(
        consultation_id=admission.id,
        conversation_id=session.conversation_id,
        agent_id=admission.agent_id,
        channel=Channel.WEB if web else Channel.API,
        started_at=session.started_at,
        timezone=admission.timezone,
    )


@asynccontextmanager
async def open_switchboard(
    pool: Pool, settings: Settings, listener: Listener
) -> AsyncIterator[Switchboard]:
    """Ready for conversations until the block ends; what was said is written by then."""
    async with platform_client(settings) as platform:
        switchboard = Switchboard(pool, settings, platform, listener)
        switchboard.start()
        try:
            yield switchboard
        finally:
            await switchboard.stop()
