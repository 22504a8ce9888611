"""For operators: alive, ready, and counted."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import JSONResponse, Response

from booking_core.migrate import pending
from voice_service import jobs
from voice_service.dependencies import CurrentSettings, bearer, require_staff
from voice_service.errors import DATABASE_AWAY

router = APIRouter(tags=["operators"])


@router.get("/healthz", summary="Alive?")
async def healthz() -> dict[str, str]:
    """The process is alive; says nothing of the database."""
    return {"status": "alive"}


@router.get("/readyz", summary="Ready?")
async def readyz(request: Request) -> Response:
    """Ready to serve: database there, nothing left to migrate, job tables made; else 503."""
    try:
        async with request.state.pool.acquire() as conn:
            left = await pending(conn)
            missing_jobs = not await jobs.is_installed(conn)
    except DATABASE_AWAY:
        return not_ready("The database does not answer.")
    if left or missing_jobs:
        return not_ready("The schema is not up to date: run 'voice-service migrate'.")
    return JSONResponse({"status": "ready"})


def not_ready(reason: str) -> Response:
    return JSONResponse(
        {"status": "not ready", "reason": reason}, status_code=HTTPStatus.SERVICE_UNAVAILABLE
    )


@router.get("/metrics", summary="Numbers for Prometheus")
async def metrics(request: Request, settings: CurrentSettings) -> Response:
    """Prometheus' text format; with the staff token, except where the stand-in answers."""
    if not settings.uses_stand_in:
        require_staff(settings, await bearer(request))
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
