"""马帮 Mabang: an order's remark, label and abnormal flag; its status is never sent, for 4 and 5 would complete or void the order. Pure.

No page of the vendor's could be read: this is what public clients of `gwapi.mabangerp.com/api/v2` agree on (docs/erp.md).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from typing import Any

from bot.errors import DeliveryFailed
from handlers.erp.signed import Request

URL = "https://gwapi.mabangerp.com/api/v2"
LONGEST = 500  # a remark's own limit is written nowhere
READ, CHANGE, FLAG, CLEAR = "order-get-order-list-new", "order-do-change-order", "order-do-order-abnormal", "order-do-order-normal"
_OURS = r" ?\[{name} [^\[\]]*\]"


def request(config: Mapping[str, Any], api: str, data: Mapping[str, Any], seconds: int) -> Request:
    """A signed call: lower-case hex HMAC-SHA256 of the very bytes that are sent. Raises DeliveryFailed."""
    key, token = config.get("app_key"), config.get("token")
    if not key or not token:
        raise DeliveryFailed("rejected", "erp.app_key and erp.token are needed: Mabang gives both to a developer")
    body: dict[str, Any] = {"api": api, "appkey": str(key), "data": dict(data), "timestamp": seconds}
    if config.get("version"):
        body["version"] = str(config["version"])
    raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    sign = hmac.digest(str(token).encode(), raw, hashlib.sha256).hex()
    headers = {"Authorization": sign.upper() if config.get("upper") else sign, "Content-Type": "application/json"}
    return Request("POST", str(config.get("url") or URL), headers, raw)


def refused(answer: Any) -> str | None:
    """Why a call failed, in Mabang's words; None: it was done. The gateway's own failures are `code` 0 without data."""
    code, said = (str(answer.get("code")), str(answer.get("message") or "")) if isinstance(answer, Mapping) else ("none", "")
    if code == "200" or (code == "0" and answer.get("data") is not None):
        return None
    return f"Mabang answered {code[:20]}: {said[:200]}"


def remark_of(answer: Any, order_no: str) -> str | None:
    """The order's remark as it stands; None: Mabang has no such order."""
    data = answer.get("data") if isinstance(answer, Mapping) else None
    rows = data.get("data") if isinstance(data, Mapping) else data
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, Mapping) and str(row.get("platformOrderId")) == order_no:
            return str(row.get("remark") or "")
    return None


def remark(before: str, name: str, state: str, category: str) -> str:
    """A remark is overwritten: ours is one word group in brackets, what people wrote stays. Without room for it, it stays out."""
    people = re.sub(_OURS.format(name=re.escape(name)), "", before)
    mine = f"[{name} {_plain(state)} {_plain(category)}]"
    whole = f"{people} {mine}" if people else mine
    return whole if len(whole) <= LONGEST else people


def change(config: Mapping[str, Any], order_no: str, text: str | None, state: str) -> dict[str, Any]:
    """What of the order is changed: these three and no more."""
    label = (config.get("labels") or {}).get(state)
    ids = [str(each) for each in (label if isinstance(label, list) else [label])] if label else []
    return {"platformOrderId": order_no, **({} if text is None else {"remark": text}), **({"labelId": ids} if ids else {})}


def abnormal(
    config: Mapping[str, Any], order_no: str, name: str, state: str, category: str, flagged: bool
) -> tuple[str, dict[str, Any]] | None:
    """The flag set or taken; None: nothing to do. `abnormal`: `{"label": "售后", "states": ["new", "open"]}`."""
    wanted = config.get("abnormal")
    if not wanted or not wanted.get("label"):
        return None
    if state in (wanted.get("states") or ("new", "open", "pending")):
        return FLAG, {"platformOrderId": order_no, "abnormal_label_name": str(wanted["label"]), "descr": f"{name} {_plain(category)}"}
    return (CLEAR, {"platformOrderId": order_no}) if flagged else None


def _plain(text: str) -> str:
    return " ".join(text.replace("[", "(").replace("]", ")").split())
