"""Small, valid rows for tests; every test says only what it is about."""

import itertools
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from booking_core.availability import Slot, find_slots
from booking_core.bookings import Booking, BookingWish, NewBooking, book_slot
from booking_core.customers import Contact, Customer, find_or_create_customer
from booking_core.database import Connection
from booking_core.services import Service, get_service

NOW: Final = datetime(2031, 1, 6, 8, 0, tzinfo=UTC)  # a Monday
TODAY: Final = NOW.date()
WORKDAYS: Final = (1, 2, 3, 4, 5)

_numbers = itertools.count(1)


def at(day: date, clock: str) -> datetime:
    """That time of day in UTC: ``at(TODAY, "09:30")``."""
    return datetime.fromisoformat(f"{day}T{clock}:00+00:00")


async def make_user(conn: Connection, *, email: str | None = None, confirmed: bool = True) -> UUID:
    """An account, signed up at ``NOW``."""
    user_id = uuid4()
    await conn.execute(
        """INSERT INTO auth.users (id, email, email_confirmed_at, created_at)
        VALUES ($1, $2, $3, $4)""",
        user_id,
        email,
        NOW if email and confirmed else None,
        NOW,
    )
    return user_id


async def make_consultant(
    conn: Connection,
    *,
    timezone: str = "UTC",
    hours: Iterable[tuple[str, str]] = (("09:00", "17:00"),),
    days: Sequence[int] = WORKDAYS,
    max_bookings: int = 1,
    name: str = "Grace Hopper",
) -> UUID:
    """A consultant with the same hours on each of ``days``, where 0 is Sunday."""
    consultant_id = await make_user(conn, email=f"consultant{next(_numbers)}@intellectif.example")
    first_name, _, last_name = name.partition(" ")
    await conn.execute(
        """INSERT INTO profiles (id, first_name, last_name, role, is_staff, timezone)
        VALUES ($1, $2, $3, 'consultant', TRUE, $4)
        ON CONFLICT (id) DO UPDATE
        SET first_name = $2, last_name = $3, role = 'consultant', is_staff = TRUE, timezone = $4""",
        consultant_id,
        first_name,
        last_name,
        timezone,
    )
    await conn.executemany(
        """INSERT INTO availability_templates
            (consultant_id, day_of_week, start_time, end_time, max_bookings)
        VALUES ($1, $2, $3::text::time, $4::text::time, $5)""",
        [(consultant_id, day, *clocks, max_bookings) for day in days for clocks in hours],
    )
    return consultant_id


async def add_override(
    conn: Connection,
    consultant_id: UUID,
    day: date,
    start: str | None = None,
    end: str | None = None,
    *,
    is_available: bool = False,
    max_bookings: int | None = None,
) -> None:
    await conn.execute(
        """INSERT INTO availability_overrides
            (consultant_id, specific_date, start_time, end_time, is_available, max_bookings)
        VALUES ($1, $2, $3::text::time, $4::text::time, $5, $6)""",
        consultant_id,
        day,
        start,
        end,
        is_available,
        max_bookings,
    )


async def make_service(conn: Connection, *, slug: str | None = None, **columns: Any) -> Service:
    """A free service of 15 minutes without a notice period; ``columns`` are the table's own."""
    slug = slug or f"service-{next(_numbers)}"
    row: dict[str, Any] = {
        "slug": slug,
        "name": "Short call",
        "description": "A call to get to know each other.",
        "duration_minutes": 15,
        "auto_confirm": True,
        "minimum_notice_minutes": 0,
        "horizon_days": 60,
    } | columns
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    await conn.execute(f"INSERT INTO services ({', '.join(row)}) VALUES ({places})", *row.values())
    return await get_service(conn, slug)


async def make_customer(
    conn: Connection, *, email: str | None = "ada@example.com", phone: str | None = None
) -> Customer:
    contact = Contact(email=email, phone=phone)
    return await find_or_create_customer(conn, contact, lead_source="website_booking", now=NOW)


def make_wish(customer: Customer, **said: Any) -> BookingWish:
    return BookingWish(**(wish_fields(customer) | said))


def make_new_booking(customer: Customer, slot: Slot, **said: Any) -> NewBooking:
    return NewBooking(slot=slot, **(wish_fields(customer) | said))


def wish_fields(customer: Customer) -> dict[str, Any]:
    return {
        "customer": customer,
        "contact": Contact(first_name="Ada", last_name="Lovelace"),
        "project_description": "A machine that computes more than numbers.",
        "timezone": "Europe/London",
    }


async def make_booking(conn: Connection, slot: Slot, **said: Any) -> Booking:
    customer = await make_customer(conn)
    return await book_slot(conn, make_new_booking(customer, slot, **said), now=NOW)


async def add_booking(
    conn: Connection, customer: Customer, service: Service, **columns: Any
) -> UUID:
    """A row of ``bookings`` without a time, past every rule of booking, made at ``NOW``."""
    row: dict[str, Any] = {
        "customer_metrics_id": customer.id,
        "service_id": service.id,
        "customer_data": {
            "email": customer.email or "ada@example.com",
            "first_name": "Ada",
            "last_name": "Lovelace",
        },
        "project_description": "A machine that computes more than numbers.",
        "created_at": NOW,
    } | columns
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    booking_id: UUID = await conn.fetchval(
        f"INSERT INTO bookings ({', '.join(row)}) VALUES ({places}) RETURNING id", *row.values()
    )
    return booking_id


async def slots_on(
    conn: Connection, service: Service, day: date = TODAY, **asked: Any
) -> list[Slot]:
    """All free slots of one date in UTC, as seen at ``NOW``."""
    start = at(day, "00:00")
    return await find_slots(
        conn, service, start=start, end=start + timedelta(days=1), **({"now": NOW} | asked)
    )


async def slot_at(conn: Connection, service: Service, start: datetime) -> Slot:
    """The first free slot at exactly that start."""
    slots = await find_slots(conn, service, start=start, end=start + timedelta(minutes=1), now=NOW)
    return slots[0]


async def hold_slot(
    conn: Connection, slot: Slot, conversation_id: str, *, expires_at: datetime
) -> UUID:
    hold_id: UUID = await conn.fetchval(
        """INSERT INTO slot_holds
            (conversation_id, consultant_id, service_id, starts_at, ends_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        RETURNING id""",
        conversation_id,
        slot.consultant_id,
        slot.service_id,
        slot.start,
        slot.end,
        expires_at,
    )
    return hold_id


async def enum_values(conn: Connection, enum: str) -> set[str]:
    rows = await conn.fetch("SELECT enumlabel FROM pg_enum WHERE enumtypid = $1::regtype", enum)
    return {row[0] for row in rows}
