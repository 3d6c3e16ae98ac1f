"""Who may press the playground's buttons: its own page, and no other page that the same browser has open."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.settings import Settings
from handlers.problems import Problem

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
MOST_WORDS, MOST_ONCE, MOST_TYPED = 20_000, 64, 2_048


def own_page(request: web.Request, settings: Settings) -> None:
    """Raises Problem for another site's request, and for a name that was made to point here (DNS rebinding)."""
    host = request.headers.get("Host", "")
    name = urlsplit(f"//{host}").hostname or ""
    if settings.host in LOOPBACK and name not in LOOPBACK | {urlsplit(settings.base_url).hostname}:
        raise Problem("not_allowed", "This address is not the playground's.")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != host:
        raise Problem("not_allowed", "Only the playground's own page may do this.")
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Problem("not_allowed", "Only the playground's own page may do this.")


async def own_json(request: web.Request, settings: Settings) -> dict[str, Any]:
    """The body of a post from the own page. A form of another site cannot have this content type without asking first."""
    own_page(request, settings)
    if request.content_type != "application/json":
        raise Problem("unsupported_media_type")
    try:
        body = json.loads(await request.text() or "{}")
    except ValueError:
        raise Problem("bad_json") from None
    if not isinstance(body, dict):
        raise Problem("bad_json", "The body must be an object.")
    return body


def text(body: dict[str, Any], field: str, most: int, *, needed: bool = True) -> str | None:
    """That field as text of bounded length. Raises Problem that names it."""
    found = body.get(field)
    if found is None and not needed:
        return None
    if not isinstance(found, str) or not found.strip():
        raise Problem("invalid", errors=[(("body", field), "must be text")])
    if len(found) > most:
        raise Problem("invalid", errors=[(("body", field), f"at most {most} characters")])
    return found


def chosen(body: dict[str, Any], field: str) -> dict[str, list[str]]:
    """What was selected, options' ids by question; {} without the field. Raises Problem that names it."""
    found = body.get(field) or {}
    if not isinstance(found, dict) or len(found) > 10:
        raise Problem("invalid", errors=[(("body", field), "at most 10 questions with lists of options")])
    for ids in found.values():
        if not isinstance(ids, list) or len(ids) > 20 or not all(isinstance(each, str) and len(each) <= 128 for each in ids):
            raise Problem("invalid", errors=[(("body", field), "lists of at most 20 options' ids")])
    return found
