"""Every table there is."""

from storage.schema.audit import audit_checkpoints, audit_log, audit_nodes, audit_state
from storage.schema.base import METADATA
from storage.schema.chats import chats, holds, link_codes, link_tries
from storage.schema.custom import custom_fields
from storage.schema.figures import figure_changes, figure_facts, figure_state, figures, paid_changes, paid_days, paid_state
from storage.schema.finding import saved_views, ticket_texts
from storage.schema.jobs import job_errors, job_pieces, jobs, settled, sources, statement_lines
from storage.schema.keeping import erasures, legal_holds
from storage.schema.labels import corrections, second_looks
from storage.schema.paying import cases, expected, happenings, payments
from storage.schema.personal import merchant_keys, originals, subjects
from storage.schema.policies import policies, recounts
from storage.schema.risk import origins, reviews, shop_days, sightings, suspects
from storage.schema.sending import inbox, outbox
from storage.schema.tenants import (
    accounts,
    agents,
    answers,
    api_keys,
    chat_links,
    directory,
    freezes,
    merchants,
    orders,
    rota,
    shops,
    undo,
    webhooks,
)  # fmt: skip
from storage.schema.tickets import FIRST_NUMBER, LIVE, RUNNING, deadlines, messages, snoozes, ticket_numbers, tickets, timeline

__all__ = [
    "FIRST_NUMBER", "LIVE", "METADATA", "RUNNING", "accounts", "agents", "answers", "api_keys", "audit_checkpoints", "audit_log",
    "audit_nodes", "audit_state", "cases", "chat_links", "chats", "corrections", "custom_fields", "deadlines", "directory", "erasures",
    "expected",
    "figure_changes", "figure_facts", "figure_state", "figures", "freezes", "happenings", "holds", "inbox", "job_errors",
    "job_pieces", "jobs", "legal_holds",
    "link_codes", "link_tries", "merchant_keys", "merchants", "messages", "orders", "originals", "origins",
    "outbox", "paid_changes", "paid_days", "paid_state", "payments", "policies", "recounts", "reviews", "rota", "saved_views",
    "second_looks", "settled", "shop_days", "shops", "sightings", "snoozes", "sources", "statement_lines", "subjects", "suspects",
    "ticket_numbers", "ticket_texts", "tickets", "timeline", "undo", "webhooks",
]  # fmt: skip
