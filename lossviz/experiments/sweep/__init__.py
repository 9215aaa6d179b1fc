"""Sweep: a grid of α and β from several seeds, and what it says."""
