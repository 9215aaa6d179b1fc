"""Presenter mode, its scenes, and the classroom."""
