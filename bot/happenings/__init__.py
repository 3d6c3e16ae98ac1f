"""What institutions and shops tell: events are kept, then made into orders, payments, refunds, cases and tickets."""
