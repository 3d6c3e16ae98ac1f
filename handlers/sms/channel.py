"""Text messages as a way out: for what is grave enough, to a merchant's legal representative."""

from __future__ import annotations

from typing import Protocol

from bot.errors import DeliveryFailed
from bot.messages import Notice, Receipt
from bot.ports import Abilities
from bot.records import Merchant
from handlers.sms.text import number, said


class Service(Protocol):
    """Who carries text messages."""

    async def problem(self) -> str | None:
        """For `doctor`, without sending: what to mend; None: nothing that shows so."""
        ...

    async def untried(self) -> str | None:
        """What `problem` could not try, and why; None: nothing."""
        ...

    async def send(self, to: str, text: str, params: dict[str, str]) -> None:
        """Once, within 5 s. Raises DeliveryFailed."""
        ...


def _numbered(merchant: Merchant) -> list[str]:
    known = (merchant.profile.get("legal_representative") or {}).get("phone")
    return [f"legal_representative:{merchant.id}"] if known else []


class SmsChannel:
    """A target is `legal_representative:MERCHANT`: the number itself comes in `Notice.route` and stands in no list of deliveries."""

    name = "sms"
    abilities = Abilities(merchant=_numbered, grave=True, digests=False, burst=3, per_minute=2)

    def __init__(self, service: Service) -> None:
        self._service = service

    async def send(self, notice: Notice) -> Receipt:
        """Hands it to the service."""
        try:
            to = number(str(notice.route.get("phone") or ""))
        except ValueError as wrong:
            raise DeliveryFailed("rejected", f"the legal representative's phone is {wrong}") from None
        params = {str(name): str(value) for name, value in notice.data.items() if isinstance(value, str)}
        await self._service.send(to, said(notice), params)
        return {}
