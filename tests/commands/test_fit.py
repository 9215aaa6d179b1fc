"""The command line's contract."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from time import perf_counter

import pytest
from click.testing import CliRunner, Result

from lossviz.__main__ import main
from lossviz.commands import _fit_report
from lossviz.experiments.experiment import Experiment, by_path
from lossviz.experiments.statistics import ErrorRate
from lossviz.experiments.suggestion import PARTS, QUICK, WHOLE
from lossviz.losses.decoding import DECODERS
from lossviz.losses.objectives import OBJECTIVES
from lossviz.losses.weighting import WEIGHTINGS
from tests.conftest import ROOT

SAMPLE = ROOT / "assets" / "samples" / "feelings.csv"
THREE = ROOT / "assets" / "samples" / "helpdesk.csv"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [*(str(own) for own in arguments), "--yes"])


def fit(*arguments: object) -> dict:
    result = run("fit", *arguments, "--json", "--epochs", 2)
    assert result.exit_code == 0, result.stderr
    assert re.fullmatch(r"Text: .* rows used.*\n", result.stderr), result.stderr
    return json.loads(result.stdout, parse_constant=pytest.fail)


def test_seconds_are_those_of_the_whole_process_and_its_parts_add_up() -> None:
    begun = perf_counter()
    call = [sys.executable, "-m", "lossviz", "fit", str(SAMPLE), "--json", "--epochs", "1"]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=True)
    waited = perf_counter() - begun
    seconds = json.loads(done.stdout)["seconds"]
    total = seconds.pop("total")
    assert total == pytest.approx(sum(seconds.values()), abs=0.001)
    assert 0.7 * waited < total < waited  # the rest is Python's own start, and its end
    assert seconds["start"] > max(seconds["read"], seconds["write"])


def test_profile_has_the_promised_keys() -> None:
    result = run("profile", SAMPLE, "--json")
    report = json.loads(result.stdout)
    assert set(report) >= {
        "file", "text", "label", "rows", "used", "dropped", "components", "joint_classes",
        "duplicates", "contradictory", "majority_accuracy",
    }  # fmt: skip
    assert set(report["file"]) >= {"encoding", "delimiter", "header", "format"}
    assert set(report["joint_classes"]) >= {"possible", "seen", "smallest", "largest"}
    assert [len(own["values"]) for own in report["components"]] == [2, 2]


@pytest.mark.parametrize("formulation", OBJECTIVES)
@pytest.mark.parametrize("decoder", DECODERS)
def test_predictions_tell_the_same_story_as_the_json(
    formulation: str, decoder: str, tmp_path: Path
) -> None:
    out = tmp_path / "predictions.csv"
    report = fit(
        THREE, "--formulation", formulation, "--decoder", decoder, "--predictions", out,
        "--label", "topic", "--label", "kind", "--label", "tone", "--weights", "2,1,1",
    )  # fmt: skip
    with out.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    with THREE.open(encoding="utf-8", newline="") as lines:
        source = list(csv.DictReader(lines))
    assert len(rows) == report["rows"]["test"]
    assert [int(row["row"]) for row in rows] == sorted(int(row["row"]) for row in rows)
    names = ["topic", "kind", "tone"]
    counts: dict[tuple[str, str], int] = {}
    for row in rows:
        origin = source[int(row["row"]) - 1]
        assert row["text"] == origin["text"]
        assert [row[f"true_{name}"] for name in names] == [origin[name] for name in names]
        assert 0.0 <= float(row["p"]) <= 1.0
        true = "|".join(row[f"true_{name}"] for name in names)
        predicted = "|".join(row[f"predicted_{name}"] for name in names)
        counts[true, predicted] = counts.get((true, predicted), 0) + 1
    for own in report["errors"]["components"]:
        name = own["name"]
        wrong = sum(row[f"true_{name}"] != row[f"predicted_{name}"] for row in rows)
        expected = ErrorRate.of(wrong, len(rows))
        assert (own["error"], own["low"], own["high"]) == (
            expected.rate, expected.low, expected.high,
        )  # fmt: skip
    wrong = sum(count for (true, predicted), count in counts.items() if true != predicted)
    assert report["errors"]["joint"]["error"] == wrong / len(rows)
    labels = report["confusion"]["labels"]
    for i, true in enumerate(labels):
        for j, predicted in enumerate(labels):
            assert report["confusion"]["counts"][i][j] == counts.get((true, predicted), 0)
    emitted = [tuple(row[f"predicted_{name}"] for name in names) for row in rows]
    tested = {int(row["row"]) - 1 for row in rows}
    trained = [row for k, row in enumerate(source) if k not in tested]
    seen = {tuple(row[name] for name in names) for row in trained}
    assert report["impossible"] == sum(own not in seen for own in emitted)
    assert ("masked" in report) == (report["impossible"] > 0)
    often = Counter(tuple(row[name] for name in names) for row in trained)
    right = Counter(tuple(row[f"true_{name}"] for name in names) for row in rows)
    commonest = [label for label, count in often.items() if count == max(often.values())]
    assert report["majority_accuracy"] in [
        pytest.approx(right[label] / len(rows)) for label in commonest
    ]


def test_a_validation_side_is_taken_from_training_when_it_is_asked_for() -> None:
    whole, aside = fit(SAMPLE), fit(SAMPLE, "--validation", 0.1)
    assert whole["rows"]["validation"] == 0
    assert aside["rows"]["test"] == whole["rows"]["test"]
    assert aside["rows"]["train"] + aside["rows"]["validation"] == whole["rows"]["train"]
    assert abs(aside["rows"]["validation"] - 0.1 * whole["rows"]["train"]) <= 1


def test_sealed_texts_are_judged_only_when_they_are_opened() -> None:
    shut = fit(SAMPLE, "--sealed", 0.2)
    assert "sealed" not in shut
    assert abs(shut["rows"]["sealed"] - 0.2 * sum(shut["rows"].values())) <= 1
    opened = fit(SAMPLE, "--sealed", 0.2, "--open-sealed")
    assert opened["errors"] == shut["errors"]
    assert opened["sealed"]["joint"]["n"] == shut["rows"]["sealed"]
    assert [own["name"] for own in opened["sealed"]["components"]] == ["part 1", "part 2"]
    lines = run("fit", SAMPLE, "--sealed", 0.2, "--open-sealed", "--epochs", 2).stdout
    assert f"opened on {shut['rows']['sealed']} sealed texts" in lines
    refused = run("fit", SAMPLE, "--open-sealed", "--epochs", 1)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "--sealed 0.2" in refused.stderr


def test_temperatures_are_stated_with_what_they_were_set_on() -> None:
    asked = ("--validation", 0.1, "--calibration", "temperature")
    set_on = fit(SAMPLE, "--formulation", "components", *asked)["temperatures"]
    assert set_on["parts"] == ["part 1", "part 2"]
    report = fit(SAMPLE, *asked)
    assert report["temperatures"]["parts"] == ["whole label"]
    assert report["temperatures"]["texts"] == set_on["texts"] == report["rows"]["validation"]
    first, second = set_on["values"]
    assert min(first, second) >= 0.05
    lines = run("fit", SAMPLE, "--formulation", "components", *asked, "--epochs", 2).stdout
    assert f"{set_on['texts']} validation texts: part 1 {first:.2g}, part 2 {second:.2g}" in lines
    assert "temperatures" not in fit(SAMPLE)


@pytest.mark.parametrize("asked", [("--patience", 2), ("--calibration", "temperature")])
def test_what_needs_validation_texts_is_refused_without(asked: tuple[object, ...]) -> None:
    result = run("fit", SAMPLE, *asked)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "(--validation) a share" in result.stderr


def test_a_label_without_a_training_text_is_said(tmp_path: Path) -> None:
    rows = [("good fine day", "a|x"), ("bad poor night", "b|y"), ("good fine night", "a|y")]
    write(
        tmp_path / "data.csv",
        [(f"{text} {n}", own) for n in range(10) for text, own in rows] + [("odd", "b|x")],
    )
    reports = [fit(tmp_path / "data.csv", "--seed", seed) for seed in range(5)]
    said = [note for report in reports for note in report["notes"]]
    (note,) = (note for note in said if "gives" not in note)
    assert note.startswith("1 of 7 held-out texts has a whole label that no training text has")
    assert sorted(report["unseen"]["texts"] for report in reports) == [0, 0, 0, 0, 1]


def test_new_combinations_are_what_the_errors_are_about_where_they_may_turn_up() -> None:
    labels = [piece for name in ("topic", "kind", "tone") for piece in ("--label", name)]
    report = fit(THREE, *labels, "--combinations", "new", "--formulation", "components")
    assert report["experiment"]["split"]["combinations"] == "new"
    assert report["unseen"]["texts"] == report["unseen"]["n"] == report["rows"]["test"]
    assert report["impossible"] > 0  # separate answers find some of them
    assert report["errors"]["joint"]["error"] < 1.0
    assert report["masked"]["error"] == 1.0
    said, mask = report["notes"]
    assert said.startswith("These errors are about new combinations.")
    assert "measured on these" in mask


def test_where_no_combination_can_be_held_out_that_is_a_sentence(tmp_path: Path) -> None:
    rows = [
        (f"{word} {n}", label) for n in range(20) for word, label in (("a", "A|C"), ("b", "B|D"))
    ]
    write(tmp_path / "data.csv", rows)
    result = run("fit", tmp_path / "data.csv", "--combinations", "new")
    assert result.exit_code == 2
    assert "can be held out as a new one" in result.stderr


def test_the_experiment_in_the_report_is_the_experiment() -> None:
    report = fit(SAMPLE, "--weights", "2,1", "--model", "hidden", "--width", 3, "--seed", 7)
    own = Experiment.of(**report["experiment"])
    assert own.component_weights == (2.0, 1.0)
    assert own.model.width == 3
    assert own.seed == own.split.seed == 7
    assert own.model_dump(mode="json") == report["experiment"]


@pytest.mark.parametrize("weighting", WEIGHTINGS)
def test_every_weighting_trains_and_reports_its_weights(weighting: str) -> None:
    report = fit(SAMPLE, "--weighting", weighting, "--weights", "2,1")
    assert report["experiment"]["weighting"] == weighting
    assert len(report["weights"]["components"]) == 2
    assert report["notes"] == []
    if weighting == "fixed":
        assert report["weights"] == {"components": [2.0, 1.0], "joint": 1.0}


def test_a_weighting_with_nothing_to_weigh_is_noted() -> None:
    report = fit(SAMPLE, "--weighting", "uncertainty", "--formulation", "joint")
    (note,) = report["notes"]
    assert "does nothing" in note


def test_settings_act_and_are_in_the_experiment() -> None:
    cold = fit(SAMPLE, "--formulation", "soft_targets", "--setting", "temperature=0.05")
    assert cold["experiment"]["settings"] == {"temperature": 0.05}
    warm = fit(SAMPLE, "--formulation", "soft_targets")
    assert warm["experiment"]["settings"] == {"temperature": 1.0}
    assert warm["confusion"] != cold["confusion"]


def test_a_test_file_is_judged_whole_and_its_new_labels_are_wrong(tmp_path: Path) -> None:
    train, test = tmp_path / "train.csv", tmp_path / "test.csv"
    rows = [("good fine day", "a|x"), ("bad poor night", "b|y"), ("good fine night", "a|y")] * 10
    write(train, rows)
    write(test, [*rows[:9], ("poor bad day", "b|x"), ("strange thing", "c|x")])
    for formulation in OBJECTIVES:
        out = tmp_path / "out.csv"
        report = fit(train, "--test", test, "--formulation", formulation, "--predictions", out)
        assert report["rows"] == {"train": 30, "validation": 0, "test": 11}
        with out.open(encoding="utf-8", newline="") as lines:
            predicted = list(csv.DictReader(lines))
        assert [int(row["row"]) for row in predicted] == list(range(1, 12))
        assert report["errors"]["components"][0]["error"] >= 1 / 11
        assert report["errors"]["joint"]["error"] >= 1 / 11


def write(path: Path, rows: list[tuple[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows([("text", "label"), *rows])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("fit", "nowhere.csv"), "nowhere.csv"),
        (("fit", SAMPLE, "--text", "words"), "words"),
        (("fit", SAMPLE, "--weights", "2"), "expected 2"),
        (("fit", SAMPLE, "--weights", "2,x"), "2,x"),
        (("fit", SAMPLE, "--weights", "2,nan"), "component_weights"),
        (("fit", SAMPLE, "--epochs", "0"), "epochs"),
        (("fit", SAMPLE, "--setting", "temperature"), "temperature=0.5"),
        (("fit", SAMPLE, "--setting", "warmth=1"), "warmth"),
        (
            ("fit", SAMPLE, "--formulation", "focal", "--setting", "focusing=-1"),
            "focusing must be between 0 and 10",
        ),
        (("fit", SAMPLE, "--test-size", "1.5"), "test_size"),
        (("fit", SAMPLE, "--lr", "-1"), "learning_rate"),
        (("fit", SAMPLE, "--predictions", "/nowhere/out.csv"), "/nowhere/out.csv"),
        (("profile", ROOT / "assets" / "icon.svg"), "icon.svg"),
    ],
)
def test_what_cannot_be_used_gets_one_sentence_and_status_2(
    arguments: tuple[object, ...], says: str
) -> None:
    result = run(*arguments, "--json")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert says in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stderr.count("\n") == 1


def test_profile_does_without_torch() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from lossviz.__main__ import main;"
        f"r = CliRunner().invoke(main, ['profile', {str(SAMPLE)!r}, '--json']);"
        "sys.exit(r.exit_code or 'torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize("command", ["profile", "fit"])
def test_words_for_a_person(command: str) -> None:
    result = run(command, SAMPLE)
    assert result.exit_code == 0
    assert "commonest label" in result.stdout
    assert "%" in result.stdout


def test_costs_are_those_of_the_weights_unless_they_are_stated() -> None:
    cheapest = ("--decoder", "min_cost", "--weights", "2,1")
    assert fit(SAMPLE, *cheapest)["costs"] == {"components": [2.0, 1.0], "joint": 0.0}
    hybrid = fit(SAMPLE, *cheapest, "--formulation", "hybrid")
    assert hybrid["costs"] == {"components": [2.0, 1.0], "joint": 1.0}
    stated = fit(SAMPLE, *cheapest, "--costs", "5,1")
    assert stated["costs"] == {"components": [5.0, 1.0], "joint": 0.0}
    assert stated["weights"] == {"components": [2.0, 1.0], "joint": 1.0}
    assert stated["notes"] == []
    whole = fit(SAMPLE, *cheapest, "--costs", "5,1,2")
    assert whole["costs"] == {"components": [5.0, 1.0], "joint": 2.0}
    (note,) = whole["notes"]
    assert "the whole label, which marginals does not ask for" in note


def test_costs_alone_decide_and_weights_alone_train() -> None:
    """With γ = 0 and every combination, no costs of the parts change a decision."""
    cheapest = ("--decoder", "min_cost", "--costs")
    likeliest = fit(SAMPLE, "--decoder", "marginal_modes")["confusion"]
    assert fit(SAMPLE, *cheapest, "5,1")["confusion"] == likeliest
    assert fit(SAMPLE, *cheapest, "0.2,1")["confusion"] == likeliest
    whole = fit(SAMPLE, "--formulation", "joint", *cheapest, "0,0,1")
    assert whole["confusion"] == fit(SAMPLE, "--formulation", "joint")["confusion"]


def test_as_many_costs_as_parts_and_perhaps_one_more() -> None:
    result = run("fit", SAMPLE, "--costs", "5")
    assert result.exit_code == 2
    assert "expected 2, one for each of" in result.stderr


@pytest.mark.parametrize("formulation", OBJECTIVES)
def test_deciding_by_probabilities_that_need_not_come_true_is_noted(formulation: str) -> None:
    notes = fit(SAMPLE, "--formulation", formulation, "--decoder", "min_cost", "--costs", "1,1")
    proper = OBJECTIVES[formulation].proper
    assert [("come true" in note) for note in notes["notes"]] == ([] if proper else [True])


def test_who_decides_by_costs_reads_how_often_sure_answers_are_right() -> None:
    report = fit(SAMPLE, "--decoder", "min_cost")
    for part, error in zip(report["sure"], report["errors"]["components"], strict=True):
        assert part["name"] == error["name"]
        assert 0 <= part["low"] <= part["right"] <= part["high"] <= 1
        assert 0 < part["n"] <= error["n"]
    lines = run("fit", SAMPLE, "--epochs", 2, "--decoder", "min_cost").stdout
    sure = report["sure"][0]
    assert f"on {sure['name']}" in lines
    assert f"says {100 * sure['said']:.1f} % and is right in {100 * sure['right']:.1f} %" in lines
    assert "any mistake 0 more." in lines
    assert "80 % or more" not in run("fit", SAMPLE, "--epochs", 2).stdout


def test_costs_that_do_nothing_are_noted_as_they_were_typed() -> None:
    (note,) = fit(SAMPLE, "--costs", "5,1")["notes"]
    assert note == "Costs of mistakes, 5,1, does nothing: the predicted label is not min_cost."


def test_of_a_single_part_the_whole_label_s_probability_is_asked_for(tmp_path: Path) -> None:
    one = tmp_path / "one.csv"
    rows = [f"{word} {k},{label}" for k in range(20) for word, label in (("up", "A"), ("on", "B"))]
    one.write_text("\n".join(["text,label", *rows]), encoding="utf-8")
    report = fit(one, "--decoder", "min_cost", "--costs", "5,1")
    assert not [note for note in report["notes"] if "does not ask for" in note]


def test_another_file_and_new_combinations_do_not_go_together() -> None:
    result = run("fit", SAMPLE, "--test", SAMPLE, "--combinations", "new")
    assert result.exit_code == 2
    assert "nothing of FILE is held out" in result.stderr


def test_without_a_formulation_what_the_data_suggest_is_trained_and_it_is_said_why() -> None:
    usual = fit(SAMPLE)
    assert usual["experiment"]["formulation"] == "marginals"
    assert "4 whole labels" in usual["suggestion"]
    assert usual["suggestion"][1:] in run("fit", SAMPLE).stdout
    stated = fit(SAMPLE, "--formulation", "marginals")
    assert stated["suggestion"] == ""
    assert stated["errors"] == usual["errors"]
    few = fit(SAMPLE, "--test-size", "0.2", "--weights", "2,1")
    assert (few["experiment"]["formulation"], few["suggestion"]) == ("marginals", "")


def test_what_moving_all_weights_costs_is_said_before_it_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_fit_report, "LONG", 0.0)
    warned = run("fit", SAMPLE, "--optimiser", "adam", "--lr", "0.01")
    assert re.match(r"About \d+ s of training: Adam moves all [\d,]+ weights", warned.stderr)
    assert "of training" not in run("fit", SAMPLE).stderr


@pytest.mark.parametrize("path", sorted({*WHOLE, *PARTS, *QUICK}))
def test_no_option_has_a_value_before_the_data_suggest_one(path: str) -> None:
    own = by_path(path)
    (option,) = (each for each in main.commands["fit"].params if each.name == own.name)
    assert option.default is None


def test_tuning_says_what_was_tried_and_judges_the_chosen_one_by_texts_that_chose_nothing() -> None:
    report = fit(SAMPLE, "--tune", "--epochs", 3)
    tuned = report["tuned"]
    assert len(tuned["tried"]) == 6
    best = min(tuned["tried"], key=lambda one: one["error"])
    assert best["formulation"] == report["experiment"]["formulation"]
    assert all(one["n"] == tuned["texts"] for one in tuned["tried"])
    assert tuned["chosen"] in report["suggestion"]
    longest = str(report["experiment"]["features"]["longest"])
    same = fit(
        SAMPLE, "--epochs", 3, "--formulation", best["formulation"], "--decoder", best["decoder"],
        "--longest-ngram", longest,
    )  # fmt: skip
    assert same["errors"] == report["errors"]
    assert report["seconds"]["total"] >= report["seconds"]["tune"] > 0
