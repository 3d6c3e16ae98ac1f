"""Statements of settlements: read, compared with the orders that are known, and what differs made into tickets for finance."""
