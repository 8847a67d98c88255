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
    console.print(Text("  ") + sentence)
    console.print(f"  [cyan]{escape(rendering.place(source))}[/] ({rendering.certainty(reply, sure)}, {reply.confidence:.2f})")
    show_place(console, reply)


def show_place(console: Console, reply: Reply) -> None:
    """Where the answer's passage stands: file with offsets, and address."""
    passage = reply.hits[0].passage
    console.print(Text(f"  {passage.article}:{passage.start}-{passage.end}", style="dim"))
    if passage.url:
        console.print(Text(f"  {passage.url}", style="dim"))


def show_figures(figures: dict[str, Any]) -> None:
    """The figures of `qabot eval`, a line each, then what was wrong."""
    names = {
        "questions": "questions",
        "exact_match": "exact match",
        "f1": "F1",
        "right": "answerable: right",
        "right_of_answered": "of the answered: right",
        "declined": "unanswerable: declined",
        "follow_ups_right": "follow-ups: right",
        "recall@1": "recall@1",
        "recall@5": "recall@5",
        "mrr": "MRR",
        "calibration_error": "calibration error",
        "auroc": "AUROC",
        "p50_ms": "p50, ms",
        "p95_ms": "p95, ms",
    }
    for key, name in names.items():
        value = figures[key]
        shown = "-" if value is None else f"{value:.1%}" if isinstance(value, float) and not key.endswith("ms") else f"{value:g}"
        print(f"{name:24} {shown:>8}")  # noqa: T201
    for name, tier in figures["tiers"].items():
        right = "-" if tier["right"] is None else f"{tier['right']:.1%}"
        print(f"{name:24} {right:>8}  of {tier['replies']} replies right")  # noqa: T201
    for miss in figures["misses"]:
        accepted = " | ".join(miss["accepted"]) or "(the article does not say)"
        print(f"missed {miss['id']}: {miss['question']}\n    said: {miss['said'] or '(abstained)'}\n    accepted: {accepted}")  # noqa: T201
