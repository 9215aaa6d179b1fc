"""Figures of surfaces."""
