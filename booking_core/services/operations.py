"""What may be asked of services, and changed in their rules."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from booking_core.database import Connection, storable
from booking_core.errors import ServiceNotFound, ValueInvalid
from booking_core.services import queries
from booking_core.services.model import RuleChanges, Service

MINUTE: Final = timedelta(minutes=1)
DAY: Final = timedelta(days=1)
NONE: Final = timedelta(0)
MOST_BOOKINGS: Final = 1000

# What each rule is called, the least and the most that it may be.
DURATIONS: Final[Mapping[str, tuple[str, timedelta, timedelta]]] = {
    "slot_step": ("step from start to start", MINUTE, DAY),
    "buffer_before": ("buffer before", NONE, DAY),
    "buffer_after": ("buffer after", NONE, DAY),
    "minimum_notice": ("notice", NONE, 366 * DAY),
}
COUNTS: Final[Mapping[str, tuple[str, int]]] = {
    "horizon_days": ("horizon in days", 3660),
    "max_daily_bookings": ("number of bookings a day", MOST_BOOKINGS),
    "max_concurrent_bookings": ("number of bookings at once", MOST_BOOKINGS),
}


async def get_service(conn: Connection, slug: str) -> Service:
    """The active service of that slug, or ``ServiceNotFound``."""
    service = await queries.find_service(conn, storable(slug))
    if service is None:
        raise ServiceNotFound(f"There is no service “{slug}”.")
    return service


async def get_service_of_any_state(conn: Connection, slug: str) -> Service:
    """The service of that slug, offered or not any more, or ``ServiceNotFound``."""
    service = await queries.find_service_of_any_state(conn, storable(slug))
    if service is None:
        raise ServiceNotFound(f"There is no service “{slug}”.")
    return service


async def change_rules(conn: Connection, slug: str, changes: RuleChanges) -> Service:
    """Change how a service is offered from now on; what is booked stays as it was agreed.

    Raises:
        ServiceNotFound: there is none of that slug, not even an inactive one.
        ValueInvalid: a rule that no calendar could keep; then nothing is changed.
    """
    await queries.lock_service(conn, storable(slug))
    service = replace(await get_service_of_any_state(conn, slug), **changes)
    check_rules(changes)
    await queries.update_rules(conn, service)
    return service


def check_rules(changes: RuleChanges) -> None:
    """Raise ``ValueInvalid`` unless slots can be reckoned with these rules and the table keeps
    them."""
    for name, value in changes.items():
        if isinstance(value, timedelta):
            what, least, most = DURATIONS[name]
            if value % MINUTE or not least <= value <= most:
                allowed = f"{least // MINUTE} to {most // MINUTE}"
                raise ValueInvalid(f"The {what} must have {allowed} whole minutes.")
        elif name in COUNTS and value is not None:
            what, greatest = COUNTS[name]
            if not isinstance(value, int) or not 1 <= value <= greatest:
                raise ValueInvalid(f"The {what} must lie between 1 and {greatest}.")
