"""What can go wrong, and for whom: a person (Refused), the retry loop (DeliveryFailed), an edge (Unauthentic), the start (BadSetting)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal


class BotError(Exception):
    """The base of everything Deskbell raises on purpose."""


class BadSetting(BotError):
    """A setting is wrong. The message is one line that names the variable and what it should be."""


class Refused(BotError):
    """A person asked for something that will not be done; nothing was changed.

    `key` and `params` name a sentence of `bot.wording`; the desk puts it into the person's language as `say` before it leaves `bot/`.
    `locale` is that
    language. `code` is stable and goes into problem documents. `field` names the bad input, where there is one; `extra` is machine-readable
    detail.
    """

    code = "refused"

    def __init__(
        self, key: str, *, code: str | None = None, field: str | None = None,
        extra: Mapping[str, Any] | None = None, **params: object,
    ) -> None:  # fmt: skip
        super().__init__(key)
        self.key = key
        self.params = params
        self.field = field
        self.extra = dict(extra or {})
        self.code = code or type(self).code
        self.say = key
        self.locale: str | None = None

    def __str__(self) -> str:
        return self.say


class NotFound(Refused):
    """No such thing, or another merchant's: the two are told apart to nobody."""

    code = "not_found"


class NotAllowed(Refused):
    """This person may not do this; `say` gives the reason."""

    code = "not_allowed"


class AlreadyClaimed(Refused):
    """Someone was faster; `params["who"]` is their name."""

    code = "already_claimed"


class WrongState(Refused):
    """The ticket is not in a state that allows it."""

    code = "wrong_state"


class BadUsage(Refused):
    """The words or fields are off; `say` shows how it is done."""

    code = "bad_usage"


class UnknownPerson(Refused):
    """Nobody is linked to this chat account: told so, and nothing else."""

    code = "unknown_person"


class Conflict(BotError):
    """The row changed under us: run the whole unit of work again. Never shown to a person."""


class AlreadyAnswered(BotError):
    """This idempotency key was answered before: give the first answer again."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__("answered before")
        self.status, self.body = status, body


class DeliveryFailed(BotError):
    """A channel could not deliver a notice.

    `rejected`: it never will (bury it, tell the next address). `later`: try again, after `retry_after` if given.
    `unknown`: it may have arrived (a reply was lost); whether to send again is decided in `bot.deliver`.
    """

    def __init__(self, outcome: Literal["rejected", "later", "unknown"], why: str, retry_after: timedelta | None = None) -> None:
        super().__init__(why)
        self.outcome, self.why, self.retry_after = outcome, why, retry_after


class Unavailable(BotError):
    """Something that is needed, such as the database, does not answer now. Storage raises it; the web answers 503 with Retry-After."""


class Unreadable(BotError):
    """An institution's event has not the shape that it should. The message names what is wrong in one line, and never a value."""


class Unauthentic(BotError):
    """A request's signature, timestamp or headers do not prove its sender. Answer 401 and nothing else."""
