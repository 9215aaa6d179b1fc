"""Surfaces: the loss around what runs found."""
