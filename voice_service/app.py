"""create_app(): the one place that knows all the parts."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Final, TypedDict

import structlog
from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from booking_core.database import Pool, open_pool
from voice_service import api, caller, health, jobs, rehearsal, relay, webhooks
from voice_service.api import docs
from voice_service.consultations.judging import warm_up
from voice_service.errors import add_error_answers
from voice_service.notifications import Listener, open_listener
from voice_service.settings import Settings

log = structlog.get_logger()
BUILT: Final = Path(__file__).parent / "built"
SECURITY_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class State(TypedDict):
    """What every request finds in ``request.state``."""

    pool: Pool
    settings: Settings
    listener: Listener
    closing: asyncio.Event
    switchboard: relay.Switchboard
    session_rate: relay.Rate


def create_app(
    settings: Settings,
    *,
    dsn: str,
    direct_dsn: str,
    run_jobs: bool,
    closing: asyncio.Event | None = None,
) -> FastAPI:
    """The whole service.

    Args:
        settings: read once, by the caller.
        dsn: for requests; may be a transaction pooler's.
        direct_dsn: a session connection, to listen and for the jobs.
        run_jobs: whether this process also does the background work.
        closing: set when the server is about to stop; answers without an end then end.
    """
    app = FastAPI(
        title="Intellectif Voice",
        description="Conversations with the voice agent, and the bookings they become.",
        version="1",
        docs_url=None,
        redoc_url=None,
        lifespan=make_lifespan(
            settings,
            dsn=dsn,
            direct_dsn=direct_dsn,
            run_jobs=run_jobs,
            closing=closing or asyncio.Event(),
        ),
    )
    app.add_middleware(SecurityHeaders)
    add_error_answers(app)
    app.add_route("/webhooks/elevenlabs", webhooks.receive_event, methods=["POST"])
    app.include_router(relay.router)
    if settings.uses_stand_in:
        app.include_router(rehearsal.router)
    app.include_router(api.router)
    app.include_router(caller.router)
    app.include_router(health.router)
    app.include_router(docs.router)
    if not caller.is_built():
        log.warning("pages_not_built", build_them_with="make setup")
    app.mount("/static", BuiltFiles(directory=BUILT, check_dir=False), name="static")
    return app


def make_lifespan(
    settings: Settings, *, dsn: str, direct_dsn: str, run_jobs: bool, closing: asyncio.Event
) -> Callable[[FastAPI], AbstractAsyncContextManager[State]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[State]:
        await asyncio.to_thread(warm_up)  # or the first conversation would wait for it
        stop = asyncio.Event()
        behind_pooler = dsn != direct_dsn
        async with await open_pool(dsn, behind_pooler=behind_pooler) as pool:
            worker = (
                asyncio.create_task(jobs.run(direct_dsn, settings, stop=stop)) if run_jobs else None
            )
            async with (
                open_listener(direct_dsn) as listener,
                relay.open_switchboard(pool, settings, listener) as switchboard,
            ):
                yield {
                    "pool": pool,
                    "settings": settings,
                    "listener": listener,
                    "closing": closing,
                    "switchboard": switchboard,
                    "session_rate": relay.Rate(),
                }
            stop.set()
            if worker is not None:
                await worker

    return lifespan


class BuiltFiles(StaticFiles):
    """Asked for anew each time: the next release has other files under the same names."""

    def file_response(self, *args: Any, **more: Any) -> Response:
        response = super().file_response(*args, **more)
        response.headers.setdefault("Cache-Control", "no-cache")
        return response


class SecurityHeaders:
    """Headers that every answer carries: nothing is loaded from, or told to, another host."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)  # thousands of frames a second, no header

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        return await self.app(scope, receive, send_with_headers)
