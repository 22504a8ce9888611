"""What other processes tell by NOTIFY: one listening connection for the whole process.

A notification carries an id and nothing else; whoever waits for it reads the rows. Some may be
lost while the connection is: so everybody is woken whenever it stands again.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

import asyncpg
import structlog

from booking_core.database import connect
from voice_service.errors import describe

CONSULTATIONS: Final = "voice_consultations"
COMMANDS: Final = "relay_commands"
CHANNELS: Final = (CONSULTATIONS, COMMANDS)
EVERYBODY: Final = ""  # the key of whoever wants to hear every notification of a channel
ALIVE_EVERY: Final = 5.0  # seconds
ANSWERS_WITHIN: Final = 5.0
FIRST_PAUSE: Final = 0.2
LONGEST_PAUSE: Final = 5.0

log = structlog.get_logger()


class Listener:
    """Wakes those who follow an id.

    Args:
        dsn: a session connection; a transaction pooler's would hear nothing.
    """

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._followers: dict[tuple[str, str], set[asyncio.Event]] = {}

    @contextmanager
    def follow(self, channel: str, key: str = EVERYBODY) -> Iterator[asyncio.Event]:
        """An event that is set when there may be news of the key; whoever waits clears it."""
        news = asyncio.Event()
        followers = self._followers.setdefault((channel, key), set())
        followers.add(news)
        try:
            yield news
        finally:
            followers.discard(news)
            if not followers:
                self._followers.pop((channel, key), None)

    def _hear(self, _: object, __: int, channel: str, payload: object) -> None:
        for key in (str(payload), EVERYBODY):
            for news in self._followers.get((channel, key), ()):
                news.set()

    def _wake_all(self) -> None:
        for followers in self._followers.values():
            for news in followers:
                news.set()

    async def run(self) -> None:
        """Listen until cancelled; a lost connection is made again."""
        pause = FIRST_PAUSE
        while True:
            try:
                conn = await connect(self._dsn)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("listener_waits", error=describe(error))
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
                continue
            pause = FIRST_PAUSE
            try:
                await self._listen(conn)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("listener_lost", error=describe(error))
                await asyncio.sleep(pause)
            finally:
                conn.terminate()

    async def _listen(self, conn: "asyncpg.Connection[asyncpg.Record]") -> None:
        """Until the connection is lost, which is noticed at once or by its silence."""
        lost = asyncio.Event()
        conn.add_termination_listener(lambda _: lost.set())
        for channel in CHANNELS:
            await conn.add_listener(channel, self._hear)
        self._wake_all()
        while not lost.is_set():
            try:
                async with asyncio.timeout(ALIVE_EVERY):
                    await lost.wait()
            except TimeoutError:
                await conn.fetchval("SELECT 1", timeout=ANSWERS_WITHIN)


@asynccontextmanager
async def open_listener(dsn: str) -> AsyncIterator[Listener]:
    """Listening until the block ends; it does not wait for a database that is away."""
    listener = Listener(dsn)
    task = asyncio.create_task(listener.run())
    try:
        yield listener
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
