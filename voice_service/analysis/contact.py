"""E-mail addresses and phone numbers as callers give them, made fit to be kept or refused."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final

import phonenumbers
from email_validator import validate_email

WHOLE: Final = phonenumbers.ValidationResult.IS_POSSIBLE
SHORTEST_ENDING: Final = 2
LONGEST_ADDRESS: Final = 254  # RFC 5321, less the angle brackets of its path
# Domains nobody has an address at, and local parts that only fill a form, whatever the domain.
MADE_UP_DOMAINS: Final = frozenset({"company", "domain", "test", "yourcompany", "yourdomain"})
MADE_UP_LOCALS: Final = frozenset(
    {"email", "example", "firstname.lastname", "name", "test", "user", "username", "your.name"}
)
EXAMPLE_DOMAINS: Final = frozenset({"email", "example", "mail", "sample"})
MADE_UP_ENDINGS: Final = frozenset({"com", "net", "org"})


def read_email(text: str) -> str:
    """An address in lower case.

    Raises:
        ValueError: it is no address, or one of those a model makes up to fill a field.
    """
    if len(text) > LONGEST_ADDRESS:
        raise ValueError("too long for an address")
    address = validate_email(text, check_deliverability=False).normalized.lower()
    if len(address.rpartition(".")[2]) < SHORTEST_ENDING:
        raise ValueError("no domain ends in a single letter")
    if is_made_up(address):
        raise ValueError("a placeholder, not an address")
    return address


def is_made_up(address: str) -> bool:
    local, _, domain = address.rpartition("@")
    name, _, ending = domain.rpartition(".")
    if ending not in MADE_UP_ENDINGS:
        return False
    return name in MADE_UP_DOMAINS or (name in EXAMPLE_DOMAINS and local in MADE_UP_LOCALS)


def read_phone(text: str, *, timezone: str, given: bool = True) -> str:
    """A number as E.164. Without a leading ``+`` it is read as one of the zone's own country.

    Args:
        given: somebody says that this is a phone number. Then the right length is enough: the
            library does not know every range that is given out, and a number is not to be lost.
            Otherwise any row of digits would do.
    Raises:
        ValueError: it is no number, or its country cannot be known.
    """
    try:
        number = phonenumbers.parse(text, region_of(timezone))
    except phonenumbers.NumberParseException as error:
        raise ValueError(str(error)) from error
    whole = phonenumbers.is_possible_number_with_reason(number) == WHOLE  # with its area code
    if not (whole if given else phonenumbers.is_valid_number(number)):
        raise ValueError("no such number is given out")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def region_of(timezone: str) -> str | None:
    """The country (ISO 3166) a zone belongs to; None for zones without one, as UTC."""
    return regions().get(timezone)


@cache
def regions() -> dict[str, str]:
    """Country by zone, older names of a zone included: browsers still report some of those."""
    country = {zone: code for code, zone in rows("zone.tab", separator="\t", columns=(0, 2))}
    links = rows("tzdata.zi", separator=" ", columns=(1, 2), only="L ")
    return {old: country[zone] for zone, old in links if zone in country} | country


def rows(
    name: str, *, separator: str, columns: tuple[int, int], only: str = ""
) -> Iterator[tuple[str, str]]:
    """Two columns of a table of the tzdata package, comments left out."""
    for line in (files("tzdata") / "zoneinfo" / name).read_text(encoding="utf-8").splitlines():
        if line.startswith(only) and not line.startswith("#"):
            cells = line.split(separator)
            yield cells[columns[0]], cells[columns[1]]
