"""Sharing: how it is kept and passed on. Project file, address, library."""
