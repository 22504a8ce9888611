"""What may be said of leads. A quality is only ever raised here; lowering it is for people."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from booking_core.customers import raise_lead_quality
from booking_core.database import Connection, storable
from booking_core.errors import CustomerNotFound, ValueInvalid
from booking_core.leads import queries
from booking_core.leads.model import OPEN_QUALITIES, QUALITIES, Lead, LeadJudgement
from booking_core.paging import USUAL_PAGE, Page, check_limit, cut_page, read_cursor
from booking_core.values import check_choice, check_instant, check_optional_text

NO_SCORE: Final = -1  # stands for none where leads are put in order
MOST_REASONS: Final = 100
LONGEST_ID: Final = 255


async def judge_lead(
    conn: Connection, customer_id: UUID, judgement: LeadJudgement, *, now: datetime
) -> Lead:
    """Keep a judgement of a customer: the quality rises or stays, and converted or churned stay.

    The best score is kept with its reasons; a conversation that is judged again replaces what it
    said before, also by less. Where the same transaction books, it does so first: booking locks the
    consultant's day before the customer.

    Raises:
        CustomerNotFound: there is none of that id.
        ValueInvalid: the quality, the score or the reasons make no sense.
    """
    check_judgement(judgement)
    check_instant("time of the judgement", now)
    if not await queries.lock_customer_row(conn, customer_id):
        raise CustomerNotFound("There is no such customer.")
    await raise_lead_quality(conn, customer_id, judgement.quality, now=now)
    reasons = [storable(dict(reason)) for reason in judgement.reasons]
    await queries.keep_score(conn, customer_id, judgement, reasons, now=now)
    return await get_lead(conn, customer_id)


def check_judgement(judgement: LeadJudgement) -> None:
    check_choice("lead quality", judgement.quality, OPEN_QUALITIES)
    if type(judgement.score) is not int or not 0 <= judgement.score <= 100:
        raise ValueInvalid("The lead score must be a whole number from 0 to 100.")
    if len(judgement.reasons) > MOST_REASONS or not all(
        isinstance(reason, Mapping) for reason in judgement.reasons
    ):
        raise ValueInvalid(f"The reasons must be at most {MOST_REASONS} objects.")
    check_optional_text("conversation id", judgement.conversation_id, longest=LONGEST_ID)


async def get_lead(conn: Connection, customer_id: UUID) -> Lead:
    """A customer as a lead, or ``CustomerNotFound``."""
    lead = await queries.find_lead(conn, customer_id)
    if lead is None:
        raise CustomerNotFound("There is no such customer.")
    return lead


async def list_leads(
    conn: Connection,
    *,
    qualities: Collection[str] = OPEN_QUALITIES,
    minimum_score: int = 0,
    cursor: str | None = None,
    limit: int = USUAL_PAGE,
) -> Page[Lead]:
    """Leads, the best quality first, then the highest score.

    Args:
        qualities: only these; by default those that are neither converted nor churned.
        minimum_score: 0: also those that nobody has judged.
    Raises:
        ValueInvalid, PageInvalid: what is asked for makes no sense.
    """
    check_limit(limit)
    for quality in qualities:
        check_choice("lead quality", quality, QUALITIES)
    if type(minimum_score) is not int or not 0 <= minimum_score <= 100:
        raise ValueInvalid("The lowest score must be a whole number from 0 to 100.")
    rank, score, customer_id = read_cursor(cursor, int, int, UUID)
    after = None if rank is None else (quality_of(rank), score, customer_id)
    found = await queries.list_leads(
        conn, qualities=qualities, minimum_score=minimum_score, after=after, limit=limit + 1
    )
    return cut_page(found, limit, key_of)


def key_of(lead: Lead) -> tuple[Any, ...]:
    score = NO_SCORE if lead.score is None else lead.score
    return (QUALITIES.index(lead.lead_quality), score, lead.id)


def quality_of(rank: int) -> str:
    """The quality of that rank; a cursor that was tampered with leads to the nearest one."""
    return QUALITIES[min(max(rank, 0), len(QUALITIES) - 1)]
