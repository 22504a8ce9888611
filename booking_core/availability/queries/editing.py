"""The hours, exceptions and time off that staff see and change."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from booking_core.availability.model import Override, Template, TimeOff
from booking_core.database import Connection

LIST_TEMPLATES: Final = """
    SELECT day_of_week,
           ceil(date_part('epoch', start_time) / 60)::int AS start_minute,
           floor(date_part('epoch', end_time) / 60)::int AS end_minute,
           max_bookings
    FROM availability_templates
    WHERE consultant_id = $1 AND is_active
    ORDER BY day_of_week, start_time, end_time
"""


async def list_templates(conn: Connection, consultant_id: UUID) -> list[Template]:
    """The weekly hours in force, from Sunday on."""
    return [Template(**row) for row in await conn.fetch(LIST_TEMPLATES, consultant_id)]


DELETE_OTHER_TEMPLATES: Final = """
    DELETE FROM availability_templates t
    WHERE t.consultant_id = $1 AND t.is_active AND NOT EXISTS (
        SELECT FROM unnest($2::int[], $3::text[], $4::text[]) AS kept (day, opens, closes)
        WHERE (kept.day, kept.opens::time, kept.closes::time)
            = (t.day_of_week, t.start_time, t.end_time)
    )
"""


async def delete_other_templates(
    conn: Connection, consultant_id: UUID, kept: Sequence[Template]
) -> None:
    """Delete the consultant's weekly hours that are not among those kept."""
    await conn.execute(DELETE_OTHER_TEMPLATES, consultant_id, *columns_of(kept))


PUT_TEMPLATES: Final = """
    INSERT INTO availability_templates AS t
        (consultant_id, day_of_week, start_time, end_time, max_bookings)
    SELECT $1, n.day, n.opens::time, n.closes::time, n.max_bookings
    FROM unnest($2::int[], $3::text[], $4::text[], $5::int[])
        AS n (day, opens, closes, max_bookings)
    ON CONFLICT (consultant_id, day_of_week, start_time, end_time) DO UPDATE
    SET max_bookings = excluded.max_bookings, is_active = TRUE
    WHERE NOT t.is_active OR t.max_bookings <> excluded.max_bookings
"""


async def put_templates(conn: Connection, consultant_id: UUID, rows: Sequence[Template]) -> None:
    """Add what is not there; what is there and the same is not touched."""
    limits = [row.max_bookings for row in rows]
    await conn.execute(PUT_TEMPLATES, consultant_id, *columns_of(rows), limits)


def columns_of(rows: Sequence[Template]) -> tuple[list[int], list[str], list[str]]:
    return (
        [row.day_of_week for row in rows],
        [clock(row.start_minute) for row in rows],
        [clock(row.end_minute) for row in rows],
    )


def clock(minute: int) -> str:
    """As PostgreSQL reads a time; 1440 is its 24:00, which Python's ``time`` cannot be."""
    return f"{minute // 60:02}:{minute % 60:02}"


LIST_OVERRIDES: Final = """
    SELECT id, specific_date, is_available, coalesce(max_bookings, 1) AS max_bookings, reason,
           time_off_id,
           CASE WHEN is_available THEN ceil(date_part('epoch', start_time) / 60)
                ELSE floor(date_part('epoch', start_time) / 60) END::int AS start_minute,
           CASE WHEN is_available THEN floor(date_part('epoch', end_time) / 60)
                ELSE ceil(date_part('epoch', end_time) / 60) END::int AS end_minute
    FROM availability_overrides
    WHERE consultant_id = $1 AND specific_date BETWEEN $2 AND $3
    ORDER BY specific_date, start_time NULLS FIRST, id
"""


async def list_overrides(
    conn: Connection, consultant_id: UUID, *, first: date, last: date
) -> list[Override]:
    """The exceptions of the dates ``first`` to ``last``, those of a time off among them."""
    rows = await conn.fetch(LIST_OVERRIDES, consultant_id, first, last)
    return [Override(**row) for row in rows]


PUT_OVERRIDE: Final = """
    INSERT INTO availability_overrides AS o
        (consultant_id, specific_date, start_time, end_time, is_available, max_bookings, reason)
    VALUES ($1, $2, $3::text::time, $4::text::time, $5, $6, $7)
    ON CONFLICT (consultant_id, specific_date, start_time, end_time) DO UPDATE
    SET is_available = excluded.is_available, max_bookings = excluded.max_bookings,
        reason = excluded.reason
    WHERE o.time_off_id IS NULL
    RETURNING id
"""


async def put_override(conn: Connection, consultant_id: UUID, override: Override) -> UUID | None:
    """Add it, or change the one of the same date and hours; None: that is part of a time off."""
    start, end = override.start_minute, override.end_minute
    override_id: UUID | None = await conn.fetchval(
        PUT_OVERRIDE,
        consultant_id,
        override.specific_date,
        None if start is None else clock(start),
        None if end is None else clock(end),
        override.is_available,
        override.max_bookings,
        override.reason,
    )
    return override_id


DELETE_OVERRIDE: Final = """
    DELETE FROM availability_overrides
    WHERE consultant_id = $1 AND id = $2 AND time_off_id IS NULL
    RETURNING id
"""


async def delete_override(conn: Connection, consultant_id: UUID, override_id: UUID) -> bool:
    """Whether it was there, and of its own."""
    return await conn.fetchval(DELETE_OVERRIDE, consultant_id, override_id) is not None


FIND_DATE_IN_THE_WAY: Final = """
    SELECT min(specific_date)
    FROM availability_overrides
    WHERE consultant_id = $1 AND specific_date BETWEEN $2 AND $3
      AND start_time IS NULL AND (is_available OR time_off_id IS NOT NULL)
"""


async def find_date_in_the_way(
    conn: Connection, consultant_id: UUID, *, first: date, last: date
) -> date | None:
    """The first date that is open all day, or off already."""
    found: date | None = await conn.fetchval(FIND_DATE_IN_THE_WAY, consultant_id, first, last)
    return found


INSERT_TIME_OFF: Final = """
    INSERT INTO availability_overrides (consultant_id, specific_date, reason, time_off_id)
    SELECT $1, $2::date + day, $4, $5
    FROM generate_series(0, $3::date - $2::date) day
    ON CONFLICT (consultant_id, specific_date, start_time, end_time) DO NOTHING
"""


async def insert_time_off(conn: Connection, consultant_id: UUID, time_off: TimeOff) -> None:
    """Close each of its dates; one that is closed already stays what it is."""
    await conn.execute(
        INSERT_TIME_OFF,
        consultant_id,
        time_off.first,
        time_off.last,
        time_off.reason,
        time_off.id,
    )


LIST_TIME_OFF: Final = """
    SELECT time_off_id AS id, min(specific_date) AS first, max(specific_date) AS last,
           min(reason) AS reason
    FROM availability_overrides
    WHERE consultant_id = $1 AND time_off_id IS NOT NULL
    GROUP BY time_off_id
    HAVING max(specific_date) >= $2
    ORDER BY first
"""


async def list_time_off(conn: Connection, consultant_id: UUID, *, since: date) -> list[TimeOff]:
    """Time off that ends on ``since`` or later, the next first."""
    return [TimeOff(**row) for row in await conn.fetch(LIST_TIME_OFF, consultant_id, since)]


DELETE_TIME_OFF: Final = """
    WITH deleted AS (
        DELETE FROM availability_overrides
        WHERE consultant_id = $1 AND time_off_id = $2
        RETURNING id
    )
    SELECT count(*) FROM deleted
"""


async def delete_time_off(conn: Connection, consultant_id: UUID, time_off_id: UUID) -> bool:
    """Whether there was such a time off."""
    deleted: int = await conn.fetchval(DELETE_TIME_OFF, consultant_id, time_off_id)
    return deleted > 0
