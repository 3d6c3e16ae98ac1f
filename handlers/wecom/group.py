"""A group that an app made, as a way out: markdown with mentions; WeCom takes no cards there.

https://developer.work.weixin.qq.com/document/path/90248
"""

from __future__ import annotations

import asyncio

from bot.messages import Notice, Receipt
from bot.ports import Abilities
from bot.records import Merchant
from handlers.wecom.apps import App, through, userid
from handlers.wecom.errors import WecomFailed
from handlers.wecom.markdown import digested, markdown
from handlers.wecom.sending import Sender

MOST = 2048  # bytes
PATIENCE = 4.8


def _groups(merchant: Merchant) -> tuple[str, ...]:
    chat = merchant.notify.get("wecom_group_chat_id")
    return (f"{merchant.id}/{chat}",) if chat else ()


class GroupChannel:
    """A target is `MERCHANT/chatid`: a group made by the merchant's app or, where it has none, the operator's. Chat ids keep their case."""

    name = "wecom_group"
    # A member takes 200 messages a minute of apps in groups, all groups together: .../path/90312
    abilities = Abilities(
        chat=True, burst=10, per_minute=30, digest=12, merchant=_groups, owner=through, mention=lambda person: person.wecom_user_id
    )

    def __init__(self, sender: Sender, standing: App | None, patience: float = PATIENCE) -> None:
        self._sender, self._standing, self._patience = sender, standing, patience

    async def send(self, notice: Notice) -> Receipt:
        """One message."""
        app = self._sender.app(notice, self._standing)
        said = digested(notice.card, MOST) if notice.kind == "digest" and notice.card else markdown(notice, MOST)
        body = {"chatid": userid(notice.address.target), "msgtype": "markdown", "markdown": {"content": said}, "safe": 0}
        try:
            async with asyncio.timeout(self._patience):
                await self._sender.client.call(app, "appchat/send", body)
        except TimeoutError:
            raise WecomFailed("unknown", "no answer from WeCom in time") from None
        return {}
