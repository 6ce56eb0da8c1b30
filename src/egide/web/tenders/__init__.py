"""Consultations: seven steps over the same core calls as the command line."""
