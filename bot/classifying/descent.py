"""Multinomial logistic regression over few grams of many: limited-memory quasi-Newton steps, with nothing but numpy."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

STEPS = 60
MEMORY = 8
ENOUGH = 1e-5  # a step that betters less is the last


@dataclass
class Fit:
    """What was learned: a weight per gram and label, before a gram's rarity is counted in."""

    grams: Sequence[str]
    rarity: Any
    weights: Any
    bias: Any

    def scores(self, found: Sequence[set[str]]) -> Any:
        """A row of scores per message."""
        np = importlib.import_module("numpy")
        table = _Table(np, self.grams, self.rarity, found)
        return table.scores(self.weights, self.bias)


def fitted(grams: Sequence[str], rarity: Any, found: Sequence[set[str]], wanted: Any, weight: Any, caution: float) -> Fit:
    """`wanted` and `weight`: the chances that a model should give the labels, and how much that counts, per message."""
    np = importlib.import_module("numpy")
    table = _Table(np, grams, rarity, found)
    labels = wanted.shape[1]
    size = (len(grams), labels)
    cut = size[0] * size[1]

    def loss(x: Any) -> tuple[float, Any]:
        weights, bias = x[:cut].reshape(size), x[cut:]
        scores = table.scores(weights, bias)
        scores -= scores.max(1, keepdims=True)
        grown = np.exp(scores)
        whole = grown.sum(1, keepdims=True)
        lost = -float((weight[:, None] * wanted * (scores - np.log(whole))).sum()) + 0.5 / caution * float((weights**2).sum())
        off = (grown / whole - wanted) * weight[:, None]
        return lost, np.concatenate([(table.back(off) + weights / caution).ravel(), off.sum(0)])

    x = least(loss, np.zeros(cut + labels))
    return Fit(grams, rarity, x[:cut].reshape(size), x[cut:])


class _Table:
    """Messages by grams, only what is not zero: a message's grams have the length 1 together, but for their rarity."""

    def __init__(self, np: Any, grams: Sequence[str], rarity: Any, found: Sequence[set[str]]) -> None:
        place = {gram: at for at, gram in enumerate(grams)}
        rows = [sorted(place[gram] for gram in each if gram in place) for each in found]
        many = np.array([len(each) for each in rows])
        self._np, self._size, self._grams = np, len(found), len(grams)
        self._at = np.array([at for row in rows for at in row], dtype=np.int64)
        self._row = np.repeat(np.arange(len(rows)), many)
        self._value = (rarity[self._at] / np.sqrt(np.maximum(many, 1))[self._row])[:, None]
        self._some, self._starts = np.flatnonzero(many), np.concatenate([[0], np.cumsum(many)[:-1]])[many > 0].astype(np.int64)
        order = np.argsort(self._at, kind="stable")
        self._by_gram, self._rows_by_gram = order, self._row[order]
        self._grams_there, self._gram_starts = np.unique(self._at[order], return_index=True)

    def scores(self, weights: Any, bias: Any) -> Any:
        """A row per message."""
        scores = self._np.zeros((self._size, len(bias)))
        scores[self._some] = self._np.add.reduceat(weights[self._at] * self._value, self._starts, axis=0)
        return scores + bias

    def back(self, off: Any) -> Any:
        """What each gram had to do with it."""
        share = self._np.zeros((self._grams, off.shape[1]))
        share[self._grams_there] = self._np.add.reduceat(off[self._rows_by_gram] * self._value[self._by_gram], self._gram_starts, axis=0)
        return share


def least(loss: Callable[[Any], tuple[float, Any]], x: Any, steps: int = STEPS) -> Any:
    """Where `loss`, which gives its slope as well, is least, from `x` on."""
    np = importlib.import_module("numpy")
    lost, slope = loss(x)
    moves: list[tuple[Any, Any]] = []
    for _ in range(steps):
        way = _direction(slope, moves)
        length = 1.0 if moves else 1.0 / max(1.0, float(np.abs(slope).max()))
        fall = float(slope @ way)
        while True:
            there = x - length * way
            left, steep = loss(there)
            if left <= lost - 1e-4 * length * fall or length < 1e-4:
                break
            length /= 2
        step, turn = there - x, steep - slope
        if float(step @ turn) > 1e-10:
            moves = [*moves, (step, turn)][-MEMORY:]
        done = lost - left < ENOUGH * abs(lost)
        x, lost, slope = there, left, steep
        if done:
            break
    return x


def _direction(slope: Any, moves: Sequence[tuple[Any, Any]]) -> Any:
    way = slope.copy()
    shares = []
    for step, turn in reversed(moves):
        share = float(step @ way) / float(turn @ step)
        shares.append(share)
        way -= share * turn
    if moves:
        step, turn = moves[-1]
        way *= float(step @ turn) / float(turn @ turn)
    for (step, turn), share in zip(moves, reversed(shares), strict=True):
        way += (share - float(turn @ way) / float(turn @ step)) * step
    return way
