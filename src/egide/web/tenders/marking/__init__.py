"""Step 6, marking: what each evaluator retains, what they agree together, what is decided of a bid."""
