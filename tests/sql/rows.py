"""Rows that the tests of the schema need: people, services, bookings."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID, uuid4

from booking_core.database import Connection

MONDAY = datetime(2031, 1, 6, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

Columns: TypeAlias = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class People:
    """Two customers, a consultant, an admin; ``customer`` is Ann's row of customer_metrics."""

    ann: UUID
    bob: UUID
    sam: UUID
    mia: UUID
    customer: UUID


async def insert(conn: Connection, table: str, /, **columns: Any) -> UUID:
    """Insert one row, naming these columns and ``id`` only."""
    row = {"id": uuid4()} | columns
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    await conn.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", *row.values())
    found: UUID = row["id"]
    return found


async def sign_up(
    conn: Connection, email: str | None, *, confirmed: bool = True, **columns: Any
) -> UUID:
    """A new account, as the auth service inserts it."""
    confirmed_at = datetime(2026, 1, 1, tzinfo=UTC) if confirmed else None
    return await insert(conn, "auth.users", email=email, email_confirmed_at=confirmed_at, **columns)


async def make_staff(conn: Connection, email: str, role: str, **columns: Any) -> UUID:
    user_id = await sign_up(conn, email)
    row = {"first_name": "Staff", "last_name": role, "role": role, "is_staff": True} | columns
    await conn.execute("DELETE FROM profiles WHERE id = $1", user_id)
    return await insert(conn, "profiles", id=user_id, **row)


async def make_people(conn: Connection) -> People:
    ann = await sign_up(
        conn,
        "ann@example.com",
        phone="+41790000001",
        phone_confirmed_at=datetime(2026, 1, 1, tzinfo=UTC),
        raw_user_meta_data={"first_name": "Ann", "last_name": "Lee", "company": "Ann Ltd"},
    )
    bob = await sign_up(
        conn, "bob@example.com", raw_user_meta_data={"first_name": "Bob", "last_name": "Ray"}
    )
    return People(
        ann=ann,
        bob=bob,
        sam=await make_staff(conn, "sam@example.com", "consultant"),
        mia=await make_staff(conn, "mia@example.com", "admin"),
        customer=await make_customer(conn, "ann@example.com", user_id=ann),
    )


async def make_customer(conn: Connection, email: str | None, **columns: Any) -> UUID:
    return await insert(conn, "customer_metrics", email=email, **columns)


async def make_service(conn: Connection, slug: str, **columns: Any) -> str:
    """A free hour, unless ``columns`` say otherwise. Its slug comes back."""
    row = {"name": slug, "description": slug, "price": 0, "duration_minutes": 60} | columns
    await insert(conn, "services", slug=slug, **row)
    return slug


async def service_id(conn: Connection, slug: str) -> UUID:
    found: UUID = await conn.fetchval("SELECT id FROM services WHERE slug = $1", slug)
    return found


async def book(
    conn: Connection,
    customer: UUID,
    *,
    at: datetime | None = None,
    service: str = "strategy-session",
    **columns: Any,
) -> UUID:
    """Insert a booking the way the website does: only columns of the document."""
    row = {
        "customer_metrics_id": customer,
        "customer_data": {"email": "ann@example.com", "first_name": "Ann", "last_name": "Lee"},
        "project_description": "A web shop",
        "service_id": await service_id(conn, service),
    }
    return await insert(conn, "bookings", **row | schedule(at) | columns)


def schedule(at: datetime | None) -> Columns:
    """The document's three columns for one instant."""
    if at is None:
        return {}
    utc = at.astimezone(UTC)
    return {
        "scheduled_date": utc.date(),
        "scheduled_time": utc.time(),
        "scheduled_datetime": at,
    }


async def hold(
    conn: Connection,
    conversation: str,
    consultant: UUID,
    *,
    at: datetime,
    service: str = "strategy-session",
    expires_in: timedelta = timedelta(minutes=5),
) -> UUID:
    """A hold of one hour, expiring so much after (or before) the transaction's now."""
    now: datetime = await conn.fetchval("SELECT now()")
    return await insert(
        conn,
        "slot_holds",
        conversation_id=conversation,
        consultant_id=consultant,
        service_id=await service_id(conn, service),
        starts_at=at,
        ends_at=at + HOUR,
        expires_at=now + expires_in,
    )


async def value(conn: Connection, table: str, row_id: UUID, column: str) -> Any:
    return await conn.fetchval(f"SELECT {column} FROM {table} WHERE id = $1", row_id)


async def change(conn: Connection, table: str, row_id: UUID, **columns: Any) -> None:
    """Update one row, which must be there."""
    places = ", ".join(f"{name} = ${number}" for number, name in enumerate(columns, start=2))
    status = await conn.execute(
        f"UPDATE {table} SET {places} WHERE id = $1", row_id, *columns.values()
    )
    assert status == "UPDATE 1"


async def move(conn: Connection, booking: UUID, at: datetime) -> None:
    await change(conn, "bookings", booking, **schedule(at))


def day(text: str) -> date:
    return date.fromisoformat(text)
