"""What goes wrong at the fake Slack, and when: each fault once, in the order in which they were asked for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """Happens to the next call of `method` ("" any). `kind`: error, limit, lost, http_500, hang."""

    kind: str
    method: str = ""
    error: str = ""
    seconds: int = 1


class Faults:
    """`response_url` counts as a method, too."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self.losing = 0  # so many messages more are taken, and their replies lost

    def fail_next(self, method: str, error: str) -> None:
        """The next call of this method is refused."""
        self._faults.append(Fault("error", method, error))

    def rate_limit_next(self, seconds: int = 1, method: str = "chat.postMessage") -> None:
        """The next call gets 429 with Retry-After."""
        self._faults.append(Fault("limit", method, seconds=seconds))

    def lose_reply_next(self, method: str = "chat.postMessage") -> None:
        """The next call is carried out and the line cut before the answer."""
        self._faults.append(Fault("lost", method))

    def http_500_next(self, method: str = "chat.postMessage") -> None:
        """The next call gets 500, without a body that says more."""
        self._faults.append(Fault("http_500", method))

    def hang_next(self, method: str = "chat.postMessage") -> None:
        """The next call is carried out and never answered."""
        self._faults.append(Fault("hang", method))

    def forget_faults(self) -> None:
        """Nothing goes wrong any more."""
        self._faults.clear()

    def next_fault(self, method: str) -> Fault | None:
        """What happens to this call."""
        found = next((each for each in self._faults if each.method in ("", method)), None)
        if found is not None:
            self._faults.remove(found)
        return found
