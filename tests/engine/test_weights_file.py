import json
from itertools import pairwise
from math import sqrt
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load

from lossviz.compute.campaign import InProcess
from lossviz.compute.campaigns import Gathering
from lossviz.data import split
from lossviz.engine.batches import Csr
from lossviz.engine.features import encode_split
from lossviz.engine.landscape.retrained import Remembered, retrain
from lossviz.engine.weights_file import trained_weights
from lossviz.experiments.reference import RunReference
from tests.support.surface_runs import DATA, reference


@pytest.mark.parametrize("kind", ["linear", "hidden"])
def test_the_file_alone_gives_the_logits_of_the_run(kind: str, tmp_path: Path) -> None:
    own = reference("A")
    own = RunReference(
        "A", own.experiment.changed(model={"kind": kind, "width": 3}), own.changes, own.step
    )
    written = trained_weights(DATA, own)
    assert written is not None
    file = tmp_path / "A.safetensors"
    file.write_bytes(written.content)
    with safe_open(file, "pt") as opened:
        about = json.loads(opened.metadata()["lossviz"])
    tensors = load(written.content)

    text = DATA.texts[0]
    words = text.split()
    grams = [*words, *(" ".join(pair) for pair in pairwise(words))]
    place = {gram: k for k, gram in enumerate(about["features"])}
    row = np.zeros(len(place))
    for gram in grams:
        if gram in place:
            row[place[gram]] += about["idf"][place[gram]]
    row /= sqrt(row @ row)
    first = torch.tensor(row, dtype=torch.float32) @ tensors["table"]
    if kind == "hidden":
        first = torch.tanh(first + tensors["inner bias"]) @ tensors["outer"]
    logits = first + tensors["bias"]

    run = retrain(DATA, own)
    sides = split(DATA, own.experiment.split.test_size, own.experiment.split.seed)
    encoded = encode_split(DATA, sides, own.experiment.features)
    features = Csr.of(encoded.vectoriser.rows([text]))
    projected = run.trainer.model.project(features)
    expected = run.trainer.model.tail(projected, run.trainer.model.dense)[0, 0]
    torch.testing.assert_close(logits, expected, rtol=1e-4, atol=1e-5)
    assert about["step"] == own.step


def test_the_weights_of_several_runs_are_gathered() -> None:
    runs = [reference("A"), reference("B", step=3)]
    own = Gathering(InProcess(), DATA, runs)
    own.start()
    while own.busy:
        own.tick()
    assert own.contents.keys() == {"A", "B"}
    assert own.contents["A"] != own.contents["B"]
    again = trained_weights(DATA, runs[0])
    assert again is not None
    assert again.content == own.contents["A"]


def test_what_nobody_wants_is_given_up() -> None:
    unwanted = trained_weights(
        DATA, reference("A", step=2), wanted=lambda: False, remembered=Remembered()
    )
    assert unwanted is None
