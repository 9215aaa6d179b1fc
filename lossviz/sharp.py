"""How sharply a loss bends at a model's weights: plain values that need no torch."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Sharpness:
    """How sharply the loss bends at a model's weights: the second derivatives' size.

    Moving the weights by a short distance d changes the loss by its slope, and then by at most
    ``½ λ d²``, with λ the largest eigenvalue of the Hessian; by ``½ (trace / D) d²`` on average
    over all directions. Of the mean loss of the training texts, at the weights α, β … that acted
    last, without weight decay. The numbers depend on the scale of the weights, so they compare runs
    with the same model and features only: Dinh et al., Sharp minima can generalize, ICML 2017.

    λ by Lanczos on Hessian-vector products, as in Ghorbani et al., An investigation into neural
    net optimization via Hessian eigenvalue density, ICML 2019, and in Yao et al., PyHessian, 2020;
    the trace by Hutchinson's random signs (Communications in Statistics 19, 1990).

    :param eigenvalue: λ in nats per squared unit of weight, or in what the loss is counted in.
    :param eigenvalue_error: standard error of λ over texts: the standard deviation of the texts'
        own ``vᵀ H_i v`` over √N, with the eigenvector v held. To first order v's own change adds
        nothing, as λ is stationary there (delta method).
    :param residual: ``‖Hv − λv‖``: an eigenvalue lies within it.
    :param trace: sum of all eigenvalues, in the same unit.
    :param trace_error: standard error over the probes, for these texts.
    :param probes: random sign vectors that the trace is the mean over.
    :param rows: texts N that the loss is the mean over.
    :param weights: number of weights D of the model.
    :param loss: the mean loss there.
    """

    eigenvalue: float
    eigenvalue_error: float
    residual: float
    trace: float
    trace_error: float
    probes: int
    rows: int
    weights: int
    loss: float
    seconds: float = field(compare=False)
