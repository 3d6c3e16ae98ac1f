"""`retry D`: sends an undeliverable notice again (admin)."""

from __future__ import annotations

from bot.errors import NotFound, WrongState
from bot.messages import Reply
from bot.turn import Turn, Verb


def run(turn: Turn) -> Reply:
    turn.allow("retry")
    id = turn.text("id", needed=True)[:64]
    row = turn.stores.outbox.get(id, turn.command.within or turn.who.merchant_id)
    if row is None:
        raise NotFound("no_delivery", field="id", id=id)
    if row.state == "sent":
        raise WrongState("delivery_not_retriable", id=id)
    turn.stores.outbox.retry(row.id, turn.now)
    return turn.reply("retried", id=row.id)


VERB = Verb(
    "retry",
    ("重发",),
    ("retry D", "重发 D"),
    ("send a notice again (admin)", "重发通知（管理员）"),
    run,
    ("retry dlv_1a2b", "重发 dlv_1a2b"),
)
