"""Moves the frames of one conversation: two tasks, nothing queued beyond what the sockets hold.

A side that reads slowly is waited for, and the other side's socket then is not read: back-pressure
goes all the way to whoever talks too fast.
"""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Final

from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from voice_service.relay.frames import NORMAL, TRY_LATER
from voice_service.relay.queries import Command, CommandKind
from voice_service.relay.session import Ending, Session, SessionBroken
from voice_service.relay.upstream import SILENT

ABNORMAL: Final = 1006
SERVICE_RESTART: Final = 1012
UNSUPPORTED: Final = 1003
FRAMES_PER_SECOND: Final = 1000  # of one visitor; clients send 40
FIRST_WORD_WITHIN: Final = timedelta(seconds=20)
TOO_LONG: Final = "The longest time for a conversation is over."
NO_BINARY: Final = "Frames must be text."
ENDED_BY_STAFF: Final = "A colleague has ended this conversation."

Commands = asyncio.Queue[Command]

Clock = Callable[[], datetime]


def steady_clock() -> Clock:
    """The time, without the jumps that the wall's clock may make meanwhile."""
    wall, start = datetime.now(UTC), monotonic()
    return lambda: wall + timedelta(seconds=monotonic() - start)


async def pump(
    visitor: WebSocket,
    upstream: ClientConnection,
    session: Session,
    clock: Clock,
    *,
    commands: Commands,
    longest: timedelta,
) -> Ending:
    """Pass frames on both ways until somebody ends the conversation; then close both sides."""
    ways = (
        asyncio.create_task(from_visitor(visitor, upstream, session, clock)),
        asyncio.create_task(from_platform(visitor, upstream, session, clock)),
    )
    staff = asyncio.create_task(from_staff(upstream, session, commands))
    try:
        ending = await first_ending(ways, staff, longest)
    except SessionBroken as broken:
        ending = broken_off(broken)
    finally:
        for task in (*ways, staff):
            task.cancel()
        await asyncio.gather(*ways, staff, return_exceptions=True)
    await close_both(visitor, upstream, session, ending)
    return ending


def broken_off(broken: SessionBroken) -> Ending:
    close = broken.close
    return Ending(by="relay", code=close.code, reason=close.reason, broken=True)


async def first_ending(
    ways: Iterable[asyncio.Task[Ending | None]],
    staff: asyncio.Task[Ending],
    longest: timedelta,
) -> Ending:
    """A way that only finds the other end gone leaves it to that end's way to say how."""
    waiting = set(ways)
    give_up = monotonic() + longest.total_seconds()
    while waiting:
        done, _ = await asyncio.wait(
            {*waiting, staff},
            timeout=max(0, give_up - monotonic()),
            return_when=asyncio.FIRST_COMPLETED,
        )
        if not done:
            return Ending(by="relay", code=NORMAL, reason=TOO_LONG, broken=False)
        waiting -= done
        for way in done:
            ending = way.result()
            if ending is not None:
                return ending
    return Ending(by="visitor", code=ABNORMAL, reason="", broken=True)


async def from_visitor(
    visitor: WebSocket, upstream: ClientConnection, session: Session, clock: Clock
) -> Ending | None:
    pace = Pace(FRAMES_PER_SECOND)
    while True:
        message = await visitor.receive()
        if message["type"] == "websocket.disconnect":
            code = message.get("code") or ABNORMAL
            restart = code == SERVICE_RESTART
            return Ending(
                by="visitor", code=code, reason=message.get("reason") or "", broken=restart
            )
        text = message.get("text")
        if text is None:
            raise SessionBroken(UNSUPPORTED, NO_BINARY)
        try:
            for frame in session.from_visitor(text, now=clock()):
                await upstream.send(frame)
        except ConnectionClosed:
            return None
        await pace.keep()


async def from_staff(upstream: ClientConnection, session: Session, commands: Commands) -> Ending:
    """What staff tell the agent goes between the caller's frames."""
    while True:
        command = await commands.get()
        if command.kind is CommandKind.END:
            return Ending(by="relay", code=NORMAL, reason=ENDED_BY_STAFF, broken=False)
        # A platform that is gone is the other way's to notice.
        with suppress(ConnectionClosed):
            for frame in session.from_staff(command.body or ""):
                await upstream.send(frame)


async def from_platform(
    visitor: WebSocket, upstream: ClientConnection, session: Session, clock: Clock
) -> Ending | None:
    try:
        async with asyncio.timeout(FIRST_WORD_WITHIN.total_seconds()):
            first = await upstream.recv()
        await pass_to_visitor(visitor, session, first, clock)
        while True:
            await pass_to_visitor(visitor, session, await upstream.recv(), clock)
    except TimeoutError:
        raise SessionBroken(TRY_LATER, SILENT) from None
    except WebSocketDisconnect:
        return None
    except ConnectionClosed as closed:
        return platform_closed(closed)


async def pass_to_visitor(
    visitor: WebSocket, session: Session, message: str | bytes, clock: Clock
) -> None:
    if isinstance(message, bytes):
        session.dropped_frames += 1  # the protocol has none
        return
    for frame in session.from_upstream(message, now=clock()):
        await visitor.send({"type": "websocket.send", "text": frame})


def platform_closed(closed: ConnectionClosed) -> Ending:
    """Its own close; else ours, where we had to cut it off (a frame too large, no pong)."""
    frame = closed.rcvd or closed.sent
    code = frame.code if frame else ABNORMAL
    reason = frame.reason if closed.rcvd and frame else ""
    if closed.rcvd is None:
        code = ABNORMAL
    return Ending(by="platform", code=code, reason=reason, broken=code not in (1000, 1001))


async def close_both(
    visitor: WebSocket, upstream: ClientConnection, session: Session, ending: Ending
) -> None:
    if ending.by != "visitor":
        close = session.close_visitor(ending.code, ending.reason)
        await close_visitor(visitor, close.code, close.reason)
    if ending.by == "visitor":
        close = session.close_upstream(ending.code, ending.reason)
        await upstream.close(close.code, close.reason)
    else:
        await upstream.close(NORMAL)


async def close_visitor(visitor: WebSocket, code: int, reason: str) -> None:
    try:
        await visitor.close(code, reason)
    except (RuntimeError, WebSocketDisconnect):
        return  # gone already


class Pace:
    """Holds back a visitor who sends more than a number of frames a second; none is dropped."""

    def __init__(self, frames_per_second: int) -> None:
        self._most = frames_per_second
        self._count = 0
        self._since = monotonic()

    async def keep(self) -> None:
        self._count += 1
        if self._count < self._most:
            return
        rest = self._since + 1 - monotonic()
        if rest > 0:
            await asyncio.sleep(rest)
        self._count, self._since = 0, monotonic()
