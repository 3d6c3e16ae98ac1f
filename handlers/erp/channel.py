"""Tells a shop's ERP how a ticket stands. The ERP's document says how; where it was told that already, nothing is asked."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from weakref import WeakValueDictionary

from aiohttp import ClientError, ClientSession

from bot.errors import DeliveryFailed
from bot.messages import Notice, Receipt
from bot.ports import Abilities, Clock
from handlers.erp import mabang, signed
from handlers.erp.signed import Request
from handlers.erp.templates import values
from handlers.guard import Blocked, Guard
from handlers.outward import meaning_of_fault, retry_after

LARGEST = 1024 * 1024
PUT_AGAIN = timedelta(minutes=10)  # what somebody has to mend is tried so often
Told = dict[str, str]


class ErpChannel:
    """The channel `erp`: an address is a shop of ours, its account the document of that shop's ERP."""

    name = "erp"
    abilities = Abilities(mirrors=True, edits=True, digests=False, account=lambda shop: shop)

    def __init__(self, session: ClientSession, guard: Guard, clock: Clock) -> None:
        self._session, self._guard, self._clock = session, guard, clock
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def send(self, notice: Notice) -> Receipt:
        """Tells `notice.data`. Raises DeliveryFailed."""
        return await self.update({}, notice)

    async def update(self, receipt: Receipt, notice: Notice) -> Receipt:
        """The same; where it was told so already nothing is asked."""
        config = config_of(notice.route.get("account"))
        shown = _shown(config, notice.data)
        if receipt.get("shown") == shown:
            return receipt
        order = str(notice.data["ticket"]["order_no"] or "")
        lock = self._locks.setdefault((notice.address.target, order), asyncio.Lock())
        async with lock:
            if config["kind"] == "mabang":
                flagged = await self._mabang(config, order, notice.data, receipt.get("flagged") == "1")
                return {"shown": shown, "flagged": "1" if flagged else "0"}
            known = values(notice.id, notice.data, self._clock.now())
            answer = await self.ask(signed.request(config, known))
            why = signed.accepted(config, answer)
            if why is not None:
                raise DeliveryFailed("later", why, PUT_AGAIN)
        return {"shown": shown}

    async def mabang(self, config: Mapping[str, Any], api: str, data: Mapping[str, Any]) -> Any:
        """One call of Mabang's. Raises DeliveryFailed."""
        answer = await self.ask(mabang.request(config, api, data, int(self._clock.now().timestamp())))
        why = mabang.refused(answer)
        if why is not None:
            raise DeliveryFailed("later", why, PUT_AGAIN)
        return answer

    async def _mabang(self, config: Mapping[str, Any], order: str, data: Mapping[str, Any], flagged: bool) -> bool:
        """Remark and label, then the flag; whether it is flagged then."""
        name, state, category = data["name"], data["ticket"]["state"], data["category"]
        there = mabang.remark_of(await self.mabang(config, mabang.READ, {"platformOrderIds": order, "allstatus": 1}), order)
        if there is None:
            raise DeliveryFailed("later", f"Mabang has no order {order[:64]}", PUT_AGAIN)
        text = mabang.remark(there, name, data["state"], category)
        changed = mabang.change(config, order, None if text == there else text, state)
        if len(changed) > 1:
            await self.mabang(config, mabang.CHANGE, changed)
        flag = mabang.abnormal(config, order, name, state, category, flagged)
        if flag is not None:
            await self.mabang(config, *flag)
        return flagged if flag is None else flag[0] == mabang.FLAG

    async def ask(self, request: Request) -> Any:
        """The answer's JSON, None where it has none. Raises DeliveryFailed; a lost answer is no doubt, for all may be told twice."""
        try:
            url = self._guard.allowed(request.url)
            async with self._session.request(
                request.method, url, data=request.body or None, headers=dict(request.headers), allow_redirects=False
            ) as response:
                raw, status = await response.content.read(LARGEST), response.status
                while len(raw) < LARGEST and (more := await response.content.read(LARGEST - len(raw))):
                    raw += more
                wait = retry_after(response.headers.get("Retry-After"), self._clock.now())
        except Blocked as blocked:
            raise DeliveryFailed("rejected", f"erp.url: {blocked.why}") from None
        except (ClientError, OSError) as failed:
            meant = meaning_of_fault(failed)
            raise DeliveryFailed("later" if meant.outcome == "unknown" else meant.outcome, meant.why, meant.retry_after) from failed
        if status in (400, 401, 403, 404, 422):
            raise DeliveryFailed("later", f"the ERP answered {status}: look at erp of PUT /v1/shops/{{id}}", wait or PUT_AGAIN)
        if not 200 <= status < 300:
            raise DeliveryFailed("rejected" if 300 <= status < 400 else "later", f"the ERP answered {status}", wait)
        try:
            return json.loads(raw) if raw.strip() else None
        except ValueError:
            return None


def config_of(account: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Of the opened account. Raises DeliveryFailed."""
    if not account:
        raise DeliveryFailed("rejected", "the shop has no ERP any more")
    config: Mapping[str, Any] = json.loads(account["config"])
    return config


def _shown(config: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    """What is told, in short. Moments are none: a note on the ticket is no news to an ERP."""
    ticket = data["ticket"]
    said = {name: ticket[name] for name in ("state", "priority", "subject", "tier", "assignee", "custom_fields")}
    told = [config, said, data["state"], data["category"]]
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:16]
