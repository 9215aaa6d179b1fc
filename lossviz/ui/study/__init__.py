"""The parts of the Weights page."""
