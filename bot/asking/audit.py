"""The audit log: what is in it, and what proves it."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from functools import cache

from bot.asking.usual import docs, seen_ticket
from bot.audit.note import verifier
from bot.audit.tree import Nodes, consistency, inclusion
from bot.errors import BadUsage, NotFound
from bot.house import House
from bot.messages import AuditOf, Doc, HeadOf, Page, ProofOf
from bot.stores import Stores
from bot.stores.audit import Asked, Kept

FORMAT = "deskbell-audit-proof/1"
MOST = 500  # entries of a ticket in one proof, the newest


def entry_doc(kept: Kept) -> Doc:
    """As it was written; without its text once that is erased."""
    said = json.loads(kept.entry) if kept.entry is not None else {}
    ticket = said.get("ticket")
    return {
        "leaf": kept.leaf, "erased": kept.entry is None, "at": said.get("at"), "merchant_id": kept.merchant_id,
        "ticket": f"T-{ticket}" if ticket else None, "actor": said.get("actor"), "via": said.get("via"), "action": said.get("action"),
        "object": said.get("object"), "outcome": said.get("outcome"), "code": said.get("code"), "detail": said.get("detail") or {},
    }  # fmt: skip


def proof_line(kept: Kept, path: Sequence[bytes]) -> Doc:
    """What a verifier needs of one entry."""
    salt = kept.salt.hex() if kept.salt is not None else None
    return {
        "leaf": kept.leaf,
        "commitment": kept.commitment.hex(),
        "salt": salt,
        "entry": kept.entry,
        "path": [_text(each) for each in path],
    }


def _audit(stores: Stores, house: House, query: AuditOf) -> Page[Doc]:
    if query.within is not None and query.merchant not in (None, query.within):
        raise NotFound("no_merchant", field="merchant", merchant=str(query.merchant)[:80])
    asked = Asked(query.within or query.merchant, query.ticket, query.actor, None, query.start, query.end)
    return docs(stores.audit.page(asked, query.limit, query.cursor), entry_doc)


def _proof(stores: Stores, house: House, query: ProofOf) -> Doc:
    ticket = seen_ticket(stores, query.ticket, query.within)
    log, newest = stores.audit.log(), stores.audit.checkpoint()
    if log is None or newest is None:
        raise NotFound("no_such", kind="checkpoint", id="newest")
    size, nodes = newest[0], _remembered(stores.audit.nodes)
    found = stores.audit.page(Asked(ticket.merchant_id, ticket.number), MOST, None).items
    lines = [proof_line(each, inclusion(nodes, each.leaf, size)) for each in reversed(found) if each.leaf < size]
    return {
        "format": FORMAT, "ticket": ticket.name, "merchant_id": ticket.merchant_id, "public_key": verifier(bytes.fromhex(log.public)),
        "checkpoint": newest[2], "entries": lines,
    }  # fmt: skip


def _head(stores: Stores, house: House, query: HeadOf) -> Doc:
    log, newest = stores.audit.log(), stores.audit.checkpoint()
    if log is None or newest is None:
        raise NotFound("no_such", kind="checkpoint", id="newest")
    size, path = newest[0], None
    if query.since is not None:
        if not 0 < query.since <= size:
            raise BadUsage("audit_since", field="since", size=size)
        path = [_text(each) for each in consistency(_remembered(stores.audit.nodes), query.since, size)]
    return {"size": size, "checkpoint": newest[2], "public_key": verifier(bytes.fromhex(log.public)), "consistency": path}


def _remembered(nodes: Nodes) -> Nodes:
    return cache(nodes)


def _text(found: bytes) -> str:
    return base64.b64encode(found).decode()


ANSWERS = {AuditOf: _audit, ProofOf: _proof, HeadOf: _head}
