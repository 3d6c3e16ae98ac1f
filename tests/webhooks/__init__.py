"""Outgoing webhooks: where they may go, how they are signed, what answers mean."""
