"""Refusals of the core, and a database that is away, as answers over HTTP (RFC 9457 problems)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import asyncpg
import structlog
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from booking_core.database import storable
from booking_core.errors import BookingError, Conflict, Invalid, NotFound

STATUS_OF: Final[Mapping[type[BookingError], HTTPStatus]] = {
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
}

# What asyncpg raises while the server is away, starting, stopping or out of connections.
DATABASE_AWAY: Final[tuple[type[Exception], ...]] = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,
    OSError,
    TimeoutError,
)

# Two wanted the same rows in different order: PostgreSQL ended one, and nothing of it was kept.
COLLISIONS: Final[tuple[type[Exception], ...]] = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
)

log = structlog.get_logger()


class Problem(BaseModel):
    """What ``problem`` answers with, for the API's description of itself."""

    type: str
    title: str
    status: int
    code: str
    detail: str


class Unauthorized(Exception):
    """No token, or not ours."""


def problem(
    status: int, *, code: str, detail: str, headers: Mapping[str, str] | None = None, **more: Any
) -> JSONResponse:
    """An RFC 9457 problem. ``code`` is stable; ``detail`` says what to do.

    What it quotes of a request may be no UTF-8, and is then replaced.
    """
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        **more,
    }
    return JSONResponse(
        storable(body), status_code=status, media_type="application/problem+json", headers=headers
    )


def status_of(kind: type[BookingError]) -> HTTPStatus:
    """The status of a refusal: that of its nearest ancestor in ``STATUS_OF``."""
    return next(STATUS_OF[ancestor] for ancestor in kind.__mro__ if ancestor in STATUS_OF)


async def answer_refusal(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, BookingError)
    return problem(status_of(type(error)), code=error.code, detail=str(error))


async def answer_unauthorized(_: Request, __: Exception) -> JSONResponse:
    return problem(
        HTTPStatus.UNAUTHORIZED,
        code="unauthorized",
        detail="Send 'Authorization: Bearer <STAFF_API_TOKEN>'.",
        headers={"WWW-Authenticate": "Bearer"},
    )


async def answer_database_away(_: Request, error: Exception) -> JSONResponse:
    log.warning("database_unavailable", error=describe(error))
    return problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        code="database_unavailable",
        detail="The database does not answer just now; nothing was stored. Try again shortly.",
        headers={"Retry-After": "5"},
    )


async def answer_collision(_: Request, error: Exception) -> JSONResponse:
    log.warning("collision", error=describe(error))
    return problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        code="try_again",
        detail="Somebody changed the same rows at this moment; nothing was stored. Try again.",
        headers={"Retry-After": "1"},
    )


async def answer_invalid_request(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    errors = [
        {"where": [str(part) for part in item["loc"]], "what": item["msg"]}
        for item in error.errors()
    ]
    return problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        code="request_invalid",
        detail="Some of the request could not be understood; see 'errors'.",
        errors=jsonable_encoder(errors),
    )


async def answer_http_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
    return problem(error.status_code, code=code, detail=str(error.detail), headers=error.headers)


def add_error_answers(app: FastAPI) -> None:
    """Teach the app to answer every kind of failure a user can cause."""
    app.add_exception_handler(BookingError, answer_refusal)
    app.add_exception_handler(Unauthorized, answer_unauthorized)
    app.add_exception_handler(RequestValidationError, answer_invalid_request)
    app.add_exception_handler(HTTPException, answer_http_error)
    for kind in DATABASE_AWAY:
        app.add_exception_handler(kind, answer_database_away)
    for kind in COLLISIONS:
        app.add_exception_handler(kind, answer_collision)


def describe(error: BaseException) -> str:
    """Class and place of an error; its message may quote a person and stays out of it."""
    place = ""
    trace = error.__traceback__
    while trace is not None:
        place = f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"
        trace = trace.tb_next
    state = f" {error.sqlstate}" if isinstance(error, asyncpg.PostgresError) else ""
    return f"{type(error).__name__}{state} at {place}" if place else type(error).__name__
