"""What a message is about: one door to the model that always answers and, where its extra is installed, the one that reads meaning."""

from __future__ import annotations

from bot.classifying.guess import Guess, guess
from bot.classifying.lexical import Lexical, shipped

__all__ = ["Guess", "Lexical", "classify", "shipped", "warm"]


def classify(text: str, model: Lexical | None = None) -> Guess:
    """By the words alone, with a merchant's own `model` or the shipped one."""
    model = model or shipped()
    return guess(text, model.labels, model.chances, model.model.floors)


def warm() -> None:
    """Reads the shipped model now, in a thread that nobody waits for."""
    shipped()
