"""What staff do with customers: look them up, mend their contact data, merge two records."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal, TypeAlias, get_args
from uuid import UUID

import asyncpg

from booking_core.customers.model import STATUSES, Contact, CustomerDetails
from booking_core.customers.queries import changing, finding, listing
from booking_core.database import UNSTORABLE, Connection
from booking_core.errors import (
    ContactInvalid,
    ContactOfAccount,
    ContactTaken,
    CustomerNotFound,
    CustomersNotMergeable,
    MergeWithItself,
)
from booking_core.paging import USUAL_PAGE, Page, check_limit, cut_page, read_cursor
from booking_core.values import check_choice, check_instant, check_optional_text

ContactField: TypeAlias = Literal["email", "phone"]

LONGEST_SEARCH: Final = 200


async def get_customer(conn: Connection, customer_id: UUID) -> CustomerDetails:
    """The customer of that id, or ``CustomerNotFound``."""
    customer = await listing.find_details(conn, customer_id)
    if customer is None:
        raise not_found()
    return customer


def not_found() -> CustomerNotFound:
    return CustomerNotFound("There is no such customer.")


async def list_customers(
    conn: Connection,
    *,
    search: str | None = None,
    status: str | None = None,
    cursor: str | None = None,
    limit: int = USUAL_PAGE,
) -> Page[CustomerDetails]:
    """Customers, newest first.

    Args:
        search: part of a name, company, e-mail address or phone number, in any case.
        status: a value of the enum.
        cursor: ``next_cursor`` of the page before.
    Raises:
        ValueInvalid, PageInvalid: what is asked for makes no sense.
    """
    check_limit(limit)
    text = check_optional_text("search", search, longest=LONGEST_SEARCH)
    if status is not None:
        check_choice("status", status, STATUSES)
    after_time, after_id = read_cursor(cursor, datetime, UUID)
    found = await listing.list_customers(
        conn, search=text, status=status, after=(after_time, after_id), limit=limit + 1
    )
    return cut_page(found, limit, lambda customer: (customer.created_at, customer.id))


async def set_do_not_contact(
    conn: Connection, customer_id: UUID, *, now: datetime
) -> CustomerDetails:
    """They wish not to be contacted; said twice, the first time stays. ``CustomerNotFound``."""
    return await change_do_not_contact(conn, customer_id, check_instant("time of the wish", now))


async def clear_do_not_contact(conn: Connection, customer_id: UUID) -> CustomerDetails:
    """They may be contacted again. ``CustomerNotFound``."""
    return await change_do_not_contact(conn, customer_id, None)


async def change_do_not_contact(
    conn: Connection, customer_id: UUID, since: datetime | None
) -> CustomerDetails:
    if not await changing.set_do_not_contact(conn, customer_id, since):
        raise not_found()
    return await get_customer(conn, customer_id)


async def update_contact(
    conn: Connection, customer_id: UUID, changes: Mapping[ContactField, str | None]
) -> CustomerDetails:
    """Give a customer another e-mail address or phone number, or take one away.

    Args:
        changes: only what is to change; None or blank takes it away.
    Raises:
        CustomerNotFound: there is none of that id.
        ContactOfAccount: the address is that of an account.
        ContactTaken: another customer has the address or the number.
        ContactInvalid: it is none, or nothing would identify the customer any more.
    """
    check_changes(changes)
    if changes.get("phone"):  # before the row, as whoever makes a customer does it
        await finding.lock_identifiers(conn, None, Contact(phone=changes["phone"]).phone)
    known = await changing.lock_row(conn, customer_id)
    if known is None:
        raise not_found()
    if known.user_id is not None and "email" in changes:
        raise ContactOfAccount("The address of an account is changed by its owner, at sign-in.")
    wanted = Contact(
        email=changes.get("email", known.email), phone=changes.get("phone", known.phone)
    )
    if changes.get("phone") and wanted.phone is not None:
        await require_free_phone(conn, customer_id, wanted.phone)
    await write_contact(conn, customer_id, wanted)
    return await get_customer(conn, customer_id)


def check_changes(changes: Mapping[ContactField, str | None]) -> None:
    for field, value in changes.items():
        check_choice("field", field, get_args(ContactField))
        if value is not None and UNSTORABLE.search(value):
            raise invalid_contact()


async def require_free_phone(conn: Connection, customer_id: UUID, phone: str) -> None:
    owner = await finding.find_by_phone(conn, phone)
    if owner is not None and owner.id != customer_id:
        raise ContactTaken("Another customer has this phone number.")


async def write_contact(conn: Connection, customer_id: UUID, contact: Contact) -> None:
    """Write both identifiers; what the database says against them is told in words."""
    try:
        async with conn.transaction():
            await changing.update_contact(
                conn, customer_id, email=contact.email, phone=contact.phone
            )
    except asyncpg.UniqueViolationError as error:
        raise ContactTaken("Another customer has this e-mail address.") from error
    except (asyncpg.CheckViolationError, asyncpg.StringDataRightTruncationError) as error:
        raise invalid_contact() from error


def invalid_contact() -> ContactInvalid:
    return ContactInvalid(
        "A customer needs a valid e-mail address, or a phone number such as +4930123456."
    )


async def merge_customers(
    conn: Connection, keep_id: UUID, drop_id: UUID, *, now: datetime
) -> CustomerDetails:
    """Make one customer of two records of one person; the kept one gets all the other had.

    Bookings, follow-ups, interactions, projects, consultations and the higher lead score move to
    the kept record, whose statistics are counted anew. It keeps its own address and number where
    it has them, the better of both lead qualities, and the wish of either not to be contacted. A
    note among its interactions says which record it took over, and with which address and number.

    Raises:
        MergeWithItself, CustomerNotFound: there are no two records.
        CustomersNotMergeable: both have an account.
    """
    if keep_id == drop_id:
        raise MergeWithItself("A customer cannot be merged with itself.")
    accounts = await changing.lock_to_merge(conn, drop_id=drop_id, keep_id=keep_id)
    if len(accounts) < 2:
        raise not_found()
    if None not in accounts.values():
        raise CustomersNotMergeable("Both customers have an account: these are two people.")
    await changing.note_merge(conn, drop_id=drop_id, keep_id=keep_id, now=now)
    await changing.merge(conn, drop_id=drop_id, keep_id=keep_id)
    return await get_customer(conn, keep_id)
