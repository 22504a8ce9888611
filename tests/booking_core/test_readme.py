"""The program in the README does what the README says."""

import asyncio
import re
import sys
from pathlib import Path

from booking_core.database import connect
from tests.booking_core.factories import make_consultant
from tests.conftest import FreshDatabase

README = Path(__file__).parents[2] / "README.md"
EVERY_DAY = tuple(range(7))


async def test_ten_lines_list_slots_and_book_one(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    path = tmp_path / "program.py"
    path.write_text(program)
    async with fresh_database() as dsn:
        conn = await connect(dsn)
        await make_consultant(conn, timezone="Europe/London", days=EVERY_DAY)
        done = await asyncio.create_subprocess_exec(
            sys.executable, str(path), dsn, cwd=README.parent, stdout=asyncio.subprocess.PIPE
        )
        printed, _ = await done.communicate()
        booked = await conn.fetch("SELECT status::text, customer_data ->> 'email' FROM bookings")
        await conn.close()
    assert done.returncode == 0
    *starts, booking = printed.decode().splitlines()
    assert len(starts) == 5
    assert booking.startswith("Booking(")
    assert [tuple(row) for row in booked] == [("confirmed", "ada@example.com")]
