"""Long lists in pages: an opaque cursor keeps the key of the last item seen."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from booking_core.errors import PageInvalid, ValueInvalid
from booking_core.values import check_instant, check_text

T = TypeVar("T")

LARGEST_PAGE: Final = 200
USUAL_PAGE: Final = 50
LARGEST_INTEGER: Final = 2**31 - 1
LONGEST_TEXT: Final = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Page(Generic[T]):
    """Some items of a list; ``next_cursor`` leads on, and is None on the last page."""

    items: Sequence[T]
    next_cursor: str | None


def check_limit(limit: int) -> None:
    """Raise ``PageInvalid`` unless that many items make a page."""
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= LARGEST_PAGE:
        raise PageInvalid(f"A page has 1 to {LARGEST_PAGE} items.")


def cut_page(found: Sequence[T], limit: int, key: Callable[[T], tuple[Any, ...]]) -> Page[T]:
    """A page of what was found when one more than ``limit`` was asked for.

    Args:
        key: what the list is ordered by, unique for each item.
    """
    items = found[:limit]
    more = len(found) > limit
    return Page(items=items, next_cursor=write_cursor(*key(items[-1])) if more else None)


def write_cursor(*key: datetime | UUID | int | str) -> str:
    parts = [part.isoformat() if isinstance(part, datetime) else part for part in key]
    return base64.urlsafe_b64encode(json.dumps(parts, default=str).encode()).decode().rstrip("=")


def read_cursor(cursor: str | None, *kinds: type[Any]) -> tuple[Any, ...]:
    """The key in a cursor, of those types; as many None for the first page, which has no cursor.

    Raises:
        PageInvalid: it is none of ours.
    """
    if cursor is None:
        return (None,) * len(kinds)
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return tuple(read_part(part, kind) for part, kind in zip(parts, kinds, strict=True))
    except (ValueError, TypeError, RecursionError, ValueInvalid) as error:
        raise PageInvalid("That cursor is not one of ours; start from the first page.") from error


def read_part(part: Any, kind: type[Any]) -> Any:
    """One part of a key; ValueError, TypeError or ``ValueInvalid`` where it is of another type."""
    if kind is int:
        if type(part) is not int or abs(part) > LARGEST_INTEGER:
            raise TypeError
        return part
    text = check_text("cursor", part, longest=LONGEST_TEXT)
    if kind is datetime:
        return check_instant("cursor", datetime.fromisoformat(text))
    return UUID(text) if kind is UUID else text
