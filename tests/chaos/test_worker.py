"""A worker only sends: no web edge and none of their libraries is imported, so that it is up again in half a second."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.bench import program

WEB = {"slack_bolt", "prometheus_client", "pydantic", "aiohttp.web", "handlers.web", "handlers.api", "handlers.playground", "alembic"}


def test_a_worker_imports_no_web_edge(tmp_path: Path) -> None:
    settings = {"database_url": f"sqlite:///{tmp_path}/deskbell.db", "role": "worker", **program.slack("http://127.0.0.1:9/api/")}
    first = program.start([str(program.ROOT / "run_bot.py"), "migrate"], tmp_path, settings)  # alembic is for this alone
    assert first.wait(60) == 0
    with (tmp_path / "imports").open("wb") as imports:
        # Without ADMIN_TOKEN it says so when it is up.
        worker = program.start(
            ["-X", "importtime", str(program.ROOT / "run_bot.py"), "serve"], tmp_path, {**settings, "admin_token": ""},
            output=subprocess.PIPE, errors=imports,
        )  # fmt: skip
        try:
            assert "token" in program.first_line(worker)
        finally:
            program.end(worker)
    loaded = {line.rpartition("|")[2].strip() for line in (tmp_path / "imports").read_text().splitlines() if "import time:" in line}
    assert "handlers.slack.channel" in loaded, "what it sends by is there"
    assert not sorted(WEB & loaded)
