"""The program itself, as processes of their own: started, pinned to a core, asked whether it is ready, ended."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
ADMIN = "bench-admin-token"
SECRET = "bench-signing-secret"


def environment(folder: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """Only these settings, nothing of the machine's own. Compiled files are kept, as they are wherever the program is installed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DESKBELL_", "PYTHONDONTWRITE"))}
    usual = {"SECRET_KEY": "bench-secret-key-of-no-use", "ADMIN_TOKEN": ADMIN, "SLA_WARN": ""}
    given = {f"DESKBELL_{name.upper()}": value for name, value in {**usual, **settings}.items()}
    return {**kept, **given, "PYTHONPYCACHEPREFIX": str(folder / "compiled")}


def slack(api_url: str) -> dict[str, str]:
    """The settings of a connected Slack."""
    return {"slack_bot_token": "xoxb-bench", "slack_signing_secret": SECRET, "slack_api_url": api_url}


def start(
    arguments: Sequence[str], folder: Path, settings: Mapping[str, str] | None = None, *, core: int | None = None,
    output: IO[bytes] | int = subprocess.DEVNULL, errors: IO[bytes] | int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:  # fmt: skip
    """`python ARGUMENTS` in `folder`, where no `.env` is; on one core alone where one is named."""
    before = os.sched_getaffinity(0)
    if core is not None:
        os.sched_setaffinity(0, {core})  # a child is born with it, and so are its threads
    try:
        return subprocess.Popen(
            [sys.executable, *arguments], cwd=folder, env={**environment(folder, settings or {}), "PYTHONPATH": str(ROOT)},
            stdout=output, stderr=errors, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    finally:
        os.sched_setaffinity(0, before)


def serve(
    folder: Path, settings: Mapping[str, str], *, level: str = "info", core: int | None = None, output: IO[bytes] | int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    """`python run_bot.py serve`; what it logs and prints goes to `output`."""
    return start([str(ROOT / "run_bot.py"), "--log-level", level, "serve"], folder, settings, core=core, output=output, errors=output)


def end(process: subprocess.Popen[bytes], limit: float = 15.0) -> None:
    """Asks it to; after `limit` seconds it is ended."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(limit)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def first_line(process: subprocess.Popen[bytes]) -> str:
    """What it says first on its output: that it listens, and where."""
    assert process.stdout is not None
    line = process.stdout.readline().decode().strip()
    if not line:
        raise RuntimeError(f"it ended with {process.wait()} before it was ready")
    return line


def free_port() -> int:
    """A port that nobody listens on."""
    import socket

    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def wait_ready(process: subprocess.Popen[bytes], port: int, path: str = "/readyz", limit: float = 30.0) -> float:
    """Seconds until it answers 200."""
    import http.client

    started = time.perf_counter()
    while time.perf_counter() - started < limit:
        if process.poll() is not None:
            raise RuntimeError(f"it ended with {process.returncode} before it was ready")
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            asked.request("GET", path)
            if asked.getresponse().status == 200:
                return time.perf_counter() - started
        except (OSError, http.client.HTTPException):
            pass
        finally:
            asked.close()
        time.sleep(0.01)
    raise RuntimeError(f"not ready after {limit} s")
