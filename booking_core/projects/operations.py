"""What may be done with projects."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from booking_core.database import Connection
from booking_core.errors import (
    BookingNotFound,
    BookingNotOver,
    CurrencyMismatch,
    ProjectExists,
    ProjectMoveRefused,
    ProjectNotFound,
    ValueInvalid,
)
from booking_core.interactions import record_interaction
from booking_core.money import check_amount, check_currency
from booking_core.paging import USUAL_PAGE, Page, check_limit, cut_page, read_cursor
from booking_core.projects import queries
from booking_core.projects.model import INTERACTION_OF, MOVES, STATUSES, NewProject, Project
from booking_core.values import check_choice, check_instant, check_optional_date, check_text

LONGEST_NAME: Final = 255
LONGEST_TYPE: Final = 100
MOST_TYPES: Final = 20


async def create_project(
    conn: Connection, booking_id: UUID, wish: NewProject, *, now: datetime
) -> Project:
    """Make a project, a ``lead`` so far, of a completed booking.

    Raises:
        BookingNotFound: there is none of that id.
        BookingNotOver: it is not completed.
        ProjectExists: it has led to one already.
        CurrencyMismatch: the value is in another currency than the booking.
        ValueInvalid: what is said of the project makes no sense.
    """
    wish = check_wish(wish)
    check_instant("time of creation", now)
    booking = await queries.lock_booking(conn, booking_id)
    if booking is None:
        raise BookingNotFound("There is no such booking.")
    if booking.status != "completed":
        raise BookingNotOver(f"The booking is {booking.status}, not completed.")
    if booking.has_project:
        raise ProjectExists("This booking has led to a project already.")
    currency = agree_on_currency(booking.currency, wish.currency)
    project_id = await queries.insert_project(
        conn,
        replace(wish, currency=currency),
        booking_id=booking_id,
        customer_id=booking.customer_metrics_id,
        now=now,
    )
    return await get_project(conn, project_id)


def check_wish(wish: NewProject) -> NewProject:
    """The wish as it can be stored, or ``ValueInvalid``."""
    start = check_optional_date("start date", wish.start_date)
    end = check_optional_date("estimated completion", wish.estimated_completion)
    if start is not None and end is not None and end < start:
        raise ValueInvalid("The project cannot be completed before it starts.")
    return replace(
        wish,
        project_name=check_text("name of the project", wish.project_name, longest=LONGEST_NAME),
        project_type=check_types(wish.project_type),
        estimated_value=check_value("estimated value", wish.estimated_value),
    )


def check_types(types: Sequence[str]) -> list[str]:
    if isinstance(types, str) or len(types) > MOST_TYPES:
        raise ValueInvalid(f"A project has a list of at most {MOST_TYPES} types.")
    return [check_text("type of project", one, longest=LONGEST_TYPE) for one in types]


def check_value(name: str, value: Decimal | None) -> Decimal | None:
    return None if value is None else check_amount(name, value)


def agree_on_currency(known: str | None, said: str | None) -> str | None:
    """The one currency of both; ``CurrencyMismatch`` where they differ."""
    if said is None:
        return known
    check_currency(said)
    if known is not None and said != known:
        raise CurrencyMismatch(f"The amounts are in {known}, not in {said}.")
    return said


async def get_project(conn: Connection, project_id: UUID) -> Project:
    """The project of that id, or ``ProjectNotFound``."""
    project = await queries.find_project(conn, project_id)
    if project is None:
        raise ProjectNotFound("There is no such project.")
    return project


async def list_projects(
    conn: Connection,
    *,
    status: str | None = None,
    customer_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = USUAL_PAGE,
) -> Page[Project]:
    """Projects, newest first; of one state, of one customer, or all.

    Raises:
        ValueInvalid, PageInvalid: what is asked for makes no sense.
    """
    check_limit(limit)
    if status is not None:
        check_choice("status", status, STATUSES)
    after_time, after_id = read_cursor(cursor, datetime, UUID)
    found = await queries.list_projects(
        conn,
        status=status,
        customer_id=customer_id,
        after=(after_time, after_id),
        limit=limit + 1,
    )
    return cut_page(found, limit, lambda project: (project.created_at, project.id))


async def move_project(
    conn: Connection, project_id: UUID, status: str, *, now: datetime
) -> Project:
    """Move a project on in the pipeline; its customer's journey tells of the important steps.

    Work that begins sets the start date where there is none, work that ends the completion date,
    both in UTC.

    Raises:
        ProjectNotFound: there is none of that id.
        ProjectMoveRefused: ``MOVES`` does not lead there from where it is.
        ValueInvalid: there is no such state.
    """
    check_choice("status", status, STATUSES)
    today = check_instant("time of the move", now).astimezone(UTC).date()
    project = await lock_project(conn, project_id)
    if status not in MOVES[project.status]:
        raise ProjectMoveRefused(f"A project does not go from {project.status} to {status}.")
    moved = replace(project, status=status)
    if status == "in_progress":
        moved = replace(moved, start_date=project.start_date or today)
    elif status == "completed":
        moved = replace(moved, actual_completion=today)
    await queries.update_project(conn, moved)
    if status in INTERACTION_OF:
        await record_interaction(
            conn,
            project.customer_metrics_id,
            INTERACTION_OF[status],
            booking_id=project.original_booking_id,
            details={"project_id": str(project.id), "project_name": project.project_name},
            now=now,
        )
    return moved


async def lock_project(conn: Connection, project_id: UUID) -> Project:
    """The project, which nobody else changes until the transaction ends."""
    await queries.lock_project(conn, project_id)
    return await get_project(conn, project_id)


async def value_project(
    conn: Connection,
    project_id: UUID,
    *,
    estimated_value: Decimal | None = None,
    actual_value: Decimal | None = None,
    currency: str | None = None,
) -> Project:
    """Say what a project is worth; a value that is not said stays as it is.

    Raises:
        ProjectNotFound: there is none of that id.
        CurrencyMismatch: the values are in another currency than the project.
        ValueInvalid: a value is negative or no amount of money, or has no currency at all.
    """
    estimated = check_value("estimated value", estimated_value)
    actual = check_value("actual value", actual_value)
    project = await lock_project(conn, project_id)
    agreed = agree_on_currency(project.currency, currency)
    if agreed is None:
        raise ValueInvalid("The value needs a currency.")
    valued = replace(
        project,
        estimated_value=project.estimated_value if estimated is None else estimated,
        actual_value=project.actual_value if actual is None else actual,
        currency=agreed,
    )
    await queries.update_project(conn, valued)
    return valued
