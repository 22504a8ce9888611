"""What a search for slots reads of the database: all in one statement."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from booking_core.availability.model import Busy, Override, Rules, Template
from booking_core.database import Connection, Record
from booking_core.services import Service


@dataclass(frozen=True, kw_only=True, slots=True)
class Pages:
    """What the database knows of one consultant's diary, in the words of ``Diary``."""

    consultant_id: UUID
    timezone: str
    templates: Sequence[Template]
    overrides: Sequence[Override]
    busy: Sequence[Busy]
    service_full_on: frozenset[date]
    consultant_full_on: frozenset[date]


# One statement, so that a search waits for the database once, and everything in it is of one
# moment. Each part looks into an index for each consultant: the plan is the same however many
# consultants and bookings there are. 24:00 is a time to PostgreSQL and none to Python: minutes are.
LIST_PAGES: Final = """
    WITH widest AS MATERIALIZED (
        SELECT $4::timestamptz - make_interval(mins => max(buffer_after_minutes)) AS start,
               $5::timestamptz + make_interval(mins => max(buffer_before_minutes)) AS "end"
        FROM services
    )
    SELECT p.id AS consultant_id, coalesce(p.timezone, 'UTC') AS timezone,
        templates.*, overrides.*, busy.*,
        ARRAY(
            SELECT (c.start AT TIME ZONE coalesce(at.timezone, 'UTC'))::date AS full_on
            FROM (
                SELECT consultant_id, scheduled_datetime AS start
                FROM bookings
                WHERE service_id = $8 AND scheduled_datetime BETWEEN $9 AND $10
                  AND status IN ('pending', 'confirmed', 'in_progress', 'completed')
                  AND id IS DISTINCT FROM $13
                UNION ALL
                SELECT consultant_id, starts_at
                FROM slot_holds
                WHERE service_id = $8 AND starts_at BETWEEN $9 AND $10
                  AND expires_at > $6 AND conversation_id IS DISTINCT FROM $7
            ) c LEFT JOIN profiles at ON at.id = c.consultant_id
            WHERE $11::int IS NOT NULL
            GROUP BY full_on
            HAVING count(*) >= $11
        ) AS service_full_on,
        ARRAY(
            SELECT (c.start AT TIME ZONE coalesce(p.timezone, 'UTC'))::date AS full_on
            FROM (
                SELECT scheduled_datetime AS start
                FROM bookings
                WHERE consultant_id = p.id AND scheduled_datetime BETWEEN $9 AND $10
                  AND status IN ('pending', 'confirmed', 'in_progress', 'completed')
                  AND id IS DISTINCT FROM $13
                UNION ALL
                SELECT starts_at
                FROM slot_holds
                WHERE consultant_id = p.id AND starts_at BETWEEN $9 AND $10
                  AND expires_at > $6 AND conversation_id IS DISTINCT FROM $7
            ) c
            WHERE $12::int IS NOT NULL
            GROUP BY full_on
            HAVING count(*) >= $12
        ) AS consultant_full_on
    FROM profiles p CROSS JOIN widest w CROSS JOIN LATERAL (
        SELECT array_agg(day_of_week) AS template_days,
               array_agg(ceil(date_part('epoch', start_time) / 60)::int) AS template_starts,
               array_agg(floor(date_part('epoch', end_time) / 60)::int) AS template_ends,
               array_agg(max_bookings) AS template_limits
        FROM availability_templates
        WHERE consultant_id = p.id AND is_active
    ) templates CROSS JOIN LATERAL (
        SELECT array_agg(id) AS override_ids,
               array_agg(specific_date) AS override_dates,
               array_agg(CASE WHEN is_available THEN ceil(date_part('epoch', start_time) / 60)
                              ELSE floor(date_part('epoch', start_time) / 60) END::int
               ) AS override_starts,
               array_agg(CASE WHEN is_available THEN floor(date_part('epoch', end_time) / 60)
                              ELSE ceil(date_part('epoch', end_time) / 60) END::int
               ) AS override_ends,
               array_agg(is_available) AS override_opens,
               array_agg(coalesce(max_bookings, 1)) AS override_limits
        FROM availability_overrides
        WHERE consultant_id = p.id AND specific_date BETWEEN $2 AND $3
    ) overrides CROSS JOIN LATERAL (
        SELECT array_agg(b.id) AS busy_ids,
               array_agg(b.is_hold) AS busy_is_hold,
               array_agg(b.service_id = $8) AS busy_is_ours,
               array_agg(b.seat) AS busy_seats,
               array_agg(b.start) AS busy_starts,
               array_agg(b."end") AS busy_ends,
               array_agg(
                   b.start - make_interval(mins => s.buffer_before_minutes)
               ) AS busy_kept_from,
               array_agg(
                   b."end" + make_interval(mins => s.buffer_after_minutes)
               ) AS busy_kept_until
        FROM (
            SELECT id, FALSE AS is_hold, service_id, seat, scheduled_datetime AS start,
                   scheduled_end AS "end"
            FROM bookings
            WHERE consultant_id = p.id AND status IN ('pending', 'confirmed', 'in_progress')
              AND id IS DISTINCT FROM $13
              AND duration_minutes <= 1440
              AND scheduled_datetime > w.start - interval '1440 minutes'
              AND scheduled_datetime < w."end" AND scheduled_end > w.start
            UNION ALL
            SELECT id, FALSE, service_id, seat, scheduled_datetime, scheduled_end
            FROM bookings
            WHERE consultant_id = p.id AND status IN ('pending', 'confirmed', 'in_progress')
              AND id IS DISTINCT FROM $13
              AND duration_minutes > 1440
              AND scheduled_datetime < w."end" AND scheduled_end > w.start
            UNION ALL
            SELECT id, TRUE, service_id, seat, starts_at, ends_at
            FROM slot_holds
            WHERE consultant_id = p.id AND starts_at < w."end" AND ends_at > w.start
              AND expires_at > $6 AND conversation_id IS DISTINCT FROM $7
        ) b JOIN services s ON s.id = b.service_id
    ) busy
    WHERE p.is_staff AND ($1::uuid IS NULL OR p.id = $1)
    ORDER BY p.id
"""


async def list_pages(
    conn: Connection,
    service: Service,
    consultant_id: UUID | None,
    rules: Rules,
    *,
    dates: tuple[date, date],
    busy_between: tuple[datetime, datetime],
    counted_between: tuple[datetime, datetime],
    now: datetime,
    conversation_id: str | None,
    booking_id: UUID | None,
) -> Iterator[Pages]:
    """One for each member of the staff, or for the one asked for, sorted by id; read as they are
    taken, since there may be hundreds.

    Args:
        dates: first and last local date of which overrides are wanted.
        busy_between: bookings and holds that, with the widest buffers there are, meet this range.
        counted_between: must hold the whole of every local date of which a limit matters.
        now: holds that expire later are live.
        conversation_id: whose own hold is left out.
        booking_id: left out too.
    """
    rows = await conn.fetch(
        LIST_PAGES,
        consultant_id,
        *dates,
        *busy_between,
        now,
        conversation_id,
        service.id,
        *counted_between,
        service.max_daily_bookings,
        rules.consultant_daily_limit,
        booking_id,
    )
    return map(pages_of, rows)


def pages_of(row: Record) -> Pages:
    return Pages(
        consultant_id=row["consultant_id"],
        timezone=row["timezone"],
        templates=[
            Template(day_of_week=day, start_minute=start, end_minute=end, max_bookings=limit)
            for day, start, end, limit in rows_of(row, TEMPLATE_COLUMNS)
        ],
        overrides=[
            Override(
                id=override_id,
                specific_date=on,
                start_minute=start,
                end_minute=end,
                is_available=opens,
                max_bookings=limit,
            )
            for override_id, on, start, end, opens, limit in rows_of(row, OVERRIDE_COLUMNS)
        ],
        busy=[Busy(*values) for values in rows_of(row, BUSY_COLUMNS)],
        service_full_on=frozenset(row["service_full_on"]),
        consultant_full_on=frozenset(row["consultant_full_on"]),
    )


def rows_of(row: Record, columns: Sequence[str]) -> Iterable[tuple[Any, ...]]:
    """Rows out of columns, which are arrays of one length, or all None when there are no rows."""
    return zip(*(row[name] or () for name in columns), strict=True)


TEMPLATE_COLUMNS: Final = ("template_days", "template_starts", "template_ends", "template_limits")
OVERRIDE_COLUMNS: Final = (
    "override_ids",
    "override_dates",
    "override_starts",
    "override_ends",
    "override_opens",
    "override_limits",
)
# In the order of the fields of Busy.
BUSY_COLUMNS: Final = (
    "busy_ids",
    "busy_is_hold",
    "busy_is_ours",
    "busy_seats",
    "busy_starts",
    "busy_ends",
    "busy_kept_from",
    "busy_kept_until",
)
