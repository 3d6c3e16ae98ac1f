"""Trains a model: messages with labels → a model's file, the same bytes for the same messages. Needs numpy, as nothing else does."""

from __future__ import annotations

import importlib
import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

from bot.classifying import packed
from bot.classifying.descent import Fit, fitted
from bot.classifying.grams import grams
from bot.classifying.samples import Sample

RAREST = 2  # messages that a gram has to be in
FOLDS = 5
EVEN = 0.7  # 1: all labels count the same, however many messages were written for each; 0: every message does
CAUTION = 10.0  # how much is believed of a weight before there is evidence
OFF_TOPIC = 0.05  # of messages about something else, so many may get a label


def trained(samples: Sequence[Sample], labels: Sequence[str]) -> bytes:
    """Held-out scores first, by which its chances are made honest; then all samples once more, for the model that is kept."""
    np = numpy()
    found = [grams(each.text) for each in samples]
    right = np.array([labels.index(each.label) for each in samples])
    held = held_out(samples, found, labels)
    sharpness = _sharpness(np, held, right)
    floors = _floors(np, held * sharpness, right, labels)
    model = _fit(np, samples, found, range(len(samples)), labels)
    return _packed(np, model, labels, sharpness, floors)


def held_out(samples: Sequence[Sample], found: Sequence[set[str]], labels: Sequence[str]) -> Any:
    """Each sample's scores by a model that has seen nothing of its scenario."""
    np = numpy()
    place = folds(samples)
    scores = np.zeros((len(samples), len(labels)))
    for fold in range(FOLDS):
        seen = [at for at in range(len(samples)) if place[at] != fold]
        unseen = [at for at in range(len(samples)) if place[at] == fold]
        scores[unseen] = _fit(np, samples, found, seen, labels).scores([found[at] for at in unseen])
    return scores


def folds(samples: Sequence[Sample]) -> list[int]:
    """Which of the `FOLDS` a sample is held out in: all of one scenario together."""
    scenarios = sorted({each.scenario for each in samples})
    random.Random(6).shuffle(scenarios)  # noqa: S311  # repeatable, and nobody gains by guessing it
    at = {scenario: place % FOLDS for place, scenario in enumerate(scenarios)}
    return [at[each.scenario] for each in samples]


def numpy() -> Any:
    """Raises ImportError where it is not installed."""
    return importlib.import_module("numpy")


def _fit(np: Any, samples: Sequence[Sample], found: Sequence[set[str]], of: Sequence[int], labels: Sequence[str]) -> Fit:
    often = Counter(gram for at in of for gram in found[at])
    kept = sorted(gram for gram, times in often.items() if times >= RAREST)
    rarity = np.log((len(of) + 1) / (np.array([often[gram] for gram in kept]) + 1)).astype(np.float64)
    right = np.array([labels.index(samples[at].label) for at in of])
    many = Counter(samples[at].label for at in of)
    weight = np.array([samples[at].weight * (len(of) / len(labels) / many[samples[at].label]) ** EVEN for at in of])
    return fitted(kept, rarity, [found[at] for at in of], right, weight, len(labels), CAUTION)


def _sharpness(np: Any, scores: Any, right: Any) -> float:
    """By which the held-out scores, as chances, surprise least."""
    best, least = 1.0, float("inf")
    for step in range(5, 60):
        sharp = step / 20
        z = scores * sharp
        surprise = float(np.mean(np.log(np.exp(z - z.max(1, keepdims=True)).sum(1)) + z.max(1) - z[np.arange(len(right)), right]))
        if surprise < least:
            best, least = sharp, surprise
    return best


def _floors(np: Any, scores: Any, right: Any, labels: Sequence[str]) -> list[float]:
    """How sure a label has to be so that of messages about something else only `OFF_TOPIC` get one; never more than half sure."""
    chances = np.exp(scores - scores.max(1, keepdims=True))
    chances /= chances.sum(1, keepdims=True)
    other = labels.index("other")
    taken = [float(row.max()) for row, label in zip(chances, right, strict=True) if label == other and row.argmax() != other]
    many = int((right == other).sum())
    allowed = int(OFF_TOPIC * 0.6 * many)
    floor = sorted(taken, reverse=True)[allowed] if len(taken) > allowed else 0.0
    floor = min(0.5, max(0.2, floor))
    return [0.0 if label == "other" else floor for label in labels]


def _packed(np: Any, model: Fit, labels: Sequence[str], sharpness: float, floors: Sequence[float]) -> bytes:
    weights = model.weights * model.rarity[:, None]
    weights = weights - weights.mean(1, keepdims=True)
    scale = float(np.quantile(np.abs(weights), 0.9995)) / 127
    units = np.clip(np.rint(weights / scale), -127, 127)
    some = np.flatnonzero(np.abs(units).max(1) > 0)
    kept = [model.grams[at] for at in some]
    body = (units[some] + packed.MIDDLE).astype(np.uint8).tobytes()
    return packed.written(labels, kept, body, [float(each) for each in model.bias], scale, sharpness, floors)
