"""Projects in the database."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from booking_core.database import Connection
from booking_core.projects.model import NewProject, Project


@dataclass(frozen=True, kw_only=True, slots=True)
class OriginalBooking:
    """What a booking says about the project it may lead to."""

    status: str
    customer_metrics_id: UUID
    currency: str | None
    has_project: bool


LOCK_BOOKING: Final = "SELECT id FROM bookings WHERE id = $1 FOR NO KEY UPDATE"
FIND_ORIGINAL_BOOKING: Final = """
    SELECT b.status::text AS status, b.customer_metrics_id, b.currency::text AS currency,
           EXISTS (SELECT FROM projects p WHERE p.original_booking_id = b.id) AS has_project
    FROM bookings b
    WHERE b.id = $1
"""


async def lock_booking(conn: Connection, booking_id: UUID) -> OriginalBooking | None:
    """The booking, of which nobody else makes a project until the transaction ends.

    The lock is a statement of its own: the next one sees what others did before they let go.
    """
    await conn.execute(LOCK_BOOKING, booking_id)
    row = await conn.fetchrow(FIND_ORIGINAL_BOOKING, booking_id)
    return None if row is None else OriginalBooking(**row)


INSERT_PROJECT: Final = """
    INSERT INTO projects (
        customer_metrics_id, original_booking_id, project_name, project_type, estimated_value,
        currency, start_date, estimated_completion, created_at
    )
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    RETURNING id
"""


async def insert_project(
    conn: Connection, wish: NewProject, *, booking_id: UUID, customer_id: UUID, now: datetime
) -> UUID:
    project_id: UUID = await conn.fetchval(
        INSERT_PROJECT,
        customer_id,
        booking_id,
        wish.project_name,
        wish.project_type,
        wish.estimated_value,
        wish.currency,
        wish.start_date,
        wish.estimated_completion,
        now,
    )
    return project_id


PROJECTS: Final = """
    SELECT id, customer_metrics_id, original_booking_id, project_name,
           coalesce(project_type, '{}') AS project_type, estimated_value, actual_value,
           currency::text AS currency, status::text AS status, start_date, estimated_completion,
           actual_completion, created_at
    FROM projects
"""

FIND_PROJECT: Final = PROJECTS + "WHERE id = $1"


async def find_project(conn: Connection, project_id: UUID) -> Project | None:
    row = await conn.fetchrow(FIND_PROJECT, project_id)
    return None if row is None else Project(**row)


LIST_PROJECTS: Final = (
    PROJECTS
    + """
    WHERE ($1::text IS NULL OR status::text = $1)
      AND ($2::uuid IS NULL OR customer_metrics_id = $2)
      AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4::uuid))
    ORDER BY created_at DESC, id DESC
    LIMIT $5
"""
)


async def list_projects(
    conn: Connection,
    *,
    status: str | None,
    customer_id: UUID | None,
    after: tuple[datetime | None, UUID | None],
    limit: int,
) -> list[Project]:
    """Newest first; ``after`` is the key of the last one seen."""
    rows = await conn.fetch(LIST_PROJECTS, status, customer_id, *after, limit)
    return [Project(**row) for row in rows]


LOCK_PROJECT: Final = "SELECT id FROM projects WHERE id = $1 FOR NO KEY UPDATE"


async def lock_project(conn: Connection, project_id: UUID) -> None:
    await conn.execute(LOCK_PROJECT, project_id)


UPDATE_PROJECT: Final = """
    UPDATE projects
    SET status = $2::text::project_status, estimated_value = $3, actual_value = $4, currency = $5,
        start_date = $6, actual_completion = $7
    WHERE id = $1
"""


async def update_project(conn: Connection, project: Project) -> None:
    await conn.execute(
        UPDATE_PROJECT,
        project.id,
        project.status,
        project.estimated_value,
        project.actual_value,
        project.currency,
        project.start_date,
        project.actual_completion,
    )
