"""Who gives consultations."""

from fastapi import APIRouter
from pydantic import BaseModel

from booking_core.consultants import Consultant, list_consultants
from voice_service.dependencies import Transaction

router = APIRouter(prefix="/consultants", tags=["consultants"])


class ConsultantList(BaseModel):
    """All of them: a consultancy has few."""

    items: list[Consultant]
    next_cursor: None = None


@router.get("", summary="List consultants")
async def list_all(conn: Transaction) -> ConsultantList:
    """Staff who give consultations, by name, with the zone their hours are in.

    Refuses nothing but a wrong token, with 401 ``unauthorized``.
    """
    return ConsultantList(items=await list_consultants(conn))
