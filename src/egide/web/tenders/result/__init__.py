"""Step 7: the result, what explains it, its documents; apart, the internal robustness note."""
