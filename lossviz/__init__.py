"""LossViz: what does a loss function for compound labels really ask for?"""

__version__ = "0.6.0"
