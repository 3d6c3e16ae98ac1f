"""The processes: started, killed with SIGKILL, and started again at once."""

from __future__ import annotations

import random
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from tests.bench.program import end, serve

YOUNG = 1.0  # seconds; a process killed before that was still starting


class Herd:
    """So many processes with the same settings."""

    def __init__(self, many: int, folder: Path, settings: Mapping[str, str], chance: random.Random) -> None:
        self._folder, self._settings, self._chance = folder, settings, chance
        self._log = (folder / "processes.log").open("ab")
        self._processes = [self._started() for _ in range(many)]
        self.kills = self.young = self.ended = 0

    def kill_one(self) -> None:
        """Whichever; another stands in its place when this returns. One that ended by itself is replaced and counted apart."""
        place = self._chance.randrange(len(self._processes))
        process, born = self._processes[place]
        if process.poll() is None:
            process.kill()
            process.wait()
            self.kills += 1
            self.young += time.monotonic() - born < YOUNG
        self._processes[place] = self._started()

    def revive(self) -> None:
        """Replaces what ended by itself: that is a fault, but the run goes on."""
        for place, (process, _) in enumerate(self._processes):
            if process.poll() is not None:
                self.ended += 1
                self._processes[place] = self._started()

    def stop(self) -> None:
        """Asks all of them to end."""
        for process, _ in self._processes:
            end(process)
        self._log.close()

    def complaints(self) -> str:
        """The end of what they logged."""
        return (self._folder / "processes.log").read_text(errors="replace")[-3000:]

    def _started(self) -> tuple[subprocess.Popen[bytes], float]:
        return serve(self._folder, self._settings, level="warning", output=self._log), time.monotonic()
