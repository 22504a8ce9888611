"""WebSockets by hand: what measures must cost less than what it measures.

Only what both ends of the benchmark say is understood: whole text frames and a close. Frames of a
client are masked with zeros, which change nothing.
"""

import asyncio
import base64
import hashlib
from collections.abc import Callable
from typing import Final, cast

ACCEPT: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT: Final = 0x81
CLOSE: Final = b"\x88\x02\x03\xe8"  # code 1000
PING: Final = 0x89

Heard = Callable[["Socket", bytes], None]


class Socket(asyncio.Protocol):
    """One end. ``heard`` is called with every text; ``request`` is set by a server's end."""

    def __init__(self, heard: Heard, *, path: str | None = None) -> None:
        self.closed = asyncio.get_running_loop().create_future()
        self.opened = asyncio.get_running_loop().create_future()
        self._heard = heard
        self._path = path
        self._mask = 0 if path is None else 0x80
        self._rest = b""
        self._in_frames = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport = cast(asyncio.Transport, transport)
        if self._path is not None:
            transport.write(
                f"GET {self._path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
            )

    def connection_lost(self, _: Exception | None) -> None:
        if not self.closed.done():
            self.closed.set_result(None)

    def send(self, text: bytes) -> None:
        size = len(text)
        if size < 126:
            head = bytes((TEXT, self._mask | size))
        elif size < 65536:
            head = bytes((TEXT, self._mask | 126)) + size.to_bytes(2)
        else:
            head = bytes((TEXT, self._mask | 127)) + size.to_bytes(8)
        self.transport.write(head + (b"\0\0\0\0" if self._mask else b"") + text)

    def close(self) -> None:
        self.transport.write(CLOSE if not self._mask else b"\x88\x82\0\0\0\0\x03\xe8")

    def data_received(self, data: bytes) -> None:
        self._rest = self._rest + data if self._rest else data
        if not self._in_frames and not self._shake_hands():
            return
        at = 0
        while (frame := self._frame_at(at)) is not None:
            kind, start, at = frame
            self._take(kind, self._rest, start, at)
        self._rest = self._rest[at:]

    def _shake_hands(self) -> bool:
        head, found, rest = self._rest.partition(b"\r\n\r\n")
        if not found:
            return False
        self._rest, self._in_frames = rest, True
        if self._path is None and not self._answer(head):
            return False
        if not self.opened.done():
            self.opened.set_result(head)
        return True

    def _answer(self, head: bytes) -> bool:
        lines = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:])
        key = {name.lower(): value for name, value in lines.items()}[b"sec-websocket-key"]
        accept = base64.b64encode(hashlib.sha1(key + ACCEPT, usedforsecurity=False).digest())
        self.transport.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        return True

    def _frame_at(self, at: int) -> tuple[int, int, int] | None:
        """Its kind, and where its content begins and ends; None until it is there."""
        data = self._rest
        if len(data) < at + 2:
            return None
        size, start = data[at + 1] & 0x7F, at + 2
        if size > 125:
            wide = 2 if size == 126 else 8
            size, start = int.from_bytes(data[start : start + wide]), start + wide
        if data[at + 1] & 0x80:
            start += 4
        end = start + size
        return (data[at], start, end) if len(data) >= end else None

    def _take(self, kind: int, data: bytes, start: int, end: int) -> None:
        if kind == TEXT:
            content = data[start:end]
            if self._path is None:
                content = unmask(content, data[start - 4 : start])
            self._heard(self, content)
        elif kind == PING:
            pong = bytes((0x8A, self._mask | (end - start)))
            content = data[start:end]
            if self._path is None:
                content = unmask(content, data[start - 4 : start])
            self.transport.write(pong + (b"\0\0\0\0" if self._mask else b"") + content)
        elif kind == CLOSE[0]:
            self.close()
            self.transport.close()


def unmask(content: bytes, mask: bytes) -> bytes:
    size = len(content)
    if mask == b"\0\0\0\0" or not size:
        return content
    repeated = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(content) ^ int.from_bytes(repeated)).to_bytes(size)
