"""The risk rules: as tables, and against an oracle that counts everything again."""
