"""Verify what ElevenLabs sends, keep it, answer 200; a job hands it to the consultations."""

from voice_service.webhooks.endpoints import receive_event
from voice_service.webhooks.handling import handle_event

__all__ = ["handle_event", "receive_event"]
