"""The service anomaly report: what happened to a ticket that missed its last target, as a paper that a merchant can file."""

from bot.report.facts import Part, Report

__all__ = ["Part", "Report"]
