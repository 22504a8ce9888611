"""Leads in the database."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from booking_core.database import Connection
from booking_core.leads.model import Lead, LeadJudgement

LOCK_CUSTOMER_ROW: Final = "SELECT id FROM customer_metrics WHERE id = $1 FOR NO KEY UPDATE"


async def lock_customer_row(conn: Connection, customer_id: UUID) -> bool:
    """Whether there is such a customer, whom nobody else judges until the transaction ends.

    Before the score, as merging does it.
    """
    return await conn.fetchval(LOCK_CUSTOMER_ROW, customer_id) is not None


KEEP_SCORE: Final = """
    INSERT INTO lead_scores AS kept
        (customer_metrics_id, score, reasons, conversation_id, judged_at)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (customer_metrics_id) DO UPDATE
    SET score = excluded.score, reasons = excluded.reasons,
        conversation_id = excluded.conversation_id, judged_at = excluded.judged_at
    WHERE kept.score <= excluded.score
      OR kept.conversation_id IS NOT DISTINCT FROM excluded.conversation_id
"""


async def keep_score(
    conn: Connection,
    customer_id: UUID,
    judgement: LeadJudgement,
    reasons: Sequence[Mapping[str, Any]],
    *,
    now: datetime,
) -> None:
    """Keep the score unless a better one of another conversation is there."""
    await conn.execute(
        KEEP_SCORE, customer_id, judgement.score, reasons, judgement.conversation_id, now
    )


# Of these rows of customer_metrics ("c") with their score.
LEADS: Final = """
    c.id, get_customer_email(c.user_id, c.email) AS email, c.phone,
           c.lead_source::text AS lead_source, c.lead_quality::text AS lead_quality,
           c.status::text AS status, c.score, coalesce(c.reasons, '[]'::jsonb) AS reasons,
           c.conversation_id, c.judged_at, c.do_not_contact_at, c.last_interaction_date,
           CASE
               WHEN b.paid THEN 'paid'
               WHEN b.held THEN 'held'
               WHEN b.booked THEN 'booked'
               WHEN c.lead_quality IN ('qualified', 'hot', 'converted') THEN 'qualified'
               WHEN EXISTS (
                   SELECT FROM voice_consultations v WHERE v.customer_metrics_id = c.id
               ) THEN 'called'
               ELSE 'known'
           END AS stage
    FROM c
    LEFT JOIN LATERAL (
        SELECT true AS booked, bool_or(status = 'completed') AS held,
               bool_or(payment_status = 'paid') AS paid
        FROM bookings
        WHERE customer_metrics_id = c.id AND status NOT IN ('cancelled', 'rescheduled')
        HAVING count(*) > 0
    ) b ON true
"""

FIND_LEAD: Final = f"""
    WITH c AS (
        SELECT m.*, s.score, s.reasons, s.conversation_id, s.judged_at
        FROM customer_metrics m LEFT JOIN lead_scores s ON s.customer_metrics_id = m.id
        WHERE m.id = $1
    )
    SELECT {LEADS}
"""  # noqa: S608  # no value is pasted in, only our own column list


async def find_lead(conn: Connection, customer_id: UUID) -> Lead | None:
    row = await conn.fetchrow(FIND_LEAD, customer_id)
    return None if row is None else Lead(**row)


LIST_LEADS: Final = f"""
    WITH c AS MATERIALIZED (
        SELECT m.*, s.score, s.reasons, s.conversation_id, s.judged_at
        FROM customer_metrics m LEFT JOIN lead_scores s ON s.customer_metrics_id = m.id
        WHERE m.lead_quality = ANY ($1::text[]::lead_quality_enum[])
          AND coalesce(s.score, 0) >= $2
          AND ($3::text IS NULL OR (m.lead_quality, coalesce(s.score, -1), m.id)
              < ($3::text::lead_quality_enum, $4::int, $5::uuid))
        ORDER BY m.lead_quality DESC, coalesce(s.score, -1) DESC, m.id DESC
        LIMIT $6
    )
    SELECT {LEADS}
    ORDER BY c.lead_quality DESC, coalesce(c.score, -1) DESC, c.id DESC
"""  # noqa: S608  # no value is pasted in, only our own column list


async def list_leads(
    conn: Connection,
    *,
    qualities: Collection[str],
    minimum_score: int,
    after: tuple[str, int, UUID] | None,
    limit: int,
) -> list[Lead]:
    """The best quality first, then the highest score; ``after`` is the key of the last one seen."""
    place = after or (None, None, None)
    rows = await conn.fetch(LIST_LEADS, list(qualities), minimum_score, *place, limit)
    return [Lead(**row) for row in rows]
