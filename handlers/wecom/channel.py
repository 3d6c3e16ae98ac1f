"""A self-built app as a way out: cards and messages to people, each in their own chat with the app."""
