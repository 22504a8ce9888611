"""Voice consultations: list them, read one with its turns and its booking."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Body, Path, Query
from pydantic.dataclasses import dataclass

from booking_core.bookings import find_booking
from booking_core.database import storable
from booking_core.paging import USUAL_PAGE, cut_page, read_cursor
from voice_service.api.bookings import BookingView
from voice_service.api.paging import Cursor, Limit, PageOf
from voice_service.consultations.errors import ConsultationNotFound
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
    cursor: Cursor = None,
    limit: Limit = USUAL_PAGE,
) -> PageOf[ConsultationSummary]:
    """Newest first; ``next_cursor`` as ``cursor`` leads on. Refuses with 422 ``page_invalid``."""
    found = await list_consultations(
        conn,
        status=status,
        verdict=verdict,
        query=(q or "").replace("\0", "").strip() or None,
        before=read_cursor(cursor, datetime, UUID),
        limit=limit + 1,
    )
    page = cut_page(found, limit, lambda each: (each.started_at or each.created_at, each.id))
    return PageOf.of(page)


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
