"""One request, one booking, however often it is sent."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Final

from booking_core.bookings.model import BookedOnce, Booking
from booking_core.bookings.queries import bookings, requests
from booking_core.database import Connection, storable
from booking_core.errors import IdempotencyConflict, IdempotencyKeyInvalid

LONGEST_KEY: Final = 255  # characters


async def book_once(
    conn: Connection,
    key: str,
    content: Mapping[str, Any],
    book: Callable[[], Awaitable[Booking]],
    *,
    now: datetime,
) -> BookedOnce:
    """Book, unless a request of the same key has: then its booking, as it is now.

    Two at once wait for each other, and make one booking. A refused request leaves nothing behind:
    its key may be used again.

    Args:
        key: chosen by whoever asks, unique among all who ask.
        content: what is asked for; anything JSON-like, other values by their ``str``.
        book: makes the booking in the same transaction.
    Raises:
        IdempotencyConflict: the key belongs to a request for something else.
        IdempotencyKeyInvalid: it is blank, too long, or no text that can be kept.
        BookingError: whatever ``book`` refuses.
    """
    if not key.strip() or len(key) > LONGEST_KEY or storable(key) != key:
        raise IdempotencyKeyInvalid("A key has 1 to 255 characters, not all of them blank.")
    digest = digest_of(content)
    async with conn.transaction():
        await requests.lock_request(conn, key)
        made = await requests.find_request(conn, key)
        if made is None:
            booking = await book()
            made = requests.MadeRequest(content_sha256=digest, booking_id=booking.id)
            await requests.insert_request(conn, key, made, now=now)
            return BookedOnce(booking=booking, repeated=False)
        if made.content_sha256 != digest:
            raise IdempotencyConflict("This key was used for another request.")
        first = await bookings.find_booking(conn, made.booking_id)
        assert first is not None  # the request would have gone with its booking
        return BookedOnce(booking=first, repeated=True)


def digest_of(content: Mapping[str, Any]) -> bytes:
    """The same for the same content, in whatever order its keys come."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).digest()
