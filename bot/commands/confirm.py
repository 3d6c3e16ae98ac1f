"""`confirm R why`: a risk review is right; `dismiss R why` is the same with the other end."""

from __future__ import annotations

import re

from bot.card import Form, Input
from bot.errors import BadUsage, NotFound, WrongState
from bot.messages import Reply
from bot.risk import Review
from bot.surges import decide
from bot.turn import Turn, Verb, plain

_ID = re.compile(r"^\s*(rev_[0-9a-z]{1,32})\b[\s,:，：]*", re.IGNORECASE)


def run(turn: Turn) -> Reply:
    review = _review(turn)
    why = turn.text("reason")
    if not why:
        raise BadUsage("reason_needed", field="reason", usage=turn.verb.used(turn.locale))
    done = decide(turn.stores, turn.house, review, turn.verb.name, why[:500], turn.actor, turn.now)
    return turn.reply(f"review_done.{done.decision}", review=done.id, shop=done.shop_id)


def form(turn: Turn) -> Form:
    """Why: it is kept with the review."""
    review = _review(turn)
    if review.decision is not None:
        raise WrongState("review_decided", review=review.id)
    return turn.form(Input("reason", turn.say("ask.review_reason")), args={"review": review.id})


def _review(turn: Turn) -> Review:
    turn.allow(turn.verb.name)
    id = str(turn.args.get("review") or "")
    if not id:
        found = _ID.match(plain(turn.source[turn.at :]))
        if found is None:
            raise BadUsage("review_needed", field="review", usage=turn.verb.used(turn.locale))
        turn.at += found.end()
        id = found[1]
    review = turn.stores.risk.review(id.casefold(), turn.command.within)
    if review is None:
        raise NotFound("no_review", field="review", review=id[:40])
    return review


VERB = Verb(
    "confirm", ("确认",), ("confirm R why", "确认 R 原因"), ("a risk review is right", "确认风险复核"), run,
    ("confirm rev_3f9c01aa a real attack", "确认 rev_3f9c01aa 确有异常"), form=form,
)  # fmt: skip
