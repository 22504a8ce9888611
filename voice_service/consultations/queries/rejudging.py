"""Stored conversations to judge again, and what judging them again changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from booking_core.database import Connection
from voice_service.analysis.model import Turn
from voice_service.consultations.judging import Judgement
from voice_service.consultations.queries.reading import row_id_of
from voice_service.consultations.queries.recording import read_turns


@dataclass(frozen=True, kw_only=True)
class StoredConversation:
    """What a finished conversation was judged from, as its rows keep it.

    Attributes:
        data_collection: values by field, as the agent reported them.
        corrections: what people set since, ``{"value", "by", "at", "original"}`` by fact.
        facts: as the present verdict has them.
        verdict: the columns that judging again may change.
        known_timezone: None where ``timezone`` is only what a reader falls back on.
    """

    id: UUID
    conversation_id: str | None
    started_at: datetime
    timezone: str
    language: str | None
    platform_sentiment: float | None
    data_collection: Mapping[str, Any]
    corrections: Mapping[str, Any]
    facts: Mapping[str, Any]
    verdict: Mapping[str, Any]
    turns: tuple[Turn, ...]
    summary: str | None
    known_timezone: str | None
    caller_phone: str | None
    customer_metrics_id: UUID | None
    follow_up_booking_id: UUID | None


LOCK_STORED: Final = """
    SELECT id, voice_session_id, coalesce(started_at, created_at) AS started_at,
        coalesce(timezone, 'UTC') AS timezone, timezone AS known_timezone, metadata,
        coalesce(qualification -> 'facts', '{}'::jsonb) AS facts,
        lead_verdict, lead_score, sentiment_score::float8 AS sentiment_score,
        qualification ->> 'disqualifier' AS disqualifier,
        qualification ->> 'recommended_service' AS recommended_service,
        conversation_summary, customer_phone, customer_metrics_id, follow_up_booking_id
    FROM voice_consultations WHERE voice_session_id = $1 OR id = $2
    ORDER BY id = $2 DESC
    LIMIT 1
    FOR UPDATE
"""


async def lock_stored(conn: Connection, key: str) -> StoredConversation | None:
    """By the row's uuid or the conversation's id; locked until the transaction ends."""
    row = await conn.fetchrow(LOCK_STORED, key, row_id_of(key))
    if row is None:
        return None
    metadata = row["metadata"]
    return StoredConversation(
        id=row["id"],
        conversation_id=row["voice_session_id"],
        started_at=row["started_at"],
        timezone=row["timezone"],
        language=metadata.get("language"),
        platform_sentiment=metadata.get("platform_sentiment"),
        data_collection=metadata.get("data_collection", {}),
        corrections=metadata.get("corrections", {}),
        facts=row["facts"],
        verdict={name: row[name] for name in VERDICT},
        turns=await read_turns(conn, row["id"]),
        summary=row["conversation_summary"],
        known_timezone=row["known_timezone"],
        caller_phone=row["customer_phone"],
        customer_metrics_id=row["customer_metrics_id"],
        follow_up_booking_id=row["follow_up_booking_id"],
    )


VERDICT: Final = (
    "lead_verdict", "lead_score", "disqualifier", "recommended_service", "sentiment_score",
)  # fmt: skip


def verdict_of(judgement: Judgement) -> dict[str, Any]:
    """The columns of ``VERDICT`` as a judgement has them."""
    qualification = judgement.qualification
    return {
        "lead_verdict": qualification.verdict,
        "lead_score": qualification.score,
        "disqualifier": qualification.disqualifier,
        "recommended_service": qualification.recommended_service,
        "sentiment_score": judgement.sentiment.score,
    }


UPDATE_TURN_SENTIMENTS: Final = """
    UPDATE voice_turns AS turn SET sentiment = judged.sentiment
    FROM unnest($2::int[], $3::float8[]) AS judged (position, sentiment)
    WHERE turn.consultation_id = $1 AND turn.position = judged.position
        AND turn.sentiment IS DISTINCT FROM judged.sentiment::numeric(3, 2)
"""


async def update_turn_sentiments(
    conn: Connection, consultation_id: UUID, scores: Mapping[int, float]
) -> None:
    """Scores by the position of the turn; turns without one keep what they have."""
    await conn.execute(UPDATE_TURN_SENTIMENTS, consultation_id, list(scores), list(scores.values()))


# What the caller is called by and reached at follows the facts; the platform's number stays.
UPDATE_JUDGED: Final = """
    UPDATE voice_consultations SET
        lead_qualified = $2, lead_verdict = $3, lead_score = $4, qualification = $5,
        wanted_time = $6, caller_name = $7, customer_email = $8,
        customer_phone = coalesce(customer_phone, $9),
        sentiment_score = $10, sentiment_source = $11,
        metadata = metadata || jsonb_build_object('corrections', $12::jsonb)
    WHERE id = $1
"""


async def update_judged(
    conn: Connection,
    consultation_id: UUID,
    judgement: Judgement,
    *,
    corrections: Mapping[str, Any],
) -> None:
    """Write a new judgement over the old one; nothing else of the conversation changes."""
    qualification, sentiment = judgement.qualification, judgement.sentiment
    wanted = qualification.wanted_time
    await conn.execute(
        UPDATE_JUDGED,
        consultation_id,
        qualification.qualified,
        qualification.verdict,
        qualification.score,
        qualification.as_json(),
        wanted.as_json() if wanted else None,
        judgement.text("full_name"),
        judgement.text("email"),
        judgement.text("phone"),
        None if sentiment.score is None else Decimal(str(sentiment.score)),
        sentiment.source,
        dict(corrections),
    )
    await update_turn_sentiments(conn, consultation_id, judgement.turn_sentiments)


LIST_OPEN: Final = """
    SELECT id FROM voice_consultations
    WHERE status = 'completed' AND closed_at IS NULL
        AND ($1::timestamptz IS NULL OR coalesce(started_at, created_at) >= $1)
    ORDER BY coalesce(started_at, created_at), id
"""


async def list_open(conn: Connection, *, since: datetime | None) -> list[UUID]:
    return [row["id"] for row in await conn.fetch(LIST_OPEN, since)]
