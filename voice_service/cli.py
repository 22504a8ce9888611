"""voice-service: serve, worker, migrate, rehearse, demo, dsn."""

import asyncio
import gc
import re
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated, NoReturn

import asyncpg
import typer
import uvicorn
from pydantic import ValidationError
from rich.console import Console
from rich.progress import track
from rich.table import Table

from booking_core.database import connect
from booking_core.local_postgres import LocalPostgresError
from booking_core.migrate import MigrationError
from voice_service import jobs, webhooks  # noqa: F401  # webhooks registers its jobs
from voice_service.app import create_app
from voice_service.consultations.rejudging import Change, list_to_rejudge
from voice_service.consultations.rejudging import rejudge as rejudge_one
from voice_service.databases import (
    NotMigrated,
    apply_migrations,
    find_databases,
    load_demo,
    open_databases,
    reach_databases,
)
from voice_service.logs import configure_logging
from voice_service.rehearsal import (
    SAMPLES,
    ServiceUnusable,
    play,
    reach_service,
    results_table,
    samples_table,
)
from voice_service.relay import SOCKET_OPTIONS, give_up_on_the_silent
from voice_service.settings import Settings, load_settings

app = typer.Typer(
    help="Turns conversations with an ElevenLabs voice agent into booked consultations.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def fail(message: str) -> NoReturn:
    err.print(f"[red]voice-service:[/red] {message}", markup=True, soft_wrap=True)
    raise typer.Exit(1)


def read_settings() -> Settings:
    try:
        return load_settings()
    except ValidationError as error:
        lines = [
            ": ".join(filter(None, [".".join(map(str, each["loc"])).upper(), each["msg"]]))
            for each in error.errors()
        ]
        fail("the environment cannot be used as it is:\n  " + "\n  ".join(lines))


@contextmanager
def told_plainly() -> Iterator[None]:
    """What a user can mend is said in one sentence, without a traceback."""
    try:
        yield
    except (LocalPostgresError, MigrationError, NotMigrated) as error:
        fail(str(error))
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        fail(f"the database cannot be used: {error}. Check DATABASE_URL.")


class Server(uvicorn.Server):
    """Says where it is once it answers, and tells answers without an end when it stops."""

    def __init__(self, config: uvicorn.Config, settings: Settings, closing: asyncio.Event) -> None:
        super().__init__(config)
        self.settings = settings
        self.closing = closing

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            # What is loaded now stays: to look through it again would halt calls for a tenth of a
            # second each time.
            gc.collect()
            gc.freeze()
            announce(self.settings)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.closing.set()
        await super().shutdown(sockets)


def announce(settings: Settings) -> None:
    base = settings.base_url
    out.print(f"[bold]Intellectif Voice[/bold] is ready at [bold]{base}[/bold]")
    out.print(f"  talk to the agent          {base}/")
    out.print(f"  the API, to read and try   {base}/docs")
    out.print(f"  post-call webhook          {base}/webhooks/elevenlabs")
    out.print(f"  live conversations         {base}/v1/convai/conversation")
    if settings.uses_stand_in:
        out.print("  ElevenLabs                 a stand-in: no account is used")
        out.print("  sample conversations       .venv/bin/voice-service rehearse --all")
        if out.is_terminal and settings.staff_api_token:
            out.print(f"  staff token                {settings.staff_api_token.get_secret_value()}")
    out.print("Ctrl-C stops it.")


@app.command()
def serve(
    no_jobs: Annotated[bool, typer.Option("--no-jobs", help="Leave jobs to workers")] = False,
) -> None:
    """Serve HTTP, and do the background jobs too."""
    settings = read_settings()
    configure_logging()
    stop_cleanly_on_signals()
    with told_plainly(), listen(settings) as listener, open_databases(settings) as databases:
        closing = asyncio.Event()
        config = uvicorn.Config(
            create_app(
                settings,
                dsn=databases.dsn,
                direct_dsn=databases.direct_dsn,
                run_jobs=not no_jobs,
                closing=closing,
            ),
            loop="uvloop",
            http="httptools",
            **SOCKET_OPTIONS,
            access_log=False,
            log_config=None,
            proxy_headers=True,
            forwarded_allow_ips=settings.trusted_proxies,
            server_header=False,
            timeout_graceful_shutdown=10,
        )
        Server(config, settings, closing).run(sockets=[listener])


def stop_cleanly_on_signals() -> None:
    """Leave by way of every ``finally``: what we started must not outlive us."""
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda *_: sys.exit(0))


@contextmanager
def listen(settings: Settings) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        fail(
            f"cannot listen on {settings.host}:{settings.port}: {error.strerror}. Set HOST or PORT."
        )
    give_up_on_the_silent(listener)
    with listener:
        yield listener


@app.command()
def worker() -> None:
    """Do background jobs only; start as many as you like."""
    settings = read_settings()
    configure_logging()
    with told_plainly(), open_databases(settings) as databases:
        asyncio.run(work(databases.direct_dsn, settings))


async def work(dsn: str, settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signum, stop.set)
    out.print("Doing jobs. Ctrl-C stops it.")
    await jobs.run(dsn, settings, stop=stop)


@app.command()
def migrate() -> None:
    """Bring the database's schema up to date."""
    settings = read_settings()

    async def apply(dsn: str) -> list[str]:
        conn = await connect(dsn)
        try:
            return await apply_migrations(conn)
        finally:
            await conn.close()

    with told_plainly(), reach_databases(settings) as databases:
        applied = asyncio.run(apply(databases.owner_dsn))
    for name in applied:
        out.print(f"applied {name}")
    out.print("The schema is up to date.")


@app.command()
def demo() -> None:
    """Load the demo business: three consultants in three zones, with their hours."""
    settings = read_settings()

    async def load(dsn: str) -> None:
        conn = await connect(dsn)
        try:
            await load_demo(conn)
        finally:
            await conn.close()

    with told_plainly(), open_databases(settings) as databases:
        asyncio.run(load(databases.owner_dsn))
    out.print("The demo business is there.")


@app.command()
def dsn() -> None:
    """Print the schema owner's DSN, which migrates and may SET ROLE, and nothing else."""
    print(find_databases(read_settings()).owner_dsn)


@app.command()
def rejudge(
    since: Annotated[
        str | None, typer.Option(help="A date such as 2026-03-01, or an age: 12h, 7d, 4w")
    ] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Write the changes down")] = False,
) -> None:
    """Judge stored conversations again and show what changes; with --apply, change it.

    What a person corrected or closed stays as it is, and so does every booking.
    """
    settings = read_settings()
    try:
        begin = None if since is None else read_since(since, now=datetime.now(UTC))
    except ValueError:
        fail(f"“{since}” is neither a date such as 2026-03-01 nor an age such as 12h, 7d or 4w.")
    with told_plainly(), open_databases(settings) as databases:
        seen, changes = asyncio.run(rejudge_all(databases.dsn, since=begin, apply=apply))
    if changes:
        out.print(changes_table(changes))
    done = "changed" if apply else "would change; add --apply to write it down"
    out.print(f"{len(changes)} of {seen} conversations {done}.")


async def rejudge_all(dsn: str, *, since: datetime | None, apply: bool) -> tuple[int, list[Change]]:
    """Each conversation in a transaction of its own: stopping half-way loses nothing."""
    changes: list[Change] = []
    conn = await connect(dsn)
    try:
        found = await list_to_rejudge(conn, since=since)
        for consultation_id in track(found, "Judging again", console=out, transient=True):
            async with conn.transaction():
                change = await rejudge_one(conn, consultation_id, apply=apply)
            if change is not None:
                changes.append(change)
    finally:
        await conn.close()
    return len(found), changes


def read_since(text: str, *, now: datetime) -> datetime:
    """Raises ValueError for what is neither an age nor a date; a date begins at midnight UTC."""
    age = re.fullmatch(r"([0-9]{1,4})([hdw])", text.strip().lower())
    if age is None:
        begin = datetime.fromisoformat(text)
        return begin if begin.tzinfo else begin.replace(tzinfo=UTC)
    unit = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}[age[2]]
    return now - int(age[1]) * unit


def changes_table(changes: list[Change]) -> Table:
    table = Table("Conversation", "What", "Before", "After")
    for change in changes:
        for name, after in change.after.items():
            before = change.before[name]
            table.add_row(change.conversation_id, name, str(before), str(after))
    return table


@app.command()
def rehearse(
    name: Annotated[str | None, typer.Argument(help="One sample; left out: what there is")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every sample")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Also with a real key or a database of yours")
    ] = False,
) -> None:
    """Play sample conversations through the running service and see what becomes of them."""
    if name is None and not every:
        out.print(samples_table(SAMPLES.values()))
        out.print("\nPlay one with 'rehearse NAME', all of them with 'rehearse --all'.")
        return
    if name is not None and name not in SAMPLES:
        fail(f"there is no sample “{name}”. The samples are: {', '.join(SAMPLES)}.")
    settings = read_settings()
    if not yes and not (settings.uses_stand_in and settings.uses_embedded_database):
        fail(
            "ELEVENLABS_API_KEY or DATABASE_URL is set, and a rehearsal would leave made-up "
            "customers and bookings where real ones are. Add --yes if that is what you want."
        )
    samples = list(SAMPLES.values()) if name is None else [SAMPLES[name]]
    try:
        with reach_service(settings) as service:
            plays = [
                play(service, sample, now=datetime.now(UTC))
                for sample in track(samples, "Rehearsing", console=out, transient=True)
            ]
    except ServiceUnusable as error:
        fail(str(error))
    out.print(results_table(plays))
    failed = [played.sample.name for played in plays if played.differences]
    out.print(f"{len(plays) - len(failed)} of {len(plays)} went as expected.")
    if failed:
        raise typer.Exit(1)
