"""DECIDES. Rules are pure; use cases see only ports. Nothing in here talks or remembers."""
