"""What may be done with customers."""

from datetime import datetime
from typing import Final

import asyncpg

from booking_core.customers.model import Contact, Customer
from booking_core.customers.queries import finding
from booking_core.database import UNSTORABLE, Connection
from booking_core.errors import ContactInvalid

# What the table says of an account, an address or a number that it does not keep.
REFUSED: Final = (
    asyncpg.CheckViolationError,
    asyncpg.ForeignKeyViolationError,
    asyncpg.StringDataRightTruncationError,
)


async def find_or_create_customer(
    conn: Connection, contact: Contact, *, lead_source: str, now: datetime
) -> Customer:
    """The customer behind a contact; a new row when there is none yet.

    A verified account decides before the e-mail, the e-mail before the phone: an e-mail nobody has
    makes a new customer although the phone is somebody's, and that one keeps the phone. What a
    contact says never changes the identifiers of a customer who is there already.

    Args:
        lead_source: a value of the enum; kept for a new customer only.
    Raises:
        ContactInvalid: nothing identifies the person, or the database refuses what does.
    """
    if not contact.identifies:
        raise ContactInvalid("An account, an e-mail address or a phone number is needed.")
    known = await find_customer(conn, contact)
    if known is not None:
        return known
    try:
        async with conn.transaction():
            return await create_customer(conn, contact, lead_source=lead_source, now=now)
    except REFUSED as error:
        raise ContactInvalid(
            "This account, e-mail address or phone number is not valid."
        ) from error


async def find_customer(conn: Connection, contact: Contact) -> Customer | None:
    """The customer a contact belongs to, by the strongest identifier it has.

    Raises:
        ContactInvalid: an address or a number with characters that cannot be stored.
    """
    if UNSTORABLE.search(f"{contact.email} {contact.phone}"):
        raise ContactInvalid("This e-mail address or phone number is not valid.")
    if contact.user_id is not None:
        own = await finding.find_by_account(conn, contact.user_id)
        return own or await finding.adopt_record(conn, contact.user_id)
    if contact.email is not None:
        account = await finding.find_by_account_email(conn, contact.email)
        return account or await finding.find_by_email(conn, contact.email)
    assert contact.phone is not None  # something identifies the person
    return await finding.find_by_phone(conn, contact.phone)


async def create_customer(
    conn: Connection, contact: Contact, *, lead_source: str, now: datetime
) -> Customer:
    """Insert, unless somebody else does so at the same moment: then theirs."""
    # An e-mail's race is decided by its unique index; a phone and an adopted account have none.
    await finding.lock_identifiers(conn, contact.user_id, contact.phone)
    customer = (
        await find_customer(conn, contact)
        or await finding.insert_customer(conn, contact, lead_source=lead_source, now=now)
        or await find_customer(conn, contact)
    )
    assert customer is not None  # the insert met a row, which is now committed
    return customer
