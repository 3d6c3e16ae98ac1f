"""Buttons, modals, shortcuts and homes: what a person did is worked, then shown where they did it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog
from slack_bolt.response import BoltResponse

from bot.card import Form
from bot.errors import DeliveryFailed
from bot.messages import Command, DeskOf, Identity, Reply
from handlers.slack import cards, forms, home, presses, sentences
from handlers.slack.answers import Answers
from handlers.slack.presses import Press
from handlers.slack.shapes import doc, installation, string, who
from handlers.slack.tasks import Tasks
from handlers.slack.turns import Turns
from handlers.slack.views import Views

if TYPE_CHECKING:
    from bot.desk import Desk

A_MOMENT, LONGEST = timedelta(seconds=1), timedelta(seconds=30)  # pauses before an answer is tried once more
log = structlog.stdlib.get_logger("slack")


class Interactions:
    """Each listener takes a body that Slack has signed and answers within its 3 s."""

    def __init__(self, desk: Desk, turns: Turns, answers: Answers, views: Views, tasks: Tasks) -> None:
        self._desk, self._turns, self._answers, self._views, self._tasks = desk, turns, answers, views, tasks

    async def press(self, body: dict[str, Any]) -> BoltResponse:
        """A button. Slack shows nothing of this answer: what is to be seen follows."""
        press = presses.press(body)
        if press is None:
            self._refresh(body)
        elif press.asks:
            self._tasks.start(self._open(press), "form")
        else:
            said = await self._turns.take(press.command)
            self._tasks.start(self._show(press, said), "answer to a press")
        return BoltResponse(status=200, body="")

    async def shortcut(self, body: dict[str, Any]) -> BoltResponse:
        """A shortcut opens its command's form; where it was used on a message, with that one's words and address."""
        press = presses.shortcut(body)
        if press is not None:
            self._tasks.start(self._open_from(press, *presses.place_of(body)), "form")
        return BoltResponse(status=200, body="")

    async def submit(self, body: dict[str, Any]) -> BoltResponse:
        """A modal that was filled in: its refusal is shown in it, its answer where it was opened from."""
        sent = forms.sent(body)
        if sent is None:
            return BoltResponse(status=200, body="")
        said = await self._turns.take(sent.command)
        if not said.ok:
            return _view(forms.refused(sent.view, said))
        by = sent.command.by
        if sent.origin.home:
            self._tasks.start(self._publish(by, installation(body), "" if said.cards else said.text), "home")
        if sent.origin.modal or (sent.origin.home and said.cards):
            return _view({"response_action": "update", "view": forms.told(said, sent.origin)})
        if not sent.origin.home:
            self._tasks.start(self._give(sent.command, said), "answer to a form")
        return BoltResponse(status=200, body="")

    async def home_opened(self, body: dict[str, Any]) -> BoltResponse:
        """A person looks at their home: it is shown as things are now."""
        event = doc(body.get("event"))
        by = who(string(body.get("team_id")), event.get("user"))
        if by is not None and event.get("tab", "home") == "home":
            self._tasks.start(self._publish(by, installation(body)), "home")
        return BoltResponse(status=200, body="")

    def _refresh(self, body: dict[str, Any]) -> None:
        actions, user = body.get("actions"), doc(body.get("user"))
        pressed = doc(actions[0]) if isinstance(actions, list) and actions else {}
        by = who(doc(body.get("team")).get("id") or user.get("team_id"), user.get("id"))
        if by is not None and pressed.get("action_id") == home.REFRESH:
            self._tasks.start(self._publish(by, installation(body)), "home")

    async def _open_from(self, press: Press, channel: str, ts: str) -> None:
        link = await self._views.link(press.team, channel, ts) if channel and ts else ""
        args = {**press.command.args, "source": link} if link else press.command.args
        await self._open(replace(press, command=replace(press.command, args=args)))

    async def _open(self, press: Press) -> None:
        """The form within the trigger's 3 s: where the desk takes long, a modal that says so, which is then changed."""
        asking = self._tasks.start(self._turns.ask(press.command), "form")
        try:
            done, _ = await asyncio.wait({asking}, timeout=self._turns.patience.opening)
            opened = "" if done else await self._views.open(press.team, press.trigger, forms.waiting(), over=press.place == "modal")
            asked = await asking
            if isinstance(asked, Form):
                view = forms.modal(asked, press.origin)
            else:
                said = asked if asked is not None else await self._turns.take(press.command)
                if not opened:
                    await self._show(press, said)
                    return
                view = forms.told(said, press.origin)
            if opened:
                await self._views.update(press.team, opened, view)
            else:
                await self._views.open(press.team, press.trigger, view, over=press.place == "modal")
        except DeliveryFailed as failed:
            log.warning("modal not opened", why=failed.why)
            await self._give(press.command, Reply(sentences.TOO_LATE, ok=False))

    async def _show(self, press: Press, said: Reply) -> None:
        if press.place == "message":
            await self._give(press.command, said)
            return
        shown = False
        if press.place == "modal" or said.cards or not said.ok:
            try:
                if press.place == "modal":
                    await self._views.update(press.team, press.view, forms.told(said, press.origin))
                else:
                    await self._views.open(press.team, press.trigger, forms.told(said, press.origin))
                shown = True
            except DeliveryFailed as failed:
                log.warning("answer not shown in a modal", why=failed.why)
                await self._give(press.command, said)
        if press.home:
            await self._publish(press.command.by, press.team, "" if shown else said.text)

    async def _publish(self, by: Identity, team: str, line: str = "") -> None:
        """`team` is the installation's, `line` what the person's last press did."""
        user = by.id.partition("/")[2]
        try:
            view = home.view(await self._desk.ask(DeskOf(by)), line)
            await _patiently(lambda: self._views.publish(team, user, view))
        except DeliveryFailed as failed:
            log.warning("home not shown", why=failed.why)

    async def _give(self, command: Command, said: Reply) -> None:
        try:
            await _patiently(lambda: self._answers.give(command.answer_to or {}, cards.answer(said)))
        except DeliveryFailed as failed:
            log.warning("answer not shown", once=command.once, why=failed.why)


async def _patiently(call: Callable[[], Awaitable[None]]) -> None:
    """Once more where Slack says later, as it does over a method's limit. Raises DeliveryFailed."""
    try:
        await call()
    except DeliveryFailed as failed:
        pause = A_MOMENT if failed.retry_after is None else failed.retry_after
        if failed.outcome != "later" or pause > LONGEST:
            raise
        await asyncio.sleep(pause.total_seconds())
        await call()


def _view(answer: dict[str, Any]) -> BoltResponse:
    return BoltResponse(status=200, body=json.dumps(answer), headers={"Content-Type": "application/json"})
