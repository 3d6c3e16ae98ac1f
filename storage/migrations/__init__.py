"""How a database gets from one schema to the next: numbered files, run in order by storage.migrate."""
