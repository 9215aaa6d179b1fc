"""Labels: how cells are read as compound labels, and what people change about them."""
