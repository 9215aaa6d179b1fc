"""Runs: experiments that are trained side by side, how far they are, how they compare."""
