"""Slack, over HTTP: commands, buttons, mentions, direct messages and threads in; cards and answers out."""
