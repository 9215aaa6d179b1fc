"""Landscape: losses and their curvature around a trained model."""
