"""The pages of risk: what incidents may cost an establishment or a GHT, from what, and what would help."""
