"""A procedure day by day: what is published and done, the rules of each step, what may follow, what is told."""
