"""Services in the database."""

from typing import Final
from uuid import UUID

from booking_core.database import Connection
from booking_core.services.model import Service

SERVICES: Final = """
    SELECT id, slug, name, description, price, currency::text AS currency,
    make_interval(mins => duration_minutes) AS duration,
    booking_type::text AS booking_type, is_active, requires_payment, auto_confirm,
    max_daily_bookings, coalesce(max_concurrent_bookings, 1) AS max_concurrent_bookings,
    make_interval(mins => slot_step_minutes) AS slot_step,
    make_interval(mins => buffer_before_minutes) AS buffer_before,
    make_interval(mins => buffer_after_minutes) AS buffer_after,
    make_interval(mins => minimum_notice_minutes) AS minimum_notice,
    horizon_days
    FROM services
"""

FIND_SERVICE: Final = SERVICES + "WHERE slug = $1 AND is_active"


async def find_service(conn: Connection, slug: str) -> Service | None:
    row = await conn.fetchrow(FIND_SERVICE, slug)
    return None if row is None else Service(**row)


FIND_SERVICE_OF_ANY_STATE: Final = SERVICES + "WHERE slug = $1"


async def find_service_of_any_state(conn: Connection, slug: str) -> Service | None:
    """Also one that is no longer offered."""
    row = await conn.fetchrow(FIND_SERVICE_OF_ANY_STATE, slug)
    return None if row is None else Service(**row)


FIND_SERVICE_BY_ID: Final = SERVICES + "WHERE id = $1"


async def find_service_by_id(conn: Connection, service_id: UUID) -> Service | None:
    """Also one that is no longer offered: its bookings are still there to be shown."""
    row = await conn.fetchrow(FIND_SERVICE_BY_ID, service_id)
    return None if row is None else Service(**row)


LIST_SERVICES: Final = SERVICES + "WHERE is_active ORDER BY price, slug"


async def list_services(conn: Connection) -> list[Service]:
    """The active ones, the cheapest first."""
    return [Service(**row) for row in await conn.fetch(LIST_SERVICES)]


LIST_ALL_SERVICES: Final = SERVICES + "ORDER BY is_active DESC, price, slug"


async def list_all_services(conn: Connection) -> list[Service]:
    """The active ones first, then those that are no longer offered; the cheapest first."""
    return [Service(**row) for row in await conn.fetch(LIST_ALL_SERVICES)]


LOCK_SERVICE: Final = "SELECT id FROM services WHERE slug = $1 FOR NO KEY UPDATE"


async def lock_service(conn: Connection, slug: str) -> None:
    """Wait until nobody else changes the service."""
    await conn.execute(LOCK_SERVICE, slug)


UPDATE_RULES: Final = """
    UPDATE services
    SET is_active = $2, max_daily_bookings = $3, max_concurrent_bookings = $4,
        slot_step_minutes = extract(epoch FROM $5::interval) / 60,
        buffer_before_minutes = extract(epoch FROM $6::interval) / 60,
        buffer_after_minutes = extract(epoch FROM $7::interval) / 60,
        minimum_notice_minutes = extract(epoch FROM $8::interval) / 60,
        horizon_days = $9
    WHERE id = $1
"""


async def update_rules(conn: Connection, service: Service) -> None:
    await conn.execute(
        UPDATE_RULES,
        service.id,
        service.is_active,
        service.max_daily_bookings,
        service.max_concurrent_bookings,
        service.slot_step,
        service.buffer_before,
        service.buffer_after,
        service.minimum_notice,
        service.horizon_days,
    )
