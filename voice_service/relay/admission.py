"""Who may have a conversation: tokens, agents, origins, limits. Refused in words, by a close."""

import hmac
import ipaddress
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from voice_service.relay.frames import POLICY, TRY_LATER
from voice_service.relay.session import SessionBroken
from voice_service.relay.tokens import Token, TokenRefused, read_token
from voice_service.settings import Settings

STAND_IN_AGENT: Final = "agent_rehearsal"
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
FULL: Final = "All lines are busy just now. Please try again in a few minutes."
VISITOR_FULL: Final = "You have several conversations open already. Please end one of them first."
VISITOR_OFTEN: Final = "You have had many conversations lately. Please try again in an hour."
USED: Final = "This signed URL has had its conversation. Get a new one."


@dataclass(frozen=True, kw_only=True)
class Admission:
    """A visitor who may have a conversation, limits apart.

    Attributes:
        id: of the session; a token's own.
        visitor: a keyed hash of their address; None for whom no visitor's limit counts.
    """

    id: UUID
    agent_id: str
    visitor: str | None
    timezone: str | None


def refuse(reason: str, code: int = POLICY) -> SessionBroken:
    return SessionBroken(code, reason)


def admit(
    settings: Settings,
    *,
    agent_id: str | None,
    token: str | None,
    origin: str | None,
    address: str,
    now: datetime,
) -> Admission:
    """Look at what a visitor brings.

    Args:
        agent_id: from the query; must be the token's where there is one.
        token: as in the signed URL; None when only an agent is named.
        origin: the page's, as browsers tell it; None for programs.
    Raises:
        SessionBroken: refused, with a reason they can read.
    """
    if origin is not None and not may_connect(settings, origin):
        raise refuse("Pages of this site may not connect. See ALLOWED_ORIGINS.")
    ticket = read_ticket(settings, agent_id=agent_id, token=token, now=now)
    if not is_allowed_agent(settings, ticket.agent_id):
        raise refuse("This agent is not available here.")
    return Admission(
        id=ticket.id,
        agent_id=ticket.agent_id,
        visitor=None if ticket.trusted else visitor_key(settings, address),
        timezone=ticket.timezone,
    )


def read_ticket(
    settings: Settings, *, agent_id: str | None, token: str | None, now: datetime
) -> Token:
    if token is None:
        if not settings.allows_unsigned:
            raise refuse("A signed URL is needed to connect.")
        if not agent_id:
            raise refuse("Name the agent in agent_id.")
        return Token(id=uuid4(), agent_id=agent_id, expires_at=now)
    try:
        ticket = read_token(token, settings.derive_key("relay token"), now=now)
    except TokenRefused as error:
        raise refuse(str(error)) from None
    if agent_id and agent_id != ticket.agent_id:
        raise refuse("The signed URL is for another agent.")
    return ticket


def is_allowed_agent(settings: Settings, agent_id: str) -> bool:
    return not settings.agents or agent_id in settings.agents


def default_agent(settings: Settings) -> str:
    return settings.agents[0] if settings.agents else STAND_IN_AGENT


def may_connect(settings: Settings, origin: str) -> bool:
    return is_own_origin(settings, origin) or is_listed(origin, settings.allowed_origins)


def is_listed(origin: str, allowed: Collection[str]) -> bool:
    return origin.lower() in {each.lower() for each in allowed}


def is_own_origin(settings: Settings, origin: str) -> bool:
    """Whether a page is ours; on one machine all its names for itself are."""
    try:
        own, theirs = urlsplit(settings.base_url), urlsplit(origin)
        same_port = (own.scheme, port_of(own.scheme, own.port)) == (
            theirs.scheme,
            port_of(theirs.scheme, theirs.port),
        )
    except ValueError:  # no port that could be one
        return False
    both_here = own.hostname in LOOPBACK and theirs.hostname in LOOPBACK
    return same_port and (own.hostname == theirs.hostname or both_here)


def port_of(scheme: str, port: int | None) -> int | None:
    return port or {"http": 80, "https": 443}.get(scheme)


def visitor_key(settings: Settings, address: str) -> str:
    """The same for the same visitor, and nobody's address: of IPv6 the /64 that one site has."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        network = address
    else:
        prefix = 64 if ip.version == 6 else 32
        network = str(ipaddress.ip_network((ip, prefix), strict=False))
    return hmac.digest(settings.derive_key("visitor"), network.encode(), "sha256")[:12].hex()


class OpenSessions:
    """The conversations of this process, and who had one lately; holds when the database is away.

    Args:
        most: conversations at the same time.
        most_per_visitor: the same, of one visitor.
        most_per_hour: conversations that one visitor begins within an hour.
    """

    def __init__(self, *, most: int, most_per_visitor: int, most_per_hour: int) -> None:
        self.most, self.most_per_visitor, self.most_per_hour = most, most_per_visitor, most_per_hour
        self._open: dict[UUID, str | None] = {}
        self._begun: deque[tuple[datetime, UUID, str | None]] = deque()

    def __len__(self) -> int:
        return len(self._open)

    def begin(self, admission: Admission, *, now: datetime) -> None:
        """Raises SessionBroken when a limit is reached or the token was used."""
        while self._begun and self._begun[0][0] <= now - timedelta(hours=1):
            self._begun.popleft()
        if any(session_id == admission.id for _, session_id, _ in self._begun):
            raise refuse(USED)
        visitor = admission.visitor
        check_limits(
            self,
            open_now=len(self._open),
            visitors=0 if visitor is None else [*self._open.values()].count(visitor),
            lately=0 if visitor is None else sum(each == visitor for _, _, each in self._begun),
        )
        self._open[admission.id] = visitor
        self._begun.append((now, admission.id, visitor))

    def end(self, session_id: UUID) -> None:
        self._open.pop(session_id, None)


def check_limits(limits: OpenSessions, *, open_now: int, visitors: int, lately: int) -> None:
    """Raises SessionBroken when one more conversation would be too many."""
    if open_now >= limits.most:
        raise refuse(FULL, TRY_LATER)
    if visitors >= limits.most_per_visitor:
        raise refuse(VISITOR_FULL, TRY_LATER)
    if lately >= limits.most_per_hour:
        raise refuse(VISITOR_OFTEN, TRY_LATER)
