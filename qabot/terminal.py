"""Replies and figures on a terminal, with colours only where they are wanted (a terminal, no NO_COLOR)."""

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from qabot import reply as rendering
from qabot.records import Reply


def show(reply: Reply, sure: float, console: Console | None = None) -> None:
    """Print a reply: plain lines where stdout is no terminal, else with the answer marked in its sentence."""
    console = console or Console(highlight=False)
    if not console.is_terminal:
        print(rendering.to_text(reply, sure))  # noqa: T201
        return
    found = rendering.quote(reply)
    if reply.note:
        console.print(Text(f"note: {reply.note}", style="yellow"))
    if reply.read_as:
        console.print(Text(f"read as: {reply.read_as}", style="dim"))
    if reply.answer is None or found is None:
        console.print(Text("The article does not say." if reply.hits else "There is nothing in the index.", style="bold yellow"))
        for hit in reply.hits[:3]:
            console.print(f"  [cyan]{escape(rendering.place(hit))}[/]: {escape(rendering.shorten(rendering.plain(hit.passage.text), 160))}")
        return
    sentence = Text(found.text.replace("\n", " "))
    sentence.stylize("bold green", found.start, found.end)
    source = reply.hits[0]
    console.print(Text(reply.answer.span.text, style="bold"))
    console.print()
    if not found.whole:
        console.print(Text("  ") + sentence)
    place = escape(rendering.place(source, reply.answer.span.start))
    console.print(f"  [cyan]{place}[/] ({rendering.certainty(reply, sure)}, {reply.confidence:.2f})")
    show_place(console, reply)


def show_place(console: Console, reply: Reply) -> None:
    """Where the answer's passage stands: file with offsets, and address."""
    passage = reply.hits[0].passage
    console.print(Text(f"  {passage.article}:{passage.start}-{passage.end}", style="dim"))
    if passage.url:
        console.print(Text(f"  {passage.url}", style="dim"))
    for line in rendering.besides(reply):
        console.print(Text(f"  {line}", style="yellow" if line.startswith("but") else "dim"))


def show_figures(figures: dict[str, Any], misses: bool = False) -> None:
    """The figures of `qabot eval`, a line each with its 95 % interval; then what was wrong, or how many."""
    print(f"{'questions':26} {figures['questions']:>8}")  # noqa: T201
    for key, name in _FIGURES.items():
        value, limits = figures[key], figures["intervals"].get(key)
        shown = "-" if value is None else f"{value:.0f}" if key.endswith("ms") else f"{value:.3f}" if key in _PLAIN else f"{value:.1%}"
        between = f"  ({limits[0]:.1%} to {limits[1]:.1%})" if limits else ""
        print(f"{name:26} {shown:>8}{between}")  # noqa: T201
    for name, tier in figures["tiers"].items():
        right = "-" if tier["right"] is None else f"{tier['right']:.1%}"
        print(f"{name:26} {right:>8}  of {tier['replies']} replies right")  # noqa: T201
    if figures["misses"] and not misses:
        print(f"{len(figures['misses'])} missed: list them with --misses")  # noqa: T201
    for miss in figures["misses"] if misses else ():
        accepted = " | ".join(miss["accepted"]) or "(the article does not say)"
        print(f"missed {miss['id']}: {miss['question']}\n    said: {miss['said'] or '(abstained)'}\n    accepted: {accepted}")  # noqa: T201


_FIGURES = {
    "exact_match": "exact match",
    "f1": "F1",
    "right": "answerable: right",
    "right_of_answered": "of those answered: right",
    "right_of_all_answers": "of all answers: right",
    "declined": "unanswerable: declined",
    "abstention_precision": "of the declined: rightly",
    "follow_ups_right": "follow-ups: right",
    "recall@1": "recall@1",
    "recall@5": "recall@5",
    "mrr": "MRR",
    "calibration_error": "calibration error",
    "auroc": "AUROC",
    "coverage_at_80": "answered at 80 % right",
    "coverage_at_90": "answered at 90 % right",
    "p50_ms": "p50, ms",
    "p95_ms": "p95, ms",
}
_PLAIN = ("mrr", "calibration_error", "auroc")  # not shares
