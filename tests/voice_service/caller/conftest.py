"""Callers come by way of the relay."""

from tests.voice_service.relay.conftest import relayed, run_relay

__all__ = ["relayed", "run_relay"]
