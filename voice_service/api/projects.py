"""What consultations lead to."""

from dataclasses import asdict
from decimal import Decimal
from typing import Annotated, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Body, Query
from pydantic import BeforeValidator, Field
from pydantic.dataclasses import dataclass
from pydantic.json_schema import SkipJsonSchema

from booking_core.paging import USUAL_PAGE
from booking_core.projects import (
    NewProject,
    Project,
    create_project,
    get_project,
    list_projects,
    move_project,
    value_project,
)
from booking_core.projects.model import STATUSES
from voice_service.api.paging import Cursor, Limit, PageOf
from voice_service.api.values import Amount, Day, Request, refuse_null
from voice_service.dependencies import Now, Transaction

router = APIRouter(prefix="/projects", tags=["projects"])

Said: TypeAlias = Annotated[Decimal | SkipJsonSchema[None], BeforeValidator(refuse_null)]


@dataclass(frozen=True, kw_only=True)
class ProjectView(Project):
    """A project; both values are numbers in ``currency``."""

    estimated_value: Amount | None
    actual_value: Amount | None

    @classmethod
    def of(cls, project: Project) -> "ProjectView":
        return cls(**asdict(project))


class ProjectWish(Request):
    """The project that a completed booking leads to; its value is in the booking's currency."""

    original_booking_id: UUID
    project_name: str
    project_type: list[str] = Field(default_factory=list)
    estimated_value: Decimal | None = None
    currency: str | None = None
    start_date: Day | None = None
    estimated_completion: Day | None = None

    def to_new_project(self) -> NewProject:
        return NewProject(**self.model_dump(exclude={"original_booking_id"}))


class ProjectMove(Request):
    status: str


class ProjectValue(Request):
    """What the project is worth; what is left out stays as it is."""

    estimated_value: Said = None
    actual_value: Said = None
    currency: str | None = None


@router.post("", status_code=201, summary="Make a project of a booking")
async def create(
    conn: Transaction,
    now: Now,
    wish: Annotated[
        ProjectWish,
        Body(
            examples=[
                {
                    "original_booking_id": "7f7c1a52-3f0e-4f0b-9a53-0f2c64f1d1b7",
                    "project_name": "A shop for Acme",
                    "project_type": ["web development"],
                    "estimated_value": 24000,
                    "currency": "USD",
                    "start_date": "2031-02-03",
                }
            ]
        ),
    ],
) -> ProjectView:
    """Make a project, a ``lead`` so far, of a completed booking.

    Refuses with 404 ``booking_not_found``, 409 ``booking_not_over`` or ``project_exists``, 422
    ``currency_mismatch`` or ``value_invalid``.
    """
    project = await create_project(conn, wish.original_booking_id, wish.to_new_project(), now=now)
    return ProjectView.of(project)


@router.get("", summary="List projects")
async def list_page(
    conn: Transaction,
    status: Annotated[str | None, Query(description=f"One of {', '.join(STATUSES)}")] = None,
    customer: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = USUAL_PAGE,
) -> PageOf[ProjectView]:
    """Projects, newest first. Refuses with 422 ``value_invalid`` or ``page_invalid``."""
    page = await list_projects(
        conn, status=status, customer_id=customer, cursor=cursor, limit=limit
    )
    return PageOf(
        items=[ProjectView.of(project) for project in page.items], next_cursor=page.next_cursor
    )


@router.get("/{project_id}", summary="Read a project")
async def read_one(conn: Transaction, project_id: UUID) -> ProjectView:
    """One project. Refuses with 404 ``project_not_found``."""
    return ProjectView.of(await get_project(conn, project_id))


@router.post("/{project_id}/move", summary="Move a project on")
async def move(
    conn: Transaction,
    now: Now,
    project_id: UUID,
    wish: Annotated[ProjectMove, Body(examples=[{"status": "proposal_sent"}])],
) -> ProjectView:
    """Move it on in the pipeline; the customer's journey tells of the important steps.

    Refuses with 404 ``project_not_found``, 409 ``project_move_refused``, 422 ``value_invalid``.
    """
    return ProjectView.of(await move_project(conn, project_id, wish.status, now=now))


@router.patch("/{project_id}", summary="Say what a project is worth")
async def patch_value(
    conn: Transaction,
    project_id: UUID,
    value: Annotated[
        ProjectValue,
        Body(
            examples=[{"estimated_value": 30000, "currency": "USD"}, {"actual_value": "28500.50"}]
        ),
    ],
) -> ProjectView:
    """Set its values; one that is not said stays.

    Refuses with 404 ``project_not_found``, 422 ``currency_mismatch`` or ``value_invalid``.
    """
    project = await value_project(conn, project_id, **value.model_dump())
    return ProjectView.of(project)
