"""What workers compute besides live runs. The web process knows these functions by name; what
they need of torch is imported in the worker, where they run."""

from __future__ import annotations

from lossviz.surface import OutputPlane, Surface


def output_surfaces(planes: tuple[OutputPlane, ...]) -> tuple[Surface, ...]:
    """See :func:`lossviz.output_space.output_surface`."""
    from lossviz.output_space import output_surface

    return tuple(output_surface(plane) for plane in planes)
