"""Sizes that the panels of the Trade-off page share."""

BOX_HEIGHT = 380
"""Of the verdict and of the recommendation beside it, in pixels."""
