"""Sample conversations, played as ElevenLabs would send them; no account of theirs is used."""

from voice_service.rehearsal.operations import Played, play
from voice_service.rehearsal.report import results_table, samples_table
from voice_service.rehearsal.samples import SAMPLES
from voice_service.rehearsal.service import RunningService, ServiceUnusable, reach_service
from voice_service.rehearsal.stand_in import router

__all__ = [
    "SAMPLES",
    "Played",
    "RunningService",
    "ServiceUnusable",
    "play",
    "reach_service",
    "results_table",
    "router",
    "samples_table",
]
