"""A published run, as the Library page shows it to everybody."""
