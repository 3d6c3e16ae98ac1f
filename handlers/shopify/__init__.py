"""Shopify, one way out: a ticket's state on its order, in the note, the tags and a metafield."""
