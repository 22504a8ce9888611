"""Refusals about voice consultations."""

from booking_core.errors import Invalid, NotFound


class ConsultationNotFound(NotFound):
    code = "consultation_not_found"


class CursorInvalid(Invalid):
    code = "cursor_invalid"
