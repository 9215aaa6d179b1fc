"""Figures of a data set."""
