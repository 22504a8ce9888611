"""Consultants in the database: staff with the role, or staff with hours of their own."""

from typing import Final

from booking_core.consultants.model import Consultant
from booking_core.database import Connection

LIST_CONSULTANTS: Final = """
    SELECT p.id, p.first_name, p.last_name, get_user_email(p.id) AS email,
           coalesce(p.timezone, 'UTC') AS timezone
    FROM profiles p
    WHERE p.is_staff AND (
        p.role = 'consultant'
        OR EXISTS (
            SELECT FROM availability_templates t WHERE t.consultant_id = p.id AND t.is_active
        )
        OR EXISTS (
            SELECT FROM availability_overrides o WHERE o.consultant_id = p.id AND o.is_available
        )
    )
    ORDER BY p.last_name, p.first_name, p.id
"""


async def list_consultants(conn: Connection) -> list[Consultant]:
    return [Consultant(**row) for row in await conn.fetch(LIST_CONSULTANTS)]


async def count_consultants(conn: Connection) -> int:
    return len(await list_consultants(conn))
