"""Background work: the one module that knows the job library.

A job is enqueued in the transaction of the row it is about and handled in a transaction of its
own, once per attempt. A failed attempt is rolled back whole, noted, and tried again later; after
the last one the job stays in the queue as ``failed``, with its reason, until somebody requeues it.
A job whose worker was killed is picked up by another after ``HEARTBEAT_TIMEOUT``.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final, Protocol

import structlog
from pgqueuer import AsyncpgDriver, AsyncpgPoolDriver, DatabaseRetryEntrypointExecutor, PgQueuer
from pgqueuer.adapters.persistence.qb import (
    QueryBuilderEnvironment,
    QueryQueueBuilder,
    QuerySchedulerBuilder,
)
from pgqueuer.domain.settings import DBSettings
from pgqueuer.domain.types import Channel
from pgqueuer.models import Job, Schedule
from pgqueuer.ports.driver import Driver
from pgqueuer.queries import Queries

from booking_core.database import Connection, Pool, open_pool
from voice_service.errors import describe
from voice_service.metrics import JOB_ATTEMPTS
from voice_service.settings import Settings

NAMES: Final = DBSettings(db_schema="jobs")
ENVIRONMENT: Final = QueryBuilderEnvironment(NAMES)
QUEUE: Final = QueryQueueBuilder(NAMES)
SCHEDULER: Final = QuerySchedulerBuilder(NAMES)
MAX_ATTEMPTS: Final = 6
FIRST_DELAY: Final = timedelta(seconds=1)
LONGEST_DELAY: Final = timedelta(minutes=2)
HEARTBEAT_TIMEOUT: Final = timedelta(seconds=30)
POLL_EVERY: Final = timedelta(seconds=1)
BATCH: Final = 10
MOST_AT_ONCE: Final = 2 * BATCH  # the library wants at least twice the batch
CONNECTIONS: Final = 8  # of a worker; one of them listens, the others work

log = structlog.get_logger()

Payload = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class JobContext:
    """What a handler works with besides its payload."""

    conn: Connection
    settings: Settings
    now: datetime


class Handler(Protocol):
    async def __call__(self, context: JobContext, payload: Payload) -> None: ...


class FailureNote(Protocol):
    """Called in a transaction of its own after an attempt failed."""

    async def __call__(
        self, context: JobContext, payload: Payload, *, reason: str, last: bool
    ) -> None: ...


@dataclass(frozen=True, kw_only=True)
class RegisteredJob:
    handle: Handler
    failed: FailureNote


class JobFailed(Exception):
    """An attempt failed. Its text names the error's class and place, never what people said."""


_jobs: dict[str, RegisteredJob] = {}
_schedules: dict[str, tuple[str, Callable[[JobContext], Awaitable[None]]]] = {}


def job(name: str, *, failed: FailureNote) -> Callable[[Handler], Handler]:
    """Register the handler of jobs of this name."""

    def register(handle: Handler) -> Handler:
        _jobs[name] = RegisteredJob(handle=handle, failed=failed)
        return handle

    return register


def schedule(
    name: str, expression: str
) -> Callable[[Callable[[JobContext], Awaitable[None]]], Callable[[JobContext], Awaitable[None]]]:
    """Run a function by the clock (a cron expression, UTC), once over all workers."""

    def register(run: Callable[[JobContext], Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        _schedules[name] = (expression, run)
        return run

    return register


async def enqueue(conn: Connection, name: str, payload: Payload, *, key: str | None = None) -> None:
    """Ask for a job, in the caller's transaction: rolled back with it, seen once it commits.

    Args:
        conn: with an open transaction.
        name: of a registered job.
        payload: ids only; what people said stays in its own tables.
        key: while a job of the same key waits, no second one is made.
    """
    await queries_over(over(conn)).enqueue(
        name, json.dumps(dict(payload)).encode(), dedupe_key=key, on_conflict="skip"
    )


def over(conn: Connection) -> Driver:
    return AsyncpgDriver(conn)  # type: ignore[arg-type]  # a pool's proxy is a connection too


def queries_over(driver: Driver) -> Queries:
    """The library's queries, with its tables in a schema that no Data API exposes."""
    return Queries(driver, qbe=ENVIRONMENT, qbq=QUEUE, qbs=SCHEDULER)


GRANTS: Final = """
    GRANT USAGE ON SCHEMA jobs TO service_role;
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA jobs TO service_role;
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA jobs TO service_role;
"""
INSTALL_LOCK: Final = 0x6A6F6273  # "jobs" in ASCII


async def install(conn: Connection) -> None:
    """Make or bring up to date the library's tables; safe to call from several at once."""
    queries = queries_over(over(conn))
    await conn.execute("SELECT pg_advisory_lock($1)", INSTALL_LOCK)
    try:
        if await queries.schema_is_installed():
            await queries.apply_upgrade()
        else:
            await queries.install()
        await conn.execute(GRANTS)
    finally:
        await conn.execute("SELECT pg_advisory_unlock($1)", INSTALL_LOCK)


IS_INSTALLED: Final = "SELECT to_regclass('jobs.pgqueuer') IS NOT NULL"


async def is_installed(conn: Connection) -> bool:
    return bool(await conn.fetchval(IS_INSTALLED))


async def run(dsn: str, settings: Settings, *, stop: asyncio.Event) -> None:
    """Do jobs until ``stop`` is set; a lost database is waited for, not died of.

    Args:
        dsn: a session connection, since the worker listens; never a transaction pooler's.
    """
    pause = FIRST_DELAY
    while not stop.is_set():
        try:
            async with await open_pool(dsn, max_size=CONNECTIONS) as pool:
                await run_until_broken(pool, settings, stop=stop)
            pause = FIRST_DELAY
        except Exception as error:  # whatever it was, the next round may work
            log.warning("jobs_interrupted", error=describe(error), retry_in=pause.total_seconds())
            await wait(stop, pause)
            pause = min(pause * 2, timedelta(seconds=15))


async def wait(stop: asyncio.Event, pause: timedelta) -> None:
    try:
        await asyncio.wait_for(stop.wait(), pause.total_seconds())
    except TimeoutError:
        return


async def run_until_broken(pool: Pool, settings: Settings, *, stop: asyncio.Event) -> None:
    """One round of the library's loop: ends when ``stop`` is set or the connection is lost."""
    driver = AsyncpgPoolDriver(pool)
    worker = PgQueuer(driver, channel=Channel(NAMES.channel), queries=queries_over(driver))
    for name, registered in _jobs.items():
        worker.entrypoint(
            name,
            accepts_context=False,
            on_failure="hold",
            executor_factory=partial(
                DatabaseRetryEntrypointExecutor,
                max_attempts=MAX_ATTEMPTS - 1,
                initial_delay=FIRST_DELAY,
                max_delay=LONGEST_DELAY,
            ),
        )(partial(attempt, pool, settings, registered))
    for name, (expression, function) in _schedules.items():
        worker.schedule(name, expression)(partial(tick, pool, settings, function))
    # The library sends its first probe before it listens: too early, it takes itself for deaf.
    await driver.add_listener(NAMES.channel, lambda _: None)
    watcher = asyncio.create_task(pass_on(stop, worker.shutdown))
    try:
        await worker.run(
            dequeue_timeout=POLL_EVERY,
            batch_size=BATCH,
            max_concurrent_tasks=MOST_AT_ONCE,
            heartbeat_timeout=HEARTBEAT_TIMEOUT,
            shutdown_on_listener_failure=True,
        )
    finally:
        watcher.cancel()


async def pass_on(stop: asyncio.Event, shutdown: asyncio.Event) -> None:
    await stop.wait()
    shutdown.set()


async def attempt(pool: Pool, settings: Settings, registered: RegisteredJob, job: Job) -> None:
    """Handle one job in one transaction; note a failure in another, and raise ``JobFailed``."""
    payload: Payload = json.loads(job.payload or b"{}")
    try:
        async with pool.acquire() as conn, conn.transaction():
            await registered.handle(make_context(conn, settings), payload)
        JOB_ATTEMPTS.labels(job.entrypoint, "done").inc()
    except Exception as error:
        JOB_ATTEMPTS.labels(job.entrypoint, "failed").inc()
        reason = describe(error)
        last = job.attempts >= MAX_ATTEMPTS - 1
        log.warning("job_attempt_failed", job=job.entrypoint, error=reason, last=last, **payload)
        async with pool.acquire() as conn, conn.transaction():
            context = make_context(conn, settings)
            await registered.failed(context, payload, reason=reason, last=last)
        # from None: a traceback kept by the library would carry what the caller said.
        raise JobFailed(reason) from None


async def tick(
    pool: Pool, settings: Settings, run: Callable[[JobContext], Awaitable[None]], due: Schedule
) -> None:
    """Run one function by the clock, in one transaction; what failed is due again next time."""
    try:
        async with pool.acquire() as conn, conn.transaction():
            await run(make_context(conn, settings))
    except Exception as error:  # the library would log what people said with the traceback
        log.warning("schedule_failed", schedule=due.entrypoint, error=describe(error))


def make_context(conn: Connection, settings: Settings) -> JobContext:
    return JobContext(conn=conn, settings=settings, now=datetime.now(UTC))
