"""A surface as a file that NumPy reads."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict
from io import BytesIO
from typing import Any

import numpy as np

from lossviz.experiments.experiment import Experiment
from lossviz.experiments.surfaces.surface import Surface, Track
from lossviz.losses.mix import LinearMix, Mix
from lossviz.schema import LabelSchema

LONGEST = 80
"""Letters of an array's name: component names come from files and may be of any length."""


def to_npz(
    surface: Surface, experiment: Experiment, schema: LabelSchema, run: str | None = None
) -> bytes:
    """The content of a ``.npz`` file; ``numpy.load`` reads it without pickle.

    ======================  ==================================================================
    ``x``, ``y``            ``(X,)`` and ``(Y,)``
    ``part_NAME``           ``(Y, X)``, one for each grid; independent of the weights
    ``loss``                ``(Y, X)``, their mix at ``weights``
    ``weights``             ``(K + 1,)``, the components' and the whole label's, that acted when
                            the training ended
    ``path``                ``(P, 2)``, x and y of where the training went, the last where it is
    ``path_steps``          ``(P,)``, of the training
    ``path_moved``          positions of the points from which on other weights acted
    ``explained``           share of the path's squared distance from its end along x and y; empty
                            where unknown
    ``experiment``          JSON text: everything that determines the result
    ``about``               JSON text: see below
    ======================  ==================================================================

    ``about`` says what the surface is a slice of; which grid (``names``) is in which array
    (``arrays``); and how weights w put them together (``mix``), so that the loss at any weights can
    be had without training: ``Σ_i factor_i · w[weight_i] · grid_i``, without w where ``weight`` is
    null, or for ``tempered`` as :class:`lossviz.losses.mix.TemperedMix` has it.

    The same surface gives the same bytes.

    :param surface: through the weights of a trained model.
    :param schema: of the data set; names the parts of the components.
    :param run: whose path it is; not needed where no other lies on the plane.
    """
    cut = surface.slice
    assert cut is not None
    arrays = array_names(surface.names, schema)
    path = _path(surface.tracks, run)
    about = {
        "plane": cut.plane,
        "seed": cut.seed,
        "axes": cut.axes,
        "rows": cut.rows,
        "of": cut.of,
        "formulation": surface.formulation,
        "components": schema.names,
        "names": surface.names,
        "arrays": arrays,
        "mix": _mix(surface.mix),
        "runs": {track.name: [float(track.x[-1]), float(track.y[-1])] for track in surface.tracks},
    }
    target = BytesIO()
    np.savez_compressed(
        target,
        **{
            "x": surface.x,
            "y": surface.y,
            **dict(zip(arrays, surface.grids, strict=True)),
            "loss": surface.at(cut.weights),
            "weights": np.array(cut.weights, np.float64),
            "path": np.stack([path.x, path.y], axis=1),
            "path_steps": np.array(path.steps, np.int64),
            "path_moved": np.array(path.moved, np.int64),
            "explained": np.array(cut.explained, np.float64),
            "experiment": np.array(_json(experiment.model_dump(mode="json"))),
            "about": np.array(_json(about)),
        },
    )
    return target.getvalue()


def array_names(names: Sequence[str], schema: LabelSchema) -> list[str]:
    """What the grids are called in the file: by the component where a grid is a component's own.

    Anything but letters, digits and the underscore becomes an underscore. Where two names would be
    equal, the later one gets a number.

    >>> from lossviz.schema import Component
    >>> schema = LabelSchema.full([Component("café/bar", ("a", "b")), Component("joint", ("c",))])
    >>> array_names(["part 1", "part 2", "joint", "−log p, right"], schema)
    ['part_café_bar', 'part_joint', 'part_joint_2', 'part__log_p__right']
    """
    parts = {f"part {k + 1}": name for k, name in enumerate(schema.names)}
    taken: dict[str, None] = {}
    for name in names:
        composed = unicodedata.normalize("NFC", parts.get(name, name))
        plain = "part_" + re.sub(r"\W", "_", composed)[:LONGEST]
        free, number = plain, 1
        while free in taken:
            number += 1
            free = f"{plain}_{number}"
        taken[free] = None
    return list(taken)


def _path(tracks: Sequence[Track], run: str | None) -> Track:
    matching = [track for track in tracks if run in (None, track.name)]
    if len(matching) == 1:
        return matching[0]
    return Track("", np.empty(0, np.float32), np.empty(0, np.float32), ())


def _mix(mix: Mix) -> dict[str, Any]:
    if isinstance(mix, LinearMix):
        return {"kind": "linear", "terms": [term._asdict() for term in mix.terms]}
    return {"kind": "tempered", **asdict(mix)}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
