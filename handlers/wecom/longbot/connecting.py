"""The bot that the settings name, made ready; None where they name none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import BadSetting
from handlers.wecom.longbot.accounts import Accounts, Call
from handlers.wecom.longbot.bot import LongBot

if TYPE_CHECKING:
    from handlers.edge import World


def of(world: World, call: Call | None) -> LongBot | None:
    """`call` is the self-built app's, where there is one. Raises BadSetting when half of the settings are missing.

    Of `ROLE`s, `all` and `worker` run it: where deliveries are made. A test says where its WeCom is by `world.extras["wecom_bot"]`.
    """
    id, secret = world.settings.wecom_bot_id, world.settings.wecom_bot_secret
    if not id and not secret:
        return None
    if not id or not secret:
        lacking, there = ("WECOM_BOT_ID", "WECOM_BOT_SECRET") if not id else ("WECOM_BOT_SECRET", "WECOM_BOT_ID")
        raise BadSetting(f"DESKBELL_{lacking}: needed with {there}; the bot's page in WeCom has both (long-connection mode)")
    accounts = Accounts(call, world.cache, id)
    return LongBot(
        id, secret, accounts, world.clock, link=world.settings.base_url, people=call is None, **world.extras.get("wecom_bot", {})
    )
