"""A run as JSON: the experiment, the curve and the errors."""

from __future__ import annotations

import json
from typing import Any

from lossviz.experiments.evaluation import baseline
from lossviz.experiments.runs.run import Run
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
    evaluation = run.evaluation
    if evaluation is not None:
        content["errors"] = {
            "step": evaluation.step,
            **evaluation.errors_json(schema.names),
            "commonest_label": baseline(evaluation.true).joint,
        }
    return json.dumps(content, indent=1, allow_nan=False).encode()


def _finite(values: list[float]) -> list[float | None]:
    """JSON has no infinity; a run that diverged has."""
    return [value if abs(value) < float("inf") else None for value in values]
