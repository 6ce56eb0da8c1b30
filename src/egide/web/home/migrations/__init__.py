"""Migrations: additive first; a released one is never edited."""
