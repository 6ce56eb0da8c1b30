"""Facts of an establishment, and dated observations of its maturity."""
