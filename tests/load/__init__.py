"""Many simulated browsers on one server: how long does a moved slider take?

They speak the frontend's protocol over the websocket, so one process stands for a class, and what
is measured is the server. ``python -m tests.load`` prints a table.
"""
