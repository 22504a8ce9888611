"""What the agent's data collection reports, made into facts: known fields alone, each checked."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from voice_service.analysis.contact import read_email, read_phone
from voice_service.analysis.model import Fact, FactValue, Reason, WantedTime
from voice_service.analysis.wanted_time import read_wanted_time

CONFIDENCE: Final = 0.8  # a model filled it in; no turn of the caller has been held against it yet
ABSENT_WORDS: Final = frozenset({"", "n/a", "none", "null", "unknown", "not provided"})
NO_BUDGET: Final = ("budget_status", "none")  # the one field where "none" is an answer
ENVELOPE_KEYS: Final = frozenset({"data_collection_id", "json_schema", "rationale", "value"})
LONGEST_NAME: Final = 120
LARGEST_COMPANY: Final = 1_000_000
PROJECT_TYPES: Final = (
    "web_app",
    "mobile_app",
    "ecommerce",
    "integration_api",
    "data_ai",
    "modernization",
    "devops_cloud",
    "audit_consulting",
    "other",
)
CURRENCY: Final = re.compile(r"[A-Z]{3}")  # the shape of ISO 4217; only three are ever converted
NUMERAL: Final = re.compile(r"[+-]?[0-9]{1,300}(\.[0-9]{1,300})?")


@dataclass(frozen=True, kw_only=True)
class Setting:
    """When and where a conversation took place; a bare phone number or clock time is read in it."""

    started_at: datetime
    timezone: str
    language: str


@dataclass(frozen=True, kw_only=True)
class Collected:
    """Usable facts by name, in the order of ``FIELDS``, and a reason for each unusable value."""

    facts: Mapping[str, Fact]
    ignored: tuple[Reason, ...]


Reader: TypeAlias = Callable[[object, Setting], FactValue]  # raises ValueError: not usable


def read_data_collection(
    results: object, *, started_at: datetime, timezone: str, language: str = "en"
) -> Collected:
    """Read ``analysis.data_collection_results``, whatever is in it; nothing raises.

    Args:
        results: id → ``{"value": …, "rationale": …}`` or a bare value, a list of such objects with
            their ``data_collection_id``, or None.
        started_at: aware; when the conversation began.
        timezone: IANA name of the caller's zone.
        language: ISO 639-1, in which a wanted time may be written.
    """
    setting = Setting(started_at=started_at, timezone=timezone, language=language)
    values = values_by_name(results)
    facts: dict[str, Fact] = {}
    ignored: list[Reason] = []
    for name, read in FIELDS.items():
        value = values.get(name)
        if is_absent(name, value):
            continue
        try:
            fact = Fact(
                name=name,
                value=read(value, setting),
                source="data_collection",
                confidence=CONFIDENCE,
            )
        except ValueError:
            # The field's name, not its value: the value may hold anything at all.
            ignored.append(
                Reason(code="invalid_field_ignored", points=0, source="data_collection", quote=name)
            )
        else:
            facts[name] = fact
    return Collected(facts=facts, ignored=tuple(ignored))


def caller_sentiment(results: object) -> float | None:
    """The mood as the agent reports it, in [-1, 1]; None when it says nothing usable."""
    value = values_by_name(results).get("caller_sentiment")
    try:
        return None if is_absent("caller_sentiment", value) else mood(value)
    except ValueError:
        return None


def values_by_name(results: object) -> dict[str, object]:
    return {
        name: unwrapped(item)
        for name, item in pairs(results)
        if isinstance(name, str) and name in FIELDS
    }


def pairs(results: object) -> Iterable[tuple[object, object]]:
    if isinstance(results, Mapping):
        return results.items()
    if isinstance(results, list):
        return [
            (item.get("data_collection_id"), item) for item in results if isinstance(item, Mapping)
        ]
    return ()


def unwrapped(item: object) -> object:
    if isinstance(item, Mapping) and ENVELOPE_KEYS & item.keys():
        return item.get("value")
    return item


def is_absent(name: str, value: object) -> bool:
    if not isinstance(value, str):
        return value is None
    word = value.strip().casefold()
    return word in ABSENT_WORDS and (name, word) != NO_BUDGET


class Unusable(ValueError):
    """A value was reported, but not one the field can have."""


def short_text(value: object, setting: Setting) -> str:
    words = any_text(value, setting)
    if len(words) > LONGEST_NAME:
        raise Unusable("too long for a name")
    return words


def any_text(value: object, _: Setting) -> str:
    if not isinstance(value, str):
        raise Unusable("not a text")
    return value.strip()


def email(value: object, setting: Setting) -> str:
    return read_email(any_text(value, setting))


def phone(value: object, setting: Setting) -> str:
    return read_phone(any_text(value, setting), timezone=setting.timezone)


def preferred_time(value: object, setting: Setting) -> WantedTime:
    return read_wanted_time(
        any_text(value, setting),
        started_at=setting.started_at,
        timezone=setting.timezone,
        language=setting.language,
    )


def currency(value: object, setting: Setting) -> str:
    code = any_text(value, setting).upper()
    if not CURRENCY.fullmatch(code):
        raise Unusable("not a currency code")
    return code


def one_of(*accepted: str) -> Reader:
    def read(value: object, setting: Setting) -> str:
        word = any_text(value, setting).casefold()
        if word not in accepted:
            raise Unusable("not one of the accepted words")
        return word

    return read


def boolean(value: object, setting: Setting) -> bool:
    if isinstance(value, bool):
        return value
    word = any_text(value, setting).casefold()
    if word not in ("true", "false"):
        raise Unusable("neither true nor false")
    return word == "true"


def head_count(value: object, _: Setting) -> int:
    people = number(value)
    if not (isinstance(people, int) and 1 <= people <= LARGEST_COMPANY):
        raise Unusable("not a number of people")
    return people


def money(value: object, _: Setting) -> int | float:
    amount = number(value)
    if amount <= 0:
        raise Unusable("not an amount")
    return amount


def sentiment(value: object, _: Setting) -> float:
    return mood(value)


def mood(value: object) -> float:
    score = number(value)
    if not -1 <= score <= 1:
        raise Unusable("outside [-1, 1]")
    return float(score)


def number(value: object) -> int | float:
    """A finite number, or a text that is exactly one; whole ones come as int."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Unusable("not a number")
    if isinstance(value, str) and not NUMERAL.fullmatch(value.strip()):
        raise Unusable("not a numeral")
    try:
        amount = float(value)
    except OverflowError as error:
        raise Unusable("too large for a number") from error
    if not math.isfinite(amount):
        raise Unusable("not finite")
    return int(amount) if amount.is_integer() else amount


# Every field the agent is asked to fill; whatever else it reports is no evidence of anything.
FIELDS: Final[Mapping[str, Reader]] = {
    "caller_type": one_of(
        "prospect",
        "existing_customer",
        "job_seeker",
        "vendor",
        "student",
        "wrong_number",
        "spam",
        "other",
    ),
    "full_name": short_text,
    "company": short_text,
    "role": short_text,
    "email": email,
    "phone": phone,
    "company_size": head_count,
    "project_type": one_of(*PROJECT_TYPES),
    "project_description": any_text,
    "budget_min": money,
    "budget_max": money,
    "budget_currency": currency,
    "budget_status": one_of("approved", "estimated", "none"),
    "decision_role": one_of("decision_maker", "influencer", "researcher"),
    "timeline": one_of("0-3", "3-6", "6-12", "later"),
    "preferred_time": preferred_time,
    "wants_booking": boolean,
    "caller_sentiment": sentiment,
    "preferred_service": one_of("discovery-call", "strategy-session"),
}
