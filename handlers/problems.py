"""Problem documents (RFC 9457): every code there is, its status, and what each exception becomes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from bot.errors import (
    AlreadyClaimed,
    BadUsage,
    Conflict,
    NotAllowed,
    NotFound,
    Refused,
    Unauthentic,
    Unavailable,
    UnknownPerson,
    WrongState,
)  # fmt: skip

EXTRA = web.RequestKey("extra_headers", dict[str, str])  # what stands on the answer to this request, be it a problem or not
CODES: dict[str, tuple[int, str]] = {
    "bad_request": (400, "The request cannot be read"),
    "bad_json": (400, "The body is not JSON as it should be"),
    "unauthenticated": (401, "No valid API key"),
    "missing_scope": (403, "The API key lacks a scope"),
    "not_allowed": (403, "This person may not do this"),
    "unknown_person": (403, "Nobody here goes by that id"),
    "not_found": (404, "There is no such thing"),
    "method_not_allowed": (405, "This address does not take that method"),
    "timeout": (408, "The body took too long to arrive"),
    "conflict": (409, "Others were changing the same thing"),
    "already_claimed": (409, "Someone was faster"),
    "wrong_state": (409, "The ticket is not in a state that allows it"),
    "no_report_yet": (409, "There is no report yet"),
    "already_linked": (409, "The chat account is another person's"),
    "only_one": (409, "There may be but one, and there is another"),
    "merchant_not_enabled": (409, "The merchant is not enabled yet"),
    "onboarding_incomplete": (409, "The merchant cannot be enabled yet"),
    "idempotency_conflict": (409, "The Idempotency-Key was used for another request"),
    "too_large": (413, "The body is too large"),
    "unsupported_media_type": (415, "The body must be application/json"),
    "invalid": (422, "A field is wrong"),
    "bad_usage": (422, "A field is wrong"),
    "order_not_paid_via_provider": (422, "The order was paid through another provider"),
    "pii_requires_gdpr_mode": (422, "A full phone number needs GDPR mode"),
    "rate_limited": (429, "Too many requests"),
    "internal": (500, "Something went wrong on our side"),
    "unavailable": (503, "Not available for the moment"),
}
_OF_STATUS = {
    400: "bad_request", 401: "unauthenticated", 403: "not_allowed", 404: "not_found", 405: "method_not_allowed", 408: "timeout",
    413: "too_large", 415: "unsupported_media_type", 422: "invalid", 429: "rate_limited", 503: "unavailable",
}  # fmt: skip
_OF_KIND: tuple[tuple[type[Refused], int], ...] = (
    (NotFound, 404), (NotAllowed, 403), (UnknownPerson, 403), (AlreadyClaimed, 409), (WrongState, 409), (BadUsage, 422), (Refused, 409),
)  # fmt: skip


class Problem(Exception):
    """Raise it in a handler: the web server answers the document. `errors` are (loc, msg); `extra` are further members."""

    def __init__(
        self, code: str, detail: str = "", *, status: int | None = None, errors: Sequence[tuple[Sequence[str | int], str]] = (),
        headers: Mapping[str, str] | None = None, extra: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(code)
        known_status, self.title = CODES.get(code, (409, "Refused"))
        self.code, self.status = code, status or known_status
        self.detail = detail or self.title + "."
        self.errors = [{"loc": list(loc), "msg": msg} for loc, msg in errors]
        self.headers, self.extra = dict(headers or {}), dict(extra or {})

    def document(self, request_id: str) -> dict[str, Any]:
        """The members of the document. The standard ones cannot be overwritten by `extra`."""
        found = {
            **self.extra, "type": f"/docs#problem-{self.code}", "title": self.title, "status": self.status, "code": self.code,
            "detail": self.detail, "request_id": request_id,
        }  # fmt: skip
        return {**found, "errors": self.errors} if self.errors else found

    def response(self, request_id: str) -> web.Response:
        """The answer, ready to be sent."""
        body = json.dumps(self.document(request_id), ensure_ascii=True, separators=(",", ":")).encode()
        return web.Response(body=body, status=self.status, headers=self.headers, content_type="application/problem+json")


def of_status(status: int, headers: Mapping[str, str]) -> Problem:
    """What aiohttp itself refused, such as an unknown path; `Allow` of a 405 is kept."""
    kept = {name: headers[name] for name in ("Allow",) if name in headers}
    code = _OF_STATUS.get(status, "bad_request" if status < 500 else "internal")
    return Problem(code, status=status, headers=kept)


def of_error(error: Exception, place: str) -> Problem | None:
    """What an expected error becomes; None: it was not expected. `place` (`body`, `query`) is where its field stood."""
    match error:
        case Problem():
            return error
        case Refused():
            return _of_refusal(error, place)
        case Unauthentic():
            return Problem("unauthenticated", headers={"WWW-Authenticate": 'Bearer realm="deskbell"'})
        case Conflict():
            return Problem("conflict", "Others were changing the same thing; try again.", headers={"Retry-After": "1"})
        case Unavailable() | ConnectionError() | TimeoutError():
            return Problem("unavailable", "Something that is needed does not answer; try again.", headers={"Retry-After": "5"})
    return None


def _of_refusal(error: Refused, place: str) -> Problem:
    status = CODES[error.code][0] if error.code in CODES else next(status for kind, status in _OF_KIND if isinstance(error, kind))
    errors = [((place, *error.field.split(".")), error.say)] if error.field else []
    return Problem(error.code, error.say, status=status, errors=errors, extra=error.extra)
