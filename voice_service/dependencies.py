"""What an endpoint may ask for."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from booking_core.availability import Rules
from booking_core.database import Connection, Pool
from voice_service.errors import Unauthorized
from voice_service.notifications import Listener
from voice_service.settings import Settings


def get_settings(request: Request) -> Settings:
    settings: Settings = request.state.settings
    return settings


def get_rules(request: Request) -> Rules:
    return get_settings(request).rules


async def open_transaction(request: Request) -> AsyncIterator[Connection]:
    """One request, one transaction: committed before the answer leaves."""
    async with get_pool(request).acquire() as conn, conn.transaction():
        yield conn


def get_pool(request: Request) -> Pool:
    """For what must not hold a transaction as long as the request lasts."""
    pool: Pool = request.state.pool
    return pool


def get_listener(request: Request) -> Listener:
    listener: Listener = request.state.listener
    return listener


def get_closing(request: Request) -> asyncio.Event:
    closing: asyncio.Event = request.state.closing
    return closing


def get_now() -> datetime:
    return datetime.now(UTC)


bearer = HTTPBearer(auto_error=False, description="The STAFF_API_TOKEN")


def require_staff(
    settings: Annotated[Settings, Depends(get_settings)],
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> None:
    """Raises Unauthorized unless the request carries ``STAFF_API_TOKEN`` as its bearer."""
    if credentials is None or settings.staff_api_token is None:
        raise Unauthorized
    given = credentials.credentials.encode()
    if not secrets.compare_digest(given, settings.staff_api_token.get_secret_value().encode()):
        raise Unauthorized


Transaction = Annotated[Connection, Depends(open_transaction, scope="function")]
ThePool = Annotated[Pool, Depends(get_pool)]
TheListener = Annotated[Listener, Depends(get_listener)]
Closing = Annotated[asyncio.Event, Depends(get_closing)]
Now = Annotated[datetime, Depends(get_now)]
CurrentSettings = Annotated[Settings, Depends(get_settings)]
CurrentRules = Annotated[Rules, Depends(get_rules)]
RequireStaff = Depends(require_staff)
