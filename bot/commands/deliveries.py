"""`deliveries`: notices on their way and those that could not arrive (admin)."""

from __future__ import annotations

from bot.card import Button, Card
from bot.messages import Reply
from bot.records import Outgoing
from bot.turn import Turn, Verb
from bot.views import held_until
from bot.wording import label
from bot.wording.times import clock_time

MOST = 10


def run(turn: Turn) -> Reply:
    turn.allow("deliveries")
    within = turn.command.within or turn.who.merchant_id
    pages = [turn.stores.outbox.page(within, state, MOST, None) for state in ("dead", "waiting")]
    dead, waiting = (page.items for page in pages)
    if not dead and not waiting:
        return turn.reply("deliveries_none")
    dead_count, waiting_count = (f"{len(page.items)}{'+' if page.next_cursor else ''}" for page in pages)
    title = turn.say("deliveries_title", waiting=waiting_count, dead=dead_count)
    failing = [each for each in waiting if each.failures]
    again = tuple(Button(f"{turn.say('button.retry')} {each.id}", f"retry {each.id}") for each in (*dead, *failing))
    card = Card(title, "warn" if dead else "info", tuple(_line(turn, each) for each in (*dead, *waiting)), buttons=again)
    return Reply(title, (card,), locale=turn.locale)


def _line(turn: Turn, row: Outgoing) -> str:
    return turn.say(
        "delivery_line", id=row.id, ticket=f"T-{row.ticket}" if row.ticket else "–", kind=label("what", row.kind, turn.locale),
        channel=label("channel", row.channel, turn.locale), target=row.target, state=label("delivery", row.state, turn.locale),
        attempts=row.attempt, held=_held(turn, row),
        error=f" · {row.last_error[:120]}" if row.last_error else "",
    )  # fmt: skip


def _held(turn: Turn, row: Outgoing) -> str:
    until = held_until(row)
    if until is None or until <= turn.now:
        return ""
    return turn.say("delivery_held", until=clock_time(until, turn.house.settings.timezone, turn.now))


VERB = Verb(
    "deliveries",
    ("投递",),
    ("deliveries", "投递"),
    ("notices on their way (admin)", "查看投递（管理员）"),
    run,
    ("deliveries", "投递"),
    changes=False,
)
