"""Being one of the roles the Data API knows, and telling what it sees, writes and is refused."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from booking_core.database import Connection, Record

FORBIDDEN = "42501"
CHECK = "23514"
UNIQUE = "23505"
TAKEN = "23P01"


@asynccontextmanager
async def acting_as(
    conn: Connection, role: str, user_id: UUID | None = None, headers: dict[str, str] | None = None
) -> AsyncIterator[None]:
    """Be ``role``, with the claims and headers PostgREST sets for a request of ``user_id``."""
    claims = {"role": role} | ({"sub": str(user_id)} if user_id else {})
    async with conn.transaction():
        await set_request(conn, json.dumps(claims), json.dumps(headers) if headers else "")
        await conn.execute(f"SET LOCAL ROLE {role}")
        yield
        # The settings outlive a released savepoint, so they are undone by hand.
        await conn.execute("SET LOCAL ROLE NONE")
        await set_request(conn, "", "")


async def set_request(conn: Connection, claims: str, headers: str) -> None:
    await conn.execute(
        "SELECT set_config('request.jwt.claims', $1, true),"
        " set_config('request.headers', $2, true)",
        claims,
        headers,
    )


@asynccontextmanager
async def refused(conn: Connection, *sqlstates: str) -> AsyncIterator[None]:
    """Expect the statement inside to fail; whatever came before it stays.

    Args:
        sqlstates: acceptable codes, or their first characters ("23": any integrity violation).
    """
    with pytest.raises(asyncpg.PostgresError) as caught:
        async with conn.transaction():
            yield
    assert str(caught.value.sqlstate).startswith(sqlstates), caught.value


async def rows_seen(conn: Connection, query: str, *args: Any) -> list[Record]:
    """What a query answers; nothing when the role may not ask at all."""
    try:
        async with conn.transaction():
            return await conn.fetch(query, *args)
    except asyncpg.InsufficientPrivilegeError:
        return []


async def rows_touched(conn: Connection, statement: str, *args: Any) -> int:
    """How many rows a statement writes; none when the role may not write at all."""
    try:
        async with conn.transaction():
            status = await conn.execute(statement, *args)
    except asyncpg.InsufficientPrivilegeError:
        return 0
    return int(status.rsplit(" ", 1)[-1])


async def told(conn: Connection, call: str, *args: Any) -> str:
    """Everything a function's answer gives away, as text; '' when it may not be called."""
    rows = await rows_seen(conn, f"SELECT ({call})::text", *args)
    return "".join(str(row[0]) for row in rows if row[0] is not None)
