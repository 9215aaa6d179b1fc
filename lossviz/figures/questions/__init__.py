"""Figures of the four questions."""
