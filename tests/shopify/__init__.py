"""Shopify, one way out."""
