"""Outgoing webhooks: events to systems that subscribed, signed by Standard Webhooks."""
