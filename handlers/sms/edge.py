"""Text messages as an edge: a channel where SMS_URL is set, nothing where it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import BadSetting
from bot.ports import Channel
from handlers.edge import World
from handlers.sms.channel import Service, SmsChannel

if TYPE_CHECKING:  # a worker serves nothing and need not load what serves
    from aiohttp import web

    from bot.desk import Desk


class Sms:
    """Sends only, so it serves nothing."""

    name = "sms"

    def __init__(self, service: Service | None = None) -> None:
        self._service = service
        self.channels: tuple[Channel, ...] = (SmsChannel(service),) if service else ()

    def routes(self, desk: Desk) -> list[web.RouteDef]:
        """None."""
        return []

    async def check(self) -> str | None:
        """Whether it can be used, as far as that shows. Nothing is sent: a text message costs, and goes to a person."""
        return await self._service.problem() if self._service else None

    async def untried(self) -> str | None:
        """What only a text message would show."""
        return await self._service.untried() if self._service else None


async def connect(world: World) -> Sms:
    """With a channel where SMS_URL is set. Raises BadSetting."""
    url = world.settings.sms_url
    if not url:
        return Sms()
    if "://" not in url:
        raise BadSetting("DESKBELL_SMS_URL: write an Apprise URL such as twilio://SID:TOKEN@FROM/{to}, or tencent://…")
    if url.startswith("tencent://"):
        import aiohttp  # noqa: PLC0415  # only what is configured is loaded

        from handlers.sms.tencent import Tencent, account  # noqa: PLC0415

        given = account(url)
        session = aiohttp.ClientSession(trust_env=False)
        world.closing.push_async_callback(session.close)
        return Sms(Tencent(given, session, world.clock))
    from handlers.sms.by_apprise import ByApprise  # noqa: PLC0415

    return Sms(ByApprise(url))
