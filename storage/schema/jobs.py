"""Work on files: jobs, pieces of files that wait, rows that were wrong, where tickets have come from; statements' lines."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table
from sqlalchemy import text as sql

from storage.schema.base import METADATA, at, doc, maybe, maybe_doc, merchant, number, text

_OPEN = sql("state IN ('receiving', 'waiting', 'local')")

# `merchant_id` `-`: limited to no merchant.
jobs = Table(
    "jobs", METADATA,
    merchant(), text("id", primary_key=True), text("kind"), text("name"), text("fingerprint"), number("bytes"), text("state"), text("by"),
    at("created_at"), at("updated_at"), number("position"), number("done_bytes"), number("added"), number("known"), number("bad"),
    number("pieces"), maybe_doc("why"), doc("options"), doc("summary"), maybe("cursor"),
    Index("ix_jobs_open", "created_at", postgresql_where=_OPEN, sqlite_where=_OPEN),
    Index("ix_jobs_id", "id"),
)  # fmt: skip

job_pieces = Table(
    "job_pieces", METADATA,
    merchant(), text("job", primary_key=True), number("place", primary_key=True), Column("sealed", LargeBinary, nullable=False),
)  # fmt: skip

job_errors = Table(
    "job_errors", METADATA,
    merchant(), text("job", primary_key=True), number("row", primary_key=True), text("field"), text("key"), doc("params"),
)  # fmt: skip

# `place`: a shop, and what the ticket was called where it came from, or a fingerprint; or a statement's line and what is wrong with it.
sources = Table("sources", METADATA, merchant(), text("place", primary_key=True), Column("ticket", BigInteger, nullable=False))

# A statement's lines until they have been compared; `place`: what they are about, so that a payment's lines stand together.
statement_lines = Table(
    "statement_lines", METADATA,
    merchant(), text("job", primary_key=True), text("place", primary_key=True), number("row", primary_key=True), doc("doc"),
)  # fmt: skip

# Payments that some statement has had.
settled = Table("settled", METADATA, merchant(), text("transaction_id", primary_key=True), text("job"))
