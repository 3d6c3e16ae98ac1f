"""The Slack edge against a fake Slack, with a recording desk behind it."""
