"""The address of a page: what it says, and the links that hold it."""
