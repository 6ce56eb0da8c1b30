"""From exposure and maturity to euros and care days: scenarios, effects of safeguards, and what a clause is worth."""
