"""The tender: dated rules, lots, criteria, bids, marks, evaluation, ranking. All as data."""
