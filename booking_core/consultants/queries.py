"""Consultants in the database: staff with the role, or staff with hours of their own."""

from typing import Final
from uuid import UUID

from booking_core.consultants.model import Consultant
from booking_core.database import Connection

LIST_CONSULTANTS: Final = """
    SELECT p.id, p.first_name, p.last_name, get_user_email(p.id) AS email,
           coalesce(p.timezone, 'UTC') AS timezone, p.is_staff AS is_active
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


FIND_CONSULTANT: Final = """
    SELECT p.id, p.first_name, p.last_name, get_user_email(p.id) AS email,
           coalesce(p.timezone, 'UTC') AS timezone, p.is_staff AS is_active
    FROM profiles p
    WHERE p.id = $1
"""


async def find_consultant(conn: Connection, consultant_id: UUID) -> Consultant | None:
    """Whoever has this id, also when they are not on the staff any more."""
    row = await conn.fetchrow(FIND_CONSULTANT, consultant_id)
    return None if row is None else Consultant(**row)


IS_STAFF: Final = "SELECT EXISTS (SELECT FROM profiles WHERE id = $1 AND is_staff)"


async def is_staff(conn: Connection, user_id: UUID) -> bool:
    found: bool = await conn.fetchval(IS_STAFF, user_id)
    return found


LOCK_STAFF: Final = "SELECT id FROM profiles WHERE id = $1 AND is_staff FOR NO KEY UPDATE"


async def lock_staff(conn: Connection, user_id: UUID) -> bool:
    """Whether there is such a member of the staff, whom nobody else then changes."""
    return await conn.fetchval(LOCK_STAFF, user_id) is not None


SET_TIMEZONE: Final = "UPDATE profiles SET timezone = $2 WHERE id = $1"


async def set_timezone(conn: Connection, user_id: UUID, timezone: str) -> None:
    await conn.execute(SET_TIMEZONE, user_id, timezone)
