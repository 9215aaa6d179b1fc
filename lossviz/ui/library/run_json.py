"""A run as JSON: the experiment, the curve and the errors."""

from __future__ import annotations

import json
from typing import Any

from lossviz.experiments.evaluation import baseline
from lossviz.experiments.runs.run import Run
from lossviz.experiments.statistics import ErrorRate
from lossviz.schema import LabelSchema


def run_json(run: Run, schema: LabelSchema, name: str) -> bytes:
    """For people and programs; the errors are written as the command line writes them."""
    curve = run.curve
    content: dict[str, Any] = {
        "name": name,
        "experiment": run.experiment.model_dump(mode="json"),
        "state": run.state,
        "steps": {"done": run.step, "total": run.total_steps, "epoch": run.steps_per_epoch},
        "weights_moved": [
            {
                "after_step": change.step,
                "components": list(change.weights.components),
                "joint": change.weights.joint,
            }
            for change in run.changes
        ],
        "curve": {
            "steps": curve.steps.tolist(),
            "train": {part: _finite(array.tolist()) for part, array in curve.train.items()},
            "held_out": {part: _finite(array.tolist()) for part, array in curve.validation.items()},
        },
        "errors": None,
    }
    judged = run.evaluation
    if judged is not None:
        rows = zip(schema.names, judged.components, strict=True)
        content["errors"] = {
            "step": judged.step,
            "joint": _rate(judged.joint),
            "components": [{"name": part, **_rate(row)} for part, row in rows],
            "commonest_label": baseline(judged.true).joint,
        }
    return json.dumps(content, indent=1, allow_nan=False).encode()


def _rate(error_rate: ErrorRate) -> dict[str, float]:
    return {
        "error": error_rate.rate,
        "low": error_rate.low,
        "high": error_rate.high,
        "n": error_rate.n,
    }


def _finite(values: list[float]) -> list[float | None]:
    """JSON has no infinity; a run that diverged has."""
    return [value if abs(value) < float("inf") else None for value in values]
