"""The customer's journey: what happened with whom, and when."""

from booking_core.interactions.model import Interaction
from booking_core.interactions.operations import add_note, list_interactions, record_interaction

__all__ = ["Interaction", "add_note", "list_interactions", "record_interaction"]
