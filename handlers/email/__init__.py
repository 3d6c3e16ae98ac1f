"""E-mail, out only: the merchant's alerts, and letters to buyers."""
