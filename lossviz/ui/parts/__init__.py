"""Parts: what several pages are made of."""
