"""The parts of the Surfaces page."""
