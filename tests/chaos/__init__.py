"""Real processes killed at random moments, and a count of what was lost."""
