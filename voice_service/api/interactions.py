"""A customer's journey, and notes on it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body

from booking_core.customers import get_customer
from booking_core.interactions import Interaction, add_note, list_interactions
from booking_core.paging import USUAL_PAGE
from voice_service.api.paging import Cursor, Limit, PageOf
from voice_service.api.values import Request
from voice_service.dependencies import Now, Transaction

router = APIRouter(prefix="/customers/{customer_id}/interactions", tags=["customers"])


class Note(Request):
    """What is worth keeping, in words."""

    note: str


@router.get("", summary="List what happened with a customer")
async def list_page(
    conn: Transaction, customer_id: UUID, cursor: Cursor = None, limit: Limit = USUAL_PAGE
) -> PageOf[Interaction]:
    """The latest first. Refuses with 404 ``customer_not_found``, 422 ``page_invalid``."""
    await get_customer(conn, customer_id)
    return PageOf.of(await list_interactions(conn, customer_id, cursor=cursor, limit=limit))


@router.post("", status_code=201, summary="Note something about a customer")
async def note_something(
    conn: Transaction,
    now: Now,
    customer_id: UUID,
    body: Annotated[Note, Body(examples=[{"note": "Asked for an offer in German."}])],
) -> Interaction:
    """Keep a note. Refuses with 404 ``customer_not_found``, 422 ``value_invalid``."""
    return await add_note(conn, customer_id, body.note, now=now)
