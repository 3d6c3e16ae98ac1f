"""What tells of a person, sealed: the texts as they were written, each merchant's key to them, and what a person is found again by."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table

from storage.schema.base import METADATA, at, merchant, number, text

# `wrapped` by SECRET_KEY. Without a merchant's keys nothing of what they sealed can be read any more.
merchant_keys = Table(
    "merchant_keys", METADATA,
    merchant(), number("version", primary_key=True), Column("wrapped", LargeBinary, nullable=False), at("made_at"),
)  # fmt: skip

# `place`: `T-1024/subject`, `T-1024/field/colour`, or a message's id. Only texts in which something was masked.
originals = Table(
    "originals", METADATA,
    merchant(), text("place", primary_key=True), Column("ticket", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_originals_ticket", "merchant_id", "ticket"),
)  # fmt: skip

# `token`: keyed, of an e-mail address or a phone number. `about`: `T-1024`, or an order as `orders/SHOP/NO`.
subjects = Table(
    "subjects", METADATA,
    merchant(), text("token", primary_key=True), text("about", primary_key=True),
    Index("ix_subjects_about", "merchant_id", "about"),
)  # fmt: skip
