"""A voice consultation as work to be done."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import ConfigDict

from voice_service.api.consultations import Consultation, read_one
from voice_service.api.values import Instant, Request
from voice_service.consultations import change_task
from voice_service.dependencies import Transaction

router = APIRouter(prefix="/consultations", tags=["consultations"])


class TaskChange(Request):
    """What is to change; what is left out stays."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"assigned_to": "5b1f0c52-7a44-4e0e-9d61-2f3c8a7e1101"},
                {"snoozed_until": "2031-01-06T10:00:00Z"},
                {"closed_at": "2030-12-24T16:30:00Z"},
            ]
        }
    )

    assigned_to: UUID | None = None
    due_at: Instant | None = None
    snoozed_until: Instant | None = None
    closed_at: Instant | None = None


@router.patch("/{key}", summary="Assign, put off or close a voice consultation")
async def patch_task(
    conn: Transaction,
    key: Annotated[str, Path(max_length=255, description="The row's uuid or conversation id")],
    change: TaskChange,
) -> Consultation:
    """Change whose work it is and when; null takes a value away, and so opens it again.

    Refuses with 404 ``consultation_not_found``, ``staff_member_not_found``; 422 ``value_invalid``.
    """
    given = change.model_dump(exclude_unset=True)
    assigned_to = ("assigned_to" in given, given.pop("assigned_to", None))
    await change_task(conn, key, given, assigned_to=assigned_to)
    return await read_one(conn, key)
