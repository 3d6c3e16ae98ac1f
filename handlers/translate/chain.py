"""Providers in turn: the next one is asked where one can't, or gives back something that cannot be trusted.

One that fails again and again is left alone for a while. What was translated before is remembered, in this process's memory alone: buyers'
words go into no shared cache and onto no disk.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.ports import Clock
from handlers.translate.guarding import Mangled, guarded, pieces, restored
from handlers.translate.provider import CannotTranslate, Provider

BREAKS_AFTER, RESTS = 5, timedelta(minutes=1)  # failures in a row; how long it is then left alone
REMEMBERED = 2_000  # translations
AT_ONCE = 4  # pieces of a long text


@dataclass(frozen=True, slots=True)
class Translated:
    """A translation, and whose it is."""

    text: str
    provider: str


class Chain:
    """One per process."""

    def __init__(self, providers: Sequence[Provider], clock: Clock) -> None:
        self.providers, self._clock = tuple(providers), clock
        self._failures: dict[str, int] = {}
        self._resting: dict[str, datetime] = {}
        self._known: OrderedDict[str, Translated] = OrderedDict()

    async def translate(self, text: str, source: str | None, lang: str) -> Translated:
        """By the first that can. Raises CannotTranslate with what each said; lasting only where it is of all of them."""
        key = hashlib.sha256(f"{source}\0{lang}\0{text}".encode()).hexdigest()
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key]
        failed: list[CannotTranslate] = []
        for place, provider in enumerate(self.providers):
            name = f"{place}:{provider.name}"
            rests = self._resting.get(name)
            if rests is not None and self._clock.now() < rests:
                failed.append(CannotTranslate(f"{provider.name} is left alone for a moment", after=rests - self._clock.now()))
                continue
            try:
                done = Translated(await _by(provider, text, source, lang), provider.name)
            except CannotTranslate as why:
                failed.append(why)
                self._count(name, why)
                continue
            self._failures.pop(name, None)
            self._remember(key, done)
            return done
        waits = [each.after for each in failed if each.after is not None]
        said = "; ".join(each.why for each in failed) or "no provider is set"
        raise CannotTranslate(said, lasting=all(each.lasting for each in failed), after=min(waits) if len(waits) == len(failed) else None)

    def _count(self, name: str, why: CannotTranslate) -> None:
        """A text that it will never take says nothing of how it is."""
        if why.lasting or why.after is not None:
            return
        self._failures[name] = self._failures.get(name, 0) + 1
        if self._failures[name] >= BREAKS_AFTER:
            self._resting[name] = self._clock.now() + RESTS
            self._failures[name] = BREAKS_AFTER - 1  # one try after the rest decides

    def _remember(self, key: str, done: Translated) -> None:
        self._known[key] = done
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


async def _by(provider: Provider, text: str, source: str | None, lang: str) -> str:
    """In pieces that it takes, with what must stay as it is kept out of its hands."""
    sent, kept = guarded(text)
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(piece: str) -> str:
        said = piece.strip()
        if not said:
            return piece
        before, after = piece[: len(piece) - len(piece.lstrip())], piece[len(piece.rstrip()) :]
        async with slots:
            return before + (await provider.translate(said, source, lang)).strip() + after

    made = "".join(await asyncio.gather(*(one(each) for each in pieces(sent, provider.most))))
    if not made.strip():
        raise CannotTranslate(f"{provider.name} gave back nothing", lasting=True)
    try:
        return restored(made, kept)
    except Mangled as why:
        raise CannotTranslate(f"{provider.name}: {why}", lasting=True) from None
