"""Cases: a dispute, an alert, a refund or a payout that failed opens its one ticket, and what is told of it later goes there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot import evidence, hinting
from bot.announce import Actor, commit
from bot.happenings.outcome import At, Done, Later, Waits, further
from bot.happenings.placing import place
from bot.house import House
from bot.intake import merchant_of, open_uncounted
from bot.messages import NewTicket, ToldCase, ToldRefund
from bot.paid import Case
from bot.stores import Stores
from bot.ticket import Change, Event, State, Ticket, reopen
from bot.views import moment
from bot.wording import label, say

# Where the institution names no moment: networks let merchants answer within 7 to 21 days, alerts within 24 to 72 hours.
USUAL = {
    "alert": timedelta(hours=24), "fraud_warning": timedelta(hours=24), "inquiry": timedelta(days=3), "chargeback": timedelta(days=7),
    "pre_arbitration": timedelta(days=7), "refund": timedelta(hours=4), "payout": timedelta(hours=24),
}  # fmt: skip
# A bank transfer takes up to two working days, and a weekend may stand between; what an institution promises is late a day after.
LATE = "payout_late"
ARRIVES, GRACE = timedelta(days=4), timedelta(days=1)
URGENT = frozenset({"alert", "pre_arbitration"})
HARMLESS = frozenset({"won", "paid", "closed", "prevented", "refunded", "revoked"})


def told_case(stores: Stores, house: House, at: At, fact: ToldCase, now: datetime) -> Done | Waits | Later:
    """Opens or updates its ticket. Raises Refused where the merchant takes no tickets."""
    before = stores.cases.get(at.merchant_id, at.provider, fact.case_id)
    if fact.on_its_way:
        return _on_its_way(stores, house, at, before, fact, now)
    if fact.kind == "refund" and fact.outcome is None and _went_through(stores, at, fact):
        return Done(before.ticket or None if before else None, "event.older")
    if before is None:
        return _first(stores, house, at, fact, now)
    if not further(before.rank, before.told_at, fact.rank, fact.at):
        return Done(before.ticket or None, "event.older")
    begun = before if before.ticket else replace(before, opened_at=min(fact.opened_at or fact.at or now, now))
    after = _moved(begun, fact, now)
    if not before.ticket and fact.outcome in HARMLESS:
        stores.cases.put(after)
        return Done()
    ticket = _standing(stores, before)
    if ticket is None:
        return _opened(stores, house, at, fact, after, now)
    return _updated(stores, house, at, before, replace(after, ticket=ticket.number), ticket, now)


def refunded(stores: Stores, house: House, at: At, refund: ToldRefund, now: datetime) -> Done | Waits | Later:
    """A refund went through: where it had failed before, that case is over."""
    before = stores.cases.get(at.merchant_id, at.provider, refund.refund_id)
    if before is None or before.outcome is not None:
        return Done()
    over = ToldCase(
        refund.refund_id, "refund", "refund_succeeded", "SUCCEEDED", before.rank + 1, refund.at, before.opened_at, refund.payment_id,
        answered=True, outcome="refunded",
    )  # fmt: skip
    return told_case(stores, house, at, over, now)


def case_doc(case: Case) -> dict[str, Any]:
    """As a ticket shows it."""
    money = {"amount": case.amount, "currency": case.currency} if case.amount else None
    return {
        "provider": case.provider, "case_id": case.case_id, "kind": case.kind, "stage": case.stage, "status": case.status,
        "reason_code": case.reason_code, "reason": case.reason, "amount": money, "payment_id": case.payment_id,
        "opened_at": moment(case.opened_at), "due_at": moment(case.due_at), "due_basis": case.due_basis, "answered": case.answered,
        "outcome": case.outcome,
    }  # fmt: skip


def _on_its_way(stores: Stores, house: House, at: At, before: Case | None, fact: ToldCase, now: datetime) -> Done | Waits | Later:
    """Nobody has to see to it unless the day passes on which it should have arrived; what is told of it until then holds."""
    if before is not None and (before.rank or before.ticket or (before.told_at and fact.at and before.told_at > fact.at)):
        return Done(before.ticket or None, "event.older")
    late = (fact.expected_at or (fact.at or now) + ARRIVES) + GRACE
    case = Case(at.merchant_id, at.provider, fact.case_id, 0, fact.kind, fact.stage, fact.status, 0, min(late, now), version=0)
    case = _moved(replace(case, version=before.version) if before is not None else case, fact, now)
    if now < late:
        stores.cases.put(replace(case, due_at=None))
        return Later(late)
    return _opened(stores, house, at, fact, replace(case, stage=LATE), now)


def _went_through(stores: Stores, at: At, fact: ToldCase) -> bool:
    """Whether its refund is known to have succeeded, later than it failed."""
    payment = stores.payments.get(at.merchant_id, at.provider, fact.payment_id) if fact.payment_id else None
    refund = payment.refunds.get(fact.case_id) if payment is not None else None
    return refund is not None and refund["status"] == "succeeded"


def _first(stores: Stores, house: House, at: At, fact: ToldCase, now: datetime) -> Done | Waits:
    opened = min(fact.opened_at or fact.at or now, now)
    case = Case(at.merchant_id, at.provider, fact.case_id, 0, fact.kind, fact.stage, fact.status, fact.rank, opened, fact.payment_id)
    case = replace(_moved(case, fact, now), version=1)
    if fact.outcome in HARMLESS:
        stores.cases.put(case)  # over before anybody had to see to it; what is older and comes later changes nothing
        return Done()
    return _opened(stores, house, at, fact, case, now)


def _opened(stores: Stores, house: House, at: At, fact: ToldCase, case: Case, now: datetime) -> Done | Waits:
    there = place(stores, at, fact.payment_id, fact.reference)
    if there is None:
        keys = tuple(each for each in (fact.payment_id, fact.reference) if each)
        return Waits("event.no_order", keys, {"payment": fact.payment_id or fact.reference or "-"})
    merchant = merchant_of(stores, at.merchant_id)
    locale = merchant.locale if merchant is not None else house.settings.locale
    new = NewTicket(
        there.shop_id, _subject(case, there.order_no, locale), _message(case, locale), there.order_no, category=fact.category,
        priority="urgent" if case.kind in URGENT else "high", within=at.merchant_id, via=at.provider, currency=case.currency,
        dispute=case_doc(case),
    )  # fmt: skip
    ticket = open_uncounted(stores, house, new, now)
    case = replace(case, ticket=ticket.number)
    stores.cases.put(case)
    evidence.arm(stores, house, ticket, now)
    return Done(ticket.number)


def _updated(stores: Stores, house: House, at: At, before: Case, after: Case, ticket: Ticket, now: datetime) -> Done:
    """On its ticket; one that is over is open again where an answer is wanted again."""
    stores.cases.put(after)
    was, doc = case_doc(before), case_doc(after)
    news = {name: value for name, value in doc.items() if value != was[name]}
    if not news:
        return Done(ticket.number)
    change, asks = Change(ticket), not after.answered and after.outcome is None and after.rank > before.rank
    if asks and ticket.state in (State.RESOLVED, State.CLOSED) and ticket.merged_into is None:
        change = reopen(ticket, now, f"{after.kind} {after.stage} {after.status}")
    told = Event("ticket.updated", {"case": {"provider": after.provider, "case_id": after.case_id, **news}})
    moved = replace(change.ticket, dispute=_shown(ticket.dispute, doc))
    saved = commit(stores, house, ticket, Change(moved, (*change.events, told)), now, Actor("system", at.provider))
    evidence.arm(stores, house, hinting.again(stores, house, saved, now), now)
    return Done(ticket.number)


def _shown(before: Mapping[str, Any], doc: dict[str, Any]) -> Mapping[str, Any]:
    """Of two cases on a ticket that others were merged into, the one that still wants an answer, and sooner."""
    if not before or (before["provider"], before["case_id"]) == (doc["provider"], doc["case_id"]):
        return doc
    if before["answered"] or before["outcome"]:
        return doc
    waits = not doc["answered"] and not doc["outcome"]
    return doc if waits and str(doc["due_at"]) < str(before["due_at"]) else before


def _standing(stores: Stores, case: Case) -> Ticket | None:
    """Its ticket, or the one that it was merged into; None: there is none that could take it."""
    ticket, seen = stores.tickets.get(case.ticket, case.merchant_id) if case.ticket else None, 0
    while ticket is not None and ticket.merged_into is not None and seen < 10:
        ticket, seen = stores.tickets.get(ticket.merged_into, case.merchant_id), seen + 1
    return None if ticket is None or ticket.state is State.ARCHIVED else ticket


def _moved(case: Case, fact: ToldCase, now: datetime) -> Case:
    """What is not told again stays."""
    given: Mapping[str, Any] = {
        "payment_id": fact.payment_id, "reason_code": fact.reason_code, "reason": fact.reason, "amount": fact.amount,
        "currency": fact.currency, "outcome": fact.outcome, "told_at": fact.at,
    }  # fmt: skip
    news = {name: value for name, value in given.items() if value is not None}
    due, basis = (fact.due_at, "psp") if fact.due_at is not None else (case.due_at, case.due_basis)
    again = case.stage != fact.stage and case.due_at is not None and fact.due_at is None and not fact.answered
    if due is None or again:
        due, basis = (fact.at or now if again else case.opened_at) + USUAL[fact.kind], "default"
    return replace(
        case, kind=fact.kind, stage=fact.stage, status=fact.status, rank=fact.rank, answered=fact.answered, due_at=due, due_basis=basis,
        version=case.version + 1, **news,
    )  # fmt: skip


def _subject(case: Case, order_no: str | None, locale: str) -> str:
    money = f"{case.amount} {case.currency}" if case.amount and case.currency else ""
    parts = [
        label("case", LATE if case.stage == LATE else case.kind, locale),
        money,
        say("case.order", locale, order=order_no) if order_no else "",
    ]
    return " · ".join(part for part in parts if part)


def _message(case: Case, locale: str) -> str:
    said = [
        say(
            "case.late" if case.stage == LATE else "case.told", locale, provider=label("provider", case.provider, locale), case=case.case_id
        )
    ]
    if case.reason_code or case.reason:
        said.append(say("case.reason", locale, reason=" ".join(part for part in (case.reason_code, case.reason) if part)))
    if case.payment_id:
        said.append(say("case.payment", locale, payment=case.payment_id))
    said.append(say(f"case.due.{case.due_basis}", locale, due=f"{case.due_at:%Y-%m-%d %H:%M} UTC"))
    return "\n".join(said)
