"""The web face: a thin Django project over the same core calls as the command line."""
