"""The service's own role, under row security, does all that the core offers with people."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from booking_core import customers, follow_ups, interactions, leads, projects, reports
from booking_core.customers import Contact
from booking_core.database import Connection
from tests.sql.roles import acting_as
from tests.sql.rows import People, book, change, insert, make_customer

NOW = datetime.now(UTC) + timedelta(minutes=1)
YEARS = reports.Period(start=date(2026, 1, 1), end=date(2034, 1, 1))


async def test_the_service_works_with_customers_and_leads(conn: Connection, people: People) -> None:
    twin = await make_customer(conn, "twin@example.com")
    await book(conn, twin)
    async with acting_as(conn, "service_role"):
        found = await customers.find_or_create_customer(
            conn, Contact(email="eve@example.com"), lead_source="referral", now=NOW
        )
        await customers.update_contact(conn, found.id, {"phone": "+4930123456"})
        await customers.set_do_not_contact(conn, found.id, now=NOW)
        await customers.clear_do_not_contact(conn, found.id)
        judgement = leads.LeadJudgement(quality="hot", score=80, reasons=[{"code": "budget"}])
        await leads.judge_lead(conn, twin, judgement, now=NOW)
        kept = await customers.merge_customers(conn, people.customer, twin, now=NOW)
        assert (kept.email, kept.total_bookings) == ("ann@example.com", 1)
        assert [lead.id for lead in (await leads.list_leads(conn, qualities=["hot"])).items] == [
            people.customer
        ]
        page = await customers.list_customers(conn, search="Ann Lee")
        assert [one.id for one in page.items] == [people.customer]


async def test_the_service_works_with_what_comes_after_a_booking(
    conn: Connection, people: People
) -> None:
    booking = await book(conn, people.customer, consultant_id=people.sam)
    await change(conn, "bookings", booking, status="completed")
    await insert(conn, "voice_consultations", voice_session_id="c", follow_up_booking_id=booking)
    async with acting_as(conn, "service_role"):
        made = await follow_ups.create_follow_ups(conn, booking, "completed", now=NOW)
        await follow_ups.assign_follow_up(conn, made[0].id, people.mia)
        await follow_ups.complete_follow_up(conn, made[0].id, outcome="Done", now=NOW)
        late = await follow_ups.mark_overdue(conn, now=NOW + timedelta(days=30))
        assert late == [one.id for one in made[1:]]
        assert len((await follow_ups.list_open_follow_ups(conn)).items) == len(late)
        project = await projects.create_project(
            conn, booking, projects.NewProject(project_name="A web shop"), now=NOW
        )
        await projects.value_project(conn, project.id, estimated_value=Decimal(5))
        await projects.move_project(conn, project.id, "proposal_sent", now=NOW)
        page = await interactions.list_interactions(conn, people.customer)
        assert [one.interaction_type for one in page.items] == ["proposal_sent"]
        assert len(await reports.report_months(conn, YEARS)) == 1
        assert len(await reports.report_services(conn, YEARS)) == 2
        assert [one.booked for one in await reports.report_funnel(conn, YEARS)] == [1]
        assert [one.booked for one in await reports.report_voice(conn, YEARS)] == [1]
        assert await reports.report_tools(conn, YEARS) == []
        assert len(await reports.count_lead_qualities(conn)) == 1
