"""The three clocks: targets, what falls due, and why."""
