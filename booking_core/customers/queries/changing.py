"""What staff change about customers."""

from datetime import datetime
from typing import Final
from uuid import UUID

from booking_core.customers.model import Contact
from booking_core.database import Connection

LOCK_TO_MERGE: Final = "SELECT private.lock_to_merge($1, $2)"
FIND_ACCOUNTS: Final = "SELECT id, user_id FROM customer_metrics WHERE id IN ($1, $2)"


async def lock_to_merge(
    conn: Connection, *, drop_id: UUID, keep_id: UUID
) -> dict[UUID, UUID | None]:
    """Wait for everybody who works with these customers, then tell each one's account.

    What will move is locked before them, as everybody else does it: no deadlock.
    """
    await conn.execute(LOCK_TO_MERGE, drop_id, keep_id)
    rows = await conn.fetch(FIND_ACCOUNTS, drop_id, keep_id)
    return {row["id"]: row["user_id"] for row in rows}


NOTE_MERGE: Final = """
    INSERT INTO customer_interactions
        (customer_metrics_id, interaction_type, details, interaction_date)
    SELECT $2, 'note', jsonb_strip_nulls(jsonb_build_object(
        'merged_customer_id', id, 'email', email, 'phone', phone
    )), $3
    FROM customer_metrics
    WHERE id = $1
"""


async def note_merge(conn: Connection, *, drop_id: UUID, keep_id: UUID, now: datetime) -> None:
    """Keep what the dropped record was known by: the kept one may have an address already."""
    await conn.execute(NOTE_MERGE, drop_id, keep_id, now)


MERGE_CUSTOMERS: Final = "SELECT private.merge_customers($1, $2)"


async def merge(conn: Connection, *, drop_id: UUID, keep_id: UUID) -> None:
    await conn.execute(MERGE_CUSTOMERS, drop_id, keep_id)


LOCK_ROW: Final = """
    SELECT user_id, email, phone FROM customer_metrics WHERE id = $1 FOR NO KEY UPDATE
"""


async def lock_row(conn: Connection, customer_id: UUID) -> Contact | None:
    """The identifiers of a customer nobody else changes until the transaction ends."""
    row = await conn.fetchrow(LOCK_ROW, customer_id)
    return None if row is None else Contact(**row)


UPDATE_CONTACT: Final = """
    UPDATE customer_metrics SET email = $2, phone = $3 WHERE id = $1
"""


async def update_contact(
    conn: Connection, customer_id: UUID, *, email: str | None, phone: str | None
) -> None:
    await conn.execute(UPDATE_CONTACT, customer_id, email, phone)


SET_DO_NOT_CONTACT: Final = """
    UPDATE customer_metrics
    SET do_not_contact_at = CASE
        WHEN $2::timestamptz IS NOT NULL THEN least(do_not_contact_at, $2)
    END
    WHERE id = $1
"""


async def set_do_not_contact(conn: Connection, customer_id: UUID, since: datetime | None) -> bool:
    """From when on nobody contacts them, the first wish counting; None: they may be again.

    Whether there is such a customer.
    """
    return await conn.execute(SET_DO_NOT_CONTACT, customer_id, since) == "UPDATE 1"
