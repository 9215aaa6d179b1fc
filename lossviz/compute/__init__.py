"""Compute: who computes it. Worker processes, campaigns, live runs."""
