"""Égide: digital security in hospital purchasing, from the clause to the contract."""

__version__ = "0.1.0"
