"""Files of tickets, orders and statements, row by row: read, checked, and taken into the database in batches."""
