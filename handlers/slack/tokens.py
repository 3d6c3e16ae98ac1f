"""Tokens that expire (token rotation) are renewed ahead of time, by one process at a time.

12 hours, and a refresh token that is good for one renewal: https://docs.slack.dev/authentication/using-token-rotation
"""

from __future__ import annotations

import asyncio
import secrets
from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog
from aiohttp import ClientSession

from bot.errors import DeliveryFailed, NotFound
from bot.messages import AccountOf, Credentials, PutAccount
from bot.ports import Clock
from bot.settings import Settings
from handlers.slack import api
from handlers.slack.shapes import CHANNEL

if TYPE_CHECKING:
    from bot.desk import Desk

AHEAD = timedelta(hours=2)
PAUSE = timedelta(minutes=1)  # after a renewal that failed, while the token still works
LEASE = timedelta(seconds=15)
WAITING = 2.0  # seconds for the process that renews it
log = structlog.stdlib.get_logger("slack")


class Tokens:
    """`fresh` is all."""

    def __init__(self, settings: Settings, session: ClientSession, clock: Clock) -> None:
        self._settings, self._session, self._clock = settings, session, clock
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._renewed: dict[str, Credentials] = {}
        self._unstored: dict[str, str] = {}  # by account, the refresh token that the stored one still has
        self._failed: dict[str, datetime] = {}

    async def fresh(self, desk: Desk | None, account: Credentials) -> Credentials:
        """The account with a token that still works for a while. Raises DeliveryFailed where it has expired and can't be renewed now."""
        if not self._due(account):
            self._renewed.pop(account.id, None)
            self._unstored.pop(account.id, None)
            return account
        async with self._locks[account.id]:
            newer = self._renewed.get(account.id, account)
            if not self._due(newer) or desk is None:
                if desk is not None and account.id in self._unstored:
                    return await self._stored(desk, newer, self._unstored[account.id])
                return newer
            if self._pauses(account):
                return account
            try:
                newer = await self._renewed_once(desk, account.id)
            except Exception as failed:
                why = failed.why if isinstance(failed, DeliveryFailed) else type(failed).__name__
                if self._clock.now() < expiry(account):
                    self._failed[account.id] = self._clock.now()
                    log.warning("token not renewed yet", team=account.id, why=why)
                    return account
                if isinstance(failed, DeliveryFailed):
                    raise
                raise DeliveryFailed("later", f"the token cannot be renewed: {why}") from failed
            self._renewed[account.id] = newer
            self._failed.pop(account.id, None)
            return newer

    async def _renewed_once(self, desk: Desk, id: str) -> Credentials:
        """Of all processes one alone asks Slack: a refresh token works once."""
        name, holder = f"slack:token:{id}", secrets.token_hex(8)
        waited = 0.0
        while (await desk.hold(name, holder, LEASE)).holder != holder:
            waited += 0.2
            if waited > WAITING:
                raise DeliveryFailed("later", "the token is being renewed")
            await asyncio.sleep(0.2)
        try:
            account = await _now(desk, id)
            return account if not self._due(account) else await self._renew(desk, account)
        finally:
            await desk.let_go(name, holder)

    async def _renew(self, desk: Desk, account: Credentials) -> Credentials:
        form = {"grant_type": "refresh_token", "refresh_token": account.secrets["refresh_token"]}
        answer = await api.granted(self._session, self._settings, form)
        if not answer.get("access_token"):
            raise DeliveryFailed("later", "Slack gave no token for the one that expires")
        doc = {**account.doc, **expiring(answer, self._clock.now())}
        kept = {"token": str(answer["access_token"]), "refresh_token": str(answer.get("refresh_token") or "")}
        newer = Credentials(account.channel, account.id, account.merchant_id, doc, kept)
        log.info("token renewed", team=account.id)
        return await self._stored(desk, newer, account.secrets["refresh_token"])

    async def _stored(self, desk: Desk, newer: Credentials, before: str) -> Credentials:
        """Slack gives it once: where it cannot be stored now it is used all the same, and stored at one of the next calls.

        Uninstalled or installed anew meanwhile, the workspace is what it has become.
        """
        try:
            await desk.configure(PutAccount(CHANNEL, newer.id, newer.doc, newer.secrets, renews=("refresh_token", before)))
            self._unstored.pop(newer.id, None)
        except NotFound:
            self._unstored.pop(newer.id, None)
            self._renewed.pop(newer.id, None)
            return await _now(desk, newer.id)
        except Exception:
            log.exception("renewed token not stored yet", team=newer.id)
            self._unstored[newer.id] = before
        return newer

    def _pauses(self, account: Credentials) -> bool:
        """Every message asks for a token: not each may ask Slack again."""
        now, failed = self._clock.now(), self._failed.get(account.id)
        return failed is not None and timedelta() <= now - failed < PAUSE and now < expiry(account)

    def _due(self, account: Credentials) -> bool:
        return bool(account.secrets.get("refresh_token")) and self._clock.now() >= expiry(account) - AHEAD


def expiry(account: Credentials) -> datetime:
    """When its token stops working; far away for one that does not."""
    return datetime.fromisoformat(str(account.doc.get("expires_at") or "9999-01-01T00:00:00+00:00"))


def expiring(answer: Any, now: datetime) -> dict[str, str]:
    """`expires_at` for the account's document; nothing where the token lives on."""
    seconds = answer.get("expires_in")
    return {"expires_at": (now + timedelta(seconds=seconds)).isoformat()} if isinstance(seconds, int) and seconds > 0 else {}


async def _now(desk: Desk, id: str) -> Credentials:
    try:
        found: Credentials = await desk.ask(AccountOf(CHANNEL, id))
    except NotFound:
        raise DeliveryFailed("rejected", f"not installed in workspace {id}: open /slack/install there") from None
    return found
