"""Logs: one JSON object a line on stderr, the libraries' lines too; no secret ever gets through."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable
from typing import Any, TextIO

import structlog

SHORTEST_SECRET = 6  # a shorter value would blot out ordinary words


def configure(secrets: Iterable[str | None], *, level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Sends structlog's and the standard library's records the same way. `secrets` are blotted out wherever they turn up."""
    hidden = sorted({each for each in secrets if each and len(each) >= SHORTEST_SECRET}, key=len, reverse=True)
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level, *shared, structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )  # fmt: skip
    render = structlog.processors.JSONRenderer(ensure_ascii=False)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.format_exc_info, render],
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_Blotting(formatter, hidden))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in ("slack_bolt", "slack_sdk", "aiohttp.access", "alembic", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it warns of passes that go on; the ticker tells of faults


class _Blotting(logging.Formatter):
    """The last word before a line is written: whatever was formatted, secrets become ***."""

    def __init__(self, inner: logging.Formatter, hidden: list[str]) -> None:
        super().__init__()
        self._inner, self._hidden = inner, hidden

    def format(self, record: logging.LogRecord) -> str:
        line = self._inner.format(record)
        for secret in self._hidden:
            line = line.replace(secret, "***")
        return line
