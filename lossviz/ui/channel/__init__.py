"""The line to a browser: what moves on a page comes over it, and what is pressed goes back."""
