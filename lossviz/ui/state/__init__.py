"""Session: what one browser session has, and how its reader looks at it."""
