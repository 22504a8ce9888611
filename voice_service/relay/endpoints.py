"""The doors of a live conversation, as ElevenLabs has them, and one for our own page."""

import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import urlencode
from uuid import uuid4

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, field_validator
from starlette.responses import JSONResponse
from starlette.websockets import WebSocket

from booking_core.zones import find_zone
from voice_service.dependencies import CurrentSettings, Now
from voice_service.errors import problem
from voice_service.relay.admission import (
    admit,
    default_agent,
    is_allowed_agent,
    is_own_origin,
    visitor_key,
)
from voice_service.relay.pump import close_visitor
from voice_service.relay.rate import Rate
from voice_service.relay.session import SessionBroken
from voice_service.relay.switchboard import Switchboard
from voice_service.relay.tokens import PARAMETER, PATH, Token, signed_url, write_token
from voice_service.settings import Settings

SUBPROTOCOL: Final = "convai"
EVENTS_PATH: Final = "/session/events"
EVENTS_KEY: Final = "visitor events"  # opens no conversation
AFTERWARDS: Final = timedelta(hours=1)  # a booking may be made a while after the end
BEARER: Final = "bearer."  # a token that stays out of the address; never echoed

router = APIRouter()


class SignedUrl(BaseModel):
    """Good for one conversation, for a few minutes."""

    signed_url: str


class VisitorSession(SignedUrl):
    """``events_url``: server-sent events of what becomes of that conversation, on this host."""

    events_url: str


class SessionWish(BaseModel):
    """What our page tells of its visitor. A zone that does not exist is nobody's."""

    model_config = ConfigDict(extra="forbid")

    timezone: str | None = None

    @field_validator("timezone")
    @classmethod
    def must_exist(cls, value: str | None) -> str | None:
        return value if value is not None and find_zone(value) is not None else None


@router.get(f"{PATH}/get-signed-url", response_model=SignedUrl)
@router.get(f"{PATH}/get_signed_url", response_model=SignedUrl, include_in_schema=False)
async def get_signed_url(
    settings: CurrentSettings,
    now: Now,
    agent_id: Annotated[str, Query(max_length=255)],
    xi_api_key: Annotated[str | None, Header()] = None,
) -> Response:
    """A signed URL for a program that holds ``RELAY_API_KEY``, to use or to hand to its user."""
    if not opens(settings, xi_api_key):
        return problem(
            HTTPStatus.UNAUTHORIZED,
            code="unauthorized",
            detail="Send the RELAY_API_KEY in the header xi-api-key.",
        )
    if not is_allowed_agent(settings, agent_id):
        return problem(
            HTTPStatus.NOT_FOUND,
            code="agent_not_found",
            detail="This agent is not available here; see RELAY_AGENTS.",
        )
    return answer_signed(settings, make_token(settings, agent_id, now=now, trusted=True))


@router.post("/session", response_model=VisitorSession)
async def begin_session(
    request: Request, settings: CurrentSettings, now: Now, wish: SessionWish | None = None
) -> Response:
    """A signed URL for one visitor of our own page; other sites' pages get none."""
    if not is_own_origin(settings, request.headers.get("origin", "")):
        return problem(
            HTTPStatus.FORBIDDEN,
            code="other_origin",
            detail="Only pages of this service may begin a session here.",
        )
    rate: Rate = request.state.session_rate
    wait = rate.use(visitor_key(settings, address_of(request)), now=now)
    if wait is not None:
        return problem(
            HTTPStatus.TOO_MANY_REQUESTS,
            code="too_many_sessions",
            detail="You have begun many conversations just now. Please wait a little.",
            headers={"Retry-After": str(wait)},
        )
    timezone = wish.timezone if wish else None
    token = make_token(settings, default_agent(settings), now=now, timezone=timezone)
    return answer_signed(settings, token, events_url=events_url(settings, token, now=now))


@router.websocket(PATH)
async def converse(websocket: WebSocket) -> None:
    """Speak with the agent, in ElevenLabs' protocol. Refusals are closes that can be read."""
    settings: Settings = websocket.state.settings
    switchboard: Switchboard = websocket.state.switchboard
    offered: list[str] = websocket.scope["subprotocols"]
    origin = websocket.headers.get("origin")
    await websocket.accept(SUBPROTOCOL if SUBPROTOCOL in offered else None)
    try:
        admission = admit(
            settings,
            agent_id=websocket.query_params.get("agent_id"),
            token=websocket.query_params.get(PARAMETER) or bearer_token(offered),
            origin=origin,
            address=address_of(websocket),
            now=datetime.now(UTC),
        )
        await switchboard.converse(websocket, admission, from_page=origin is not None)
    except SessionBroken as refused:
        await close_visitor(websocket, refused.close.code, refused.close.reason)


def opens(settings: Settings, given: str | None) -> bool:
    key = settings.relay_api_key
    if key is None or given is None:
        return False
    return secrets.compare_digest(given.encode(), key.get_secret_value().encode())


def make_token(
    settings: Settings,
    agent_id: str,
    *,
    now: datetime,
    trusted: bool = False,
    timezone: str | None = None,
) -> Token:
    return Token(
        id=uuid4(),
        agent_id=agent_id,
        expires_at=now + timedelta(minutes=settings.relay_token_minutes),
        trusted=trusted,
        timezone=timezone,
    )


def answer_signed(settings: Settings, token: Token, **more: str) -> Response:
    written = write_token(token, settings.derive_key("relay token"))
    url = signed_url(settings.base_url, token.agent_id, written)
    return JSONResponse({"signed_url": url, **more}, headers={"Cache-Control": "no-store"})


def events_url(settings: Settings, token: Token, *, now: datetime) -> str:
    """Without a host: a page asks the one it came from, whatever that is called."""
    lives = timedelta(minutes=settings.relay_token_minutes + settings.relay_longest_minutes)
    follower = replace(token, expires_at=now + lives + AFTERWARDS)
    written = write_token(follower, settings.derive_key(EVENTS_KEY))
    return f"{settings.base_path}{EVENTS_PATH}?{urlencode({'token': written})}"


def bearer_token(offered: list[str]) -> str | None:
    return next(
        (each.removeprefix(BEARER) for each in offered if each.startswith(BEARER)),
        None,
    )


def address_of(connection: Request | WebSocket) -> str:
    """The visitor's; behind a proxy of TRUSTED_PROXIES, as that proxy tells it."""
    return connection.client.host if connection.client else ""
