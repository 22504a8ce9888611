"""Reports from the database, one statement each.

The views of the schema add up currencies and know no range of time, so what they count is counted
here once more by currency and within a range; a test holds both together.
"""

from typing import Any, Final

from booking_core.database import Connection, Record
from booking_core.money import read_money
from booking_core.reports.model import (
    FunnelStep,
    LeadQualityCount,
    Month,
    Period,
    ServiceFigures,
    ToolFigures,
    VoiceMonth,
)


def with_money(row: Record) -> dict[str, Any]:
    columns: dict[str, Any] = dict(row)
    return columns | {"revenue": read_money(columns["revenue"])}


# By currency first: sums of two currencies never meet.
BOOKINGS_BY_CURRENCY: Final = """
    currency, count(*) AS bookings,
    count(*) FILTER (WHERE status = 'completed') AS completed,
    count(*) FILTER (WHERE status = 'cancelled') AS cancelled,
    count(*) FILTER (WHERE status = 'no_show') AS no_shows,
    sum(payment_amount) FILTER (WHERE payment_status = 'paid' AND currency IS NOT NULL) AS paid,
    sum(lead_score) AS scores, count(lead_score) AS scored
    FROM bookings
    WHERE created_at >= $1 AND created_at < $2
"""
FIGURES: Final = """
    coalesce(sum(n.bookings), 0)::bigint AS total_bookings,
    coalesce(sum(n.completed), 0)::bigint AS completed_bookings,
    coalesce(sum(n.cancelled), 0)::bigint AS cancelled_bookings,
    coalesce(sum(n.no_shows), 0)::bigint AS no_shows,
    jsonb_object_agg(n.currency, n.paid::text) FILTER (WHERE n.paid IS NOT NULL) AS revenue,
    (sum(n.scores) / nullif(sum(n.scored), 0))::float8 AS avg_lead_score
"""

REPORT_MONTHS: Final = f"""
    WITH n AS (
        SELECT date_trunc('month', created_at, 'UTC') AS month, {BOOKINGS_BY_CURRENCY}
        GROUP BY 1, currency
    )
    SELECT (n.month AT TIME ZONE 'UTC')::date AS month, {FIGURES}
    FROM n
    GROUP BY n.month
    ORDER BY n.month
"""  # noqa: S608  # no value is pasted in, only our own columns


async def report_months(conn: Connection, period: Period) -> list[Month]:
    rows = await conn.fetch(REPORT_MONTHS, period.begins_at, period.ends_at)
    return [Month(**with_money(row)) for row in rows]


REPORT_SERVICES: Final = f"""
    WITH n AS (
        SELECT service_id, {BOOKINGS_BY_CURRENCY}
        GROUP BY service_id, currency
    )
    SELECT s.id AS service_id, s.slug, s.name, s.price, s.currency::text AS currency, {FIGURES}
    FROM services s LEFT JOIN n ON n.service_id = s.id
    GROUP BY s.id
    ORDER BY s.slug
"""  # noqa: S608  # no value is pasted in, only our own columns


async def report_services(conn: Connection, period: Period) -> list[ServiceFigures]:
    rows = await conn.fetch(REPORT_SERVICES, period.begins_at, period.ends_at)
    return [ServiceFigures(**with_money(row)) for row in rows]


REPORT_FUNNEL: Final = """
    WITH calls AS (
        SELECT date_trunc('month', coalesce(v.started_at, v.created_at), 'UTC') AS month,
               coalesce(s.slug, v.qualification ->> 'recommended_service') AS service,
               v.lead_verdict, b.status, b.payment_status, b.payment_amount, b.currency,
               b.id IS NOT NULL AND NOT EXISTS (
                   SELECT FROM voice_consultations e
                   WHERE e.follow_up_booking_id = b.id
                     AND (coalesce(e.started_at, e.created_at), e.id)
                       < (coalesce(v.started_at, v.created_at), v.id)
               ) AS led_to_it
        FROM voice_consultations v
        LEFT JOIN bookings b ON b.id = v.follow_up_booking_id
        LEFT JOIN services s ON s.id = b.service_id
        WHERE coalesce(v.started_at, v.created_at) >= $1
          AND coalesce(v.started_at, v.created_at) < $2
    ), n AS (
        SELECT month, service, currency, count(*) AS calls,
               count(*) FILTER (WHERE lead_verdict = 'qualified') AS qualified,
               count(*) FILTER (WHERE led_to_it) AS booked,
               count(*) FILTER (WHERE led_to_it AND status = 'completed') AS held,
               count(*) FILTER (WHERE led_to_it AND payment_status = 'paid') AS paid,
               sum(payment_amount) FILTER (
                   WHERE led_to_it AND payment_status = 'paid' AND currency IS NOT NULL
               ) AS revenue
        FROM calls
        GROUP BY month, service, currency
    )
    SELECT (month AT TIME ZONE 'UTC')::date AS month, service, sum(calls)::bigint AS calls,
           sum(qualified)::bigint AS qualified, sum(booked)::bigint AS booked,
           sum(held)::bigint AS held, sum(paid)::bigint AS paid,
           jsonb_object_agg(currency, revenue::text) FILTER (WHERE revenue IS NOT NULL) AS revenue
    FROM n
    GROUP BY month, service
    ORDER BY month, service NULLS LAST
"""


async def report_funnel(conn: Connection, period: Period) -> list[FunnelStep]:
    rows = await conn.fetch(REPORT_FUNNEL, period.begins_at, period.ends_at)
    return [FunnelStep(**with_money(row)) for row in rows]


REPORT_VOICE: Final = """
    WITH n AS (
        SELECT month, channel, status, lead_verdict, count(*) AS conversations,
               avg(sentiment_score)::float8 AS mean_sentiment,
               count(follow_up_booking_id) AS booked
        FROM (
            SELECT date_trunc('month', coalesce(started_at, created_at), 'UTC') AS month,
                   coalesce(channel, 'unknown') AS channel, status, lead_verdict,
                   sentiment_score, follow_up_booking_id
            FROM voice_consultations
            WHERE coalesce(started_at, created_at) >= $1
              AND coalesce(started_at, created_at) < $2
        ) c
        GROUP BY GROUPING SETS (
            (month), (month, channel), (month, status), (month, lead_verdict)
        )
    ), whole AS (
        SELECT * FROM n WHERE channel IS NULL AND status IS NULL AND lead_verdict IS NULL
    )
    SELECT (whole.month AT TIME ZONE 'UTC')::date AS month, whole.conversations,
           whole.mean_sentiment, whole.booked,
           jsonb_object_agg(n.channel, n.conversations)
               FILTER (WHERE n.channel IS NOT NULL) AS channels,
           jsonb_object_agg(n.status, n.conversations)
               FILTER (WHERE n.status IS NOT NULL) AS statuses,
           jsonb_object_agg(n.lead_verdict, n.conversations)
               FILTER (WHERE n.lead_verdict IS NOT NULL) AS verdicts
    FROM whole JOIN n ON n.month = whole.month
    GROUP BY whole.month, whole.conversations, whole.mean_sentiment, whole.booked
    ORDER BY whole.month
"""


async def report_voice(conn: Connection, period: Period) -> list[VoiceMonth]:
    rows = await conn.fetch(REPORT_VOICE, period.begins_at, period.ends_at)
    return [VoiceMonth(**row) for row in rows]


# What the platform reports is taken as it comes: a latency that is no number of seconds within a
# day is none.
REPORT_TOOLS: Final = """
    SELECT coalesce(r.result ->> 'tool_name', 'unknown') AS tool, count(*) AS calls,
           count(*) FILTER (WHERE r.result -> 'is_error' = 'true'::jsonb) AS errors,
           avg(l.secs)::float8 AS mean_latency_secs,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY l.secs::float8) AS p95_latency_secs
    FROM voice_consultations v
    JOIN voice_turns t ON t.consultation_id = v.id
    CROSS JOIN LATERAL jsonb_array_elements(
        CASE jsonb_typeof(t.tool_results) WHEN 'array' THEN t.tool_results ELSE '[]' END
    ) AS r (result)
    CROSS JOIN LATERAL (
        SELECT CASE jsonb_typeof(r.result -> 'tool_latency_secs')
            WHEN 'number' THEN (r.result ->> 'tool_latency_secs')::numeric
        END AS told
    ) told
    CROSS JOIN LATERAL (
        SELECT CASE WHEN told.told BETWEEN 0 AND 86400 THEN told.told END AS secs
    ) l
    WHERE coalesce(v.started_at, v.created_at) >= $1
      AND coalesce(v.started_at, v.created_at) < $2
    GROUP BY 1
    ORDER BY 1
"""


async def report_tools(conn: Connection, period: Period) -> list[ToolFigures]:
    rows = await conn.fetch(REPORT_TOOLS, period.begins_at, period.ends_at)
    return [ToolFigures(**row) for row in rows]


COUNT_LEAD_QUALITIES: Final = """
    SELECT lead_quality::text AS lead_quality, customers, repeat_customers
    FROM customer_conversion_funnel
    ORDER BY customer_conversion_funnel.lead_quality
"""


async def count_lead_qualities(conn: Connection) -> list[LeadQualityCount]:
    """All customers, from the weakest quality on; a quality that nobody has is left out."""
    return [LeadQualityCount(**row) for row in await conn.fetch(COUNT_LEAD_QUALITIES)]
