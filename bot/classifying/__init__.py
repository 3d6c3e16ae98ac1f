"""What a message is about: one door to the model that always answers and, where its extra is installed, the one that reads meaning."""

from __future__ import annotations

from bot.classifying.guess import Guess, guess
from bot.classifying.lexical import Lexical, shipped
from bot.classifying.meaning import blended, ready

__all__ = ["Guess", "Lexical", "classify", "judge", "shipped", "warm_meaning"]


def classify(text: str, model: Lexical | None = None) -> Guess:
    """By the words alone, with a merchant's own `model` or the shipped one."""
    model = model or shipped()
    return guess(text, model.labels, model.chances, model.model.floors)


def judge(text: str, model: Lexical | None = None) -> Guess:
    """By the words and, where that is installed, by the meaning: some tens of milliseconds then, for a thread that nobody waits for.

    What else is in it is told by the words alone: a vector for each clause would take as long again each, and finds hardly more.
    """
    meaning = ready()
    if meaning is None:
        return classify(text, model)
    model = model or shipped()
    return guess(text, model.labels, lambda clause: blended(meaning, model, clause), meaning.head.floors, model.chances)


def warm_meaning() -> None:
    """Loads it now, where it is installed."""
    ready()
