"""Losses: what can be asked of a model. Heads, objectives, weightings, decoders."""
