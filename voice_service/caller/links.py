"""Addresses by which a caller gets at their booking later, without an account. Pure."""

import base64
import hmac
from typing import Final
from urllib.parse import quote, urlencode

from booking_core.database import storable
from booking_core.errors import NotFound
from voice_service.settings import Settings

KEY: Final = "booking link"
MAC_BYTES: Final = 16


class BookingLinkUnknown(NotFound):
    code = "booking_link_unknown"


def link_token(settings: Settings, reference: str) -> str:
    """What opens a booking's link: nobody can guess it, and it needs no table."""
    key = settings.derive_key(KEY)
    mac = hmac.digest(key, storable(reference).encode(), "sha256")[:MAC_BYTES]
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def require_link(settings: Settings, reference: str, token: str) -> None:
    """Raises BookingLinkUnknown for a link that is not ours."""
    given, right = storable(token).encode(), link_token(settings, reference).encode()
    if not hmac.compare_digest(given, right):
        raise BookingLinkUnknown("This link belongs to no booking. Use the one you were given.")


def booking_url(settings: Settings, reference: str) -> str:
    """Where they see, move and cancel it; without a host, as every address on our own pages."""
    return f"{start_of(settings, reference)}?{query_of(settings, reference)}"


def calendar_url(settings: Settings, reference: str) -> str:
    return f"{start_of(settings, reference)}.ics?{query_of(settings, reference)}"


def start_of(settings: Settings, reference: str) -> str:
    return f"{settings.base_path}/b/{quote(reference, safe='')}"


def query_of(settings: Settings, reference: str) -> str:
    return urlencode({"t": link_token(settings, reference)})
