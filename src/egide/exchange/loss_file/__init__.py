"""The file of a loss study: who is exposed to what, how it is insured, what is asked of it. YAML, in and out."""
