"""What may be asked of services."""

from booking_core.database import Connection, storable
from booking_core.errors import ServiceNotFound
from booking_core.services import queries
from booking_core.services.model import Service


async def get_service(conn: Connection, slug: str) -> Service:
    """The active service of that slug, or ``ServiceNotFound``."""
    service = await queries.find_service(conn, storable(slug))
    if service is None:
        raise ServiceNotFound(f"There is no service “{slug}”.")
    return service
