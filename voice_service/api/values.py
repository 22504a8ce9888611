"""Values on the wire, each read and written in one way."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer

DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def require_date(value: Any) -> Any:
    """Refuse what pydantic takes for seconds since 1970: ``20310106`` is no date."""
    if not isinstance(value, str) or DATE.fullmatch(value) is None:
        raise ValueError("write a date such as 2031-01-06")
    return value


def require_time(value: Any) -> Any:
    if not isinstance(value, str) or DATE.match(value) is None:
        raise ValueError("write a time such as 2031-01-06T10:00:00Z")
    return value


def refuse_null(value: Any) -> Any:
    if value is None:
        raise ValueError("leave it out where it is not to change")
    return value


Day: TypeAlias = Annotated[date, BeforeValidator(require_date)]
Instant: TypeAlias = Annotated[datetime, BeforeValidator(require_time)]

# Written as a number, as every amount of the API is; its currency stands beside it.
Amount: TypeAlias = Annotated[Decimal, PlainSerializer(float, return_type=float)]
MoneyByCurrency: TypeAlias = Mapping[str, Amount]


class Request(BaseModel):
    """What a body may say, and nothing else."""

    model_config = ConfigDict(extra="forbid")
