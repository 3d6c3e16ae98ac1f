"""Trains a model: messages with labels → a model's file, the same bytes for the same messages. Needs numpy, as nothing else does."""

from __future__ import annotations

import importlib
import random
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

from bot.classifying import packed
from bot.classifying.descent import Fit, fitted
from bot.classifying.grams import grams
from bot.classifying.guess import OTHER, guess
from bot.classifying.measuring import Answer, measured
from bot.classifying.samples import Sample

RAREST = 2  # messages that a gram has to be in
FOLDS = 5
NOTIONS = 1.5  # a notion counts so many times what its rarity says: it is made of what a person thought belongs together
EVEN = 1.0  # 1: all labels count the same, however many messages were written for each; 0: every message does
SMOOTH = 0.05  # of each message is said to be about anything: a label may be wrong
CAUTION = 0.5  # how much is believed of a weight before there is evidence
OFF_TOPIC = 0.045  # of messages about something else, so many may get a label
LEAST = 0.2  # how sure any label has to be


class Trained(NamedTuple):
    """The model's file, and each sample's scores by a model that has seen nothing of its scenario."""

    body: bytes
    held_out: Any
    told: str  # its figures on what was held out


def trained(samples: Sequence[Sample], labels: Sequence[str]) -> Trained:
    """Held-out scores first, by which its chances are made honest; then all samples once more, for the model that is kept."""
    np = numpy()
    found = [grams(each.text) for each in samples]
    held = held_out(samples, found, labels)
    sharp, _ = sharpness(np, held, np.array([labels.index(each.label) for each in samples]))
    least = floors(np, held * sharp, samples, labels)
    model = _fit(np, samples, found, range(len(samples)), labels)
    return Trained(_packed(np, model, labels, sharp, least), held, told(np, held * sharp, samples, labels, least))


def held_out(samples: Sequence[Sample], found: Sequence[set[str]], labels: Sequence[str]) -> Any:
    """A row of scores per sample."""
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


def wanted(np: Any, samples: Sequence[Sample], labels: Sequence[str]) -> tuple[Any, Any]:
    """What a model should say of each, and how much each counts."""
    right = np.array([labels.index(each.label) for each in samples])
    chances = np.full((len(samples), len(labels)), SMOOTH / len(labels))
    chances[np.arange(len(samples)), right] += 1 - SMOOTH
    many = Counter(each.label for each in samples)
    return chances, np.array([each.weight * (len(samples) / len(labels) / many[each.label]) ** EVEN for each in samples])


def sharpness(np: Any, scores: Any, right: Any) -> tuple[float, float]:
    """By which held-out scores, as chances, surprise least; and how much they do."""
    best, least = 1.0, float("inf")
    for step in range(5, 60):
        sharp = step / 20
        z = scores * sharp
        surprise = float(np.mean(np.log(np.exp(z - z.max(1, keepdims=True)).sum(1)) + z.max(1) - z[np.arange(len(right)), right]))
        if surprise < least:
            best, least = sharp, surprise
    return best, least


def floors(np: Any, scores: Any, samples: Sequence[Sample], labels: Sequence[str]) -> list[float]:
    """How sure a label has to be; and from which chance on a message is said to be about something else: so that only `OFF_TOPIC` of such
    get a label. To ask how likely that is costs far fewer right labels than to ask how sure the likeliest label is."""
    chances = np.exp(scores - scores.max(1, keepdims=True))
    chances /= chances.sum(1, keepdims=True)
    other = labels.index(OTHER)
    off = sorted(float(row[other]) for row, each in zip(chances, samples, strict=True) if each.label == OTHER and each.weight >= 1)
    cut = min(0.5, off[int(OFF_TOPIC * len(off))] * 0.999) if off else 0.5
    return [cut if label == OTHER else LEAST for label in labels]


def told(np: Any, scores: Any, samples: Sequence[Sample], labels: Sequence[str], least: Sequence[float]) -> str:
    """The figures of held-out scores, of the messages that were written for the desk."""
    found = []
    for row, each in zip(scores, samples, strict=True):
        if each.weight >= 1:
            grown = np.exp(row - row.max())
            said = guess(each.text, labels, partial(_known, [float(one) for one in grown / grown.sum()]), least)
            found.append(Answer(each.label, said.label, said.score, each.lang))
    whole = measured(found)
    languages = "  ".join(f"{lang} {macro:.3f}" for lang, (_, macro, _) in whole.languages.items() if lang)
    shares = f"accuracy {whole.accuracy:.3f}  macro-F1 {whole.macro_f1:.3f}  surest half {whole.surest_half:.3f}"
    figures = f"{shares}  false tags {whole.false_tags or 0:.3f}"
    labels_told = "  ".join(f"{label} {each.f1:.2f}" for label, each in sorted(whole.labels.items(), key=lambda pair: -pair[1].f1))
    taken = "  ".join(f"{right} → {said} {many}" for right, said, many in whole.taken_for)
    return f"held out: {figures}  {languages}\nF1: {labels_told}\ntaken for: {taken}"


def _known(chances: Sequence[float], _text: str) -> Sequence[float]:
    return chances


def _fit(np: Any, samples: Sequence[Sample], found: Sequence[set[str]], of: Sequence[int], labels: Sequence[str]) -> Fit:
    often = Counter(gram for at in of for gram in found[at])
    kept = sorted(gram for gram, times in often.items() if times >= RAREST)
    rarity = np.log((len(of) + 1) / (np.array([often[gram] for gram in kept]) + 1)).astype(np.float64)
    rarity *= np.array([NOTIONS if gram[0] == "§" and len(gram) > 1 else 1.0 for gram in kept])
    chances, weight = wanted(np, [samples[at] for at in of], labels)
    return fitted(kept, rarity, [found[at] for at in of], chances, weight, CAUTION)


def _packed(np: Any, model: Fit, labels: Sequence[str], sharp: float, least: Sequence[float]) -> bytes:
    weights = model.weights * model.rarity[:, None]
    weights = weights - weights.mean(1, keepdims=True)
    scale = float(np.quantile(np.abs(weights), 0.9995)) / 127
    units = np.clip(np.rint(weights / scale), -127, 127)
    some = np.flatnonzero(np.abs(units).max(1) > 0)
    kept = [model.grams[at] for at in some]
    body = (units[some] + packed.MIDDLE).astype(np.uint8).tobytes()
    return packed.written(labels, kept, body, [float(each) for each in model.bias], scale, sharp, least)
