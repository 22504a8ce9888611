"""Live conversations: any client of ElevenLabs connects to us, and we to the platform."""

from typing import Any, Final

from voice_service.relay import reaping  # noqa: F401  # registers its jobs
from voice_service.relay.commands import command
from voice_service.relay.endpoints import EVENTS_KEY, EVENTS_PATH, router
from voice_service.relay.queries import CommandKind
from voice_service.relay.rate import Rate
from voice_service.relay.switchboard import Switchboard, open_switchboard

SOCKET_OPTIONS: Final[dict[str, Any]] = {
    "ws": "websockets-sansio",
    "ws_per_message_deflate": False,  # base64 of audio hardly shrinks, and waits for nobody
    "ws_max_size": 1024 * 1024,  # of a visitor's frame: a tool's result; audio has 20 kB at most
    "ws_ping_interval": 5.0,  # seconds; a visitor whose line is dead is noticed
    "ws_ping_timeout": 15.0,
}
"""How uvicorn must serve the sockets."""

__all__ = [
    "EVENTS_KEY",
    "EVENTS_PATH",
    "SOCKET_OPTIONS",
    "CommandKind",
    "Rate",
    "Switchboard",
    "command",
    "open_switchboard",
    "router",
]
