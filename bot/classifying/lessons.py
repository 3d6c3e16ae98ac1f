"""What a merchant's own corrections add to the shipped model: small weights of the grams in those messages, learned without any library."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bot.classifying.grams import grams
from bot.classifying.lexical import Lessons, Lexical, softmax

ROUNDS = 6  # over all of them
STEP = 1.5
CERTAIN = 0.8  # a correction that the model has come to believe so much teaches no more
MOST = 200  # corrections, the newest: what was said years ago is in the shipped model's next training


def learned(shipped: Lexical, taught: Sequence[tuple[str, str]]) -> Lessons:
    """Of (text, label). One correction moves messages like it and hardly any other; several that agree move what they share."""
    lessons: dict[str, list[float]] = {}
    own = Lexical(shipped.model, lessons)
    texts = [(grams(text), shipped.labels.index(label)) for text, label in taught[:MOST] if label in shipped.labels]
    for _ in range(ROUNDS):
        moved = False
        for found, right in texts:
            chances = softmax(own.weighed(found), shipped.model.sharpness)
            if chances[right] >= CERTAIN or not found:
                continue
            moved = True
            share = STEP / math.sqrt(len(found))
            push = [share * ((at == right) - chance) for at, chance in enumerate(chances)]
            for gram in found:
                lessons[gram] = [sum(pair) for pair in zip(lessons[gram], push, strict=True)] if gram in lessons else push
        if not moved:
            break
    return lessons
