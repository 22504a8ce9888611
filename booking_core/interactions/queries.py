"""Interactions in the database."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from booking_core.database import Connection
from booking_core.interactions.model import Interaction

INSERT_INTERACTION: Final = """
    WITH customer AS (
        UPDATE customer_metrics
        SET last_interaction_date = greatest(last_interaction_date, $8)
        WHERE id = $1
    )
    INSERT INTO customer_interactions (
        customer_metrics_id, booking_id, interaction_type, details, staff_member, value_score,
        conversion_potential, interaction_date
    )
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    RETURNING id
"""


async def insert_interaction(
    conn: Connection,
    customer_id: UUID,
    interaction_type: str,
    *,
    booking_id: UUID | None,
    details: Mapping[str, Any],
    staff_member: UUID | None,
    value_score: int,
    conversion_potential: str,
    now: datetime,
) -> UUID:
    interaction_id: UUID = await conn.fetchval(
        INSERT_INTERACTION,
        customer_id,
        booking_id,
        interaction_type,
        details,
        staff_member,
        value_score,
        conversion_potential,
        now,
    )
    return interaction_id


INTERACTIONS: Final = """
    SELECT id, customer_metrics_id, booking_id, interaction_type::text AS interaction_type,
           interaction_date, details, staff_member, value_score,
           conversion_potential::text AS conversion_potential
    FROM customer_interactions
"""

GET_INTERACTION: Final = INTERACTIONS + "WHERE id = $1"


async def get_interaction(conn: Connection, interaction_id: UUID) -> Interaction:
    """One that the same transaction has just written."""
    row = await conn.fetchrow(GET_INTERACTION, interaction_id)
    assert row is not None
    return Interaction(**row)


LIST_INTERACTIONS: Final = (
    INTERACTIONS
    + """
    WHERE customer_metrics_id = $1
      AND ($2::timestamptz IS NULL OR (interaction_date, id) < ($2, $3::uuid))
    ORDER BY interaction_date DESC, id DESC
    LIMIT $4
"""
)


async def list_interactions(
    conn: Connection,
    customer_id: UUID,
    *,
    after: tuple[datetime | None, UUID | None],
    limit: int,
) -> list[Interaction]:
    """The latest first; ``after`` is the key of the last one seen."""
    rows = await conn.fetch(LIST_INTERACTIONS, customer_id, *after, limit)
    return [Interaction(**row) for row in rows]
