"""A trained model as a safetensors file: numbers and names, nothing that can be executed."""

from __future__ import annotations

import json
from collections.abc import Callable
from time import perf_counter

from safetensors.torch import save

from lossviz.data import Dataset
from lossviz.engine.landscape.retrained import REMEMBERED, Remembered
from lossviz.engine.members import GivenUp
from lossviz.experiments.reference import RunReference, TrainedWeights


def trained_weights(
    dataset: Dataset,
    reference: RunReference,
    *,
    wanted: Callable[[], bool] = lambda: True,
    remembered: Remembered = REMEMBERED,
) -> TrainedWeights | None:
    """The model of a run as it stands: what ``safetensors.torch.load`` reads.

    ==============  ========================================================================
    ``table``       ``(V, H)``, the first layer: a row for each feature
    ``bias``        ``(O,)``
    ``inner bias``  ``(H,)``, and ``outer`` ``(H, O)``: only where there are hidden units
    ==============  ========================================================================

    Logits are ``X @ table + bias``, or ``tanh(X @ table + inner bias) @ outer + bias``. The file's
    metadata has a JSON text ``lossviz``: ``experiment``, ``step``, and what makes X of texts:
    ``features``, the n-grams in the order of the rows, and ``idf``, their inverse document
    frequencies.

    :returns: None when it was given up.
    """
    started = perf_counter()
    try:
        run = remembered.of(dataset, reference, wanted)
    except GivenUp:
        return None
    vectoriser = run.trainer.data.vectoriser
    about = {
        "experiment": reference.experiment.model_dump(mode="json"),
        "step": reference.step,
        "features": vectoriser.features,
        "idf": vectoriser.idf,
    }
    members = {name: tensor if name == "table" else tensor[0] for name, tensor in run.end.items()}
    tensors = {name: member.detach().contiguous() for name, member in members.items()}
    metadata = {"lossviz": json.dumps(about, ensure_ascii=False)}
    return TrainedWeights(save(tensors, metadata=metadata), perf_counter() - started)
