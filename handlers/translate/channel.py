"""Translation as a way out: what waits to be translated goes to a provider, and its answer to the ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import DeliveryFailed, NotFound, Refused
from bot.messages import AddTranslation, Notice, Receipt
from bot.ports import Abilities
from handlers.translate.chain import Chain
from handlers.translate.provider import CannotTranslate

if TYPE_CHECKING:
    from bot.desk import Desk


class TranslateChannel:
    """A target is a language. Sent twice after a lost reply it costs twice and changes nothing."""

    name = "translate"
    abilities = Abilities(digests=False)

    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        self.desk: Desk

    async def send(self, notice: Notice) -> Receipt:
        """Translates and hands in. Where nobody can, the ticket says so, and it is tried again if that may help."""
        data = notice.data
        try:
            done = await self._chain.translate(str(data["text"]), data.get("source"), str(data["lang"]))
        except CannotTranslate as why:
            final = why.lasting or bool(data.get("draft"))  # whoever waits for a preview had rather know than wait
            if not (why.after is not None and not final):
                await self._hand_in(notice, None, "", why.why)
            raise DeliveryFailed("rejected" if final else "later", why.why, retry_after=why.after) from None
        await self._hand_in(notice, done.text, done.provider)
        return {"provider": done.provider}

    async def _hand_in(self, notice: Notice, text: str | None, provider: str, failed: str = "") -> None:
        data = notice.data
        made = AddTranslation(
            int(data["number"]), str(data["lang"]), text, provider, message=data.get("message"), failed=failed,
            person=data.get("person"), asked_on=str(data.get("asked_on") or ""),
            draft=data.get("draft"), within=str(data["merchant_id"]), via=self.name,
        )  # fmt: skip
        try:
            await self.desk.configure(made)
        except NotFound:
            raise DeliveryFailed("rejected", "its ticket or message is gone") from None
        except Refused as refused:
            raise DeliveryFailed("rejected", refused.say) from None
