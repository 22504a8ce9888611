"""Customers as staff see them: with their names, counts and money."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from booking_core.customers.model import CustomerDetails
from booking_core.database import Connection, Record
from booking_core.money import read_money

# Of these rows of customer_metrics ("c"); names are where the person last said them.
DETAILS: Final = """
    c.id, c.user_id, get_customer_email(c.user_id, c.email) AS email, c.phone,
           c.lead_source::text AS lead_source, c.lead_quality::text AS lead_quality,
           c.status::text AS status, c.do_not_contact_at, c.created_at, c.updated_at,
           c.total_bookings, c.first_booking_date, c.last_booking_date, c.last_interaction_date,
           coalesce(
               nullif(btrim(concat_ws(' ', p.first_name, p.last_name)), ''),
               nullif(btrim(concat_ws(
                   ' ', b.customer_data ->> 'first_name', b.customer_data ->> 'last_name'
               )), ''),
               v.caller_name
           ) AS name,
           coalesce(nullif(p.company, ''), b.customer_data ->> 'company') AS company,
           (
               SELECT jsonb_object_agg(m.currency, m.paid::text)
               FROM (
                   SELECT currency, sum(payment_amount) AS paid
                   FROM bookings
                   WHERE customer_metrics_id = c.id AND status = 'completed'
                     AND payment_status = 'paid' AND currency IS NOT NULL
                   GROUP BY currency
               ) m
           ) AS revenue
    FROM c
    LEFT JOIN profiles p ON p.id = c.user_id
    LEFT JOIN LATERAL (
        SELECT customer_data FROM bookings WHERE customer_metrics_id = c.id
        ORDER BY created_at DESC, id LIMIT 1
    ) b ON true
    LEFT JOIN LATERAL (
        SELECT caller_name FROM voice_consultations
        WHERE customer_metrics_id = c.id AND caller_name IS NOT NULL
        ORDER BY created_at DESC, id LIMIT 1
    ) v ON true
"""


def to_details(row: Record) -> CustomerDetails:
    columns: dict[str, Any] = dict(row)
    return CustomerDetails(**columns | {"revenue": read_money(columns["revenue"])})


FIND_CUSTOMER: Final = f"""
    WITH c AS (SELECT * FROM customer_metrics WHERE id = $1)
    SELECT {DETAILS}
"""  # noqa: S608  # no value is pasted in, only our own column list


async def find_details(conn: Connection, customer_id: UUID) -> CustomerDetails | None:
    row = await conn.fetchrow(FIND_CUSTOMER, customer_id)
    return None if row is None else to_details(row)


# Text is searched by position, so that % and _ in it mean themselves.
LIST_CUSTOMERS: Final = f"""
    WITH c AS MATERIALIZED (
        SELECT * FROM customer_metrics m
        WHERE ($1::text IS NULL
            OR position(lower($1) IN lower(concat_ws(' ', m.email, m.phone))) > 0
            OR EXISTS (
                SELECT FROM profiles p
                WHERE p.id = m.user_id AND position(lower($1) IN lower(concat_ws(
                    ' ', p.first_name, p.last_name, p.company
                ))) > 0
            )
            OR EXISTS (
                SELECT FROM bookings b
                WHERE b.customer_metrics_id = m.id AND position(lower($1) IN lower(concat_ws(
                    ' ', b.customer_data ->> 'first_name', b.customer_data ->> 'last_name',
                    b.customer_data ->> 'email', b.customer_data ->> 'company'
                ))) > 0
            )
            OR EXISTS (
                SELECT FROM voice_consultations v
                WHERE v.customer_metrics_id = m.id
                  AND position(lower($1) IN lower(v.caller_name)) > 0
            ))
          AND ($2::text IS NULL OR m.status::text = $2)
          AND ($3::timestamptz IS NULL OR (m.created_at, m.id) < ($3, $4::uuid))
        ORDER BY m.created_at DESC, m.id DESC
        LIMIT $5
    )
    SELECT {DETAILS}
    ORDER BY c.created_at DESC, c.id DESC
"""  # noqa: S608  # no value is pasted in, only our own column list


async def list_customers(
    conn: Connection,
    *,
    search: str | None,
    status: str | None,
    after: tuple[datetime | None, UUID | None],
    limit: int,
) -> list[CustomerDetails]:
    """Newest first; ``after`` is the key of the last one seen."""
    rows = await conn.fetch(LIST_CUSTOMERS, search, status, *after, limit)
    return [to_details(row) for row in rows]
