"""Where personal data lies: every column that can hold words, as one or the other. A test walks the schema: a new column must be listed.

Of those that stay, `payments` and the paid side of `orders` are a payment institution's records, which it must keep (AML) whatever
is asked to be erased; agents are the desk's own people and go when they are removed; reasons that they give are masked evidence.
"""

from __future__ import annotations

_CLEARED = {
    "cleared with its ticket": {
        "tickets": "subject message buyer buyer_sealed custom_fields taken_from translations risk dispute",
        "messages": "text attachments",
        "originals": "place sealed",
        "subjects": "token about",
        "ticket_texts": "plain grams",
        "timeline": "detail",
        "happenings": "sealed why",
        "cases": "reason",
        "outbox": "target payload receipt last_error fresh",
        "suspects": "origin",
        "sightings": "token card",
        "undo": "before",
        "audit_log": "entry salt",
    },
    "cleared with its order": {
        "orders": "buyer buyer_sealed",
    },
    "removed once it is as old as that": {
        "inbox": "body outcome",
        "jobs": "name why summary",
        "job_errors": "params",
        "statement_lines": "doc",
    },
    "removed once it is worked, days at the most": {
        "job_pieces": "sealed",
        "answers": "body",
        "link_codes": "sealed",
    },
    "removed when somebody it names is erased": {
        "saved_views": "shown words name",
    },
}
_KEPT = {
    "audit_log": "merchant_id actor commitment",
    "audit_state": "merchant_id frontier key public",
    "audit_nodes": "merchant_id hash",
    "audit_checkpoints": "merchant_id note",
    "custom_fields": "merchant_id key type label choices",
    "holds": "name holder note",
    "chats": "channel bot_id id kind account",
    "link_codes": "merchant_id agent_id made_by",
    "link_tries": "channel account",
    "figures": "merchant_id kind subject at sums",
    "figure_facts": "merchant_id counted",
    "figure_changes": "merchant_id",
    "figure_state": "merchant_id",
    "paid_days": "merchant_id day",
    "paid_changes": "merchant_id day",
    "paid_state": "merchant_id",
    "ticket_texts": "merchant_id part",
    "saved_views": "merchant_id person_id",
    "jobs": "merchant_id id kind fingerprint state by options cursor",
    "job_pieces": "merchant_id job",
    "job_errors": "merchant_id job field key",
    "sources": "merchant_id place",
    "statement_lines": "merchant_id job place",
    "settled": "merchant_id transaction_id job",
    "legal_holds": "merchant_id reason by",
    "erasures": "merchant_id id state ground by subject left removed certificate",
    "corrections": "merchant_id was said by",
    "second_looks": "merchant_id",
    "happenings": "merchant_id connection event_id id kind type state",
    "expected": "merchant_id key connection event_id",
    "payments": "merchant_id provider payment_id shop_id order_no channel_id sub_merchant_id reference status amount currency captured "
    "refunds method",
    "cases": "merchant_id provider case_id kind stage status payment_id reason_code amount currency due_basis outcome",
    "merchant_keys": "merchant_id wrapped",
    "originals": "merchant_id",
    "subjects": "merchant_id",
    "policies": "merchant_id id category priority doc",
    "recounts": "merchant_id of_merchant",
    "shop_days": "merchant_id shop_id day",
    "reviews": "merchant_id shop_id day id decision decided_by reason",
    "origins": "merchant_id origin",
    "suspects": "merchant_id shop_id order_no freeze_id",
    "sightings": "merchant_id",
    "outbox": "merchant_id id cause kind channel state thread",
    "inbox": "source external_id",
    "directory": "kind id merchant_id",
    "chat_links": "channel external_id team merchant_id agent_id",
    "accounts": "channel id merchant_id doc sealed",
    "merchants": "id name timezone locale profile",
    "shops": "merchant_id id platform name more",
    "orders": "merchant_id shop_id order_no total payment currency transaction_id sub_merchant_id",
    "agents": "merchant_id id name role slack_user_id slack_team_id wecom_user_id email locale",
    "rota": "merchant_id doc",
    "api_keys": "merchant_id id name digest scopes",
    "webhooks": "merchant_id id url events secret_sealed kind previous_sealed disabled_why",
    "freezes": "merchant_id id kind subject reason lifted_by why",
    "undo": "person_id verb merchant_id message_id",
    "answers": "scope key fingerprint",
    "ticket_numbers": "merchant_id",
    "tickets": "merchant_id shop_id platform order_no currency state category category_source category_also priority "
    "language assignee ledger category_guesses risk_level",
    "messages": "merchant_id id author agent_id",
    "timeline": "merchant_id type actor via",
    "deadlines": "merchant_id kind",
    "snoozes": "merchant_id person_id",
}

# `table.column` → how it is cleared.
PERSONAL = {f"{table}.{column}": how for how, tables in _CLEARED.items() for table, columns in tables.items() for column in columns.split()}
KEPT = frozenset(f"{table}.{column}" for table, columns in _KEPT.items() for column in columns.split())
