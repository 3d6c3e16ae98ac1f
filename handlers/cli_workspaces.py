"""`run_bot.py workspace …`: which Slack workspaces have installed the app, and refusing one."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from bot.desk import Desk
from bot.messages import AccountsOf, Credentials, RemoveAccount

CHANNEL = "slack"


def words(parser: argparse.ArgumentParser) -> None:
    """The actions and what they take."""
    actions = parser.add_subparsers(dest="action", metavar="list|remove", required=True)
    actions.add_parser("list", help="all of them, the first one first")
    remove = actions.add_parser("remove", help="forget its token: nothing is sent there any more, unless it installs the app again")
    remove.add_argument("id")


async def run(given: argparse.Namespace, desk: Desk) -> None:
    """Does it. Raises NotFound."""
    if given.action == "remove":
        await desk.configure(RemoveAccount(CHANNEL, given.id, by="command line"))
        print(f"{given.id} is removed. Someone there can take the app out of the workspace itself, in Slack.")
        return
    found: Sequence[Credentials] = await desk.ask(AccountsOf(CHANNEL))
    if not found:
        print("No workspace has installed the app.")
    for each in sorted(found, key=lambda each: (str(each.doc.get("since") or ""), each.id)):
        print(f"{each.id}\t{each.doc.get('name')}\t{str(each.doc.get('since') or '')[:16]}\tinstalled by {each.doc.get('by') or '?'}")
