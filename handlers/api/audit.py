"""The audit log: who did what, from where, and what was refused; with what proves it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from bot.messages import AuditOf, Doc, HeadOf, Page, ProofOf
from handlers.api.fields import Answer, Id, Listing, Moment, Query, moment
from handlers.api.route import Call, Route

Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$", examples=["mei"])]
Number = Annotated[int, Field(ge=1, lt=10**12, examples=[1024])]


class AuditQuery(Listing):
    """Of a merchant, a ticket or somebody, from a moment up to another."""

    merchant: Id | None = None
    ticket: Number | None = None
    actor: Name | None = None
    start: Annotated[Moment | None, Field(alias="from")] = None
    end: Annotated[Moment | None, Field(alias="to")] = None


class ProofQuery(Query):
    """Which ticket's."""

    ticket: Number


class HeadQuery(Query):
    """The size of a head that you have kept."""

    since: Annotated[int, Field(ge=1, lt=10**15)] | None = None


class EntryAnswer(Answer):
    """One entry. `leaf` is its place in the tree; `erased`: its text is gone, and its place is proved still."""

    leaf: int
    erased: bool
    at: str | None
    merchant_id: str
    ticket: Annotated[str | None, Field(examples=["T-1024"])]
    actor: str | None
    via: str | None
    action: Annotated[str | None, Field(examples=["ticket.claimed"])]
    object: str | None
    outcome: Annotated[str | None, Field(examples=["done"])]
    code: str | None
    detail: dict[str, Any]


class ProofAnswer(Answer):
    """What an RFC 6962 verifier checks offline, with the key of the signed head."""

    format: str
    ticket: str
    merchant_id: str
    public_key: str
    checkpoint: str
    entries: list[dict[str, Any]]


class HeadAnswer(Answer):
    """The newest head, a C2SP checkpoint. `consistency` proves that it continues the one of `since` leaves."""

    size: int
    checkpoint: str
    public_key: str
    consistency: list[str] | None


async def _audit(call: Call) -> Page[Doc]:
    asked = call.query
    start, end = (moment(each) if each else None for each in (asked.start, asked.end))
    query = AuditOf(call.within, asked.merchant, asked.ticket, asked.actor, start, end, asked.limit, asked.cursor)
    found: Page[Doc] = await call.desk.ask(query)
    return found


async def _proof(call: Call) -> Doc:
    found: Doc = await call.desk.ask(ProofOf(call.query.ticket, call.within))
    return found


async def _head(call: Call) -> Doc:
    found: Doc = await call.desk.ask(HeadOf(call.query.since))
    return found


ROUTES = (
    Route(
        "GET", "/v1/audit", "Read the audit log", _audit, "audit:read", query=AuditQuery, answer=EntryAnswer, many=True,
        notes="The newest first, within seconds of what happened. For auditors and administrators: give them keys with `audit:read`.",
    ),
    Route(
        "GET", "/v1/audit/proof", "Prove a ticket's entries", _proof, "audit:read", query=ProofQuery, answer=ProofAnswer,
        notes="RFC 6962 inclusion proofs under the newest signed head. The document can be checked offline, with the key of the head.",
    ),
    Route(
        "GET", "/v1/audit/checkpoint", "Get the audit log's signed head", _head, "audit:read", query=HeadQuery, answer=HeadAnswer,
        notes="Keep it elsewhere: whoever has an older one can prove with `since` that nothing below it was changed.",
    ),
)  # fmt: skip
