"""The caller's page, on which people talk to the agent, and the button that other sites show."""

from voice_service.caller.endpoints import is_built, router

__all__ = ["is_built", "router"]
