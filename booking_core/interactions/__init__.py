"""The customer's journey: what happened with whom, and when."""

from booking_core.interactions.queries import record_interaction

__all__ = ["record_interaction"]
