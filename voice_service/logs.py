"""Logs: JSON lines for machines, words on a terminal. Ids and counts, never what people said."""

import logging
import sys
from typing import Final

import structlog

SHARED: Final[list[structlog.typing.Processor]] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure_logging() -> None:
    """One format for our lines and those of the libraries, on standard error."""
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer()
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                renderer,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    # Their routine is no news; a failed job and a database that is away are told by our own lines.
    levels = {"uvicorn": "WARNING", "httpx": "WARNING"} | dict.fromkeys(
        ("pgqueuer", "asyncpg"), "CRITICAL"
    )
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
