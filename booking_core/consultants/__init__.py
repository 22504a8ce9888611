"""Who gives consultations."""

from booking_core.consultants.model import Consultant
from booking_core.consultants.queries import count_consultants, list_consultants

__all__ = ["Consultant", "count_consultants", "list_consultants"]
