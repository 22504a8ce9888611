"""Voice consultations: record, judge, convert."""

from voice_service.consultations.operations import fail_consultation, finish_consultation

__all__ = ["fail_consultation", "finish_consultation"]
