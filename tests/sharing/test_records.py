from dataclasses import dataclass, replace
from io import BytesIO
from zipfile import ZipFile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from lossviz.arrays import Floats, Integers
from lossviz.errors import LossVizError
from lossviz.experiments.experiment import Experiment
from lossviz.sharing.records import Written, read, written
from tests.support.factories import dataset


@dataclass(frozen=True)
class Inner:
    name: str
    number: float
    whole: int | None


@dataclass(frozen=True, eq=False)
class Outer:
    floats: Floats
    many: dict[str, Integers]
    inner: tuple[Inner, ...]


@dataclass(frozen=True)
class Known:
    experiment: Experiment


inners = st.builds(Inner, st.text(), st.floats(), st.none() | st.integers())
finite = st.floats(width=32, allow_nan=False, allow_infinity=False)
floats = arrays(np.float32, array_shapes(min_side=0), elements=finite)
many = st.dictionaries(st.text(), arrays(np.int64, array_shapes(max_side=4)), max_size=3)


@given(st.builds(Outer, floats, many, st.lists(inners, max_size=3).map(tuple)))
def test_what_is_written_is_read(own: Outer) -> None:
    found = read(Outer, written(own))
    np.testing.assert_array_equal(found.floats, own.floats)
    assert found.floats.dtype == np.float32
    assert found.many.keys() == own.many.keys()
    for name, array in own.many.items():
        np.testing.assert_array_equal(found.many[name], array)
    assert repr(found.inner) == repr(own.inner)


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
def test_what_is_no_number_is_in_no_array(value: float) -> None:
    outer = Outer(np.array([1.0, value], np.float32), {}, ())
    with pytest.raises(LossVizError, match="no number"):
        read(Outer, written(outer))


def test_an_experiment_is_checked_again() -> None:
    own = Known(Experiment.for_dataset(dataset(), component_weights=(2.0, 0.5)))
    files = written(own)
    assert read(Known, files) == own
    bad = files.text.replace(b'"epochs": 10', b'"epochs": -1')
    assert bad != files.text
    with pytest.raises(LossVizError, match="epochs"):
        read(Known, replace(files, text=bad))


def small() -> Written:
    return written(Outer(np.zeros(3, np.float32), {"a": np.arange(4)}, (Inner("x", 1.0, None),)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"number": 1.0', b'"number": "much"'),
        (b'"inner": [{', b'"inner": [[], {'),
        (b'"inner":', b'"other":'),
        (b'{"array": 0}', b'{"array": 1}'),
        (b'{"array": 0}', b'{"array": 7}'),
        (b'{"array": 0}', b"[]"),
        (b'"whole": null', b'"whole": "\\u0000"'),
        (b"{", b"[" * 200_000),
        (b"{", b"9" * 5_000),
        (b"{", b"\xff"),
    ],
)
def test_anything_else_is_a_sentence(old: bytes, new: bytes) -> None:
    files = small()
    changed = files.text.replace(old, new, 1)
    assert changed != files.text
    with pytest.raises(LossVizError):
        read(Outer, replace(files, text=changed))


def npz(**own: object) -> bytes:
    target = BytesIO()
    np.savez(target, **own)  # type: ignore[arg-type]
    return target.getvalue()


SPRUNG: list[bool] = []


def spring() -> None:
    SPRUNG.append(True)


class Trap:
    def __reduce__(self) -> tuple[object, ...]:
        return (spring, ())


def test_nothing_is_unpickled() -> None:
    trap = np.array([Trap()], dtype=object)
    arrays = npz(**{"0": trap, "1": np.arange(4)})
    np.load(BytesIO(arrays), allow_pickle=True)["0"]
    assert SPRUNG == [True]
    with pytest.raises(LossVizError):
        read(Outer, replace(small(), arrays=arrays))
    assert SPRUNG == [True]


def header(shape: str) -> bytes:
    """An array file that promises a shape, and holds nothing."""
    head = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head.encode()


@pytest.mark.parametrize("shape", ["(1000000000000,)", "(-1,)", "(3,)", "(9**9**9,)", "x"])
def test_a_header_that_promises_what_is_not_there_is_refused(shape: str) -> None:
    target = BytesIO()
    with ZipFile(target, "w") as archive:
        archive.writestr("0.npy", header(shape))
    with pytest.raises(LossVizError):
        read(Outer, replace(small(), arrays=target.getvalue()))


@pytest.mark.parametrize("arrays", [b"", b"PK\x03\x04", small().arrays[:-30]])
def test_arrays_that_are_cut_off_are_refused(arrays: bytes) -> None:
    with pytest.raises(LossVizError):
        read(Outer, replace(small(), arrays=arrays))
