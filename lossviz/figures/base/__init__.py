"""Base: what every figure is made of."""
