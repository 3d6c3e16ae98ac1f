"""REMEMBERS. The only place that knows SQL or Redis."""
