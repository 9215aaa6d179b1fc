"""Files: from bytes to a table of texts, whatever the format, the encoding or the layout."""
