"""One call of Slack's Web API, and what its failures mean for a delivery."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import aiohttp
import orjson
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.errors import DeliveryFailed
from bot.settings import Settings

ClientFor = Callable[[str], Awaitable[AsyncWebClient]]  # a workspace's client, by its id; "": our own one's. Raises DeliveryFailed
TIMEOUT = 4.5  # seconds for one call: a channel has 5 for a delivery
_DEFAULT_URL = "https://slack.com/api/"

# https://docs.slack.dev/reference/methods/chat.postMessage#errors. Any error that stands in neither list is `rejected`: Slack has said no.
_LATER = frozenset({
    "ratelimited", "rate_limited", "message_limit_exceeded", "request_timeout", "service_unavailable", "team_added_to_org",
    "external_channel_migrating", "org_login_required", "accesslimited",
})  # fmt: skip
FAILURES = (SlackClientError, aiohttp.ClientError, TimeoutError, OSError)  # all that a call can raise
_UNKNOWN = frozenset({"internal_error", "fatal_error"})  # "It's possible some aspect of the operation succeeded"


def session() -> aiohttp.ClientSession:
    """The one for all calls. The SDK ignores its own timeout where it is given a session, so it stands here."""
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT, connect=2.0), auto_decompress=True)


def client(settings: Settings, opened: aiohttp.ClientSession, token: str | None = None) -> AsyncWebClient:
    """Slack's client, the settings' token's without another, and without retries: a reply that was lost would be a second message
    that nobody knows of."""
    return AsyncWebClient(
        token or settings.slack_bot_token, base_url=base_url(settings), session=opened, retry_handlers=[], timeout=5
    )  # fmt: skip


def base_url(settings: Settings) -> str:
    """Of the Web API, with its last slash."""
    return (settings.slack_api_url or _DEFAULT_URL).rstrip("/") + "/"


async def call(web: AsyncWebClient, method: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """What Slack answers. Raises DeliveryFailed; its `why` begins with Slack's own word for it.

    Posted here and not by the SDK, which takes as long to prepare a request as the network takes to carry it.
    """
    if web.session is None:
        return await _answer(web.api_call(method, json=dict(body)))
    headers = {"Authorization": f"Bearer {web.token}", "Content-Type": "application/json;charset=utf-8"}
    try:
        async with web.session.post(web.base_url + method, data=orjson.dumps(body), headers=headers) as answer:
            return _said(answer.status, await answer.read(), answer.headers.get("Retry-After"))
    except FAILURES as failed:
        raise failure(failed) from failed


async def granted(opened: aiohttp.ClientSession, settings: Settings, form: Mapping[str, str]) -> Mapping[str, Any]:
    """`oauth.v2.access`: a code or a refresh token for tokens. Raises DeliveryFailed. It is the app that asks, not a workspace's bot."""
    app = aiohttp.encode_basic_auth(settings.slack_client_id or "", settings.slack_client_secret or "")
    try:
        async with opened.post(base_url(settings) + "oauth.v2.access", data=dict(form), headers={"Authorization": app}) as answer:
            return _said(answer.status, await answer.read(), answer.headers.get("Retry-After"))
    except FAILURES as failed:
        raise failure(failed) from failed


async def teams(web: AsyncWebClient) -> frozenset[str]:
    """The workspaces that an organisation's installation is for. Raises DeliveryFailed.

    https://docs.slack.dev/reference/methods/auth.teams.list
    """
    found: set[str] = set()
    asked: dict[str, str | int] = {"limit": 1000}
    for _ in range(20):
        answer = await look(web, "auth.teams.list", asked)
        found |= {str(each.get("id")) for each in answer.get("teams") or () if isinstance(each, dict)}
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            break
        asked["cursor"] = str(cursor)
    return frozenset(found)


async def look(web: AsyncWebClient, method: str, query: Mapping[str, str | int]) -> Mapping[str, Any]:
    """The same for methods that only read: most of those take no JSON."""
    return await _answer(web.api_call(method, http_verb="GET", params=dict(query)))


async def _answer(asking: Awaitable[AsyncSlackResponse]) -> Mapping[str, Any]:
    try:
        answer = await asking
    except FAILURES as failed:
        raise failure(failed) from failed
    found: Mapping[str, Any] = answer.data if isinstance(answer.data, dict) else {}
    return found


def _said(status: int, text: bytes, retry_after: str | None) -> Mapping[str, Any]:
    try:
        said = orjson.loads(text)
    except ValueError:
        said = None
    if status == 200 and isinstance(said, dict) and said.get("ok") is True:
        return said
    raise of_status(status, str(said.get("error") or "") if isinstance(said, dict) else "", retry_after)


def failure(failed: BaseException) -> DeliveryFailed:
    """A failed call as the outcome of a delivery."""
    if isinstance(failed, SlackApiError):
        return _refused(failed)
    if isinstance(failed, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return DeliveryFailed("later", f"no connection: {type(failed).__name__}")  # nothing was sent
    if isinstance(failed, ValueError):
        return DeliveryFailed("rejected", "invalid address")
    if isinstance(failed, asyncio.TimeoutError):
        return DeliveryFailed("unknown", "no answer in time")
    return DeliveryFailed("unknown", f"connection lost: {type(failed).__name__}")


def of_status(status: int, error: str, retry_after: str | None) -> DeliveryFailed:
    """An answer that is no success."""
    if status == 429 or error in ("ratelimited", "rate_limited"):
        return DeliveryFailed("later", "ratelimited", _seconds(retry_after) or timedelta(seconds=1))
    if error in _LATER:
        return DeliveryFailed("later", error, _seconds(retry_after))
    if error in _UNKNOWN or status >= 500 or not error:
        return DeliveryFailed("unknown", error or f"HTTP {status}", _seconds(retry_after))
    return DeliveryFailed("rejected", error)


def _refused(failed: SlackApiError) -> DeliveryFailed:
    answer = failed.response
    if not isinstance(answer, AsyncSlackResponse):  # a body that is not JSON: the SDK hands on the bare response
        return of_status(int(getattr(answer, "status", 0) or 0), "", None)
    data = answer.data if isinstance(answer.data, dict) else {}
    headers = {str(name).lower(): str(value) for name, value in (answer.headers or {}).items()}
    return of_status(answer.status_code, str(data.get("error") or ""), headers.get("retry-after"))


def _seconds(text: str | None) -> timedelta | None:
    """Retry-After: https://docs.slack.dev/apis/web-api/rate-limits. Bounded, so that no answer silences a desk for a day."""
    if text is None or not text.isascii() or not text.isdigit():
        return None
    return timedelta(seconds=min(int(text[:6]), 3600))
