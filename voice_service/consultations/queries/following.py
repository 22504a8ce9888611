"""What changed of a consultation since somebody last looked."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from booking_core.database import Connection
from voice_service.consultations.queries.reading import (
    SUMMARY_COLUMNS,
    ConsultationSummary,
    RecordedTurn,
)


@dataclass(frozen=True, kw_only=True)
class RevisedConsultation(ConsultationSummary):
    """A consultation at one of its revisions.

    Attributes:
        turns_replaced_revision: the one in which turns were last taken away.
        reported: whether the post-call event has told of it.
    """

    qualification: dict[str, Any] | None
    metadata: dict[str, Any]
    revision: int
    turns_replaced_revision: int
    reported: bool


@dataclass(frozen=True, kw_only=True)
class RevisedTurn(RecordedTurn):
    """A turn, and the consultation's revision in which it came or last changed."""

    revision: int


READ_REVISED: Final = f"""
    SELECT {SUMMARY_COLUMNS}, qualification, metadata, revision, turns_replaced_revision,
        metadata ? 'event_timestamp' AS reported
    FROM voice_consultations WHERE id = $1
"""  # noqa: S608  # no value is pasted in, only our own column list


async def read_revised(conn: Connection, consultation_id: UUID) -> RevisedConsultation | None:
    row = await conn.fetchrow(READ_REVISED, consultation_id)
    return RevisedConsultation(**row) if row else None


LIST_REVISED_TURNS: Final = """
    SELECT position, role, text, time_in_call_secs, said_at, source, event_id,
        sentiment::float8 AS sentiment, interrupted, original_text, spoken, tool_calls,
        tool_results, revision
    FROM voice_turns
    WHERE consultation_id = $1 AND (revision, position) > ($2, $3)
    ORDER BY revision, position
"""


async def list_revised_turns(
    conn: Connection, consultation_id: UUID, *, after: tuple[int, int]
) -> list[RevisedTurn]:
    """Turns that came or changed after a place, which is a revision and a position in it."""
    rows = await conn.fetch(LIST_REVISED_TURNS, consultation_id, *after)
    return [RevisedTurn(**row) for row in rows]
