"""The report of a project: what it says, and what it cannot do."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from itertools import pairwise

import numpy as np
import pytest
from click.testing import CliRunner

from lossviz.__main__ import main
from lossviz.data import load_sample
from lossviz.data.labels.edits import LabelEdits
from lossviz.experiments.evaluation import confusion_of
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.runs.comparison import conclusions
from lossviz.experiments.runs.repeat import RepeatResult, repeated_conclusions
from lossviz.experiments.runs.run import Run
from lossviz.experiments.study.conclusions import study_conclusions
from lossviz.experiments.study.result import Repeats
from lossviz.experiments.sweep.effects import effects
from lossviz.experiments.sweep.result import SweepResult
from lossviz.experiments.sweep.verdict import verdict
from lossviz.experiments.words import measured
from lossviz.figures.exhibits import EXHIBITS, REPORT, placed
from lossviz.figures.runs.shown import ShownRuns
from lossviz.report import report
from lossviz.report.bundle import inline, module
from lossviz.report.reproduce import command
from lossviz.schema import Component, LabelSchema
from lossviz.sharing.project import Data, Desk, Project
from tests.conftest import ROOT
from tests.support.documents import Document
from tests.support.projects import LOOKS, project

HOSTILE = "</script><img src=x onerror=alert(1)>\u2028<!--"
MADE = datetime(2026, 3, 9, 14, 5, tzinfo=UTC)


@cache
def document() -> Document:
    return Document(report(project(), made=MADE))


def words(own: Document) -> str:
    """On one line, with ordinary spaces."""
    return " ".join(own.words.split())


def hostile() -> Project:
    """The same project, where everything that has a name has that one."""
    desk = project().desk
    dataset = desk.data.dataset
    components = tuple(
        Component(f"{k}{HOSTILE}", tuple(f"{value}{HOSTILE}" for value in own.values))
        for k, own in enumerate(dataset.schema.components)
    )
    schema = LabelSchema(components, dataset.schema.classes, "|")
    data = replace(desk.data, title=HOSTILE, dataset=replace(dataset, schema=schema))
    return Project((replace(desk, data=data),))


# What it says


def test_every_error_of_every_run_stands_in_it_with_interval_and_n() -> None:
    desk, said = project().desk, words(document())
    judged = [run.evaluation for run in desk.runs.values() if run.evaluation]
    assert len(judged) == 2
    for own in judged:
        for each in (*own.components, own.joint):
            assert measured(each) in said


def test_runs_that_are_not_at_their_end_are_not_held_against_each_other() -> None:
    assert "not held against each other" in words(document())


def test_runs_at_their_end_are_compared_as_on_the_pages() -> None:
    desk = project().desk
    over = {letter: replace(desk.runs[letter], state="finished") for letter in ("A", "B")}
    over["B"] = replace(over["B"], evaluation=over["A"].evaluation)
    own = Document(report(Project((replace(desk, runs=over),))))
    found = {letter: run.evaluation for letter, run in over.items() if run.evaluation}
    for sentence in conclusions(found, desk.data.dataset.schema):
        assert sentence in words(own)


def test_a_repeated_comparison_is_reported() -> None:
    desk = project().desk
    assert desk.repeat is not None
    repeated = RepeatResult.from_findings(desk.repeat, desk.data.dataset)
    for sentence in repeated_conclusions(repeated):
        assert sentence in words(document())
    assert repeated.how in words(document())
    without = Document(report(Project((replace(desk, repeat=None),))))
    assert repeated.how not in words(without)


def test_the_matrices_count_what_was_taken_for_what() -> None:
    desk = project().desk
    evaluation = desk.runs["A"].evaluation
    assert evaluation is not None
    counts = confusion_of(evaluation, desk.data.dataset.schema).counts
    charts = [json.loads(own) for own in document().data]
    matrix = next(own for own in charts if own.get("title", "").startswith("A whole label"))
    columns = [np.frombuffer(b64decode(own["bdata"]), "<i4") for own in matrix["values"][1:]]
    assert np.stack(columns, axis=1).tolist() == counts.tolist()


def test_verdict_study_and_effects_are_those_of_the_engine() -> None:
    desk, said = project().desk, words(document())
    assert desk.sweep is not None
    assert desk.study is not None
    result = SweepResult.from_findings(desk.sweep.findings, desk.data.dataset)
    assert verdict(result).headline in said
    assert len(effects(result)) > 0
    study = study_conclusions(Repeats.from_findings(desk.study, desk.data.dataset))
    assert study.headline in said
    for sentence in study.sentences:
        assert sentence.says in said


def test_it_says_what_made_it_and_when() -> None:
    assert re.search(r"Made by LossViz [\d.]+ on 9 March 2026, 14:05 UTC", words(document()))


def test_its_sections_stand_in_order_under_headings_without_a_gap() -> None:
    own = document()
    headings = [each for each in own.elements if re.fullmatch(r"h[1-6]", each.tag)]
    levels = [int(each.tag[1]) for each in headings]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    links = [each.attributes["href"].lstrip("#") for each in own.all("a") if "li" in each.inside]
    sections = [each.attributes["id"] for each in own.all("section")]
    assert links == sections
    assert sections == [
        "question", "data", "runs", *(exhibit.id for exhibit in placed(REPORT, ShownRuns)),
        "trade-off", "learned", "surfaces", "trust", "code", "reproduce",
    ]  # fmt: skip


def test_every_chart_says_in_words_what_it_shows_and_has_its_table() -> None:
    own = document()
    charts = own.all("div", kind="chart")
    pictures = [each for each in own.all("div", kind="lv-plot") if each.attributes["role"] == "img"]
    assert len(charts) == len(pictures) > 15
    assert all(each.attributes["aria-label"].endswith(".") for each in pictures)
    assert len(own.all("details")) == len(charts) + len(own.all("div", kind="surfaces"))
    assert len(own.all("div", kind="surfaces")) == 1


def test_no_text_of_the_data_is_in_it() -> None:
    source = report(project(), made=MADE)
    assert not any(text.strip() in source for text in project().desk.data.dataset.texts)


@pytest.mark.parametrize("started", [False, True])
def test_what_was_not_trained_is_said_and_nothing_is_missing(started: bool) -> None:
    data = project().desk.data
    runs = {"A": Run.of(Experiment.for_dataset(data.dataset))} if started else {}
    own = Document(report(Project((Desk(data=data, runs=runs),))))
    said = words(own)
    assert "nothing is claimed about whether" in said
    assert "Not drawn" in said
    assert f"{EXHIBITS['errors'].title}: not trained" in said
    assert ("not started" in said) == started
    assert not own.all("div", kind="surfaces")


def test_the_command_in_it_trains_the_same_experiment() -> None:
    table, mapping, dataset = load_sample("feelings")
    experiment = Experiment.for_dataset(
        dataset, formulation="hybrid", epochs=1, component_weights=(3.0, 0.5), joint_weight=0.2,
        model={"kind": "hidden", "width": 3}, seed=4, split={"seed": 4, "test_size": 0.3},
    )  # fmt: skip
    data = Data("Feelings", "feelings", table, mapping, dataset, LabelEdits.called({}))
    words = shlex.split(command(data, Run.of(experiment)))
    assert words[:4] == ["python", "-m", "lossviz", "fit"]
    words[4] = str(ROOT / words[4])
    done = CliRunner().invoke(main, [*words[3:], "--json"])
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)["experiment"]
    mine = experiment.model_dump(mode="json")
    assert {**found, "data": None} == {**mine, "data": None}


# What it cannot do


def test_hostile_names_are_text_wherever_they_stand() -> None:
    own = Document(report(hostile()))
    assert not own.all("img")
    assert not [each for each in own.elements if any(n.startswith("on") for n in each.attributes)]
    assert len(own.scripts) == len(document().scripts) == 2
    assert own.scripts == document().scripts
    assert HOSTILE.replace("\u2028", " ") in words(own)
    assert all("<" not in each and "\u2028" not in each for each in own.data)
    assert any("onerror" in json.dumps(json.loads(each)) for each in own.data)


def test_the_policy_names_these_scripts_and_styles_and_nothing_else() -> None:
    own = document()
    [meta] = [each for each in own.all("meta") if "http-equiv" in each.attributes]
    rules = dict(rule.split(" ", 1) for rule in meta.attributes["content"].split("; "))

    def hashes(contents: list[str]) -> str:
        digests = (b64encode(sha256(each.encode()).digest()).decode() for each in contents)
        return " ".join(f"'sha256-{each}'" for each in digests)

    assert rules["script-src"] == hashes(own.scripts)
    assert rules["style-src-elem"] == hashes([*(each.text for each in own.all("style")), ""])
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert not {"connect-src", "font-src", "frame-src", "object-src"} & rules.keys()
    # It counts for what comes after it.
    assert own.elements.index(meta) < own.elements.index(own.all("style")[0])


def test_nothing_in_it_has_an_address_but_its_own_places() -> None:
    own = document()
    for each in own.elements:
        assert not {"src", "srcset", "action", "data", "poster"} & each.attributes.keys()
        assert each.attributes.get("href", "#").startswith("#")
    for text in (own.scripts[1], own.all("style")[0].text, own.words, *own.data):
        assert not re.search(r"https?://|//[a-z]+\.|url\(", text)


def test_making_it_needs_neither_torch_nor_a_web_server() -> None:
    code = "import sys; import lossviz.report; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert not {b"torch", b"sklearn", b"streamlit", b"distributed"} & set(done.stdout.split())


def test_what_would_end_a_script_is_not_put_into_one() -> None:
    with pytest.raises(ValueError, match="ends it"):
        inline("const own = '</SCRIPT>';")


def test_a_module_that_exports_in_another_way_is_refused() -> None:
    with pytest.raises(ValueError, match=r"other\.js"):
        module("other.js", "const own = 1;\nexport { own };")


def test_it_says_how_many_trainings_the_same_texts_have_judged() -> None:
    assert f"have judged {LOOKS} different trainings" in words(document())
    desk = replace(project().desk, judged=project().desk.judged[:4])
    few = Document(report(Project((desk,)), made=MADE))
    assert "different trainings" not in words(few)
