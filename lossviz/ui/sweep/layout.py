"""Sizes that the panels of the Trade-off page share."""

BOX_HEIGHT = 400
"""Of the verdict and of the recommendation beside it, in pixels."""
