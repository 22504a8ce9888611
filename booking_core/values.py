"""What may be given: texts, choices, instants and dates that make sense and can be stored."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Final

from booking_core.database import UNSTORABLE
from booking_core.errors import ValueInvalid

EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(3000, 1, 1, tzinfo=UTC)  # room to add durations and offsets


def check_text(name: str, value: str, *, longest: int) -> str:
    """The text without blanks around it, or ``ValueInvalid``: blank, too long or not storable."""
    text = value.strip() if isinstance(value, str) else ""
    if not text:
        raise ValueInvalid(f"The {name} must say something.")
    if len(text) > longest:
        raise ValueInvalid(f"The {name} has more than {longest} characters.")
    if UNSTORABLE.search(text):
        raise ValueInvalid(f"The {name} contains characters that cannot be stored.")
    return text


def check_optional_text(name: str, value: str | None, *, longest: int) -> str | None:
    return None if value is None else check_text(name, value, longest=longest)


def check_choice(name: str, value: str, choices: Collection[str]) -> None:
    """Raise ``ValueInvalid`` unless it is one of the choices, which the sentence then names."""
    if value not in choices:
        raise ValueInvalid(f"The {name} must be one of: {', '.join(choices)}.")


def check_instant(name: str, value: datetime) -> datetime:
    """The instant, or ``ValueInvalid``: without a time zone, or in no year that means anything."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueInvalid(f"The {name} needs a time zone.")
    if not EARLIEST <= value < LATEST:
        raise ValueInvalid(f"The {name} must lie between 1970 and 2999.")
    return value


def check_date(name: str, value: date) -> date:
    """The date, or ``ValueInvalid``: an instant instead, or in no year that means anything."""
    if isinstance(value, datetime) or not isinstance(value, date):
        raise ValueInvalid(f"The {name} must be a date.")
    if not EARLIEST.date() <= value < LATEST.date():
        raise ValueInvalid(f"The {name} must lie between 1970 and 2999.")
    return value


def check_optional_date(name: str, value: date | None) -> date | None:
    return None if value is None else check_date(name, value)
