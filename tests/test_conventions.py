"""Promises that every room keeps."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import booking_core
import voice_service
from booking_core.database import Connection
from booking_core.errors import BookingError
from voice_service.errors import STATUS_OF, status_of

ROOT = Path(__file__).parents[1]
STATEMENT = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b")


def modules() -> Iterator[ModuleType]:
    for package in (booking_core, voice_service):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(found.name)


def statements() -> dict[str, str]:
    """Every SQL constant of the project by its full name."""
    return {
        f"{module.__name__}.{name}": value
        for module in modules()
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str) and STATEMENT.match(value)
    }


def refusals(kind: type[BookingError] = BookingError) -> Iterator[type[BookingError]]:
    for child in kind.__subclasses__():
        yield child
        yield from refusals(child)


async def test_every_statement_fits_the_migrated_schema(conn: Connection) -> None:
    found = statements()
    assert len(found) > 30
    for name, statement in found.items():
        try:
            await conn.prepare(statement)
        except Exception as error:
            raise AssertionError(f"{name}: {error}") from error


def test_sql_lives_in_queries_alone() -> None:
    beside = {
        name
        for name in statements()
        if ".queries" not in name
        and not name.startswith(("booking_core.migrate.", "voice_service.jobs."))
    }
    assert beside == set()


def test_every_refusal_has_a_status_and_a_code_of_its_own() -> None:
    leaves = [kind for kind in refusals() if kind not in STATUS_OF]
    codes = [kind.code for kind in leaves]
    assert len(codes) == len(set(codes))
    assert all(status_of(kind) for kind in leaves)


@pytest.mark.parametrize(
    "path",
    sorted({*ROOT.glob("booking_core/**/*.py"), *ROOT.glob("voice_service/**/*.py")}),
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_every_module_says_what_it_is_about(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text()))


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "package-lock.json"])
def test_locks_carry_hashes_and_no_address(name: str) -> None:
    lock = (ROOT / name).read_text()
    assert "sha512-" in lock or "--hash=sha256:" in lock
    assert "://" not in lock
