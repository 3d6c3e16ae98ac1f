"""What Slack sends, as the desk's commands; None for what is nobody's wish. Pure."""

from __future__ import annotations

import re
from typing import Any

from bot.messages import Command, Identity
from handlers.slack.shapes import CHANNEL, Doc, answer_to, doc, installation, string, who, workspace

_MOST_FILES = 10  # Slack lets people attach so many to a message
_TOKEN = re.compile(r"<([^<>]*)>")
_FALLBACK = re.compile(r"^!\w+(?:\^[^|]*)?$")


def slash(body: Doc) -> Command | None:
    """`/ticket …`."""
    by = who(body.get("team_id"), body.get("user_id"))
    if by is None:
        return None
    to = answer_to(body.get("channel_id"), body.get("user_id"), team=installation(body), response_url=body.get("response_url"))
    once = string(body.get("trigger_id"))
    return Command(by, typed(string(body.get("text"))), once=f"command:{once}" if once else None, answer_to=to, via=CHANNEL)


def press(body: Doc) -> Command | None:
    """A button: it says its words, as if they had been typed."""
    user, actions = doc(body.get("user")), body.get("actions")
    by = who(doc(body.get("team")).get("id") or user.get("team_id"), user.get("id"))
    action = doc(actions[0]) if isinstance(actions, list) and actions else {}
    if by is None or not string(action.get("value")):
        return None
    box = doc(body.get("container"))
    channel = doc(body.get("channel")).get("id") or box.get("channel_id")
    team, url = installation(body), body.get("response_url")
    to = answer_to(channel, user.get("id"), team=team, thread=box.get("thread_ts"), response_url=url)
    once = string(body.get("trigger_id")) or f"{string(box.get('message_ts'))}.{string(action.get('action_ts'))}.{by.id}"
    return Command(by, string(action["value"]), once=f"action:{once}", answer_to=to, via=CHANNEL)


def event(body: Doc, bot: str | None) -> Command | None:
    """A mention, a direct message, or what is said in the thread of one of our cards. `bot` is our own user id, if known."""
    said, once = doc(body.get("event")), string(body.get("event_id"))
    bot = _own_id(body) or bot
    by = who(said.get("team") or said.get("user_team") or body.get("team_id"), said.get("user"))
    kind = said.get("type")
    if by is None or not once or not _by_a_person(said, bot) or kind not in ("app_mention", "message"):
        return None
    team = installation(body)
    if kind == "app_mention":
        return _spoken_to(said, by, once, bot, team, place=f"{workspace(body)}/{string(said.get('channel'))}")
    if said.get("channel_type") == "im":
        return _spoken_to(said, by, once, bot, team, place=f"{workspace(body)}/{string(said.get('user'))}")
    return _in_thread(said, by, once, bot, team, workspace(body))


def typed(text: str) -> str:
    """The text as it was typed: Slack's `<…>` tokens unwrapped, its entities decoded."""
    words = _TOKEN.sub(lambda found: _unwrapped(found[1]), text)
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _spoken_to(said: Doc, by: Identity, once: str, bot: str | None, team: str, *, place: str) -> Command:
    # A card sent to a person is addressed by their user id: that, not the conversation's, is how its thread is known.
    thread = string(said.get("thread_ts"))
    text, args = typed(_without_mention(string(said.get("text")), bot)), _files(said)
    if args and not text and not thread:
        args = {"unreadable": "file"}  # a file alone belongs to no ticket: its sender is told, and not shown the help instead
    return Command(
        by, text, args=args, once=f"event:{once}",
        thread=(CHANNEL, place, thread) if thread else None,
        answer_to=answer_to(said.get("channel"), said.get("user"), team=team, thread=thread, direct=said.get("channel_type") == "im"),
        via=CHANNEL,
    )  # fmt: skip


def _in_thread(said: Doc, by: Identity, once: str, bot: str | None, team: str, place: str) -> Command | None:
    thread, channel, text = string(said.get("thread_ts")), string(said.get("channel")), string(said.get("text"))
    parent = said.get("parent_user_id")
    if not thread or thread == said.get("ts") or not channel:
        return None
    if bot and (f"<@{bot}>" in text or f"<@{bot}|" in text):
        return None  # the same message comes as app_mention, too
    if bot and parent and parent != bot:
        return None  # a thread under somebody else's message is no ticket's
    return Command(
        by, typed(text), args={"in_thread": True, **_files(said)}, once=f"event:{once}",
        thread=(CHANNEL, f"{place}/{channel}", thread), answer_to=answer_to(channel, said.get("user"), team=team, thread=thread),
        via=CHANNEL,
    )  # fmt: skip


def _by_a_person(said: Doc, bot: str | None) -> bool:
    """Not a bot's, not our own, not the report of an edit, a deletion or a join."""
    if said.get("bot_id") or said.get("bot_profile") or said.get("hidden"):
        return False
    return said.get("subtype") in (None, "file_share", "thread_broadcast") and said.get("user") not in (bot, "USLACKBOT")


def _own_id(body: Doc) -> str | None:
    """Every event says for which bot user it is: https://docs.slack.dev/apis/events-api/#authorizations"""
    given = body.get("authorizations")
    first = doc(given[0]) if isinstance(given, list) and given else {}
    return string(first.get("user_id")) or None if first.get("is_bot") else None


def _without_mention(text: str, bot: str | None) -> str:
    """Without the @mention that spoke to us; those of other people stay."""
    if bot is None:
        return re.sub(r"^\s*<@[UW][A-Z0-9]+(?:\|[^>]*)?>[\s:,：，]*", "", text, count=1)
    return re.sub(rf"<@{re.escape(bot)}(?:\|[^>]*)?>[\s:,：，]*", "", text, count=1)


def _unwrapped(token: str) -> str:
    """https://docs.slack.dev/messaging/formatting-message-text#retrieving-messages"""
    target, _, label = token.partition("|")
    if target.startswith("@"):
        return target  # `@U123`: the id finds the person, a display name may not
    if target.startswith("#"):
        return f"#{label}" if label else target
    if target.startswith("!"):
        return label or (f"@{target[1:]}" if _FALLBACK.match(target) else target)
    address = target.removeprefix("mailto:").removeprefix("tel:")
    if not label or label == address:
        return address
    return label if label in target else f"{label} ({address})"


def _files(said: Doc) -> dict[str, Any]:
    found = said.get("files")
    files = [doc(each) for each in found[:_MOST_FILES]] if isinstance(found, list) else []
    shown = [
        {
            "name": string(each.get("name"))[:255] or "file",
            "url": (string(each.get("permalink")) or string(each.get("url_private")))[:2000],
            "type": string(each.get("mimetype"))[:100],
        }
        for each in files
        if each.get("id") or each.get("name")
    ]
    return {"attachments": shown} if shown else {}
