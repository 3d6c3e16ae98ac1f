"""Chat accounts and conversations: holds, chats a bot knows, codes that link, tries. None but the codes is a tenant's."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, Table

from storage.schema.base import METADATA, at, doc, maybe, merchant, number, text

holds = Table("holds", METADATA, text("name", primary_key=True), text("holder"), number("fence"), at("until"), doc("note"))

chats = Table(
    "chats", METADATA,
    text("channel", primary_key=True), text("bot_id", primary_key=True), text("id", primary_key=True), text("kind"), maybe("account"),
    at("seen_at"),
)  # fmt: skip

link_codes = Table(
    "link_codes", METADATA,
    merchant(), text("agent_id", primary_key=True), Column("sealed", LargeBinary, nullable=False), at("expires_at"), text("made_by"),
    Index("ix_link_codes_expires", "expires_at"),
)  # fmt: skip

link_tries = Table(
    "link_tries", METADATA,
    text("channel", primary_key=True), text("account", primary_key=True), at("since"), number("tries"),
    Index("ix_link_tries_since", "since"),
)  # fmt: skip
