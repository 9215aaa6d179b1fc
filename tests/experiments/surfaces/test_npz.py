"""A surface as a file: its arrays, their names, and that it says the same as the surface."""

from __future__ import annotations

import json
from io import BytesIO

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.experiments.experiment import Experiment
from lossviz.experiments.surfaces.npz import array_names, to_npz
from lossviz.experiments.surfaces.surface import Slice, Surface, Track
from lossviz.experiments.weights import Weights
from lossviz.losses.mix import LinearMix, TemperedMix, Term
from lossviz.schema import Component, LabelSchema

ALWAYS = {
    "x", "y", "loss", "weights", "path", "path_steps", "path_moved", "explained", "experiment",
    "about",
}  # fmt: skip
X, Y = np.linspace(-1, 1, 5, dtype=np.float32), np.linspace(0, 2, 3, dtype=np.float32)
GRIDS = np.random.default_rng(0).random((3, 3, 5)).astype(np.float32)
OWN = Track("B", X[:2], Y[:2], (0, 7), (1,))
OTHER = Track("A", X[2:3], Y[2:3], (9,))
LINEAR = LinearMix((Term(0, 0.5), Term(1, 0.5), Term(2, 1.0)))
TEMPERED = TemperedMix(((0, 0, 0), (1, 0, 1), (1, 1, 1)), 0.7, (1.0, 2.0, 1.0))


def schema(*names: str) -> LabelSchema:
    return LabelSchema.full([Component(own, ("a", "b")) for own in names])


def surface(
    mix: LinearMix | TemperedMix = LINEAR,
    names: tuple[str, ...] = ("part 1", "part 2", "joint"),
    tracks: tuple[Track, ...] = (OWN, OTHER),
    explained: tuple[float, ...] = (0.75, 0.125),
) -> Surface:
    about = Slice("pca", 4, ("one way", "another"), explained, 20, 30, Weights((2.0, 0.25, 0.5)))
    return Surface("hybrid", X, Y, names, GRIDS, mix, tracks, about)


def loaded(own: Surface, *names: str, run: str | None = None) -> dict[str, npt.NDArray]:
    components = names or ("first", "second")
    data = {"name": "made.csv", "digest": "00", "components": components}
    weights = [2.0, 0.25, *[1.0] * 9][: len(components)]
    experiment = Experiment.of(data=data, component_weights=weights)
    content = to_npz(own, experiment, schema(*components), run)
    assert content == to_npz(own, experiment, schema(*components), run)
    with np.load(BytesIO(content), allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    assert not any(array.dtype.hasobject for array in arrays.values())
    assert Experiment.of(**json.loads(str(arrays["experiment"]))) == experiment
    return arrays


def about(arrays: dict[str, npt.NDArray]) -> dict:
    return json.loads(str(arrays["about"]), parse_constant=pytest.fail)


def test_every_array_is_there_in_its_shape() -> None:
    own = loaded(surface())
    assert set(own) == ALWAYS | {"part_first", "part_second", "part_joint"}
    for name, grid in zip(("part_first", "part_second", "part_joint"), GRIDS, strict=True):
        assert own[name].dtype == np.float32
        assert np.array_equal(own[name], grid)
    assert own["loss"].shape == (3, 5)
    assert np.array_equal(own["x"], X)
    assert np.array_equal(own["y"], Y)
    assert own["weights"].tolist() == [2.0, 0.25, 0.5]
    assert own["explained"].tolist() == [0.75, 0.125]
    for name in ("experiment", "about"):
        assert own[name].shape == ()
        assert own[name].dtype.kind == "U"


@pytest.mark.parametrize("mix", [LINEAR, TEMPERED])
def test_the_loss_is_what_the_written_mix_makes_of_the_parts(
    mix: LinearMix | TemperedMix,
) -> None:
    own = loaded(surface(mix))
    said = about(own)
    kind = said["mix"].pop("kind")
    if kind == "linear":
        read: LinearMix | TemperedMix = LinearMix(
            tuple(Term(**term) for term in said["mix"]["terms"])
        )
    else:
        fields = {k: tuple(v) if isinstance(v, list) else v for k, v in said["mix"].items()}
        read = TemperedMix(**{**fields, "wrong": tuple(map(tuple, fields["wrong"]))})
    assert read == mix
    mixed = read.of(np.stack([own[name] for name in said["arrays"]]), own["weights"].tolist())
    assert np.array_equal(own["loss"], mixed)


def test_what_it_is_a_slice_of_is_written_with_it() -> None:
    said = about(loaded(surface()))
    assert said["names"] == ["part 1", "part 2", "joint"]
    assert said["arrays"] == ["part_first", "part_second", "part_joint"]
    assert said["components"] == ["first", "second"]
    assert said["axes"] == ["one way", "another"]
    assert (said["plane"], said["seed"], said["rows"], said["of"]) == ("pca", 4, 20, 30)
    assert said["formulation"] == "hybrid"
    assert said["runs"] == {"B": [-0.5, 1.0], "A": [0.0, 2.0]}


@pytest.mark.parametrize(
    ("run", "path", "steps", "moved"),
    [
        ("B", [[-1.0, 0.0], [-0.5, 1.0]], [0, 7], [1]),
        ("A", [[0.0, 2.0]], [9], []),
        ("C", [], [], []),
    ],
)
def test_the_path_is_that_of_the_run(
    run: str, path: list[list[float]], steps: list[int], moved: list[int]
) -> None:
    own = loaded(surface(), run=run)
    assert own["path"].shape == (len(path), 2)
    assert own["path"].tolist() == path
    assert own["path_steps"].tolist() == steps
    assert own["path_moved"].tolist() == moved


def test_whose_path_it_is_need_not_be_said_where_there_is_one() -> None:
    alone, several = loaded(surface(tracks=(OWN,))), loaded(surface())
    assert alone["path"].tolist() == [[-1.0, 0.0], [-0.5, 1.0]]
    assert several["path"].shape == (0, 2)


def test_without_a_path_and_its_variance_they_are_empty() -> None:
    own = loaded(surface(tracks=(), explained=()))
    assert own["path"].shape == (0, 2)
    assert own["path_steps"].shape == own["path_moved"].shape == own["explained"].shape == (0,)


@pytest.mark.parametrize(
    ("components", "expected"),
    [
        (("joint", "tone"), ["part_joint", "part_tone", "part_joint_2"]),
        (("a/b", "a b"), ["part_a_b", "part_a_b_2", "part_joint"]),
        (("الحجم", "größe²"), ["part_الحجم", "part_größe²", "part_joint"]),
        (("cafe\u0301", "caf\u00e9"), ["part_caf\u00e9", "part_caf\u00e9_2", "part_joint"]),
        (("../x", "\N{SNOWMAN}"), ["part____x", "part__", "part_joint"]),
        (("part 2", "part 1"), ["part_part_2", "part_part_1", "part_joint"]),
        (
            ("n" * 70_000, "n" * 70_001),
            ["part_" + "n" * 80, "part_" + "n" * 80 + "_2", "part_joint"],
        ),
        (("allow_pickle", "file"), ["part_allow_pickle", "part_file", "part_joint"]),
    ],
    ids=range(8),
)
def test_components_may_be_called_anything(
    components: tuple[str, ...], expected: list[str]
) -> None:
    own = loaded(surface(), *components)
    said = about(own)
    assert said["arrays"] == expected
    assert said["components"] == list(components)
    assert set(own) == ALWAYS | set(expected)
    for name, grid in zip(expected, GRIDS, strict=True):
        assert np.array_equal(own[name], grid)


@given(
    components=st.lists(st.text(min_size=1, max_size=6), min_size=1, max_size=6, unique=True),
    others=st.lists(st.sampled_from(["joint", "allowed", "−log p, right", "joint_2"]), unique=True),
)
def test_no_two_arrays_are_ever_called_the_same(components: list[str], others: list[str]) -> None:
    names = [*(f"part {k + 1}" for k in range(len(components))), *others]
    own = array_names(names, schema(*components))
    assert len(set(own)) == len(own) == len(names)
    assert all(name.isidentifier() or name.replace("_", "").isalnum() for name in own)
    assert not set(own) & ALWAYS
