"""What the world must satisfy: Clock, Work and its stores, Vault, Channel, Updates, Cache."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar, runtime_checkable

from bot.messages import Notice, Receipt, Told
from bot.people import Person
from bot.records import Account, Merchant
from bot.stores import Stores

T = TypeVar("T")


class Clock(Protocol):
    """The one source of time."""

    def now(self) -> datetime:
        """UTC, timezone-aware."""
        ...


class Work(Protocol):
    """The unit of work: `body` runs in one transaction, whole or not at all.

    `body` is synchronous and pure but for its stores: it may be run again after a serialization failure or a lost connection, so it
    must not touch anything outside. What it raises rolls everything back and comes out as it is. `write` raises Conflict only when
    several tries have not helped.
    """

    async def read(self, body: Callable[[Stores], T], *, quick: bool = False) -> T:
        """No writes; needs no transaction where the database can do without.

        `quick`: a few reads by key, which the embedded database answers in less time than a hop to a thread takes.
        """
        ...

    async def write(self, body: Callable[[Stores], T]) -> T:
        """Committed when it returns."""
        ...


class Vault(Protocol):
    """Encryption at rest. `context` (`table|column|row`) is bound in: a ciphertext moved to another row does not open."""

    def seal(self, clear: bytes, context: str) -> bytes: ...
    def open(self, sealed: bytes, context: str) -> bytes: ...
    def token(self, clear: str, context: str) -> str:
        """The same for the same text and context, and of no use to who has not the key: to find alike things by, never to read."""
        ...

    def new_data_key(self, context: str) -> bytes:
        """A key of somebody's own to seal with, wrapped."""
        ...

    def seal_with(self, wrapped: bytes, wrapped_for: str, clear: bytes, context: str) -> bytes: ...
    def open_with(self, wrapped: bytes, wrapped_for: str, sealed: bytes, context: str) -> bytes: ...
    def new_key(self, context: str) -> tuple[bytes, str]:
        """An Ed25519 key to sign with, sealed, and its public half in hex."""
        ...

    def sign(self, sealed: bytes, context: str, message: bytes) -> bytes:
        """With a key that `new_key` made."""
        ...


def _nowhere(merchant: Merchant) -> Sequence[str]:  # noqa: ARG001
    return ()


def _unknown(whom: object) -> None:  # noqa: ARG001
    return None


Vouches = Callable[[str, Person, Callable[[], Sequence[Account]]], bool]


def _theirs(account: str, person: Person, installed: Callable[[], Sequence[Account]]) -> bool:  # noqa: ARG001
    return True


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a channel can do, and where its addresses are written down: nobody else in the house needs to know its name.

    `burst` notices at once per address, then `per_minute`; above it they wait, or join digests of `digest` notices each. `chat`: people
    work together there, so that it hears of things first. `merchant` gives a merchant's targets on this channel, `person` a person's, or
    None; `deployment` is the target for a merchant that has no chat of its own.

    `finds`: it looks by itself whether what may have been sent before (`Notice.again`) is there, alone or in a digest.

    `mention`: what names a person in what is said to all, so that it rings for them.

    `vouches` (what a chat account says it is, a person that is linked to it, this channel's Accounts): whether it is theirs.

    `personal`: its cards have buttons only where one person gets them, so that tier 1 goes to the agents themselves, too.

    `grave`: short, costly and to somebody's pocket: told only when refunds are frozen.

    `mirrors`: a shop that has an Account here, under the shop's id, has its tickets shown there: each once, changed as it moves.
    `schedule`: the pauses after a first failure, a second …, where the channel has its own; after the last it is buried.

    `account` says through which Account of this channel a target is reached, by its id; `owner`, by the merchant whose own it is: where
    that merchant has none, through the deployment's, if the channel `stands` without one. The opened account comes as `Notice.route`.
    """

    chat: bool = False
    merchant: Callable[[Merchant], Sequence[str]] = _nowhere
    person: Callable[[Person], str | None] = _unknown
    deployment: str | None = None
    account: Callable[[str], str | None] = _unknown
    owner: Callable[[str], str | None] = _unknown
    stands: bool = True
    mention: Callable[[Person], str | None] = _unknown
    vouches: Vouches = _theirs
    personal: bool = False
    grave: bool = False
    mirrors: bool = False
    buttons: bool = False
    edits: bool = False
    finds: bool = False
    burst: int = 1_000_000
    per_minute: float = 1_000_000.0
    digests: bool = True
    digest: int = 200
    schedule: tuple[timedelta, ...] = ()


def written(*keys: str) -> Callable[[Merchant], Sequence[str]]:
    """For `Abilities.merchant`: what stands under these keys of a merchant's `notify`, one target each, or a list."""

    def targets(merchant: Merchant) -> Sequence[str]:
        found = [merchant.notify.get(key) or () for key in keys]
        return [str(target) for value in found for target in ((value,) if isinstance(value, str) else value)]

    return targets


class Channel(Protocol):
    """One way out. `name` is its folder's name."""

    name: str
    abilities: Abilities

    async def send(self, notice: Notice) -> Receipt:
        """Delivers once, within 5 s. Raises DeliveryFailed; anything else it raises counts as `unknown` and is logged."""
        ...


class Institution(Protocol):
    """Reads the events of one payment institution, or of a shop's platform (`shop`), whose orders need the operator's payment. Pure."""

    @property
    def name(self) -> str:
        """As a connection's `kind`."""
        ...

    @property
    def shop(self) -> bool:
        """Whether it is no institution, but where a shop stands."""
        ...

    def normalise(self, type: str, raw: bytes) -> Told:
        """What an event says. Raises Unreadable; the same event always says the same."""
        ...


@runtime_checkable
class Updates(Protocol):
    """Optional: what was sent can be changed in place."""

    async def update(self, receipt: Receipt, notice: Notice) -> Receipt:
        """Shows `notice.card` where `receipt` is. Raises DeliveryFailed."""
        ...


@runtime_checkable
class Placed(Protocol):
    """Optional: of all processes one alone can send on this channel, such as the one that holds its connection."""

    def here(self) -> bool:
        """False: another does, and what waits for this channel is left to it."""
        ...


@dataclass(frozen=True, slots=True)
class Taken:
    """From a bucket: how long until there is a token (zero: this one was taken), and how many are left."""

    wait: timedelta
    left: float


class Cache(Protocol):
    """Shared where Redis is, per process where not. It may forget everything at any moment: nothing but speed is lost."""

    async def take(self, key: str, burst: int, per_minute: float) -> timedelta:
        """A token of this bucket: zero, or how long until there is one (nothing is taken then)."""
        ...

    async def taken(self, key: str, burst: int, per_minute: float) -> Taken:
        """The same, for who tells how many are left."""
        ...

    async def get(self, key: str) -> str | None:
        """What was put, unless its time is over or it was forgotten."""
        ...

    async def put(self, key: str, value: str, ttl: timedelta) -> None: ...
    async def add(self, key: str, value: str, ttl: timedelta) -> bool:
        """Puts it where nothing is: of all who try at once one gets True."""
        ...

    async def drop(self, key: str) -> None: ...


class Metrics(Protocol):
    """Figures for operators."""

    def fired(self, tier: int, late_seconds: float) -> None:
        """A tier fired, so long after its moment."""
        ...

    def delivered(self, channel: str, outcome: str, seconds: float) -> None:
        """A delivery ended as `sent`, `later`, `dead` or `dropped`, so long after it was due."""
        ...

    def classified(self, label: str, score: float, *, unsure: bool) -> None:
        """The engine said what a new ticket is about, and how sure it is."""
        ...

    def corrected(self, was: str, said: str) -> None:
        """A person said what it is about, where the engine had said something."""
        ...

    def cleared(self, count: int) -> None:
        """So many tickets and orders hold nothing personal any more, their time being over."""
        ...


class NoMetrics:
    """Counts nothing."""

    def fired(self, tier: int, late_seconds: float) -> None:
        """Nothing."""

    def delivered(self, channel: str, outcome: str, seconds: float) -> None:
        """Nothing."""

    def classified(self, label: str, score: float, *, unsure: bool) -> None:
        """Nothing."""

    def corrected(self, was: str, said: str) -> None:
        """Nothing."""

    def cleared(self, count: int) -> None:
        """Nothing."""
