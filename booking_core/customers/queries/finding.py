"""Finding the customer behind an account, an address or a number, and making a new one."""

from datetime import datetime
from typing import Final
from uuid import UUID

from booking_core.customers.model import Contact, Customer, LeadQuality
from booking_core.database import Connection

CUSTOMERS: Final = """
    SELECT c.id, c.user_id, get_customer_email(c.user_id, c.email) AS email, c.phone,
           c.lead_source::text AS lead_source, c.lead_quality::text AS lead_quality,
           c.status::text AS status, c.do_not_contact_at, c.created_at
    FROM customer_metrics c
"""

FIND_BY_ACCOUNT: Final = CUSTOMERS + "WHERE c.user_id = $1"


async def find_by_account(conn: Connection, user_id: UUID) -> Customer | None:
    row = await conn.fetchrow(FIND_BY_ACCOUNT, user_id)
    return None if row is None else Customer(**row)


FIND_BY_ACCOUNT_EMAIL: Final = (
    CUSTOMERS
    + """
    JOIN auth.users u ON u.id = c.user_id
    WHERE lower(u.email) = $1 AND u.email_confirmed_at IS NOT NULL
    LIMIT 1
"""
)


async def find_by_account_email(conn: Connection, email: str) -> Customer | None:
    """By the confirmed address of a customer's account, in lower case."""
    row = await conn.fetchrow(FIND_BY_ACCOUNT_EMAIL, email)
    return None if row is None else Customer(**row)


FIND_BY_EMAIL: Final = CUSTOMERS + "WHERE c.user_id IS NULL AND lower(c.email) = $1"


async def find_by_email(conn: Connection, email: str) -> Customer | None:
    """By the address, in lower case, of a customer without an account."""
    row = await conn.fetchrow(FIND_BY_EMAIL, email)
    return None if row is None else Customer(**row)


FIND_BY_PHONE: Final = CUSTOMERS + "WHERE c.phone = $1 ORDER BY c.created_at, c.id LIMIT 1"


async def find_by_phone(conn: Connection, phone: str) -> Customer | None:
    row = await conn.fetchrow(FIND_BY_PHONE, phone)
    return None if row is None else Customer(**row)


ADOPT_RECORD: Final = """
    UPDATE customer_metrics c
    SET user_id = u.id
    FROM auth.users u
    WHERE u.id = $1 AND u.email_confirmed_at IS NOT NULL
      AND c.user_id IS NULL AND lower(c.email) = lower(u.email)
"""


async def adopt_record(conn: Connection, user_id: UUID) -> Customer | None:
    """Give an account the record kept under its own confirmed address, if there is one."""
    if await conn.execute(ADOPT_RECORD, user_id) == "UPDATE 0":
        return None
    return await find_by_account(conn, user_id)


LOCK_IDENTIFIERS: Final = """
    SELECT pg_advisory_xact_lock(hashtextextended('customer ' || identifier, 0))
    FROM unnest($1::text[]) AS identifier
"""


async def lock_identifiers(conn: Connection, user_id: UUID | None, phone: str | None) -> None:
    """Wait for whoever is making a customer of the same account or phone, until they commit."""
    identifiers = [str(user_id)] if user_id else []
    await conn.execute(LOCK_IDENTIFIERS, identifiers + ([phone] if phone else []))


INSERT_CUSTOMER: Final = """
    INSERT INTO customer_metrics (user_id, email, phone, lead_source, created_at)
    VALUES (
        $1,
        CASE WHEN $1::uuid IS NULL THEN $2 ELSE (
            SELECT lower(u.email) FROM auth.users u
            WHERE u.id = $1 AND u.email_confirmed_at IS NOT NULL
        ) END,
        CASE WHEN EXISTS (SELECT FROM customer_metrics WHERE phone = $3) THEN NULL ELSE $3 END,
        $4,
        $5
    )
    ON CONFLICT DO NOTHING
    RETURNING id, user_id, get_customer_email(user_id, email) AS email, phone,
              lead_source::text AS lead_source, lead_quality::text AS lead_quality,
              status::text AS status, do_not_contact_at, created_at
"""


async def insert_customer(
    conn: Connection, contact: Contact, *, lead_source: str, now: datetime
) -> Customer | None:
    """A new row, or None when another holds the account or the address.

    An account's row keeps the account's own address, not what its owner typed elsewhere. A phone
    that is somebody's already stays with them.
    """
    row = await conn.fetchrow(
        INSERT_CUSTOMER, contact.user_id, contact.email, contact.phone, lead_source, now
    )
    return None if row is None else Customer(**row)


RAISE_LEAD_QUALITY: Final = """
    UPDATE customer_metrics
    SET lead_quality = $2, updated_at = $3
    WHERE id = $1 AND lead_quality < $2::lead_quality_enum
"""


async def raise_lead_quality(
    conn: Connection, customer_id: UUID, quality: LeadQuality, *, now: datetime
) -> None:
    """Only ever up; converted and churned lie above in the enum and are never touched."""
    await conn.execute(RAISE_LEAD_QUALITY, customer_id, quality, now)


LOCK_CUSTOMER: Final = "SELECT pg_advisory_xact_lock(hashtextextended('customer:' || $1::text, 0))"


async def lock_customer(conn: Connection, customer_id: UUID) -> None:
    """Until the transaction ends, nobody else who asks for this lock decides about the customer.

    Not the row itself: a booking's own statistics lock that after the consultant's day, so taking
    it first would be the other half of a deadlock.
    """
    await conn.execute(LOCK_CUSTOMER, str(customer_id))
