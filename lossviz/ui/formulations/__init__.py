"""The parts of the Formulations page."""
