"""Amounts of money, always beside their currency and never added across currencies."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final, TypeAlias

from booking_core.errors import ValueInvalid

Money: TypeAlias = Mapping[str, Decimal]

LARGEST: Final = Decimal("9999999999.99")  # what the columns for a project's value hold
CENTS: Final = Decimal("0.01")
CURRENCY: Final = re.compile("[A-Z]{3}")


def check_amount(name: str, value: Decimal) -> Decimal:
    """The amount in whole cents, or ``ValueInvalid``: negative, not finite, finer or too large."""
    if not isinstance(value, Decimal) or not value.is_finite():
        raise ValueInvalid(f"The {name} must be a number.")
    if not 0 <= value <= LARGEST:
        raise ValueInvalid(f"The {name} must lie between 0 and {LARGEST}.")
    if value != value.quantize(CENTS):
        raise ValueInvalid(f"The {name} has parts of a cent.")
    return value.quantize(CENTS)


def check_currency(code: str) -> None:
    """Raise ``ValueInvalid`` unless it looks like a code of ISO 4217."""
    if not isinstance(code, str) or CURRENCY.fullmatch(code) is None:
        raise ValueInvalid("A currency is three capital letters, such as USD.")


def read_money(amounts: Mapping[str, str] | None) -> Money:
    """Sums by currency as a query gives them: as text, for JSON would make floats of them."""
    return {currency: Decimal(amount) for currency, amount in sorted((amounts or {}).items())}
