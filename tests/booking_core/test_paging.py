"""Cursors lead to the next page and nowhere else."""

import base64
import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking_core.errors import PageInvalid
from booking_core.paging import check_limit, cut_page, read_cursor, write_cursor

INSTANTS = st.integers(0, 32_000_000_000).map(lambda secs: datetime.fromtimestamp(secs, UTC))


@given(INSTANTS, st.uuids(), st.integers(-(2**31) + 1, 2**31 - 1))
def test_a_cursor_is_read_as_it_was_written(at: datetime, row: UUID, number: int) -> None:
    assert read_cursor(write_cursor(at, row, number), datetime, UUID, int) == (at, row, number)


def test_the_first_page_has_no_cursor() -> None:
    assert read_cursor(None, datetime, UUID) == (None, None)


@given(st.text())
def test_whatever_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(PageInvalid):
        read_cursor(text, datetime, UUID)


@pytest.mark.parametrize(
    "parts",
    [
        None,
        7,
        {},
        [],
        ["2031-01-06T08:00:00+00:00"],
        ["2031-01-06T08:00:00", "5b1f0c52-7a44-4e0e-9d61-2f3c8a7e1101"],
        ["0001-01-01T00:00:00+14:00", "5b1f0c52-7a44-4e0e-9d61-2f3c8a7e1101"],
        ["9999-12-31T00:00:00+00:00", "5b1f0c52-7a44-4e0e-9d61-2f3c8a7e1101"],
        ["2031-01-06T08:00:00+00:00", "'; DROP TABLE bookings; --"],
        ["2031-01-06T08:00:00+00:00", 7],
        [{}, []],
        ["\0", "\0"],
    ],
    ids=str,
)
def test_a_forged_cursor_is_refused(parts: object) -> None:
    forged = base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()
    with pytest.raises(PageInvalid):
        read_cursor(forged, datetime, UUID)


@pytest.mark.parametrize("number", [2**31, -(2**40), 1.5, True, "7", None, float("inf")])
def test_a_number_in_a_cursor_is_a_small_whole_one(number: object) -> None:
    forged = base64.urlsafe_b64encode(json.dumps([number]).encode()).decode()
    with pytest.raises(PageInvalid):
        read_cursor(forged, int)


@pytest.mark.parametrize("limit", [0, -1, 201, 10**30, True])
def test_a_page_has_some_items_but_not_too_many(limit: int) -> None:
    with pytest.raises(PageInvalid):
        check_limit(limit)


def test_the_last_page_leads_nowhere() -> None:
    assert cut_page([1, 2], 2, lambda n: (n,)).next_cursor is None
    first = cut_page([1, 2, 3], 2, lambda n: (n,))
    assert first.items == [1, 2]
    assert read_cursor(first.next_cursor, int) == (2,)
