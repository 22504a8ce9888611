"""Pages that a test serves from an origin of its own."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager


@asynccontextmanager
async def serve_page(
    html: str, headers: Mapping[str, str] | None = None, *, port: int = 0
) -> AsyncIterator[str]:
    """The address of a site whose every page is this one."""
    body = html.encode()
    told = {"Content-Type": "text/html; charset=utf-8", "Connection": "close", **(headers or {})}
    lines = [f"{name}: {value}" for name, value in told.items()]
    head = "\r\n".join(["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *lines, "", ""])

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(answer, "127.0.0.1", port) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
