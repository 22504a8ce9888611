"""A line between two ends that goes dead without a word: no FIN, no reset, nothing is read."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any


class Line:
    """Passes bytes on until ``go_dead``; then its sockets stay open and nothing is read."""

    def __init__(self) -> None:
        self.port = 0
        self._ways: set[asyncio.Task[None]] = set()
        self._ends: list[asyncio.StreamWriter] = []

    def go_dead(self) -> None:
        for way in self._ways:
            way.cancel()
        for end in self._ends:
            end.transport.pause_reading()  # type: ignore[attr-defined]  # a socket's can

    async def connect(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, to: int
    ) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", to)
        self._ends += [writer, back]
        for source, target in ((reader, back), (there, writer)):
            self._ways.add(asyncio.create_task(self._pass_on(source, target)))

    async def _pass_on(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65536):
                target.write(data)
                await target.drain()
            target.close()
        except ConnectionError:
            target.close()

    async def cut(self) -> None:
        """Free what the test holds."""
        self.go_dead()
        await asyncio.gather(*self._ways, return_exceptions=True)
        for end in self._ends:
            end.transport.abort()


@asynccontextmanager
async def line_to(port: int) -> AsyncIterator[Line]:
    line = Line()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Any:
        await line.connect(reader, writer, port)

    async with await asyncio.start_server(accept, "127.0.0.1", 0) as server:
        line.port = server.sockets[0].getsockname()[1]
        try:
            yield line
        finally:
            await line.cut()
