"""Voice consultations: list them, read one with its turns and its booking."""

import base64
import binascii
import json
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Body, Path, Query
from pydantic import BaseModel
from pydantic.dataclasses import dataclass

from booking_core.bookings import find_booking
from booking_core.database import storable
from voice_service.api.bookings import BookingView
from voice_service.consultations.errors import ConsultationNotFound, CursorInvalid
from voice_service.consultations.queries.reading import (
    ConsultationDetail,
    ConsultationSummary,
    RecordedTurn,
    find_consultation,
    list_consultations,
    list_turns,
)
from voice_service.consultations.rejudging import correct_facts
from voice_service.dependencies import Now, Transaction

router = APIRouter(prefix="/consultations", tags=["consultations"])

StatusFilter = Literal["in_progress", "processing", "completed", "dropped", "failed"]
VerdictFilter = Literal["qualified", "unqualified", "unknown"]


class ConsultationPage(BaseModel):
    """One page; ``next_cursor`` is null on the last one."""

    items: list[ConsultationSummary]
    next_cursor: str | None


@dataclass(frozen=True, kw_only=True)
class Consultation(ConsultationDetail):
    """A voice consultation with what was said, and the booking it led to."""

    turns: list[RecordedTurn]
    booking: BookingView | None


@router.get("", summary="List voice consultations")
async def list_page(
    conn: Transaction,
    status: StatusFilter | None = None,
    verdict: VerdictFilter | None = None,
    q: Annotated[str | None, Query(max_length=200, description="Name, e-mail, words")] = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ConsultationPage:
    """Newest first; ``next_cursor`` as ``cursor`` leads on. Refuses with 422 ``cursor_invalid``."""
    before = read_cursor(cursor) if cursor else None
    items = await list_consultations(
        conn,
        status=status,
        verdict=verdict,
        query=(q or "").replace("\0", "").strip() or None,
        before=before,
        limit=limit + 1,
    )
    more = len(items) > limit
    page = items[:limit]
    return ConsultationPage(items=page, next_cursor=write_cursor(page[-1]) if more else None)


@router.get("/{key}", summary="Read a voice consultation")
async def read_one(
    conn: Transaction,
    key: Annotated[str, Path(max_length=255, description="The row's uuid or conversation id")],
) -> Consultation:
    """One voice consultation with its turns. Refuses with 404 ``consultation_not_found``."""
    detail = await find_consultation(conn, key.replace("\0", ""))
    if detail is None:
        raise ConsultationNotFound("There is no voice consultation of that id.")
    booking = (
        await find_booking(conn, detail.follow_up_booking_id)
        if detail.follow_up_booking_id
        else None
    )
    return Consultation(
        **asdict(detail),
        turns=await list_turns(conn, detail.id),
        booking=BookingView.of(booking) if booking else None,
    )


@router.patch("/{key}/facts", summary="Correct facts of a voice consultation")
async def patch_facts(
    conn: Transaction,
    now: Now,
    key: Annotated[str, Path(max_length=255, description="The row's uuid or conversation id")],
    facts: Annotated[
        dict[str, Any],
        Body(
            min_length=1,
            max_length=50,
            examples=[{"budget_min": 20000, "decision_role": "decision_maker", "email": None}],
        ),
    ],
) -> Consultation:
    """Set facts a person knows better, null to take one away, and judge again.

    Refuses with 404 ``consultation_not_found``, 422 ``fact_invalid``; then nothing is changed.
    """
    await correct_facts(conn, key.replace("\0", ""), storable(facts), by="api", now=now)
    return await read_one(conn, key)


def write_cursor(last: ConsultationSummary) -> str:
    place = [(last.started_at or last.created_at).isoformat(), str(last.id)]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[datetime, UUID]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        time, row_id = json.loads(base64.urlsafe_b64decode(padded))
        instant = datetime.fromisoformat(time)
        if instant.tzinfo is None:
            raise CursorInvalid("That cursor is not one of ours; start from the first page.")
        return instant, UUID(row_id)
    except (binascii.Error, ValueError, TypeError, AttributeError):
        raise CursorInvalid("That cursor is not one of ours; start from the first page.") from None
