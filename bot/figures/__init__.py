"""How the desk does: what one ticket counts for, how it adds up by day and month, and what is told of a period."""
