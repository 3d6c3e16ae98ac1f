"""Any ERP with an HTTP API, by the document that the merchant puts: method, URL, headers, body, how it is signed. Pure.

`sign.text` is what is signed: `{params}` in it are the body's fields but the signature, sorted, `a=1&b=2`; `{body}` is the whole body.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from bot.errors import DeliveryFailed
from handlers.erp.templates import address, filled, uses

METHODS = ("POST", "PUT", "PATCH", "GET")
SIGNS = ("md5", "hmac-md5", "hmac-sha1", "hmac-sha256")


@dataclass(frozen=True, slots=True)
class Request:
    """As it goes over the wire."""

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def request(config: Mapping[str, Any], known: Mapping[str, str]) -> Request:
    """The ticket's. Raises DeliveryFailed `rejected` that names the field which cannot be used."""
    method = str(config.get("method") or "POST").upper()
    if method not in METHODS:
        raise _wrong("method", f"is one of {', '.join(METHODS)}")
    if not isinstance(config.get("url"), str):
        raise _wrong("url", "is missing: the address that is called")
    template, form = config.get("body"), config.get("format") or "json"
    if form not in ("json", "form") or (template is not None and not isinstance(template, Mapping)):
        raise _wrong("body", "is an object, format json or form")
    known = {**_mapped(config, known), **{name: str(config[name]) for name in ("app_key", "secret", "token") if config.get(name)}}
    sign = config.get("sign")
    if sign is not None:
        known = {**known, "sign": _sign(sign, template or {}, form, known)}
    body = _written(filled(template, known, "body"), form) if template is not None and method != "GET" else b""
    headers = filled(config.get("headers") or {}, known, "headers")
    for name, value in headers.items():
        if any(each in f"{name}{value}" for each in "\r\n\0"):
            raise _wrong(f"headers.{name[:40]}", "would break into another line")
    kind = "application/json" if form == "json" else "application/x-www-form-urlencoded"
    given = {name.lower() for name in headers}
    if body and "content-type" not in given:
        headers["Content-Type"] = kind
    return Request(method, address(config["url"], known), headers, body)


def accepted(config: Mapping[str, Any], answer: Any) -> str | None:
    """Why it was not, in the ERP's words; None: it was. `ok`: `{"field": "code", "values": ["0", 200]}`; without it any 2xx is."""
    ok = config.get("ok")
    if not ok:
        return None
    name, wanted = str(ok.get("field") or "code"), {str(each).lower() for each in ok.get("values") or ("0", "200")}
    found = answer
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    if str(found).lower() in wanted:
        return None
    said = next((answer[each] for each in ("message", "msg", "errMsg") if isinstance(answer, Mapping) and answer.get(each)), "")
    return f"the ERP answered {name} {str(found)[:40]}: {str(said)[:200]}"


def _sign(sign: Any, template: Mapping[str, Any], form: str, known: Mapping[str, str]) -> str:
    if not isinstance(sign, Mapping) or sign.get("method") not in SIGNS:
        raise _wrong("sign.method", f"is one of {', '.join(SIGNS)}")
    text, secret = sign.get("text"), str(sign.get("secret") or known.get("secret") or "")
    if not isinstance(text, str) or not secret:
        raise _wrong("sign", "has text and secret")
    unsigned = {name: each for name, each in template.items() if not uses(each, "sign")}
    parts = filled(unsigned, known, "body")
    told = {**known, "secret": secret}
    if "{params}" in text:
        told["params"] = "&".join(f"{name}={_text(parts[name])}" for name in sorted(parts))
    if "{body}" in text:
        if len(unsigned) != len(template):
            raise _wrong("sign.text", "cannot hold {body} while the body holds {sign}")
        told["body"] = _written(parts, form).decode()
    clear = filled(text, told, "sign.text").encode()
    method = str(sign["method"])
    raw = hashlib.md5(clear, usedforsecurity=False).digest() if method == "md5" else hmac.digest(secret.encode(), clear, method[5:])
    made = base64.b64encode(raw).decode() if sign.get("encoding") == "base64" else raw.hex()
    return made.upper() if sign.get("upper") else made


def _mapped(config: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, str]:
    """`states`: what the ERP calls a state; as `{erp_state}`."""
    return {**known, "erp_state": str((config.get("states") or {}).get(known["state"], known["state"]))}


def _written(body: Any, form: str) -> bytes:
    if form == "form":
        return urlencode({name: _text(value) for name, value in body.items()}).encode()
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _wrong(where: str, why: str) -> DeliveryFailed:
    return DeliveryFailed("rejected", f"erp.{where} {why}")
