"""The connection every function of the core takes first, and the pool it comes from."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

Record: TypeAlias = "asyncpg.Record"
Connection: TypeAlias = "asyncpg.Connection[Record] | PoolConnectionProxy[Record]"
Pool: TypeAlias = "asyncpg.Pool[Record]"

UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")

# jit: a Debian server's default makes the slot search many times slower.
SERVER_SETTINGS: Final[Mapping[str, str]] = {"jit": "off", "timezone": "UTC"}


async def prepare_connection(conn: "asyncpg.Connection[Record]") -> None:
    """Let jsonb columns come and go as plain Python values."""
    await conn.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=encode_json, decoder=json.loads, format="text"
    )


def encode_json(value: Any) -> str:
    """Text for a jsonb column. PostgreSQL takes neither NaN nor Infinity: they raise here.

    We never keep a bare string in such a column, so text is JSON already: the job library, which
    shares our connections to enqueue in our transactions, encodes its own values.
    """
    if isinstance(value, str):
        return value
    return json.dumps(value, allow_nan=False, ensure_ascii=False)


def storable(value: Any) -> Any:
    """The same JSON-like value as PostgreSQL can keep it.

    It stores neither NUL nor lone surrogates, which become U+FFFD, nor infinite numbers, which
    become null; none of these is a reason to lose what somebody said.
    """
    if isinstance(value, str):
        return UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {storable(key): storable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [storable(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


async def keep_as_is(_: "asyncpg.Connection[Record]") -> None:
    """We leave nothing behind in a session, so a returned connection needs no round trip."""


async def connect(dsn: str) -> "asyncpg.Connection[Record]":
    """One connection, set up like those of the pool."""
    conn = await asyncpg.connect(dsn, server_settings=dict(SERVER_SETTINGS))
    await prepare_connection(conn)
    return conn


async def open_pool(
    dsn: str, *, min_size: int = 2, max_size: int = 10, behind_pooler: bool = False
) -> Pool:
    """Open a pool.

    Args:
        dsn: of the database, as libpq writes it.
        min_size: connections opened at once.
        max_size: connections at the most; more requests wait.
        behind_pooler: a transaction pooler (port 6543 on Supabase) forgets prepared statements
            and session settings between transactions, so neither is used.
    """
    return await asyncpg.create_pool(
        dsn,
        min_size=min_size,
        max_size=max_size,
        init=prepare_connection,
        reset=keep_as_is,
        statement_cache_size=0 if behind_pooler else 100,
        server_settings={} if behind_pooler else dict(SERVER_SETTINGS),
        timeout=5,
        command_timeout=30,
    )
