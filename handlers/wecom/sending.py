"""A message to one person through an app: reported when it can't reach them, and said once though its answer was lost."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.messages import Notice
from bot.ports import Cache
from handlers.wecom.apps import App, of_account
from handlers.wecom.client import Client
from handlers.wecom.errors import USED_UP, WecomFailed

# The very same body again within this time is swallowed by WeCom: https://developer.work.weixin.qq.com/document/path/90236
REPEAT_WITHIN = 1800
KEPT = timedelta(seconds=REPEAT_WITHIN - 60)
_TAKEN_TASK = 42014  # an illegal task id: one that has been used, among others
_CHECKED = {"enable_duplicate_check": 1, "duplicate_check_interval": REPEAT_WITHIN}
# An answer's second try: whoever asks the same twice within minutes is to be answered twice, so the first is not checked and this looks
# back little.
_SECOND = {"enable_duplicate_check": 1, "duplicate_check_interval": 60}


class Sender:
    """`cache` keeps bodies of whose fate nothing is known, so that a second try says exactly the same."""

    def __init__(self, client: Client, cache: Cache) -> None:
        self.client, self._cache = client, cache

    def app(self, notice: Notice, standing: App | None) -> App:
        """The app that reaches this notice's address. Raises WecomFailed where there is none."""
        account = notice.route.get("account")
        if isinstance(account, Mapping):
            return of_account(account)
        if standing is None:
            raise WecomFailed("rejected", "neither this merchant nor the operator has a WeCom app")
        return standing

    async def message(self, app: App, user: str, body: Mapping[str, Any], *, once: str | None = None) -> None:
        """`once`: a delivery's id, by which a repeat is known; without it the same words may be said twice."""
        await self._send(app, user, body, once)

    async def parts(self, app: App, user: str, bodies: Sequence[Mapping[str, Any]], id: str, patience: float) -> None:
        """The messages of one answer in their order, within so many seconds. Tried again after a failure it goes on where it stopped,

        so whatever became of a part its failure is `later`: nobody is left without an answer, and none is said twice.
        """
        key = f"wecom:answer:{app.mark}:{id}"
        before = await self._cache.get(key)
        done = first = int(before or 0)
        try:
            async with asyncio.timeout(patience):
                for body in bodies[first:]:
                    await self._part(app, user, body, again=before is not None and done == first)
                    done += 1
        except (WecomFailed, TimeoutError) as failed:
            await self._cache.put(key, str(done), KEPT)
            if not isinstance(failed, WecomFailed):
                raise WecomFailed("later", "no answer from WeCom in time") from None
            if failed.outcome == "unknown":
                raise WecomFailed("later", failed.why, failed.code, failed.retry_after) from None
            raise

    async def _part(self, app: App, user: str, body: Mapping[str, Any], again: bool) -> None:
        whole = {"touser": user, "agentid": app.agent_id, **body, **(_SECOND if again else {})}
        try:
            answer = await self.client.call(app, "message/send", whole)
        except WecomFailed as failed:
            if not (again and failed.code == _TAKEN_TASK):
                raise
        else:
            _arrived(answer, user)

    async def card(self, app: App, user: str, card: Mapping[str, Any]) -> tuple[Mapping[str, Any], str | None]:
        """Sends an interactive card → the card that went out (an earlier try's, where that may have arrived) and its response code."""
        body = {"msgtype": "template_card", "template_card": dict(card)}
        return await self._send(app, user, body, str(card["task_id"]))

    async def change(self, app: App, user: str, code: str, card: Mapping[str, Any]) -> None:
        """Uses the code up. Raises WecomFailed 60140 when it was, or is too old; not where an earlier try of the very same did it."""
        body = {"userids": [user], "agentid": app.agent_id, "response_code": code, "template_card": dict(card)}
        shown = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
        key = f"wecom:changing:{app.mark}:{hashlib.sha256(code.encode()).hexdigest()[:32]}"
        try:
            await self.client.call(app, "message/update_template_card", body)
        except asyncio.CancelledError:
            await self._cache.put(key, shown, KEPT)
            raise
        except WecomFailed as failed:
            if failed.outcome == "unknown":
                await self._cache.put(key, shown, KEPT)
            elif failed.code in USED_UP and await self._cache.get(key) == shown:
                return
            raise

    async def _send(self, app: App, user: str, body: Mapping[str, Any], once: str | None) -> tuple[Mapping[str, Any], str | None]:
        whole = {"touser": user, "agentid": app.agent_id, **body, **(_CHECKED if once else {})}
        key = f"wecom:unsure:{app.mark}:{user}:{once}"
        before = await self._cache.get(key) if once else None
        if before is not None:
            whole = json.loads(before)
        card = whole.get("template_card") or {}
        try:
            answer = await self.client.call(app, "message/send", whole)
        except WecomFailed as failed:
            if failed.code == _TAKEN_TASK and before is not None:
                return card, None  # it did arrive
            if failed.outcome == "unknown" and once and before is None:
                await self._cache.put(key, json.dumps(whole, ensure_ascii=False), KEPT)
            raise
        _arrived(answer, user)
        return card, str(answer.get("response_code") or "") or None


def _arrived(answer: Mapping[str, Any], user: str) -> None:
    """Error code 0 does not mean delivered: ids come back in lower case."""
    for name, why in (("invaliduser", "WeCom's app does not reach this person"), ("unlicenseduser", "this person has no WeCom licence")):
        found = answer.get(name) or ""
        listed = found.split("|") if isinstance(found, str) else [str(each) for each in found]
        if user.lower() in (each.lower() for each in listed):
            raise WecomFailed("rejected", why)
