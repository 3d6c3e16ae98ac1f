"""People in the fake workspace: they type, press, mention and reply, and Slack tells the bot, signed."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientSession

from bot.ports import Clock
from tests.fakes.slack_blocks import texts

FOLLOWS = "On it, the answer follows"


@dataclass(slots=True)
class Message:
    """A message as people see it now; `versions` are what it showed before."""

    channel: str
    ts: str
    text: str
    blocks: list[dict[str, Any]]
    thread_ts: str | None = None
    metadata: Mapping[str, Any] | None = None
    ephemeral: bool = False
    versions: list[tuple[str, list[dict[str, Any]]]] = field(default_factory=list)

    @property
    def seen(self) -> str:
        """All that it says, entities decoded as Slack shows them; `text` is shown only where there are no blocks."""
        return unescape("\n".join(texts(self.blocks) or [self.text]))

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """Its buttons as Block Kit elements."""
        return [each for block in self.blocks if block["type"] == "actions" for each in block["elements"]]

    @property
    def labels(self) -> list[str]:
        """What stands on its buttons."""
        return [unescape(each["text"]["text"]) for each in self.buttons]

    @property
    def outbox_id(self) -> str:
        """The id of the notice that it is."""
        return str((self.metadata or {}).get("event_payload", {}).get("id", ""))


@dataclass(slots=True)
class ResponseUrl:
    """Works five times within 30 minutes."""

    user: str
    channel: str
    until: float
    of: Message | None = None  # the message whose button was pressed
    said: Message | None = None  # what came of it
    uses: int = 0
    used: asyncio.Event = field(default_factory=asyncio.Event)


class SlackPeople:
    """`bot_url` is where the bot listens. Every act can be spoilt: `stamp=`, `signature=`, `headers=` replace what is right."""

    def __init__(self, clock: Clock, signing_secret: str, team: str, bot_user: str) -> None:
        self.clock, self.signing_secret, self.team, self.bot_user = clock, signing_secret, team, bot_user
        self.bot_url = ""
        self.goes_on: Callable[[], Awaitable[None]] | None = None  # lets a bot whose passes are pushed work on what it has put off
        self.lives: dict[str, tuple[str, str]] = {}  # people of other workspaces: theirs, and the bot's user id in it
        self.response_urls: dict[str, ResponseUrl] = {}
        self._own_ephemerals: dict[str, list[Message]] = {}
        self._session: ClientSession | None = None
        self._count = itertools.count(1)

    async def command(self, words: str, *, user: str = "U1", team: str | None = None, channel: str = "C1", **more: Any) -> str:
        """`/ticket …` (with or without `/ticket`); what the asker alone sees at once, or a moment later on a busy machine."""
        body = self.command_body(words, user=user, team=team, channel=channel)
        status, said = await self.post_form(body, **more)
        assert status == 200, (status, said)
        shown = self._shown(said, user, channel)
        return await self._what_follows(shown, self._url_of(body))

    def command_body(self, words: str, *, user: str = "U1", team: str | None = None, channel: str = "C1") -> dict[str, str]:
        """The form that Slack sends for a slash command."""
        name, text = [*words.split(" ", 1), ""][:2] if words.startswith("/") else ("/ticket", words)
        return {
            "token": "legacy", "team_id": team or self.home_of(user)[0], "team_domain": "acme", "channel_id": channel, "channel_name": "x",
            "user_id": user, "user_name": "x", "command": name, "text": text, "api_app_id": "A1", "is_enterprise_install": "false",
            "response_url": self._response_url(user, channel), "trigger_id": self.trigger(user),
        }  # fmt: skip

    async def press(self, message: Message, button: str, *, user: str = "U1", team: str | None = None, **more: Any) -> str:
        """Presses the button with this label or these words; what the presser alone sees, "" when nothing comes."""
        body = self.press_body(message, button, user=user, team=team)
        status, said = await self.post_form({"payload": json.dumps(body)}, **more)
        assert status == 200, (status, said)
        url = self._url_of(body)
        try:
            await asyncio.wait_for(url.used.wait(), 3)
        except TimeoutError:
            return ""
        shown = url.said.seen if url.said is not None else ""
        if shown.startswith(FOLLOWS):
            url.used.clear()
        return await self._what_follows(shown, url)

    def press_body(self, message: Message, button: str, *, user: str = "U1", team: str | None = None) -> dict[str, Any]:
        """The payload that Slack sends for a press."""
        found = [each for each in message.buttons if button in (unescape(each["text"]["text"]), each.get("value"))]
        assert found, f"no button {button!r}; there are {message.labels}"
        box = {"type": "message", "message_ts": message.ts, "channel_id": message.channel, "is_ephemeral": message.ephemeral}
        if message.thread_ts:
            box["thread_ts"] = message.thread_ts
        return {
            "type": "block_actions", "api_app_id": "A1", "team": {"id": team or self.home_of(user)[0]}, "user": {"id": user},
            "channel": {"id": message.channel}, "container": box, "trigger_id": self.trigger(user),
            "actions": [{**found[0], "block_id": "b", "action_ts": f"{self._now():.6f}"}],
            "response_url": self._response_url(user, message.channel, message),
        }  # fmt: skip

    async def mention(self, text: str, *, user: str = "U1", channel: str = "C1", thread_ts: str | None = None, **more: Any) -> int:
        """`@Deskbell text` in a channel, which Slack tells twice: as app_mention and as message. The first one's status."""
        said = {"user": user, "text": f"<@{self.bot_user}> {text}", "channel": channel, "ts": self.stamp()}
        said |= {"thread_ts": thread_ts} if thread_ts else {}
        status = await self.event({"type": "app_mention", **said}, **more)
        await self.event({"type": "message", "channel_type": "channel", **said})
        return status

    async def dm(self, text: str, *, user: str = "U1", thread_ts: str | None = None, **more: Any) -> int:
        """A direct message to the bot."""
        said = {"type": "message", "channel_type": "im", "channel": f"D{user[1:]}", "user": user, "text": text, "ts": self.stamp()}
        return await self.event(said | ({"thread_ts": thread_ts} if thread_ts else {}), **more)

    async def thread_reply(
        self, message: Message, text: str, *, user: str = "U1", files: Sequence[Mapping[str, str]] = (), **more: Any
    ) -> int:
        """A reply in the thread under this message."""
        said: dict[str, Any] = {
            "type": "message", "channel_type": "channel", "channel": message.channel, "user": user, "text": text, "ts": self.stamp(),
            "thread_ts": message.thread_ts or message.ts, "parent_user_id": self.bot_user,
        }  # fmt: skip
        return await self.event(said | ({"subtype": "file_share", "files": list(files)} if files else {}), **more)

    async def event(
        self, event: Mapping[str, Any], *, event_id: str | None = None, team: str | None = None,
        at: tuple[str, str] | None = None, **more: Any,
    ) -> int:  # fmt: skip
        """Any event of the Events API; the status it was answered with. `at`: which installation hears it, and its bot user."""
        home, bot = at or self.home_of(str(event.get("user")))
        body = {
            "type": "event_callback", "team_id": team or home, "api_app_id": "A1", "event": dict(event),
            "event_id": event_id or f"Ev{next(self._count):08d}", "event_time": int(self._now()),
            "authorizations": [{"team_id": home, "user_id": bot, "is_bot": True}],
        }  # fmt: skip
        return (await self.post(json.dumps(body).encode(), "application/json", **more))[0]

    def home_of(self, user: str) -> tuple[str, str]:
        """In which workspace this person is, and the bot's user id there."""
        return self.lives.get(user, (self.team, self.bot_user))

    async def post_form(self, form: Mapping[str, str], **more: Any) -> tuple[int, str]:
        """A form, as commands and presses come."""
        return await self.post(urlencode(form).encode(), "application/x-www-form-urlencoded", **more)

    async def post(
        self, body: bytes, kind: str, *, stamp: str | None = None, signature: str | None = None,
        headers: Sequence[tuple[str, str]] | None = None,
    ) -> tuple[int, str]:  # fmt: skip
        """Signed bytes to the bot → status and text."""
        assert self._session is not None, "the fake is not started"
        stamp = stamp if stamp is not None else str(int(self._now()))
        given = headers if headers is not None else self.signed(body, stamp, signature)
        async with self._session.post(self.bot_url, data=BytesIO(body), headers=[("Content-Type", kind), *given]) as answer:
            return answer.status, await answer.text()

    def signed(self, body: bytes, stamp: str, signature: str | None = None) -> list[tuple[str, str]]:
        """Slack's two headers."""
        made = "v0=" + hmac.new(self.signing_secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        return [("X-Slack-Request-Timestamp", stamp), ("X-Slack-Signature", signature if signature is not None else made)]

    def trigger(self, user: str = "") -> str:
        """A trigger_id, never the same."""
        return f"{next(self._count)}.trigger"

    def stamp(self) -> str:
        """A message's ts: unique, growing."""
        return f"{int(self._now())}.{next(self._count):06d}"

    def ephemerals(self, user: str) -> list[Message]:
        """What this person alone has seen, oldest first."""
        return self._own_ephemerals.setdefault(user, [])

    async def _what_follows(self, shown: str, url: ResponseUrl) -> str:
        if not shown.startswith(FOLLOWS) or self.goes_on is None:
            return shown
        await self.goes_on()
        await asyncio.wait_for(url.used.wait(), 30)
        return url.said.seen if url.said is not None else shown

    def _url_of(self, body: Mapping[str, Any]) -> ResponseUrl:
        return self.response_urls[body["response_url"].rpartition("/")[2]]

    def _shown(self, said: str, user: str, channel: str) -> str:
        if not said:
            return ""
        payload = json.loads(said)
        assert payload.get("response_type") == "ephemeral", payload
        return self._whisper(user, channel, payload).seen

    def _whisper(self, user: str, channel: str, payload: Mapping[str, Any], replacing: Message | None = None) -> Message:
        self.check(payload)
        shown = (payload.get("text", ""), payload.get("blocks") or [])
        if payload.get("replace_original") and replacing is not None:
            replacing.versions.append((replacing.text, replacing.blocks))
            replacing.text, replacing.blocks = shown
            return replacing
        message = Message(channel, self.stamp(), *shown, payload.get("thread_ts"), ephemeral=True)
        self.ephemerals(user).append(message)
        return message

    def check(self, payload: Mapping[str, Any]) -> None:
        """Raises AssertionError for what Slack would not show."""
        raise NotImplementedError

    def _response_url(self, user: str, channel: str, of: Message | None = None) -> str:
        raise NotImplementedError

    def _now(self) -> float:
        return self.clock.now().timestamp()
