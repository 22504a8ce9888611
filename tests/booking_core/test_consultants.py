"""Consultants are members of the staff, and nobody else is."""

from uuid import uuid4

import pytest

from booking_core.consultants import get_consultant
from booking_core.database import Connection
from booking_core.errors import ConsultantNotFound
from tests.booking_core.factories import make_consultant, make_user


async def test_a_consultant_is_found_with_name_and_zone(conn: Connection) -> None:
    consultant_id = await make_consultant(conn, timezone="Asia/Tokyo")
    found = await get_consultant(conn, consultant_id)
    assert (found.id, found.last_name, found.timezone) == (consultant_id, "Hopper", "Asia/Tokyo")


async def test_customers_strangers_and_those_who_left_are_no_consultants(conn: Connection) -> None:
    left = await make_consultant(conn)
    await conn.execute("UPDATE profiles SET is_staff = FALSE WHERE id = $1", left)
    for nobody in (left, await make_user(conn, email="ada@example.com"), uuid4()):
        with pytest.raises(ConsultantNotFound):
            await get_consultant(conn, nobody)
