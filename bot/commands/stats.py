"""`stats [period]`: how the desk does, beside the period before and the year before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bot.card import Card, Chart, Field
from bot.commands.filters import read, tokens
from bot.errors import BadUsage, NotAllowed, NotFound
from bot.figures.telling import TARGETS
from bot.messages import Reply, StatsOf
from bot.people import Role
from bot.reckoning import course, stats
from bot.turn import Turn, Verb
from bot.wording import label

_OF = {"merchant": "merchant", "shop": "shop", "platform": "platform", "category": "category", "assignee": "agent"}
_HOUR, _MINUTE = 3600, 60


def run(turn: Turn) -> Reply:
    turn.allow("stats")
    query = _query(turn)
    doc = stats(turn.stores, turn.house, query)
    days = {"first": doc["from"], "last": doc["to"]}
    title = turn.say("stats.title_of", subject=_named(turn, doc), **days) if doc["subject"] else turn.say("stats.title", **days)
    lines = tuple(_lines(turn, doc))
    card = Card(title, "info", lines, _fields(turn, doc), footer=turn.say("stats.footer", zone=doc["timezone"]))
    return Reply(title, (card,), locale=turn.locale, charts=_charts(turn, course(turn.stores, turn.house, query)))


def _charts(turn: Turn, course: Sequence[tuple[str, Any]]) -> tuple[Chart, ...]:
    """How many came in, and how fast they were replied to. Of a single day there is nothing to see."""
    if len(course) < 2:
        return ()
    labels = tuple(label for label, _ in course)
    many = tuple(each["tickets"] for _, each in course)
    means = [each["first_response"]["mean_seconds"] for _, each in course]
    hours = tuple(None if each is None else round(each / _HOUR, 2) for each in means)
    target = TARGETS["first_response_mean_seconds"] / _HOUR
    aim = turn.say("stats.target", target=f"{target:g}")
    return (
        Chart(turn.say("stats.chart_tickets"), "bar", turn.say("stats.tickets"), labels, many),
        Chart(turn.say("stats.chart_mean"), "line", turn.say("stats.mean"), labels, hours, target, aim),
    )


def _query(turn: Turn) -> StatsOf:
    """The filters of `list`, as far as there are figures of what they say; whatever else is typed is the period."""
    wanted = read(turn, tokens(turn.source[turn.at :]))
    other = wanted.given.keys() - _OF.keys() - {"states"}
    if other:
        raise BadUsage("one_subject", field=min(other))
    if wanted.hidden:
        raise NotFound("no_merchant", merchant=str(wanted.given.get("merchant"))[:60])
    given = {_OF[key]: value for key, value in wanted.given.items() if key in _OF}
    if turn.who.role is Role.AGENT and given.get("agent", turn.who.id) != turn.who.id:
        raise NotAllowed("only_leads")  # a team's figures are the team's, a colleague's are a lead's to look at
    return StatsOf(within=turn.command.within or turn.who.merchant_id, period=" ".join(wanted.said) or None, **given)


def _named(turn: Turn, doc: Any) -> str:
    if doc["by"] == "agent":
        return turn.name(doc["subject"])
    return label(doc["by"], doc["subject"], turn.locale)


def _lines(turn: Turn, doc: Any) -> list[str]:
    ages = [f"{label('age', name, turn.locale)} {many}" for name, many in doc["open_by_age"].items()]
    lines = [f"{turn.say('stats.open')}: {' · '.join(ages)}"]
    busiest = sorted(((many, -hour) for hour, many in enumerate(doc["load_by_hour"]) if many), reverse=True)[:3]
    if busiest:
        lines.append(f"{turn.say('stats.busiest')}: " + ", ".join(turn.say("stats.hour", hour=-hour, count=many) for many, hour in busiest))
    return lines


def _fields(turn: Turn, doc: Any) -> tuple[Field, ...]:
    length, share, number = _length(turn), _share, str
    rows: tuple[tuple[str, Callable[[Any], Any], Callable[[Any], str], str | None], ...] = (
        ("tickets", lambda each: each["tickets"], number, None),
        ("mean", lambda each: each["first_response"]["mean_seconds"], length, "first_response_mean_seconds"),
        ("median", lambda each: each["first_response"]["median_seconds"], length, None),
        ("p90", lambda each: each["first_response"]["p90_seconds"], length, None),
        ("tier1", lambda each: each["tier_attainment"]["first_response"], share, None),
        ("tier2", lambda each: each["tier_attainment"]["resolution"], share, None),
        ("tier3", lambda each: each["tier_attainment"]["closure"], share, None),
        ("disputes", lambda each: each["dispute_first_response_attainment"], share, "dispute_first_response_attainment"),
        ("refunds", lambda each: each["refund_handling_mean_seconds"], length, "refund_handling_mean_seconds"),
        ("chargebacks", lambda each: each["chargeback_rate"], _fine_share, None),
        ("reopenings", lambda each: each["reopenings"], number, None),
    )

    def said(value: Any, shown: Callable[[Any], str]) -> str:
        return turn.say("stats.none") if value is None else shown(value)

    fields = []
    for name, of, shown, target in rows:
        now, before, year = (said(of(each), shown) for each in (doc, doc["previous"], doc["year_before"]))
        key, more = ("stats.beside_target", {"target": shown(TARGETS[target])}) if target else ("stats.beside", {})
        fields.append(Field(turn.say(f"stats.{name}"), turn.say(key, now=now, before=before, year=year, **more)))
    return tuple(fields)


def _length(turn: Turn) -> Callable[[float], str]:
    def shown(seconds: float) -> str:
        if seconds < _MINUTE:
            return turn.say("stats.seconds", value=round(seconds))
        if seconds < _HOUR:
            return turn.say("stats.minutes", value=f"{seconds / _MINUTE:.1f}")
        return turn.say("stats.hours", value=f"{seconds / _HOUR:.1f}")

    return shown


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"


def _fine_share(value: float) -> str:
    return f"{100 * value:.2f} %"


VERB = Verb(
    "stats",
    ("统计",),
    ("stats [period]", "统计 [时间段]"),
    (
        "figures of a period (7d, 2026-11 …), of a shop:… tag:… assignee:… or mine",
        "统计（7天、2026-11 等，可加 店铺: 标签: 负责人: 或 我的）",
    ),
    run,
    ("stats 7d", "统计 7天"),
    changes=False,
)
