"""Refusals about voice consultations."""

from booking_core.errors import Invalid, NotFound


class ConsultationNotFound(NotFound):
    code = "consultation_not_found"


class FactInvalid(Invalid):
    """A correction names no fact of ours, or gives it a value it cannot have."""

    code = "fact_invalid"
