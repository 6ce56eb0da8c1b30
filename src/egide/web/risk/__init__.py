"""Losses and insurance of an establishment: its studies, and the programme whose limits one moves."""
