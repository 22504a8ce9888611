"""What makes no sense or cannot be stored is refused in words."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from booking_core.errors import ValueInvalid
from booking_core.money import check_amount, read_money
from booking_core.values import check_date, check_instant, check_text


def title(value: Any) -> str:
    return check_text("title", value, longest=10)


@pytest.mark.parametrize("value", ["", "  \n", "x" * 11, "a\0b", "a\ud800b", None, 7])
def test_a_text_that_cannot_be_kept_is_refused(value: Any) -> None:
    with pytest.raises(ValueInvalid, match="title"):
        title(value)


def test_a_text_loses_the_blanks_around_it_and_nothing_else() -> None:
    assert title("  '; --  ") == "'; --"


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (check_instant, datetime(2031, 1, 6)),  # noqa: DTZ001  # without a zone: the point
        (check_instant, datetime(1, 1, 1, tzinfo=UTC)),
        (check_instant, datetime(9999, 12, 31, tzinfo=UTC)),
        (check_instant, date(2031, 1, 6)),
        (check_date, datetime(2031, 1, 6, tzinfo=UTC)),
        (check_date, date(1, 1, 1)),
        (check_date, date(9999, 12, 31)),
        (check_date, "2031-01-06"),
        (check_amount, Decimal("-0.01")),
        (check_amount, Decimal("NaN")),
        (check_amount, Decimal("sNaN")),
        (check_amount, Decimal("Infinity")),
        (check_amount, Decimal("1e30")),
        (check_amount, Decimal("0.001")),
        (check_amount, 1.5),
    ],
    ids=lambda each: getattr(each, "__name__", str(each)),
)
def test_what_is_no_such_value_is_refused(check: Callable[[str, Any], Any], value: Any) -> None:
    with pytest.raises(ValueInvalid, match="thing"):
        check("thing", value)


def test_amounts_are_whole_cents_and_sums_stay_exact() -> None:
    assert str(check_amount("price", Decimal("1e2"))) == "100.00"
    assert read_money({"USD": "0.10", "EUR": "9999999999.99"}) == {
        "EUR": Decimal("9999999999.99"),
        "USD": Decimal("0.10"),
    }
    assert read_money(None) == {}
