"""Customers as leads: how promising, and how far each has come."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from booking_core.leads import Lead, get_lead, list_leads
from booking_core.leads.model import OPEN_QUALITIES, QUALITIES
from booking_core.paging import USUAL_PAGE
from voice_service.api.paging import Cursor, Limit, PageOf
from voice_service.dependencies import Transaction

router = APIRouter(prefix="/leads", tags=["customers"])


@router.get("", summary="List leads")
async def list_page(
    conn: Transaction,
    quality: Annotated[
        list[str],
        Query(
            max_length=len(QUALITIES),
            description=f"Any of {', '.join(QUALITIES)}; may be given several times",
        ),
    ] = list(OPEN_QUALITIES),  # noqa: B006  # FastAPI copies it for every request
    min_score: Annotated[int, Query(description="0: also those nobody has judged")] = 0,
    cursor: Cursor = None,
    limit: Limit = USUAL_PAGE,
) -> PageOf[Lead]:
    """The best quality first, then the highest score; ``id`` is the customer's.

    Refuses with 422 ``value_invalid`` or ``page_invalid``.
    """
    page = await list_leads(
        conn, qualities=quality, minimum_score=min_score, cursor=cursor, limit=limit
    )
    return PageOf.of(page)


@router.get("/{customer_id}", summary="Read a lead")
async def read_one(conn: Transaction, customer_id: UUID) -> Lead:
    """A customer as a lead, with score and reasons. Refuses with 404 ``customer_not_found``."""
    return await get_lead(conn, customer_id)
