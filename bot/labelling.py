"""What a new ticket is about, by its first words; and what people say instead, kept for the engine to learn from."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.classifying import Guess, classify
from bot.house import House
from bot.stores import Stores
from bot.stores.labels import Correction
from bot.ticket import Category, Change, Event, State, Ticket


def first_look(house: House, subject: str, message: str) -> Category:
    """At once, by the shipped model. A transaction that runs again counts it twice in the figures, which only show a tendency."""
    found = classify(words(subject, message))
    house.metrics.classified(found.label, found.score, unsure=found.unsure)
    return judged(found)


def words(subject: str, message: str) -> str:
    """What is looked at of a ticket."""
    return message if message.startswith(subject) else f"{subject}\n{message}"


def judged(found: Guess) -> Category:
    """A guess as a ticket keeps it."""
    return Category(found.label, found.score, "engine", found.also, found.guesses)


def rejudged(ticket: Ticket, judged: Category) -> Change:
    """The engine has looked again; what a person has said stands."""
    if ticket.category.source != "engine" or ticket.state is State.ARCHIVED or judged == ticket.category:
        return Change(ticket)
    after = replace(ticket, category=judged)
    if judged.label == ticket.category.label:
        return Change(after, (Event("classified", {"category": judged.label, "score": judged.score}),))
    detail = {"category": judged.label, "from": ticket.category.label, "score": judged.score}
    return Change(after, (Event("ticket.updated", detail),))


def corrected(stores: Stores, house: House, before: Ticket, said: str, by: str, now: datetime) -> None:
    """Somebody said what it is about. Where only people and systems had said something before, the engine learns of it all the same."""
    was = before.category
    if was.source == "engine":
        house.metrics.corrected(was.label, said)
    stores.labels.correct(Correction(before.merchant_id, before.number, was.label, said, was.score, by, now))
