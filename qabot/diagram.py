"""Confidence as a picture: the reliability diagram and the risk-coverage curve side by side."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qabot.errors import ModelError, QuestionError
from qabot.measures import Judged, reliability, risk_coverage

_SUFFIXES = (".png", ".svg", ".pdf")


def check_path(path: Path) -> None:
    """Before anything is measured. Raises QuestionError for a kind of picture that is not drawn or a folder that is not there."""
    if path.suffix.lower() not in _SUFFIXES:
        raise QuestionError(f"cannot draw {path}: give a name that ends in {', '.join(_SUFFIXES)}")
    if not path.parent.is_dir():
        raise QuestionError(f"cannot draw {path}: the folder {path.parent} does not exist")


def draw(judged: Judged, path: Path) -> None:
    """Write the picture. Raises ModelError where matplotlib is not installed, QuestionError where the file cannot be written."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ModelError("pictures need matplotlib: pip install 'qabot[plot]'") from error
    figure = Figure(figsize=(9, 4.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    _reliability(left, judged)
    _risk(right, risk_coverage(judged))
    try:
        figure.savefig(path, dpi=110)
    except OSError as error:
        raise QuestionError(f"cannot write {path}: {error.strerror}") from error


def _reliability(axes: Any, judged: Judged) -> None:
    groups = reliability(judged)
    axes.plot([0, 1], [0, 1], color="0.7", linestyle="--", label="as it should be")
    most = max((count for *_, count in groups), default=1)
    sizes = [30 + 270 * count / most for *_, count in groups]
    axes.plot([c for c, _, _ in groups], [r for _, r, _ in groups], color="C0", linewidth=1)
    axes.scatter([c for c, _, _ in groups], [r for _, r, _ in groups], s=sizes, color="C0", alpha=0.8)
    for confidence, share, count in groups:
        axes.annotate(str(count), (confidence, share), xytext=(6, -12), textcoords="offset points", fontsize=8)
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="confidence", ylabel="share that was right", title=f"reliability, {len(judged)} questions")
    axes.legend(loc="upper left", frameon=False)


def _risk(axes: Any, points: Sequence[tuple[float, float]]) -> None:
    axes.plot([coverage for coverage, _ in points], [1 - risk for _, risk in points], color="C1", drawstyle="steps-post")
    axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="share of questions answered", ylabel="share of answers right", title="risk and coverage")
    axes.grid(alpha=0.3)
