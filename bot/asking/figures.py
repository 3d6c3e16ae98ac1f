"""How the desk does in a period."""

from __future__ import annotations

from bot.messages import StatsOf
from bot.reckoning import stats

ANSWERS = {StatsOf: stats}
