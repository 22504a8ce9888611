"""Long lists on the wire: the core's pages, and how one asks for them."""

from collections.abc import Sequence
from typing import Annotated, Generic, TypeAlias, TypeVar

from fastapi import Query
from pydantic import BaseModel

from booking_core.paging import LARGEST_PAGE, Page

T = TypeVar("T")

Cursor: TypeAlias = Annotated[
    str | None, Query(max_length=300, description="`next_cursor` of the page before")
]
Limit: TypeAlias = Annotated[int, Query(ge=1, le=LARGEST_PAGE)]


class PageOf(BaseModel, Generic[T]):
    """One page; ``next_cursor`` is null on the last one."""

    items: Sequence[T]
    next_cursor: str | None

    @classmethod
    def of(cls, page: Page[T]) -> "PageOf[T]":
        return cls(items=page.items, next_cursor=page.next_cursor)
