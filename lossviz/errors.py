"""The error that a person can act on."""


class LossVizError(ValueError):
    """Something a person gave cannot be used as it is.

    The message is one or two plain sentences: what was expected, what was found and where, and
    what to do. Pages show it as it is; the command line prints it and exits with status 2.
    """
