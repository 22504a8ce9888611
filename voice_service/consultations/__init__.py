"""Voice consultations: record, judge, convert."""

from voice_service.consultations.live import (
    conclude_live,
    end_live,
    mask_live_turns,
    record_live,
)
from voice_service.consultations.operations import fail_consultation, finish_consultation
from voice_service.consultations.queries.live import LiveConversation, list_unreported

__all__ = [
    "LiveConversation",
    "conclude_live",
    "end_live",
    "fail_consultation",
    "finish_consultation",
    "list_unreported",
    "mask_live_turns",
    "record_live",
]
