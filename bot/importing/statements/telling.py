"""From a difference to the ticket that tells finance of it, in the merchant's language."""

from __future__ import annotations

from bot.importing.statements.differences import Difference
from bot.jobs import Job
from bot.messages import NewTicket
from bot.wording import say

CATEGORY = "reconciliation_mismatch"


def told(difference: Difference, job: Job, shop_id: str, locale: str) -> NewTicket:
    """A ticket of this shop's."""
    line, order = difference.line, difference.order
    cause = say(f"statement.{difference.cause}", locale)
    named = order.order_no if order is not None else line and (line.order_no or line.transaction_id or line.line_id)
    subject = say("statement_subject", locale, cause=cause, about=named or "–", amount=difference.given or difference.ours)
    parts = [say(f"statement_remedy.{difference.cause}", locale)]
    if line is not None:
        parts.append(say("statement_line", locale, type=say(f"statement_type.{line.type}", locale), given=difference.given))
        facts = {name: getattr(line, name) for name in ("transaction_id", "order_no", "refund_id", "line_id", "settled_at")}
        parts += [say(f"statement_{name}", locale, value=value) for name, value in facts.items() if value]
        parts.append(say("statement_row", locale, name=job.name, row=line.row, id=job.id))
    else:
        parts.append(say("statement_file", locale, name=job.name, id=job.id))
    if order is not None:
        paid = order.payment
        parts.append(say("statement_order", locale, order=order.order_no, shop=order.shop_id, ours=difference.ours))
        parts += [say("statement_paid", locale, transaction=paid.get("transaction_id") or "–", at=paid.get("paid_at") or "–")]
    elif difference.ours:
        parts.append(say("statement_ours", locale, ours=difference.ours))
    number = order.order_no if order is not None else line.order_no if line is not None else None
    number = number if number is not None and len(number) <= 64 else None
    return NewTicket(shop_id, subject[:300], "\n".join(parts), number, category=CATEGORY, by=job.by, via=job.id)
