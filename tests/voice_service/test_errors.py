"""Failures that no request of ours can bring about at will, and what they are answered with."""

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from voice_service.errors import add_error_answers


@pytest.mark.parametrize(
    ("failure", "code", "wait"),
    [
        (asyncpg.DeadlockDetectedError("a: Ada"), "try_again", "1"),
        (asyncpg.SerializationError("b"), "try_again", "1"),
        (asyncpg.LockNotAvailableError("c"), "try_again", "1"),
        (asyncpg.CannotConnectNowError("d"), "database_unavailable", "5"),
    ],
)
async def test_what_may_work_the_next_time_asks_for_it(
    failure: Exception, code: str, wait: str
) -> None:
    app = FastAPI()
    add_error_answers(app)

    @app.get("/")
    async def fail() -> None:
        raise failure

    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.get("/")
    assert (answer.status_code, answer.json()["code"]) == (503, code)
    assert answer.headers["Retry-After"] == wait
    assert "Ada" not in answer.text
