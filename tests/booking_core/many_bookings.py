"""A business of a size we do not have yet: 500 consultants, 100,000 bookings."""

from typing import Final

from booking_core.database import Connection
from tests.booking_core.factories import NOW

CONSULTANTS: Final = 500
BOOKINGS_EACH: Final = 200  # a fifth of them in the two weeks from NOW

STATEMENTS: Final = (
    """INSERT INTO auth.users (id, email, created_at)
    SELECT md5('consultant' || n)::uuid, 'consultant' || n || '@many.example', $1::timestamptz
    FROM generate_series(1, $2::int) n WHERE $3::int > 0""",
    """INSERT INTO profiles (id, first_name, last_name, role, is_staff, timezone, created_at)
    SELECT md5('consultant' || n)::uuid, 'Consultant', n::text, 'consultant', TRUE,
        (ARRAY['UTC', 'America/New_York', 'Europe/Berlin', 'Asia/Kolkata', 'Australia/Sydney',
            'America/Los_Angeles', 'Europe/London'])[1 + n % 7], $1::timestamptz
    FROM generate_series(1, $2::int) n WHERE $3::int > 0""",
    """INSERT INTO availability_templates
        (consultant_id, day_of_week, start_time, end_time, created_at)
    SELECT md5('consultant' || n)::uuid, day, opens, closes, $1::timestamptz
    FROM generate_series(1, $2::int) n, generate_series(1, 5) day,
        (VALUES ('09:00'::time, '12:30'::time), ('13:30', '18:00')) AS hours (opens, closes)
    WHERE $3::int > 0""",
    """INSERT INTO availability_overrides (consultant_id, specific_date, start_time, end_time,
        is_available, created_at)
    SELECT md5('consultant' || n)::uuid, $1::timestamptz::date + 1 + (7 * other + n) % 14,
        CASE other WHEN 1 THEN '10:00'::time END, CASE other WHEN 1 THEN '14:00'::time END,
        other = 1, $1
    FROM generate_series(1, $2::int) n, generate_series(0, 1) other WHERE $3::int > 0""",
    """INSERT INTO customer_metrics (id, email, created_at)
    SELECT md5('customer')::uuid, 'customer@many.example', $1::timestamptz
    WHERE $2::int > 0 AND $3::int > 0""",
    """INSERT INTO services (id, slug, name, description, duration_minutes,
        minimum_notice_minutes, created_at)
    SELECT md5('service')::uuid, 'many', 'Many', 'Many', 15, 0, $1::timestamptz
    WHERE $2::int > 0 AND $3::int > 0""",
    """INSERT INTO bookings (booking_reference, customer_metrics_id, customer_data,
        project_description, service_id, consultant_id, scheduled_datetime, scheduled_end,
        scheduled_date, scheduled_time, duration_minutes, seat, status, currency, created_at)
    SELECT 'MANY-' || n || '-' || k, md5('customer')::uuid,
        '{"email": "customer@many.example", "first_name": "Ada", "last_name": ""}', 'Many',
        md5('service')::uuid, md5('consultant' || n)::uuid, start, start + interval '15 minutes',
        (start AT TIME ZONE 'UTC')::date, (start AT TIME ZONE 'UTC')::time, 15, 1,
        CASE WHEN k % 5 = 0 THEN 'confirmed' ELSE 'completed' END::booking_status, 'USD',
        start - interval '9 days'
    FROM generate_series(1, $2::int) n, generate_series(0, $3::int - 1) k,
        LATERAL (SELECT $1::timestamptz + CASE
            WHEN k % 5 = 0 THEN make_interval(days => (k / 5) % 14, mins => 135 * (k / 70) + n % 60)
            ELSE make_interval(days => -1 - k % 80, mins => 135 * (k / 80))
        END AS start) s""",
)


async def load_many(conn: Connection) -> None:
    """Load them past the triggers, which would take minutes; needs the schema's owner."""
    await conn.execute("SET session_replication_role = replica")
    for statement in STATEMENTS:
        await conn.execute(statement, NOW, CONSULTANTS, BOOKINGS_EACH)
    await conn.execute("SET session_replication_role = origin")
    await conn.execute("VACUUM (ANALYZE)")
