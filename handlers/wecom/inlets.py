"""Through which app a callback comes: the settings' one at `/wecom/callback`, a merchant's own at `/wecom/callback/{id}`."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import BadSetting, NotFound
from bot.messages import AccountOf
from bot.settings import Settings
from handlers.wecom import apps
from handlers.wecom.crypto import Keys

if TYPE_CHECKING:
    from bot.desk import Desk

CHANNEL = "wecom"
AES_KEY = re.compile(r"[A-Za-z0-9+/]{43}")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")


@dataclass(frozen=True, slots=True)
class Inlet:
    """`id` is the account's, `-` for the settings' app; `owner` the merchant whose people speak through it, `-` for the operator."""

    id: str
    owner: str
    agent_id: str
    keys: Keys


class Inlets:
    """Finds the app of a callback, anew each time: what an administrator changes holds at once, in every replica."""

    def __init__(self, desk: Desk, settings: Settings) -> None:
        self._desk, self._standing = desk, standing(settings)
        self._nobody = Inlet("", "", "", Keys(secrets.token_hex(16), base64.b64encode(secrets.token_bytes(32)).decode()[:43], ""))

    async def find(self, id: str | None) -> Inlet:
        """Never None: an id that nobody has gets keys that nobody knows, so that it is refused where a wrong signature is."""
        if id is None:
            return self._standing or self._nobody
        if not _ID.fullmatch(id):
            return self._nobody
        try:
            account = await self._desk.ask(AccountOf(CHANNEL, id))
        except NotFound:
            return self._nobody
        doc, hidden = account.doc, account.secrets
        return Inlet(account.id, account.merchant_id, str(doc["agent_id"]), Keys(hidden["token"], hidden["aes_key"], doc["corp_id"]))


def standing(settings: Settings) -> Inlet | None:
    """The settings' app. Raises BadSetting where a part is missing: one without a callback may not send what can be pressed (43012)."""
    app = apps.standing(settings)
    token, aes_key = settings.wecom_token, settings.wecom_aes_key
    if app is None and not token and not aes_key:
        return None
    if app is None:
        raise BadSetting("DESKBELL_WECOM_CORP_ID: needed with WECOM_TOKEN and WECOM_AES_KEY; WeCom's console has it under My company")
    for name, value in (("TOKEN", token), ("AES_KEY", aes_key)):
        if not value:
            raise BadSetting(f"DESKBELL_WECOM_{name}: needed with WECOM_CORP_ID; the app's page in WeCom's console has it")
    if not sound_aes_key(aes_key or ""):
        raise BadSetting("DESKBELL_WECOM_AES_KEY: write the EncodingAESKey, 43 letters and digits, as WeCom's console shows it")
    return Inlet(apps.STANDING, apps.STANDING, str(app.agent_id), Keys(token or "", aes_key or "", app.corp_id))


def sound_aes_key(text: str) -> bool:
    """Whether it can be an EncodingAESKey: 32 bytes in base64, without its last sign."""
    try:
        return bool(AES_KEY.fullmatch(text)) and len(base64.b64decode(text + "=", validate=True)) == 32
    except binascii.Error:
        return False
