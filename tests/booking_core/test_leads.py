"""Leads rise, keep their reasons, and are listed from the best on."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from booking_core.customers import get_customer
from booking_core.database import Connection
from booking_core.errors import BookingError, CustomerNotFound, PageInvalid, ValueInvalid
from booking_core.leads import LeadJudgement, get_lead, judge_lead, list_leads
from booking_core.paging import write_cursor
from tests.booking_core.factories import NOW, add_booking, make_customer, make_service
from tests.sql.rows import insert

REASONS = [{"code": "budget_known", "points": 25, "quote": "about '40k'; --"}]


def judged(score: int = 70, **said: Any) -> LeadJudgement:
    fields: dict[str, Any] = {"quality": "qualified", "score": score, "reasons": REASONS}
    return LeadJudgement(**fields | said)


async def test_a_judgement_is_kept_with_its_reasons(conn: Connection) -> None:
    ada = await make_customer(conn)
    lead = await judge_lead(conn, ada.id, judged(conversation_id="conv_1"), now=NOW)
    assert (lead.id, lead.lead_quality, lead.score) == (ada.id, "qualified", 70)
    assert (lead.reasons, lead.conversation_id, lead.judged_at) == (REASONS, "conv_1", NOW)


async def test_a_weaker_conversation_takes_nothing_away(conn: Connection) -> None:
    ada = await make_customer(conn)
    await judge_lead(conn, ada.id, judged(90, quality="hot", conversation_id="conv_1"), now=NOW)
    weaker = judged(10, quality="unqualified", reasons=[], conversation_id="conv_2")
    lead = await judge_lead(conn, ada.id, weaker, now=NOW)
    assert (lead.lead_quality, lead.score, lead.reasons) == ("hot", 90, REASONS)


@pytest.mark.parametrize("conversation_id", ["conv_1", None])
async def test_judged_again_the_score_is_the_new_one_and_the_quality_stays(
    conn: Connection, conversation_id: str | None
) -> None:
    ada = await make_customer(conn)
    for score, quality in ((90, "hot"), (40, "qualified")):
        said = judged(score, quality=quality, conversation_id=conversation_id)
        lead = await judge_lead(conn, ada.id, said, now=NOW)
    assert (lead.lead_quality, lead.score) == ("hot", 40)


@pytest.mark.parametrize("settled", ["converted", "churned"])
async def test_what_people_settled_stays(conn: Connection, settled: str) -> None:
    customer = await insert(conn, "customer_metrics", email="ada@example.com", lead_quality=settled)
    lead = await judge_lead(conn, customer, judged(100, quality="hot"), now=NOW)
    assert lead.lead_quality == settled


@pytest.mark.parametrize(
    "said",
    [
        {"quality": "converted"},
        {"quality": "churned"},
        {"quality": "'; --"},
        {"score": -1},
        {"score": 101},
        {"score": 2**40},
        {"score": float("nan")},
        {"score": True},
        {"reasons": ["because"]},
        {"reasons": [{}] * 101},
        {"conversation_id": "a\0b"},
        {"conversation_id": " "},
    ],
    ids=ascii,
)
async def test_a_judgement_that_makes_no_sense_is_refused(
    conn: Connection, said: dict[str, Any]
) -> None:
    ada = await make_customer(conn)
    with pytest.raises(ValueInvalid):
        await judge_lead(conn, ada.id, judged(**said), now=NOW)
    assert (await get_lead(conn, ada.id)).score is None


async def test_reasons_that_cannot_be_stored_are_kept_as_they_can(conn: Connection) -> None:
    ada = await make_customer(conn)
    odd = [{"quote": "a\0b", "points": float("inf")}]
    lead = await judge_lead(conn, ada.id, judged(reasons=odd), now=NOW)
    assert lead.reasons == [{"quote": "a\ufffdb", "points": None}]


async def test_nobody_is_no_lead(conn: Connection) -> None:
    with pytest.raises(CustomerNotFound):
        await get_lead(conn, uuid4())
    with pytest.raises(CustomerNotFound):
        await judge_lead(conn, uuid4(), judged(), now=NOW)


async def test_leads_are_listed_by_quality_then_score_in_pages(conn: Connection) -> None:
    expected: list[UUID] = []
    for quality, score in (("hot", 80), ("hot", 60), ("qualified", 90), ("qualified", None)):
        email = f"{quality}{score}@example.com"
        lead = await insert(conn, "customer_metrics", email=email, lead_quality=quality)
        if score is not None:
            await judge_lead(conn, lead, judged(score), now=NOW)
        expected.append(lead)
    await insert(conn, "customer_metrics", email="gone@example.com", lead_quality="churned")
    seen: list[UUID] = []
    page = await list_leads(conn, limit=1)
    seen += [lead.id for lead in page.items]
    while page.next_cursor is not None:
        page = await list_leads(conn, limit=1, cursor=page.next_cursor)
        seen += [lead.id for lead in page.items]
    assert seen == expected
    promising = await list_leads(conn, qualities=["hot"], minimum_score=70)
    assert [lead.id for lead in promising.items] == expected[:1]
    assert [lead.score for lead in (await list_leads(conn, qualities=["churned"])).items] == [None]


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"qualities": ["warm"]}, ValueInvalid),
        ({"minimum_score": -1}, ValueInvalid),
        ({"minimum_score": 1.5}, ValueInvalid),
        ({"cursor": "'; --"}, PageInvalid),
        ({"cursor": write_cursor("hot", 1, "x")}, PageInvalid),
        ({"limit": -1}, PageInvalid),
    ],
    ids=str,
)
async def test_a_list_that_makes_no_sense_is_refused(
    conn: Connection, asked: dict[str, Any], refusal: type[BookingError]
) -> None:
    with pytest.raises(refusal):
        await list_leads(conn, **asked)


@pytest.mark.parametrize("rank", [-7, 99])
async def test_a_tampered_place_in_the_list_leads_nowhere_odd(conn: Connection, rank: int) -> None:
    await make_customer(conn)
    await list_leads(conn, cursor=write_cursor(rank, 2**31 - 1, str(uuid4())))


async def test_a_lead_goes_through_the_stages(conn: Connection) -> None:
    ada = await make_customer(conn)
    stages = [(await get_lead(conn, ada.id)).stage]
    await insert(conn, "voice_consultations", voice_session_id="conv_1", customer_metrics_id=ada.id)
    stages.append((await get_lead(conn, ada.id)).stage)
    stages.append((await judge_lead(conn, ada.id, judged(), now=NOW)).stage)
    service = await make_service(conn, price=70, requires_payment=True)
    booking = await add_booking(conn, ada, service)
    for change in ("status = status", "status = 'completed'", "payment_status = 'paid'"):
        await conn.execute(f"UPDATE bookings SET {change} WHERE id = $1", booking)
        stages.append((await get_lead(conn, ada.id)).stage)
    assert stages == ["known", "called", "qualified", "booked", "held", "paid"]


async def test_a_cancelled_booking_is_no_stage(conn: Connection) -> None:
    ada = await make_customer(conn)
    await add_booking(conn, ada, await make_service(conn), status="cancelled")
    assert (await get_lead(conn, ada.id)).stage == "known"
    assert (await get_customer(conn, ada.id)).total_bookings == 0
