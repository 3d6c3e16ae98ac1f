"""TALKS. One folder per outside system, both directions; none knows another, none knows the storage."""
