"""Long work: rows that a worker takes, with progress, cancelling, and a second life after a kill."""
