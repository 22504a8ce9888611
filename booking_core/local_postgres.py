"""A private PostgreSQL server: made on first use, shared by every process that asks for it.

    with LocalPostgres(Path("var/postgres")) as server:  # made if new, else started or joined
        conn = await asyncpg.connect(server.dsn())  # a unix socket: no port, no password

PostgreSQL refuses to run as root. Root therefore lends the data to an unprivileged account, and
hands the server its folder open, so that no folder above it need be open to that account.
"""

import contextlib
import hashlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import quote

from booking_core.postgres_programs import (
    LOCALE,
    Account,
    LocalPostgresError,
    Programs,
    alone_in,
    command_line,
    find_programs,
    open_way,
    options_of,
    run_program,
)

__all__ = ["LocalPostgres", "LocalPostgresError"]

SUPERUSER: Final = "postgres"
PORT: Final = 5432  # no port of the machine: it only names the socket
SOCKET_NAME: Final = f".s.PGSQL.{PORT}"
LONGEST_SOCKET_PATH: Final = 103  # bytes, of macOS; Linux has four more
# Not what TMPDIR says: every process must find the same socket.
SHORT_PATHS: Final = Path("/tmp")  # noqa: S108 - an entry of somebody else's is refused
START_SECONDS: Final = 60.0  # after a crash it replays its log first
STOP_SECONDS: Final = 30.0
PAUSE_SECONDS: Final = 0.01
RETRY_SECONDS: Final = 0.1

SETTINGS: Final[Mapping[str, str]] = {
    "listen_addresses": "",
    "port": str(PORT),
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    # What an error says may be a caller's words; whoever caused it is told, the log is not.
    "log_min_messages": "log",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
}
FORGETFUL: Final[Mapping[str, str]] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}

# $0 is the server's pid and $1 its mark: by then the pid may be another program's.
STOP_WHEN_LEFT: Final = """
    read -r _
    if [ -d /proc/self ]; then grep -qaF -e "$1" "/proc/$0/cmdline"
    else ps -ww -o command= -p "$0" | grep -qF -e "$1"
    fi && kill -INT "$0"
"""


class LocalPostgres:
    """One cluster in one folder, and the server that runs on it.

    Args:
        data: the folder; made when it is not there. Everything lies in it.
        bindir: PostgreSQL's programs; by default the embedded package's, else the system's.
        durable: False loses data when the machine crashes, and is quicker: for tests.
    """

    def __init__(self, data: Path, *, bindir: Path | None = None, durable: bool = True) -> None:
        self.data: Final = data.resolve()
        self._cluster: Final = self.data / "cluster"
        self._log: Final = self.data / "server.log"
        # By this the server is known in the list of processes: a pid alone may be another's.
        self._mark: Final = f"-cintellectif.data={self.data}"
        self._bindir: Final = bindir
        self._durable: Final = durable
        self._process: subprocess.Popen[Any] | None = None
        self._log_start = 0
        self._watcher: subprocess.Popen[Any] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def dsn(self, database: str = "postgres", user: str | None = None) -> str:
        """The address of a database, as libpq and asyncpg read it."""
        host = quote(str(self._socket_folder()), safe="/")
        return f"postgresql://{quote(user or SUPERUSER)}@/{quote(database)}?host={host}&port={PORT}"

    def start(self) -> None:
        """Return when the server answers: made, started, or joined.

        Raises:
            LocalPostgresError: no programs, data of another version, or it does not start.
        """
        try:
            self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
            with alone_in(self.data):
                if not self._is_accepting():
                    self._bring_up()
        except OSError as error:
            raise LocalPostgresError(f"PostgreSQL cannot use {self.data}: {error}") from error

    def stop(self) -> None:
        """Stop the server if this object started it; one that was merely joined goes on."""
        if self._process is None:
            return
        try:
            with alone_in(self.data):
                self._end(self._process)
        except OSError as error:
            raise LocalPostgresError(f"PostgreSQL in {self.data} is lost: {error}") from error

    # -- the cluster -----------------------------------------------------------------------------

    def _account(self) -> Account:
        """Whom root lends the data to: its owner, if it has another one already."""
        if os.geteuid() != 0:
            return None
        if owner := self.data.stat().st_uid:
            return pwd.getpwuid(owner)
        for name in ("postgres", "nobody"):
            with contextlib.suppress(KeyError):
                return pwd.getpwnam(name)
        raise LocalPostgresError(
            "PostgreSQL does not run as root, and there is no account 'postgres' or 'nobody' to "
            "lend it to. Run as an ordinary user, or set DATABASE_URL."
        )

    def _lend(self, path: Path) -> None:
        if account := self._account():
            os.chown(path, account.pw_uid, account.pw_gid)

    def _make_cluster(self, programs: Programs) -> None:
        """Made aside and then renamed: half a cluster is never taken for one."""
        for half_made in self.data.glob("new-*"):
            shutil.rmtree(half_made, ignore_errors=True)
        self._lend(self.data)
        new = Path(tempfile.mkdtemp(prefix="new-", dir=self.data))
        self._lend(new)
        arguments = ["-U", SUPERUSER, "-A", "trust", "-E", "UTF8", f"--locale={LOCALE}"]
        arguments += ["--no-instructions", *([] if self._durable else ["--no-sync"])]
        account = self._account()
        with open_way(new, account) as way:
            initdb = programs.folder / "initdb"
            made = run_program(initdb, "-D", way.path, *arguments, account=account, way=way)
        if made.returncode:
            raise LocalPostgresError(f"PostgreSQL could not make {new}: {made.stderr.strip()}")
        new.rename(self._cluster)

    def _check_version(self, programs: Programs) -> None:
        major = (self._cluster / "PG_VERSION").read_text().strip()
        if major != str(programs.major):
            raise LocalPostgresError(
                f"The data in {self.data} belongs to PostgreSQL {major}, but {programs.folder} is "
                f"PostgreSQL {programs.major}. Install PostgreSQL {major}, or move the data away."
            )

    def _socket_folder(self) -> Path:
        if len(os.fsencode(self._cluster / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return self._cluster
        digest = hashlib.sha256(os.fsencode(self._cluster)).hexdigest()
        return SHORT_PATHS / f"intellectif-voice-{digest[:16]}"

    def _make_socket_folder(self) -> Path:
        folder = self._socket_folder()
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            if folder.lstat().st_uid not in (os.geteuid(), self.data.stat().st_uid):
                raise LocalPostgresError(f"{folder} belongs to somebody else") from None
        self._lend(folder)
        return folder

    # -- the server ------------------------------------------------------------------------------

    def _bring_up(self) -> None:
        programs = find_programs(self._account(), asked=self._bindir)
        if self._cluster.exists():
            self._check_version(programs)
        else:
            self._make_cluster(programs)
        if self._process and self._process.poll() is not None:  # killed since an earlier start
            self._forget(self._process)
        give_up_at = time.monotonic() + START_SECONDS
        while not self._is_accepting():
            if time.monotonic() > give_up_at:
                raise LocalPostgresError(
                    f"PostgreSQL in {self.data} is not ready after {START_SECONDS:.0f} s. It may "
                    f"still be repairing its data; see {self._log}"
                )
            if not self._is_coming():
                self._launch(programs)
            time.sleep(PAUSE_SECONDS)

    def _is_coming(self) -> bool:
        """Whether a server is on its way. Raises if ours gave up and another would fare no better.

        Processes of a killed server hold its memory until they have left: that is worth a wait.
        """
        if self._process is None:
            return self._postmaster() is not None
        if self._process.poll() is None:
            return True
        self._forget(self._process)
        said = self._log.read_bytes()[self._log_start :].decode(errors="replace").strip()
        if "still in use" not in said:
            raise LocalPostgresError(f"PostgreSQL in {self.data} did not start: {said[-2000:]}")
        time.sleep(RETRY_SECONDS)
        return False

    def _launch(self, programs: Programs) -> None:
        sockets = self._make_socket_folder()
        # A dead server's locks stop the next one where its pid is now a zombie or another program.
        (self._cluster / "postmaster.pid").unlink(missing_ok=True)
        (sockets / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)
        settings = {
            **SETTINGS,
            **({} if self._durable else FORGETFUL),
            "unix_socket_directories": "." if sockets == self._cluster else str(sockets),
        }
        arguments = [self._mark, *(f"-c{name}={value}" for name, value in settings.items())]
        account = self._account()
        with self._log.open("ab") as log, open_way(self._cluster, account) as way:
            self._lend(self._log)
            self._log_start = log.tell()
            self._process = subprocess.Popen(  # noqa: S603 - found by us, and the arguments are ours
                [programs.folder / "postgres", "-D", way.path, *arguments],
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for us alone; we stop it in our own time
                **options_of(account, way),
            )
        # Whatever becomes of us, a kill included: the pipe closes, and the server is stopped.
        self._watcher = subprocess.Popen(  # noqa: S603 - a script and arguments of ours
            ["/bin/sh", "-c", STOP_WHEN_LEFT, str(self._process.pid), self._mark],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            **options_of(account, None) | {"stdin": subprocess.PIPE},
        )

    def _is_accepting(self) -> bool:
        lines = self._pid_file()
        if len(lines) < 8 or lines[7].strip() != "ready" or self._postmaster() is None:
            return False
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self._socket_folder() / SOCKET_NAME)) == 0

    def _postmaster(self) -> int | None:
        """The pid of our running server. The pid file may outlive it and name another's process."""
        lines = self._pid_file()
        pid = int(lines[0]) if lines and lines[0].isdigit() else 0
        return pid if f"{self._mark} -c" in command_line(pid) else None

    def _pid_file(self) -> list[str]:
        with contextlib.suppress(FileNotFoundError):
            return (self._cluster / "postmaster.pid").read_text().splitlines()
        return []

    def _end(self, process: subprocess.Popen[Any]) -> None:
        """First roll back what is open and leave in order; failing that, just leave."""
        for order, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5.0)):
            if process.poll() is None:
                process.send_signal(order)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(seconds)
        if process.poll() is None:
            raise LocalPostgresError(f"PostgreSQL in {self.data} does not stop: {process.pid}")
        self._forget(process)

    def _forget(self, process: subprocess.Popen[Any]) -> None:
        """Clear up after our server, which has ended."""
        process.wait()
        self._process = None
        if self._watcher:
            self._watcher.communicate()  # it finds nothing left to stop
            self._watcher = None
        if (sockets := self._socket_folder()) != self._cluster:
            with contextlib.suppress(OSError):  # somebody else has started it already
                sockets.rmdir()
