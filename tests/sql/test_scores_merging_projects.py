"""Lead scores are for the team, merging is for the service, and projects hold no nonsense."""

import pytest

from booking_core.database import Connection
from tests.sql.roles import CHECK, FORBIDDEN, acting_as, refused, rows_seen, rows_touched
from tests.sql.rows import People, insert, make_customer, value

INSERT_SCORE = """
    INSERT INTO lead_scores (customer_metrics_id, score, judged_at) VALUES ($1, 50, now())
"""
WRITES = ["UPDATE lead_scores SET score = 100", "DELETE FROM lead_scores"]


async def test_scores_are_read_by_staff_and_written_by_the_service(
    conn: Connection, people: People
) -> None:
    async with acting_as(conn, "service_role"):
        assert await rows_touched(conn, INSERT_SCORE, people.customer) == 1
    seen, written = {}, {}
    for name, role, user_id in (
        ("visitor", "anon", None),
        ("ann", "authenticated", people.ann),
        ("sam", "authenticated", people.sam),
        ("service", "service_role", None),
    ):
        async with acting_as(conn, role, user_id):
            seen[name] = len(await rows_seen(conn, "SELECT score FROM lead_scores"))
            written[name] = [await rows_touched(conn, write) for write in WRITES]
    assert seen == {"visitor": 0, "ann": 0, "sam": 1, "service": 1}
    nothing = [0, 0]
    assert written == {"visitor": nothing, "ann": nothing, "sam": nothing, "service": [1, 1]}


@pytest.mark.parametrize("columns", [{"score": 101}, {"score": -1}, {"reasons": {}}], ids=str)
async def test_a_score_holds_no_nonsense(
    conn: Connection, people: People, columns: dict[str, object]
) -> None:
    row = {"score": 50, "customer_metrics_id": people.customer} | columns
    async with refused(conn, CHECK):
        await conn.execute(
            "INSERT INTO lead_scores (customer_metrics_id, score, reasons, judged_at)"
            " VALUES ($1, $2, $3, now())",
            row["customer_metrics_id"],
            row["score"],
            row.get("reasons", []),
        )


@pytest.mark.parametrize("role", ["anon", "authenticated"])
async def test_customers_are_merged_and_locked_by_the_service_alone(
    conn: Connection, people: People, role: str
) -> None:
    twin = await make_customer(conn, "twin@example.com")
    for user_id in (people.bob, people.sam):
        async with acting_as(conn, role, user_id):
            for call in ("merge_customers($1, $2)", "lock_to_merge($1, $2)"):
                async with refused(conn, FORBIDDEN):
                    await conn.execute(f"SELECT private.{call}", twin, people.customer)
    async with acting_as(conn, "service_role"):
        await conn.execute("SELECT private.merge_customers($1, $2)", twin, people.customer)


async def test_two_customers_become_one_only_when_they_can(
    conn: Connection, people: People
) -> None:
    other = await make_customer(conn, "bob@example.com", user_id=people.bob)
    for into in (people.customer, other, people.ann):
        async with refused(conn, CHECK):
            await conn.execute("SELECT private.merge_customers($1, $2)", other, into)
    assert await value(conn, "customer_metrics", other, "user_id") == people.bob


async def test_a_project_holds_no_negative_value_and_no_strange_currency(
    conn: Connection, people: People
) -> None:
    for columns in ({"currency": "usd"}, {"estimated_value": -1}, {"actual_value": -1}):
        async with refused(conn, CHECK):
            await insert(
                conn,
                "projects",
                customer_metrics_id=people.customer,
                project_name="A web shop",
                **columns,
            )
