"""`GET /slack/install` and `/slack/oauth_redirect`: a workspace installs the app, and its token is kept, sealed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import structlog
from aiohttp import ClientSession, web
from slack_sdk.oauth import AuthorizeUrlGenerator

from bot.errors import DeliveryFailed
from bot.ports import Cache, Clock
from bot.settings import Settings
from handlers.slack import api, installing, pages, states
from handlers.slack.workspaces import Workspaces

if TYPE_CHECKING:
    from bot.desk import Desk

COOKIE = "deskbell-slack-install"
REDIRECT = "/slack/oauth_redirect"
_SPENT = frozenset({"invalid_code", "code_already_used", "code_expired"})
_DENIED = frozenset({"access_denied", "app_approval_required", "app_request_pending"})
log = structlog.stdlib.get_logger("slack")


class Installing:
    """The two pages. Neither a code nor a token stands in any line of the log, or on a page."""

    def __init__(
        self, desk: Desk, settings: Settings, workspaces: Workspaces, session: ClientSession, cache: Cache, clock: Clock,
        scopes: tuple[str, ...],
    ) -> None:  # fmt: skip
        self._desk, self._settings, self._workspaces = desk, settings, workspaces
        self._session, self._cache, self._clock = session, cache, clock
        self._back = settings.base_url + REDIRECT
        self._address = AuthorizeUrlGenerator(client_id=settings.slack_client_id or "", redirect_uri=self._back, scopes=scopes)

    def routes(self) -> list[web.RouteDef]:
        """Both."""
        return [web.get("/slack/install", self.start), web.get(REDIRECT, self.end)]

    async def start(self, request: web.Request) -> web.Response:
        """Off to Slack, with a state that this browser alone can bring back."""
        cookie = states.browser(request.cookies.get(COOKIE))
        state = states.made(self._secret, cookie, self._clock.now())
        answer = web.Response(status=302, headers={"Location": self._address.generate(state)})
        answer.set_cookie(
            COOKIE, cookie, max_age=int(states.GOOD_FOR.total_seconds()), path="/slack", httponly=True, samesite="Lax",
            secure=self._settings.base_url.startswith("https:"),
        )  # fmt: skip
        return answer

    async def end(self, request: web.Request) -> web.Response:
        """Back from Slack."""
        given, cookie = request.query, request.cookies.get(COOKIE)
        once = states.once(self._secret, given.get("state", ""), cookie, self._clock.now())
        # The cache may forget: then Slack's code, which works once, is what stands in the way of a second use.
        if once is None or not await self._cache.add(f"slack:state:{once}", "1", states.GOOD_FOR):
            return _page("state")
        error = given.get("error")
        if error:
            return _page("denied" if error in _DENIED else "refused", why=_word(error))
        try:
            form = {"grant_type": "authorization_code", "code": given.get("code", ""), "redirect_uri": self._back}
            answer = await api.granted(self._session, self._settings, form)
            made = installing.granted(answer, self._clock.now())
            return await self._keep(await self._with_teams(made))
        except DeliveryFailed as failed:
            log.warning("slack not installed", why=failed.why)
            ending: pages.Ending = "code" if failed.why in _SPENT else "refused" if failed.outcome == "rejected" else "busy"
            return _page(ending, why=failed.why if failed.outcome == "rejected" else "")

    async def _with_teams(self, made: installing.Installation) -> installing.Installation:
        """An organisation's names its workspaces, so that their people are known there from the start."""
        if not made.id.startswith("E"):
            return made
        try:
            found = await api.teams(api.client(self._settings, self._session, made.secrets["token"]))
        except DeliveryFailed as failed:
            log.warning("workspaces of the organisation not known yet", organisation=made.id, why=failed.why)
            return made
        return replace(made, doc={**made.doc, "teams": sorted(found)})

    async def _keep(self, made: installing.Installation) -> web.Response:
        try:
            before = next((each for each in await self._workspaces.installed() if each.id == made.id), None)
            await self._desk.configure(installing.putting(made, before))
        except Exception:
            log.exception("installation not stored", team=made.id)
            return _page("stored")
        self._workspaces.forget()
        log.info("slack installed", team=made.id, again=before is not None)
        return _page("done", name=made.name, team=made.id)

    @property
    def _secret(self) -> str:
        return self._settings.slack_client_secret or ""


def _page(ending: pages.Ending, *, name: str = "", team: str = "", why: str = "") -> web.Response:
    status, html = pages.page(ending, name=name, team=team, why=why)
    return web.Response(status=status, text=html, content_type="text/html", headers={"Content-Security-Policy": pages.policy()})


def _word(error: str) -> str:
    """Slack's word for it, not whatever somebody wrote into the address."""
    return error if error.isascii() and error.replace("_", "").isalnum() else ""
