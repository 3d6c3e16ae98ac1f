"""E-mail: what a mail looks like, and what becomes of it."""
