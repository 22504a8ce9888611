"""What may be asked of consultants."""

from uuid import UUID

from booking_core.consultants import queries
from booking_core.consultants.model import Consultant
from booking_core.database import Connection
from booking_core.errors import ConsultantNotFound, TimezoneUnknown
from booking_core.zones import find_zone


async def get_consultant(conn: Connection, consultant_id: UUID) -> Consultant:
    """The member of the staff with this id, or ``ConsultantNotFound``."""
    consultant = await queries.find_consultant(conn, consultant_id)
    if consultant is None or not consultant.is_active:
        raise not_found()
    return consultant


def not_found() -> ConsultantNotFound:
    return ConsultantNotFound("There is no such member of the staff.")


async def lock_consultant(conn: Connection, consultant_id: UUID) -> None:
    """Wait for others who change this consultant, until the transaction ends.

    Raises:
        ConsultantNotFound: nobody of the staff has this id.
    """
    if not await queries.lock_staff(conn, consultant_id):
        raise not_found()


async def change_timezone(conn: Connection, consultant_id: UUID, timezone: str) -> None:
    """Read the consultant's hours in another zone from now on; bookings keep their instants.

    Args:
        timezone: an IANA name.
    Raises:
        ConsultantNotFound, TimezoneUnknown.
    """
    if find_zone(timezone) is None:
        raise TimezoneUnknown(f"There is no time zone “{timezone}”.")
    await lock_consultant(conn, consultant_id)
    await queries.set_timezone(conn, consultant_id, timezone)
