"""Distributions of yearly losses: exact where it can be, simulated everywhere. Pure numbers, no hospital, no file.

Neither Numba nor SciPy is imported here: the first simulation or the first special function does it.
"""
