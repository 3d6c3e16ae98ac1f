"""What about a ticket is risky: each hint with its level and its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from statistics import median
from typing import Any

from bot.frozen import record
from bot.risk.records import Sighting
from bot.ticket import DISPUTES, Ticket

LEVELS = ("none", "low", "medium", "high")
BACK = timedelta(days=30)  # how long a buyer's earlier tickets count
REPEATED, DISPUTED, CARDS = 3, 2, 3  # earlier tickets, earlier disputes, different cards
NEAR, SOON = timedelta(hours=48), timedelta(hours=24)
FAR, ENOUGH = 5, 10  # times the median of at least so many orders
NEW = timedelta(days=30)
SURE = 0.8  # of the engine that reads what was written
_CASES = {"alert", "inquiry", "chargeback", "pre_arbitration"}


@record(frozen=True, slots=True)
class Hint:
    """One reason. `evidence` is what it goes by, for its sentence and for systems."""

    kind: str
    level: str
    evidence: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the ticket: the buyer's other tickets, what the shop's orders amount to, since when it sells here."""

    earlier: Sequence[Sighting] = ()
    amount: Mapping[str, str] | None = None
    usual: Sequence[Mapping[str, str]] = ()
    since: datetime | None = None
    card: str | None = None


def level(hints: Iterable[str]) -> str:
    """The highest of these levels."""
    return max(hints, key=LEVELS.index, default="none")


def of(ticket: Ticket, threats: Mapping[str, str], known: Known, due: datetime | None, now: datetime) -> list[Hint]:
    """All there are. `due`: until when the network wants an answer."""
    case = str(ticket.dispute.get("kind") or "")
    about = {"case": ticket.dispute.get("case_id"), "provider": ticket.dispute.get("provider")} if case else {}
    found = []
    guessed = ticket.category.source == "engine"
    if case in _CASES or (ticket.category.label == "chargeback_alert" and not guessed):
        found.append(Hint("chargeback_alert", "high", about or {"category": ticket.category.label}))
    elif ticket.category.label == "chargeback_alert" and "chargeback_threat" not in threats:
        score = round(ticket.category.score, 2)
        found.append(Hint("chargeback_likely", "high" if score >= SURE else "medium", {"score": score}))
    if case == "fraud_warning":
        found.append(Hint("fraud_warning", "high", about))
    elif ticket.category.label == "unauthorized_payment":
        found.append(Hint("fraud_claimed", "medium", {"category": ticket.category.label}))
    found += [Hint(kind, "high" if kind == "chargeback_threat" else "medium", {"words": words}) for kind, words in threats.items()]
    if due is not None and due - now <= NEAR:
        found.append(Hint("deadline_near", "high" if due - now <= SOON else "medium", {"due_at": due.isoformat()}))
    return [*found, *_buyer(known), *_amount(known), *_new(ticket, known, now)]


def _buyer(known: Known) -> list[Hint]:
    tickets = sorted({each.ticket for each in known.earlier})
    disputes = sorted({each.ticket for each in known.earlier if each.dispute})
    cards = {each.card for each in known.earlier if each.card} | ({known.card} if known.card else set())
    found = []
    if len(tickets) >= REPEATED:
        found.append(Hint("repeated_buyer", "medium", {"count": len(tickets), "tickets": _names(tickets), "days": BACK.days}))
    if len(disputes) >= DISPUTED:
        high = "high" if len(disputes) >= 2 * DISPUTED else "medium"
        found.append(Hint("several_disputes", high, {"count": len(disputes), "tickets": _names(disputes), "days": BACK.days}))
    if len(cards) >= CARDS:
        found.append(Hint("several_cards", "high", {"count": len(cards), "days": BACK.days}))
    return found


def _names(tickets: Sequence[int]) -> str:
    return ", ".join(f"T-{each}" for each in tickets[-5:])


def _amount(known: Known) -> list[Hint]:
    if not known.amount:
        return []
    currency = known.amount.get("currency")
    usual = [value for each in known.usual if each.get("currency") == currency and (value := _money(each)) is not None]
    this = _money(known.amount)
    if this is None or len(usual) < ENOUGH or (middle := median(usual)) <= 0 or this <= FAR * middle:
        return []
    return [Hint("unusual_amount", "medium", {"amount": f"{this} {currency}", "usual": f"{middle:.2f} {currency}", "orders": len(usual)})]


def _money(total: Mapping[str, str]) -> Decimal | None:
    try:
        found = Decimal(str(total.get("amount")))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _new(ticket: Ticket, known: Known, now: datetime) -> list[Hint]:
    """Of a dispute alone: to be new is no risk by itself."""
    if ticket.category.label not in DISPUTES or known.since is None or now - known.since >= NEW:
        return []
    return [Hint("new_account", "low", {"days": (now - known.since).days})]
