"""The real product as a visitor starts it: `python run_bot.py demo` in a process of its own, and a browser to look at it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@contextmanager
def running_demo(folder: Path) -> Iterator[str]:
    """Its address, once it is ready; it is ended as Ctrl+C ends it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DESKBELL_")}
    own = {"DESKBELL_PORT": str(port), "DESKBELL_DATABASE_URL": f"sqlite:///{folder}/demo.db"}
    with (folder / "demo.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "run_bot.py", "demo"], cwd=ROOT, env={**kept, **own}, stdout=log, stderr=log)
    try:
        _until_ready(process, f"http://127.0.0.1:{port}", folder / "demo.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


def _until_ready(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    last = time.monotonic() + 30
    while time.monotonic() < last:
        assert process.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:  # noqa: S310  # our own address
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"not ready in 30 s:\n{log.read_text()}")
