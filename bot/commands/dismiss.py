"""`dismiss R why`: a risk review was a false alarm."""

from __future__ import annotations

from bot.commands.confirm import form, run
from bot.turn import Verb

VERB = Verb(
    "dismiss", ("驳回",), ("dismiss R why", "驳回 R 原因"), ("a risk review is a false alarm", "驳回风险复核"), run,
    ("dismiss rev_3f9c01aa a sale day", "驳回 rev_3f9c01aa 大促日"), form=form,
)  # fmt: skip
