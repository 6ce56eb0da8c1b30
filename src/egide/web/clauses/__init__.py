"""The public clausier: read without an account, and the published versions that consultations keep."""
