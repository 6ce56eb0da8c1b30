"""Diagnosis of an information system: questions answered together, what they show, and a light map of what care rests on."""
