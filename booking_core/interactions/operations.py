"""What may be noted of a customer's journey."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from booking_core.database import Connection, storable
from booking_core.errors import (
    BookingError,
    BookingNotFound,
    CustomerNotFound,
    StaffMemberNotFound,
    ValueInvalid,
)
from booking_core.interactions import queries
from booking_core.interactions.model import POTENTIALS, TYPES, Interaction
from booking_core.paging import USUAL_PAGE, Page, check_limit, cut_page, read_cursor
from booking_core.values import check_choice, check_instant, check_text

LONGEST_NOTE: Final = 10_000

# What the table's references say about an interaction, by their name.
REFUSED_BY_REFERENCE: Final[Mapping[str | None, tuple[type[BookingError], str]]] = {
    "customer_interactions_customer_metrics_id_fkey": (
        CustomerNotFound,
        "There is no such customer.",
    ),
    "customer_interactions_booking_id_fkey": (BookingNotFound, "There is no such booking."),
    "customer_interactions_staff_member_fkey": (
        StaffMemberNotFound,
        "There is no such staff member.",
    ),
}


async def record_interaction(
    conn: Connection,
    customer_id: UUID,
    interaction_type: str,
    *,
    booking_id: UUID | None = None,
    details: Mapping[str, Any],
    staff_member: UUID | None = None,
    value_score: int = 0,
    conversion_potential: str = "unknown",
    now: datetime,
) -> UUID:
    """Note what happened with a customer, and that it was their latest interaction.

    Args:
        interaction_type: a value of the enum, such as ``voice_consultation`` or ``note``.
        details: free-form, kept as JSON; what JSON or the database cannot keep is replaced.
        value_score: 0..100.
    Raises:
        ValueInvalid: a value is none of the enum's or out of its range.
        CustomerNotFound, BookingNotFound, StaffMemberNotFound: there is none of that id.
    """
    check_choice("type of interaction", interaction_type, TYPES)
    check_choice("conversion potential", conversion_potential, POTENTIALS)
    check_instant("time of the interaction", now)
    if not 0 <= value_score <= 100:
        raise ValueInvalid("The value score must lie between 0 and 100.")
    try:
        async with conn.transaction():
            return await queries.insert_interaction(
                conn,
                customer_id,
                interaction_type,
                booking_id=booking_id,
                details=storable(dict(details)),
                staff_member=staff_member,
                value_score=value_score,
                conversion_potential=conversion_potential,
                now=now,
            )
    except asyncpg.ForeignKeyViolationError as error:
        if error.constraint_name not in REFUSED_BY_REFERENCE:
            raise
        refusal, sentence = REFUSED_BY_REFERENCE[error.constraint_name]
        raise refusal(sentence) from error


async def add_note(conn: Connection, customer_id: UUID, note: str, *, now: datetime) -> Interaction:
    """Keep what somebody wrote down about a customer; its ``details`` are ``{"note": …}``.

    Raises:
        ValueInvalid: the note says nothing, too much, or what cannot be stored.
        CustomerNotFound: there is none of that id.
    """
    details = {"note": check_text("note", note, longest=LONGEST_NOTE)}
    interaction_id = await record_interaction(conn, customer_id, "note", details=details, now=now)
    return await queries.get_interaction(conn, interaction_id)


async def list_interactions(
    conn: Connection,
    customer_id: UUID,
    *,
    cursor: str | None = None,
    limit: int = USUAL_PAGE,
) -> Page[Interaction]:
    """A customer's journey, the latest first; empty for a customer nobody knows.

    Raises:
        PageInvalid: the cursor is not one of ours, or the page is too large.
    """
    check_limit(limit)
    after_time, after_id = read_cursor(cursor, datetime, UUID)
    found = await queries.list_interactions(
        conn, customer_id, after=(after_time, after_id), limit=limit + 1
    )
    return cut_page(found, limit, lambda one: (one.interaction_date, one.id))
