"""Transcript in; facts, a verdict and a mood out. Pure: no I/O, no clock, no network."""

from voice_service.analysis.data_collection import Collected, caller_sentiment, read_data_collection
from voice_service.analysis.language import detect_language, normalise_language
from voice_service.analysis.model import (
    Fact,
    Qualification,
    Reason,
    Sentiment,
    Turn,
    WantedTime,
    caller_turns,
    label,
)
from voice_service.analysis.points import in_usd
from voice_service.analysis.qualification import judge, judge_facts
from voice_service.analysis.sentiment import choose_sentiment, overall, score_turn, score_turns

__all__ = [
    "Collected",
    "Fact",
    "Qualification",
    "Reason",
    "Sentiment",
    "Turn",
    "WantedTime",
    "caller_sentiment",
    "caller_turns",
    "choose_sentiment",
    "detect_language",
    "in_usd",
    "judge",
    "judge_facts",
    "label",
    "normalise_language",
    "overall",
    "read_data_collection",
    "score_turn",
    "score_turns",
]
