"""Requests that made a booking, in the database."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from booking_core.database import Connection

LOCK_REQUEST: Final = "SELECT pg_advisory_xact_lock(hashtextextended('booking request ' || $1, 0))"


async def lock_request(conn: Connection, key: str) -> None:
    """Wait until nobody else works on a request of that key."""
    await conn.execute(LOCK_REQUEST, key)


@dataclass(frozen=True, kw_only=True, slots=True)
class MadeRequest:
    """A request that made its booking."""

    content_sha256: bytes
    booking_id: UUID


FIND_REQUEST: Final = "SELECT content_sha256, booking_id FROM booking_requests WHERE key = $1"


async def find_request(conn: Connection, key: str) -> MadeRequest | None:
    row = await conn.fetchrow(FIND_REQUEST, key)
    return None if row is None else MadeRequest(**row)


INSERT_REQUEST: Final = """
    INSERT INTO booking_requests (key, content_sha256, booking_id, created_at)
    VALUES ($1, $2, $3, $4)
"""


async def insert_request(conn: Connection, key: str, made: MadeRequest, *, now: datetime) -> None:
    await conn.execute(INSERT_REQUEST, key, made.content_sha256, made.booking_id, now)
