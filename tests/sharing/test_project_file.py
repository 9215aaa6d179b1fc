import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.compute.campaigns import Repeat, Study
from lossviz.compute.workers import InProcess
from lossviz.engine.live import LiveRuns
from lossviz.errors import LossVizError
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.runs.repeat import RepeatResult, repeated_conclusions
from lossviz.experiments.runs.run import Run
from lossviz.experiments.sweep.result import SweepResult
from lossviz.sharing.archive import MANIFEST, pack
from lossviz.sharing.project import Desk, Project, Publication
from lossviz.sharing.project_file import (
    pack_publication,
    read_project,
    read_publication,
    write_project,
)
from tests.support.examples import examples
from tests.support.projects import data, project

FIRST_VERSION = Path(__file__).parent / "version_1"


def files_of(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if name != MANIFEST]
        return {name: archive.read(name) for name in names}


def test_everything_comes_back() -> None:
    own = project()
    found = read_project(write_project(own), "small.lossviz")
    assert write_project(found) == write_project(own)
    desk, kept = found.desk, own.desk
    assert desk.data.dataset.texts == kept.data.dataset.texts
    assert desk.data.dataset.digest == kept.data.dataset.digest
    assert desk.data.table.frame.equals(kept.data.table.frame)
    assert desk.data.dataset.dropped == kept.data.dataset.dropped
    assert list(desk.runs) == list(kept.runs)
    for letter, run in desk.runs.items():
        before = kept.runs[letter]
        assert (run.experiment, run.step, run.changes) == (
            before.experiment,
            before.step,
            before.changes,
        )
        assert run.run_id != before.run_id
        if before.evaluation is not None:
            assert run.evaluation is not None
            assert run.evaluation.joint == before.evaluation.joint
            np.testing.assert_array_equal(run.curve.train["total"], before.curve.train["total"])
            assert run.evaluation.reliability is not None
            assert before.evaluation.reliability is not None
            np.testing.assert_array_equal(
                run.evaluation.reliability.expected, before.evaluation.reliability.expected
            )
    assert desk.trained == kept.trained
    assert found.desk.judged == own.desk.judged
    assert found.scenes == own.scenes
    assert found.pages == own.pages
    assert found.surfaces.keys() == own.surfaces.keys() == {"A", "B"}
    for letter, surface in own.surfaces.items():
        np.testing.assert_array_equal(found.surfaces[letter].grids, surface.grids)
        assert found.surfaces[letter].mix == surface.mix


def test_a_sweep_and_a_study_say_the_same_afterwards() -> None:
    own = read_project(write_project(project()), "small.lossviz").desk
    dataset = own.data.dataset
    before = project().desk.sweep
    assert own.sweep is not None
    assert own.study is not None
    assert before is not None
    assert own.sweep.look == before.look
    sweeps = (SweepResult.from_findings(sweep.findings, dataset) for sweep in (own.sweep, before))
    np.testing.assert_array_equal(*(sweep.errors for sweep in sweeps))
    study = Study.resumed(InProcess(), dataset, own.study)
    assert study.complete
    assert study.repeats.ready(study.repeats.equal)


def test_a_repeated_comparison_says_the_same_afterwards() -> None:
    desk, before = read_project(write_project(project()), "small.lossviz").desk, project().desk
    assert desk.repeat is not None
    assert before.repeat is not None
    dataset = desk.data.dataset
    assert Repeat.resumed(InProcess(), dataset, desk.repeat).complete
    now, then = (
        repeated_conclusions(RepeatResult.from_findings(repeat, dataset))
        for repeat in (desk.repeat, before.repeat)
    )
    assert now == then != ()


def test_a_repeat_of_runs_on_other_data_is_refused() -> None:
    desk = project().desk
    assert desk.repeat is not None
    other = tuple(
        (letter, run.changed(data={"name": "x", "digest": "0", "components": run.data.components}))
        for letter, run in desk.repeat.plan.runs
    )
    odd = replace(desk.repeat, plan=replace(desk.repeat.plan, runs=other))
    with pytest.raises(LossVizError, match="repeated runs belong to other data"):
        read_project(write_project(Project((replace(desk, repeat=odd),))), "odd.lossviz")


def test_a_run_that_diverged_comes_back() -> None:
    """Its last losses are large, and numbers still."""
    wild = Experiment.for_dataset(
        data().dataset,
        optimiser={"name": "sgd", "learning_rate": 1000.0, "batch_size": 8},
        model={"kind": "hidden", "width": 4},
        component_weights=(1000.0, 1000.0),
        epochs=9,
    )
    run, runs = Run.of(wild), LiveRuns(data().dataset)
    while not run.over:
        order = run.order(train=True, evaluate=True, surface=True)
        run.take(runs.advance({"A": order}, 60.0, 5).progress["A"])
    assert run.state == "diverged"
    desk = Desk(data=data(), runs={"A": run})
    back = read_project(write_project(Project((desk,))), "wild.lossviz").desk.runs["A"]
    assert (back.state, back.step, back.message) == (run.state, run.step, run.message)


def test_a_file_of_version_1_opens() -> None:
    """Written by LossViz 0.6.0 when a sweep was a trade in it, and surfaces a relief."""
    found = read_project((FIRST_VERSION / "project.lossviz").read_bytes(), "old.lossviz")
    desk, now = found.desk, project().desk
    assert desk.data.dataset.digest == now.data.dataset.digest
    assert (desk.speed, desk.sentence) == (now.speed, now.sentence)
    assert desk.runs.keys() == now.runs.keys()
    for letter, run in now.runs.items():
        assert desk.runs[letter].changes == run.changes
        assert desk.runs[letter].weights == run.weights
    assert desk.study is not None
    assert now.study is not None
    assert (desk.study.plan, desk.study.reports.keys()) == (
        now.study.plan,
        now.study.reports.keys(),
    )
    assert desk.sweep is not None
    assert now.sweep is not None
    assert desk.sweep.look == now.sweep.look
    assert desk.sweep.findings.plan == now.sweep.findings.plan
    assert desk.sweep.findings.reports.keys() == now.sweep.findings.reports.keys()
    assert desk.surfaces is not None
    assert now.surfaces is not None
    assert desk.surfaces.look == now.surfaces.look
    assert desk.surfaces.findings.plan == now.surfaces.findings.plan
    assert found.surfaces.keys() == {"A", "B"}
    assert (found.scenes, found.pages) == (project().scenes, project().pages)


def test_a_publication_of_version_1_opens() -> None:
    found = read_publication((FIRST_VERSION / "publication.lossviz").read_bytes())
    own = publication()
    assert (found.name, found.digest, found.rows) == (own.name, own.digest, own.rows)
    assert found.run.experiment == own.run.experiment
    assert found.run.weights == own.run.weights
    assert found.surfaces["random"].trained_at == own.surfaces["random"].trained_at


def test_the_weights_are_plain_tensors() -> None:
    from safetensors.torch import load

    trained = project().desk.trained
    assert trained is not None
    assert trained.keys() == {"A", "B"}
    tensors = load(trained["A"])
    assert tensors.keys() == {"table", "bias"}


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where there is a value in a tree of JSON."""
    found = [path] if path else []
    if isinstance(value, dict | list):
        children = value.items() if isinstance(value, dict) else enumerate(value)
        for key, own in children:
            found += places(own, (*path, key))
    return found


def put(tree: Any, path: tuple[Any, ...], value: Any) -> None:
    for key in path[:-1]:
        tree = tree[key]
    tree[path[-1]] = value


ODD = st.sampled_from(
    [None, -1, 0, 1, 7, 10**12, 0.5, "nan", "A", "", [], {}, [1], {"array": 0}, {"array": 3}, True]
)


@cache
def files() -> dict[str, bytes]:
    return files_of(write_project(project()))


@examples(150)
@given(st.data())
def test_a_tampered_file_is_a_project_or_a_sentence(data: st.DataObject) -> None:
    """Somebody who can change a file can change its manifest, too."""
    name = data.draw(st.sampled_from(sorted(own for own in files() if own.endswith(".json"))))
    tree = json.loads(files()[name])
    where = data.draw(st.sampled_from(places(tree)))
    put(tree, where, data.draw(ODD))
    content = pack("project", files() | {name: json.dumps(tree).encode()})
    try:
        found = read_project(content, "small.lossviz")
    except LossVizError as error:
        assert str(error).startswith("small.lossviz cannot be opened: in ")
        return
    for run in found.desk.runs.values():
        if run.evaluation is not None:
            assert 0.0 <= run.evaluation.joint.rate <= 1.0
    _ = found.surfaces


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("desk-1/table.csv", b"wept", b"slept", "not those that were saved"),
        ("desk-1/table.csv", b'"no label"', b'"no label', "the table"),
        ("desk-1/work.json", b'"epochs": 2', b'"epochs": 2000', "epochs"),
        ("desk-1/work.json", b'"step": 12', b'"step": 99999999', "further"),
        ("desk-1/work.json", b'"costs": [5.0, 1.0, 0.0]', b'"costs": [5.0]', "costs"),
        ("desk-1/work.json", b'{"A": {"experiment"', b'{"E": {"experiment"', "unknown letters"),
        ("project.json", b'"desks": 1', b'"desks": 100000000', "announced"),
    ],
)
def test_what_does_not_fit_is_named(name: str, old: bytes, new: bytes, said: str) -> None:
    changed = files()[name].replace(old, new)
    assert changed != files()[name]
    with pytest.raises(LossVizError, match=said):
        read_project(pack("project", files() | {name: changed}), "small.lossviz")


def work(change: Callable[[dict[str, Any]], object]) -> bytes:
    """The project with a change to what run A was judged like."""
    tree = json.loads(files()["desk-1/work.json"])
    change(tree["runs"]["A"]["evaluation"])
    return pack("project", files() | {"desk-1/work.json": json.dumps(tree).encode()})


def test_a_file_from_before_probabilities_were_counted_is_opened() -> None:
    desk = read_project(work(lambda judged: judged.pop("reliability")), "old.lossviz").desk
    judged = desk.runs["A"].evaluation
    assert judged is not None
    assert judged.reliability is None
    assert judged.joint == project().desk.runs["A"].evaluation.joint


def test_more_right_answers_than_texts_are_refused() -> None:
    def swap(judged: dict[str, Any]) -> None:
        counted = judged["reliability"]
        counted["right"], counted["texts"] = counted["texts"], counted["right"]

    with pytest.raises(LossVizError, match="more probabilities are counted"):
        read_project(work(swap), "small.lossviz")


def test_a_missing_file_is_named() -> None:
    for name in files():
        rest = {own: content for own, content in files().items() if own != name}
        if name.endswith(".safetensors"):
            assert read_project(pack("project", rest), "x").desk.runs
            continue
        with pytest.raises(LossVizError, match="missing"):
            read_project(pack("project", rest), "x")


def publication(texts: tuple[str, ...] | None = None) -> Publication:
    own = project()
    dataset = data().dataset
    trained = own.desk.trained
    assert trained is not None
    run = own.desk.runs["A"]
    assert run.evaluation is not None
    rows = (len(dataset), len(run.evaluation))
    when = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
    surfaces = {"random": own.surfaces["A"]}
    return Publication(
        "first",
        "small.csv",
        "",
        dataset.digest,
        dataset.schema,
        rows,
        run,
        surfaces,
        texts,
        trained["A"],
        when,
    )


def test_a_publication_comes_back() -> None:
    own = publication()
    found = read_publication(pack_publication(own))
    assert replace(found, run=own.run, surfaces=own.surfaces) == own
    assert found.run.evaluation is not None
    assert own.run.evaluation is not None
    assert found.run.evaluation.joint == own.run.evaluation.joint
    np.testing.assert_array_equal(found.surfaces["random"].grids, own.surfaces["random"].grids)


def test_texts_are_in_a_publication_only_if_they_were_given() -> None:
    texts = data().dataset.texts
    held_out = texts[: publication().rows[1]]
    content = pack_publication(publication())
    inside = b"".join(files_of(content).values())
    assert not any(text.encode("unicode_escape") in inside for text in texts)
    assert read_publication(pack_publication(publication(held_out))).texts == held_out


def test_texts_that_do_not_belong_to_the_answers_are_refused() -> None:
    with pytest.raises(LossVizError, match="texts"):
        read_publication(pack_publication(publication(("one",))))
