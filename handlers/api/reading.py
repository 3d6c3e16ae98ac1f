"""From a request's bytes to a checked body, query, path and idempotency key; whatever is wrong is a Problem, never a surprise."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from bot.messages import Bearer, Once
from handlers.api.fields import ID, Model, Query
from handlers.api.route import Route
from handlers.problems import Problem

DEEPEST = 32
PIECE, PIECE_BYTES = 10.0, 256 * 1024  # seconds without a byte of a file; bytes at a time
INT_LIMIT = 2**63
TICKET_LIMIT = 2**31  # numbers are stored in 32 bits: what cannot be a ticket is an unknown one
M = TypeVar("M", bound=BaseModel)

_ID = re.compile(ID)
_KEY = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?")
_INNER = re.compile(r"([a-z_]+)\[([^\[\]]{1,64})\]")
_TICKET = re.compile(r"(?:[Tt]-)?([0-9]{1,10})")


def body(route: Route, request: web.Request, raw: bytes) -> Model | None:
    """The route's body. An empty one is `{}`."""
    if route.body is None:
        if raw.strip():
            _need_json(request)
            if _parsed(raw) not in ({}, None):
                raise Problem("invalid", "This call takes no body.", errors=[(("body",), "must be empty")])
        return None
    if raw.strip():
        _need_json(request)
    return _checked(route.body, _parsed(raw) if raw.strip() else {}, "body")


def file(route: Route, request: web.Request) -> AsyncIterator[bytes]:
    """The body's pieces as they come. Raises Problem for another content type, when none comes for long, and when it breaks off."""
    if request.content_type not in route.sends:
        raise Problem("unsupported_media_type", f"Send the file itself, as {' or '.join(route.sends)}.")
    return _pieces(request)


async def _pieces(request: web.Request) -> AsyncIterator[bytes]:
    while True:
        try:
            async with asyncio.timeout(PIECE):
                piece = await request.content.read(PIECE_BYTES)
        except TimeoutError:
            raise Problem("timeout", headers={"Connection": "close"}) from None
        except (web.RequestPayloadError, ConnectionError, ValueError) as broken:
            raise Problem("bad_request", "The body broke off or is not encoded as its headers say.") from broken
        if not piece:
            return
        yield piece


def query(route: Route, request: web.Request) -> Query:
    """The route's query. A parameter given twice is a list, which only lists take."""
    if not request.query_string:
        return _checked(route.query, {}, "query")
    given: dict[str, Any] = {}
    for name, value in request.rel_url.query.items():
        inner = _INNER.fullmatch(name)
        if inner and isinstance(within := given.setdefault(inner[1], {}), dict) and inner[2] not in within:
            within[inner[2]] = value  # `custom_field[size]=38`
        elif name in given:
            before = given[name]
            given[name] = [*before, value] if isinstance(before, list) else [before, value]
        else:
            given[name] = value
    return _checked(route.query, given, "query")


def path(request: web.Request) -> Mapping[str, str]:
    """The ids in the path. One that cannot exist is unknown; a PUT would make it, so there it is a wrong field."""
    found = dict(request.match_info)
    for name, value in found.items():
        if name == "number":
            ticket = _TICKET.fullmatch(value)
            if ticket is None or not 0 < int(ticket[1]) < TICKET_LIMIT:
                raise Problem("not_found", "There is no such ticket.")
            found[name] = ticket[1]
        elif not (_order_no(value) if name == "order_no" else _ID.fullmatch(value)):
            if request.method != "PUT":
                raise Problem("not_found")
            raise Problem("invalid", errors=[(("path", name), "must be 1 to 64 characters of A-Z a-z 0-9 . _ : -, the first no sign")])
    return found


def once(route: Route, request: web.Request, bearer: Bearer, raw: bytes) -> Once | None:
    """The Idempotency-Key of a POST, tied to the API key, the path and all that was sent."""
    key = request.headers.get("Idempotency-Key")
    if key is None or route.method != "POST":
        return None
    if not _KEY.fullmatch(key):
        raise Problem("invalid", errors=[(("header", "Idempotency-Key"), "must be 1 to 255 printable ASCII characters")])
    target = f"{route.method} {request.rel_url.raw_path_qs}"
    fingerprint = hashlib.sha256(target.encode("utf-8", "surrogateescape") + b"\n" + raw).hexdigest()
    return Once(scope=f"{bearer.key_id} {request.path}", key=key, fingerprint=fingerprint, status=route.status)


def _need_json(request: web.Request) -> None:
    if request.content_type != "application/json" and not request.content_type.endswith("+json"):
        raise Problem("unsupported_media_type", "Send Content-Type: application/json.")
    if (request.charset or "utf-8").lower() not in ("utf-8", "utf8"):
        raise Problem("unsupported_media_type", "JSON is UTF-8.")


def _parsed(raw: bytes) -> Any:
    try:
        found = json.loads(
            raw.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_constant, parse_int=_integer, parse_float=_float
        )
        # Escapes may hide halves of surrogate pairs, which neither databases nor UTF-8 take.
        if b"\\u" in raw or raw.count(b"{") + raw.count(b"[") > DEEPEST:
            _look_through(found)
        return found
    except UnicodeDecodeError:
        raise Problem("bad_json", "The body is not UTF-8.") from None
    except RecursionError:
        raise Problem("bad_json", "The body is nested too deeply.") from None
    except json.JSONDecodeError as wrong:
        raise Problem("bad_json", f"The body is not JSON: {wrong.msg} at line {wrong.lineno}, column {wrong.colno}.") from None


def _look_through(found: Any) -> None:
    level = [found]
    for _ in range(DEEPEST + 1):
        for value in level:
            if isinstance(value, str) and not value.isascii():
                _need_unicode(value)
        level = [inner for value in level for inner in _inside(value)]
        if not level:
            return
    raise Problem("bad_json", f"The body is nested deeper than {DEEPEST} levels.")


def _inside(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.keys()
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _need_unicode(value: str) -> None:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise Problem("bad_json", "The body holds half of a surrogate pair.") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Problem("bad_json", "An object in the body has the same name twice.")
    return found


def _no_constant(name: str) -> Any:
    raise Problem("bad_json", f"{name} is not JSON.")


def _integer(digits: str) -> int:
    # Longer ones are not even parsed: that takes quadratic time.
    value = int(digits) if len(digits) <= 20 else INT_LIMIT
    if not -INT_LIMIT <= value < INT_LIMIT:
        raise Problem("bad_json", "A whole number in the body does not fit into 64 bits.")
    return value


def _float(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise Problem("bad_json", "A number in the body is too large.")
    return value


def _checked(model: type[M], found: Any, place: str) -> M:
    try:
        return model.model_validate(found, by_alias=True)
    except ValidationError as wrong:
        listed = wrong.errors(include_url=False, include_input=False, include_context=False)
        errors = [((place, *_short(each["loc"])), each["msg"].removeprefix("Value error, ")) for each in listed[:50]]
        raise Problem("invalid", f"{len(listed)} of the {place}'s fields are wrong." if len(listed) > 1 else "", errors=errors) from None


def _short(loc: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """An unknown field's name is the sender's own text: never echoed at length."""
    return tuple(part[:80] if isinstance(part, str) else part for part in loc)


def _order_no(value: str) -> bool:
    return 0 < len(value) <= 64 and value.isprintable() and bool(value.strip())
