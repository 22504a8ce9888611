"""The door for ElevenLabs' events. A plain Starlette route: it is the hottest one we have."""

import hashlib
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from booking_core.database import Connection, Pool
from voice_service import jobs
from voice_service.elevenlabs_api.signature import SignatureCheck, SignatureError, read_header
from voice_service.elevenlabs_api.wire import Envelope, UnreadableBody, read_envelope
from voice_service.errors import problem
from voice_service.metrics import WEBHOOK_SECONDS, WEBHOOKS
from voice_service.settings import Settings
from voice_service.webhooks.handling import AUDIO, HANDLE_EVENT
from voice_service.webhooks.queries import find_given_up, insert_event

SIGNATURE: Final = "elevenlabs-signature"

log = structlog.get_logger()


class TooLarge(Exception):
    """The body is larger than ``MAX_WEBHOOK_BYTES``."""


async def receive_event(request: Request) -> Response:
    """Keep one signed event: 200 once it is durably stored, also for one that we have already.

    401 for a signature that is missing, malformed, stale, early (all before the body is read) or
    wrong; 413 for a body over the limit; 400 for a signed one that is no JSON object, which is
    kept all the same; 503 while the database is away.
    """
    settings: Settings = request.state.settings
    with WEBHOOK_SECONDS.time():
        now = datetime.now(UTC)
        try:
            header = read_header(request.headers.getlist(SIGNATURE), now=now)
            check = SignatureCheck(header, settings.webhook_secrets)
            body, digest = await read_body(request, check, limit=settings.max_webhook_bytes)
            check.verify()
        except SignatureError as error:
            return refuse_signature(error)
        except TooLarge:
            return refuse_size(settings.max_webhook_bytes)
        except ClientDisconnect:
            WEBHOOKS.labels("cut").inc()
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        return await keep(request.state.pool, body, digest, settings, now=now)


async def read_body(
    request: Request, check: SignatureCheck, *, limit: int
) -> tuple[bytearray, bytes]:
    """The body and its SHA-256, hashed as it comes; raises TooLarge as soon as it is."""
    announced = request.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced) > limit:
        raise TooLarge
    body = bytearray()
    digest = hashlib.sha256()
    async for chunk in request.stream():
        if len(body) + len(chunk) > limit:
            raise TooLarge
        check.update(chunk)
        digest.update(chunk)
        body += chunk
    return body, digest.digest()


async def keep(
    pool: Pool, body: bytearray, digest: bytes, settings: Settings, *, now: datetime
) -> Response:
    """Event and job in one transaction, then the answer."""
    envelope: Envelope | None
    try:
        envelope = read_envelope(bytes(body))
        error = None
    except UnreadableBody as unreadable:
        envelope, error = None, str(unreadable)
    event_type = envelope.type if envelope else None
    dropped = event_type == AUDIO and not settings.store_audio
    async with pool.acquire() as conn, conn.transaction():
        event_id = await insert_event(
            conn,
            event_type=event_type,
            conversation_id=envelope.conversation_id if envelope else None,
            body=None if dropped else bytes(body),
            body_sha256=digest,
            body_bytes=len(body),
            received_at=now,
            error=error,
        )
        waiting = event_id or await find_given_up(
            conn,
            event_type=event_type,
            conversation_id=envelope.conversation_id if envelope else None,
            body_sha256=digest,
        )
        if waiting is not None and envelope is not None:
            await ask_for_handling(conn, str(waiting))
    if envelope is None:
        return refuse_unreadable(error or "")
    outcome = "repeated" if event_id is None else "stored"
    WEBHOOKS.labels(outcome).inc()
    return JSONResponse({"status": outcome})


async def ask_for_handling(conn: Connection, event_id: str) -> None:
    """Once: while the event's job waits or runs, asking again adds none."""
    await jobs.enqueue(conn, HANDLE_EVENT, {"event_id": event_id}, key=f"event:{event_id}")


def refuse_signature(error: SignatureError) -> Response:
    WEBHOOKS.labels("bad_signature").inc()
    log.warning("webhook_refused", signature=str(error))
    return problem(
        HTTPStatus.UNAUTHORIZED,
        code="signature_invalid",
        detail="ElevenLabs-Signature is missing, wrong or outside its time. Check that "
        "ELEVENLABS_WEBHOOK_SECRET is the webhook's secret and that the clock is right.",
    )


def refuse_size(limit: int) -> Response:
    WEBHOOKS.labels("too_large").inc()
    return problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        code="body_too_large",
        detail=f"More than {limit} bytes; MAX_WEBHOOK_BYTES sets the limit.",
    )


def refuse_unreadable(error: str) -> Response:
    WEBHOOKS.labels("unreadable").inc()
    log.warning("webhook_unreadable", error=error)
    return problem(
        HTTPStatus.BAD_REQUEST,
        code="body_unreadable",
        detail="Signed, but not a JSON object. It was kept for a person to look at.",
    )
