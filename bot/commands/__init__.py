"""What people can ask: one file per verb, and here the list of them in help order."""

NAMES = (
    "listing", "show", "order", "new", "claim", "release", "priority", "assign", "note", "reply", "pending", "resolve", "close",
    "reopen", "escalate", "why", "merge", "snooze", "unsnooze", "away", "back", "tag", "translate", "reveal", "stats", "freezes",
    "unfreeze", "reviews", "confirm", "dismiss", "deliveries", "retry", "undo", "report", "setup", "link", "whoami", "lang", "help",
)  # fmt: skip
