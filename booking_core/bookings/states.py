"""Every state a booking and its payment can be in, and every legal move between them. Pure.

The database does not police these moves: the website and the dashboard write what they write. What
goes through the core keeps to the two tables here.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from booking_core.errors import MoveNotAllowed

Status: TypeAlias = Literal[
    "pending", "confirmed", "in_progress", "completed", "cancelled", "no_show", "rescheduled"
]
PaymentStatus: TypeAlias = Literal["pending", "processing", "paid", "failed", "refunded", "waived"]

MOVES: Final[Mapping[str, frozenset[str]]] = {
    "pending": frozenset({"confirmed", "cancelled"}),
    "confirmed": frozenset({"in_progress", "completed", "cancelled", "no_show"}),
    "in_progress": frozenset({"completed", "no_show"}),
    "no_show": frozenset({"in_progress"}),  # the customer came after all
    "completed": frozenset(),
    "cancelled": frozenset(),
    "rescheduled": frozenset(),  # the website's: another booking took its place
}
PAYMENT_MOVES: Final[Mapping[str, frozenset[str]]] = {
    "pending": frozenset({"processing", "paid", "failed", "waived"}),
    "processing": frozenset({"paid", "failed"}),
    "failed": frozenset({"pending", "processing", "paid", "waived"}),
    "paid": frozenset({"refunded"}),
    "waived": frozenset(),
    "refunded": frozenset(),
}
# A new time may be given to what has not begun.
MOVABLE: Final = frozenset({"pending", "confirmed"})
SETTLED: Final = frozenset({"paid", "waived"})


def require_move(status: str, wanted: str) -> None:
    """Pass when a booking may go from ``status`` to ``wanted``, else ``MoveNotAllowed``."""
    if wanted not in MOVES.get(status, frozenset()):
        raise MoveNotAllowed(f"A booking cannot go from “{status}” to “{wanted}”.")


def require_payment_move(status: str, wanted: str) -> None:
    """Pass when a payment may go from ``status`` to ``wanted``, else ``MoveNotAllowed``."""
    if wanted not in PAYMENT_MOVES.get(status, frozenset()):
        raise MoveNotAllowed(f"A payment cannot go from “{status}” to “{wanted}”.")


def require_movable(status: str) -> None:
    """Pass when a booking may be given another time, else ``MoveNotAllowed``."""
    if status not in MOVABLE:
        raise MoveNotAllowed(f"A booking that is “{status}” cannot be given another time.")


def is_settled(payment_status: str, amount: Decimal | None) -> bool:
    """Whether nothing is owed."""
    return not amount or payment_status in SETTLED
