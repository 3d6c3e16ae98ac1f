"""The command line's words, and the first set-up without the API: agents, merchants, keys, and the doctor."""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from bot.desk import Desk
from bot.errors import BotError
from bot.messages import Doc, Enable, Get, HolidaysKnown, ListOf, NewKey, NewLinkCode, Page, Put, Remove
from handlers import cli_classify, cli_files, cli_mask, cli_retention, cli_risk, cli_rota, cli_workspaces
from handlers.edge import Edge, Examined, Unsure, known

ROLES = ("agent", "lead", "finance", "risk", "senior_manager", "auditor", "admin")
BY_HAND = ("classify", "mask")
LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


_GUESSED = (
    "mainland China's holidays of {years} have not been announced, or the package chinesecalendar is too old to know them: until it does, "
    "plain weekends and the holidays of the law are counted, and no make-up days"
)


class Failed(BotError):
    """The command could not be done; the message says why."""


def parser() -> argparse.ArgumentParser:
    """All commands, each with --help. Wrong use exits 2 with one line on stderr."""
    main = argparse.ArgumentParser(prog="run_bot.py", description="Deskbell: after-sales tickets in chat, with clocks that ring.")
    main.add_argument("--log-level", type=_level, default=logging.INFO, metavar="|".join(LEVELS), help="how much is logged (info)")
    commands = main.add_subparsers(dest="command", metavar="COMMAND", required=True)
    commands.add_parser("serve", help="run everything (the default)")
    commands.add_parser("demo", help="run with sample data and a playground; needs no credentials")
    migrate = commands.add_parser("migrate", help="bring the database to the newest schema")
    migrate.add_argument("--check", action="store_true", help="only tell whether it is")
    commands.add_parser("doctor", help="try every configured connection and say what to mend")
    for name, does in (("backup", "copy the embedded database to FILE, checked"), ("restore", "put FILE in its place, checked")):
        commands.add_parser(name, help=does).add_argument("file", type=Path, metavar="FILE")
    _agent(commands.add_parser("agent", help="people who work tickets"))
    _merchant(commands.add_parser("merchant", help="sellers"))
    cli_files.words(commands)
    cli_risk.words(commands.add_parser("risk", help="what the risk rules would have done over the days past"))
    cli_rota.words(commands.add_parser("rota", help="who among the senior managers is on duty when"))
    cli_workspaces.words(commands.add_parser("workspace", help="Slack workspaces that have installed the app"))
    cli_classify.words(commands.add_parser("classify", help="what a message is about: try, measure and train the engine"))
    cli_mask.words(commands.add_parser("mask", help="what in a text tells of a person, and how it is masked"))
    commands.add_parser("retention", help="remove what is kept no longer, at once; RETENTION says how long that is")
    _apikey(commands.add_parser("apikey", help="keys of the API"))
    return main


async def run(given: argparse.Namespace, desk: Desk, edges: Sequence[Edge]) -> None:
    """Runs agent, merchant, rota, workspace, apikey or doctor. Raises Failed, or Refused with what to do."""
    if given.command == "doctor":
        await _doctor(edges, desk)
        return
    if given.command in cli_files.COMMANDS:
        await cli_files.run(given, desk)
        return
    if given.command == "risk":
        await cli_risk.run(given, desk)
        return
    if given.command == "retention":
        await cli_retention.run(desk)
        return
    if given.command == "rota":
        await cli_rota.run(given, desk)
        return
    if given.command == "workspace":
        await cli_workspaces.run(given, desk)
        return
    act: Callable[[argparse.Namespace, Desk], Any] = _ACTS[given.command, given.action]
    await act(given, desk)


def by_hand(given: argparse.Namespace, taught: Sequence[tuple[str, str, str]] = ()) -> None:
    """What needs no desk: the masker, or the engine. `taught`: subject, message, label of what was corrected. Raises BotError."""
    if given.command == "mask":
        cli_mask.run(given)
        return
    from bot.classifying.engine import Engine  # noqa: PLC0415  # its model is read only here

    cli_classify.run(given, Engine(taught))


def told_migrated(newest: bool) -> None:
    """`migrate --check`'s answer."""
    if not newest:
        raise Failed("the database's schema is not the newest; run: python run_bot.py migrate")
    print("The database has the newest schema.")


def _level(text: str) -> int:
    if text.lower() not in LEVELS:
        raise argparse.ArgumentTypeError(f"one of {', '.join(LEVELS)}")
    return LEVELS[text.lower()]


def _agent(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="add|list|link|remove", required=True)
    add = actions.add_parser("add", help="create or change one")
    add.add_argument("id")
    add.add_argument("--name", required=True)
    add.add_argument("--role", required=True, choices=ROLES)
    for option in ("merchant", "slack-user", "slack-team", "wecom-user", "email"):
        add.add_argument(f"--{option}", metavar="ID" if option != "email" else "ADDRESS")
    add.add_argument("--locale", choices=("zh", "en"))
    actions.add_parser("list", help="all of them")
    actions.add_parser("link", help="make the code that ties a chat account to one; typed to the bot: link CODE").add_argument("id")
    actions.add_parser("remove", help="delete one").add_argument("id")


def _merchant(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="add|list|show|enable", required=True)
    add = actions.add_parser("add", help="create or change one from a JSON document (as PUT /v1/merchants/{id} takes it)")
    add.add_argument("id")
    add.add_argument("file", type=Path, metavar="FILE")
    actions.add_parser("list", help="all of them")
    actions.add_parser("show", help="one in full").add_argument("id")
    actions.add_parser("enable", help="switch one on, or say what it still lacks").add_argument("id")


def _apikey(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="create|list|revoke", required=True)
    create = actions.add_parser("create", help="make one; its token is shown this once")
    create.add_argument("name")
    create.add_argument("--merchant", metavar="ID", help="whose it is; the operator's without")
    create.add_argument("--scope", action="append", metavar="tickets:write", help="repeat for several; every scope without")
    create.add_argument("--expires", type=_day, metavar="2027-01-31", help="the last day (UTC) on which it works; it does not end without")
    actions.add_parser("list", help="all of them")
    actions.add_parser("revoke", help="end one at once").add_argument("id")


def _day(text: str) -> datetime:
    """The end of that day."""
    try:
        return datetime.combine(date.fromisoformat(text) + timedelta(days=1), time(), UTC)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it as 2027-01-31") from None


async def _agent_add(given: argparse.Namespace, desk: Desk) -> None:
    doc = {
        "name": given.name, "role": given.role, "merchant_id": given.merchant, "slack_user_id": given.slack_user,
        "slack_team_id": given.slack_team, "wecom_user_id": given.wecom_user, "email": given.email, "locale": given.locale,
    }  # fmt: skip
    _show(await desk.configure(Put("agents", given.id, doc, by="command line")))


async def _agent_link(given: argparse.Namespace, desk: Desk) -> None:
    made = await desk.configure(NewLinkCode(given.id, by="command line"))
    print(f"{made['code']}  (works once, until {made['expires_at']}; typed to the bot: link {made['code']})")


async def _agent_remove(given: argparse.Namespace, desk: Desk) -> None:
    await desk.configure(Remove("agents", given.id, by="command line"))
    print(f"{given.id} is removed.")


async def _merchant_add(given: argparse.Namespace, desk: Desk) -> None:
    try:
        doc = json.loads(given.file.read_text("utf-8"))
    except ValueError as wrong:
        raise Failed(f"{given.file}: not a JSON document ({wrong})") from None
    from handlers.api.merchants import Merchant  # noqa: PLC0415  # the API's own checks; only this command needs them

    try:
        checked = Merchant.model_validate(doc)
    except ValueError as wrong:
        raise Failed(f"{given.file}: {wrong}") from None
    _show(await desk.configure(Put("merchants", given.id, checked.model_dump(mode="json", exclude_none=True), by="command line")))


async def _merchant_show(given: argparse.Namespace, desk: Desk) -> None:
    _show(await desk.ask(Get("merchants", given.id)))


async def _merchant_enable(given: argparse.Namespace, desk: Desk) -> None:
    await desk.configure(Enable(given.id, by="command line"))
    print(f"{given.id} is enabled.")


async def _key_create(given: argparse.Namespace, desk: Desk) -> None:
    scopes = tuple(given.scope or ("*",))
    made = await desk.configure(NewKey(given.name, given.merchant, scopes, by="command line", expires_at=given.expires))
    print(f"{made['id']}  {made['token']}  (shown this once)")


async def _key_revoke(given: argparse.Namespace, desk: Desk) -> None:
    await desk.configure(Remove("api-keys", given.id, by="command line"))
    print(f"{given.id} is revoked.")


def _lister(kind: Any, columns: Sequence[str]) -> Callable[[argparse.Namespace, Desk], Any]:
    async def show(given: argparse.Namespace, desk: Desk) -> None:
        cursor: str | None = None
        print("\t".join(columns))
        while True:
            page: Page[Doc] = await desk.ask(ListOf(kind, limit=200, cursor=cursor))
            for doc in page.items:
                print("\t".join(str(doc.get(column) if doc.get(column) is not None else "-") for column in columns))
            cursor = page.next_cursor
            if cursor is None:
                return

    return show


_ACTS: dict[tuple[str, str], Callable[[argparse.Namespace, Desk], Any]] = {
    ("agent", "add"): _agent_add, ("agent", "remove"): _agent_remove, ("agent", "link"): _agent_link,
    ("agent", "list"): _lister("agents", ("id", "name", "role", "merchant_id", "slack_user_id", "wecom_user_id", "email")),
    ("merchant", "add"): _merchant_add, ("merchant", "show"): _merchant_show, ("merchant", "enable"): _merchant_enable,
    ("merchant", "list"): _lister("merchants", ("id", "name", "timezone", "locale", "enabled")),
    ("apikey", "create"): _key_create, ("apikey", "revoke"): _key_revoke,
    ("apikey", "list"): _lister("api-keys", ("id", "name", "merchant_id", "scopes", "created_at", "used_at", "expires_at", "revoked_at")),
}  # fmt: skip


async def _doctor(edges: Sequence[Edge], desk: Desk) -> None:
    """The database answered, or we would not be here."""
    print("database: fine")
    wrong, sending = 0, known(sending_only=True)
    for edge in edges:
        found = await edge.check()
        more = await edge.examine(desk) if isinstance(edge, Examined) else []
        wrong += (found is not None) + len(more)
        idle = edge.name in sending and not edge.channels
        well = (await edge.untried() if isinstance(edge, Unsure) else None) or "fine"
        for line in [*([found] if found else []), *more] or ["not set up" if idle else well]:
            print(f"{edge.name}: {line}")
    years = ", ".join(str(year) for year in (await desk.ask(HolidaysKnown()))["years"])
    print(f"calendars: {_GUESSED.format(years=years) if years else 'fine'}")
    if wrong:
        raise Failed(f"{wrong} connection(s) need mending")


def _show(doc: Doc) -> None:
    print(json.dumps(doc, ensure_ascii=False, indent=2))
