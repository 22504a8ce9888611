"""The customer's journey."""

from datetime import timedelta

from booking_core.database import Connection
from booking_core.interactions import record_interaction
from tests.booking_core.factories import NOW, make_customer


async def test_an_interaction_is_kept_and_moves_the_customers_latest_date(
    conn: Connection,
) -> None:
    customer = await make_customer(conn)
    interaction_id = await record_interaction(
        conn, customer.id, "voice_consultation", details={"conversation_id": "conv_1"}, now=NOW
    )
    row = await conn.fetchrow("SELECT * FROM customer_interactions WHERE id = $1", interaction_id)
    assert row is not None
    assert row["details"] == {"conversation_id": "conv_1"}
    assert row["interaction_date"] == NOW
    latest = "SELECT last_interaction_date FROM customer_metrics WHERE id = $1"
    assert await conn.fetchval(latest, customer.id) == NOW


async def test_an_older_interaction_never_moves_the_latest_date_back(conn: Connection) -> None:
    customer = await make_customer(conn)
    for moment in (NOW, NOW - timedelta(days=3)):
        await record_interaction(conn, customer.id, "voice_consultation", details={}, now=moment)
    latest = "SELECT last_interaction_date FROM customer_metrics WHERE id = $1"
    assert await conn.fetchval(latest, customer.id) == NOW
