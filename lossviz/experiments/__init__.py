"""Experiments: what is tried and what was found, as values and sentences.

Nothing here needs torch or Streamlit to be read.
"""
