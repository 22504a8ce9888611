"""The platform's end of a conversation's socket: one JSON object a frame, until somebody leaves."""

import asyncio
from typing import Final

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect

from voice_service.relay.frames import Frame, UnreadableFrame, read_frame

GONE_WITHIN: Final = 1.0  # seconds for the close frame of somebody who cannot be reached any more
UNREACHABLE: Final = 1006
NO_CODE: Final = 1005

log = structlog.get_logger()


class TalkSocket:
    """Raises ``WebSocketDisconnect`` once the other end is gone, reading and writing alike."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket

    async def send(self, text: str) -> None:
        try:
            await self._socket.send_text(text)
        except RuntimeError:  # closed already, says Starlette
            raise WebSocketDisconnect(UNREACHABLE) from None

    async def receive(self) -> Frame:
        """The next frame; ``UnreadableFrame`` when it is no JSON object."""
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code") or NO_CODE, message.get("reason"))
        text = message.get("text")
        if text is None:
            raise UnreadableFrame
        return read_frame(text)

    async def close(self, code: int, reason: str) -> None:
        try:
            await self._socket.close(code, reason)
        except (RuntimeError, WebSocketDisconnect):
            log.debug("stand_in_closed_already", code=code)

    async def find_close_code(self) -> int:
        """With what code somebody left whom we could not reach any more."""
        try:
            async with asyncio.timeout(GONE_WITHIN):
                while True:
                    await self.receive()
        except WebSocketDisconnect as gone:
            return gone.code
        except (TimeoutError, RuntimeError, UnreadableFrame):
            return UNREACHABLE
