"""Interactions in the database."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from booking_core.database import Connection

RECORD_INTERACTION: Final = """
    WITH customer AS (
        UPDATE customer_metrics
        SET last_interaction_date = greatest(last_interaction_date, $5)
        WHERE id = $1
    )
    INSERT INTO customer_interactions
        (customer_metrics_id, booking_id, interaction_type, details, interaction_date)
    VALUES ($1, $2, $3, $4, $5)
    RETURNING id
"""


async def record_interaction(
    conn: Connection,
    customer_id: UUID,
    interaction_type: str,
    *,
    booking_id: UUID | None = None,
    details: Mapping[str, Any],
    now: datetime,
) -> UUID:
    """Note what happened with a customer, and that it was their latest interaction.

    Args:
        interaction_type: a value of the enum, such as ``voice_consultation``.
        details: free-form, kept as JSON.
    """
    interaction_id: UUID = await conn.fetchval(
        RECORD_INTERACTION, customer_id, booking_id, interaction_type, details, now
    )
    return interaction_id
