"""The command line: build, text, rollback, ask, chat, eval, doctor, bot.

Answers go to stdout, everything else to stderr. Exit code 0: it ran; 1: a known error, one line on stderr; 2: wrong usage;
130: stopped with Ctrl-C. Imports nothing heavy: `--help` must answer at once.
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qabot.errors import QabotError
from qabot.output import bar, opened, say, say_built, write, write_json

if TYPE_CHECKING:
    from qabot.scope import Scope
    from qabot.settings import Settings
    from qabot.wiring import Bot

app = typer.Typer(
    help="Answers questions about your articles with the articles' own words.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
IndexOption = Annotated[str | None, typer.Option("--index", help="The index: a folder, or an engine (default: QABOT_INDEX, or index/).")]
_LEVELS = {"ok": "ok  ", "note": "note", "fail": "FAIL"}
SourceOption = Annotated[list[str] | None, typer.Option("--source", help="Only articles of this title or path, or glob; may be repeated.")]
TagOption = Annotated[list[str] | None, typer.Option("--tag", help="Only articles with this tag; may be repeated.")]
UrlOption = Annotated[
    list[str] | None, typer.Option("--url", help="Fetch a page, keep it in web/ of QABOT_DATA, and index it too; may be repeated.")
]
SitemapOption = Annotated[list[str] | None, typer.Option("--sitemap", help="The same for the pages that a sitemap lists; may be repeated.")]
SinceOption = Annotated[str | None, typer.Option("--since", help="Only articles of this date or later: 2024, 2024-05 or 2024-05-03.")]
UntilOption = Annotated[str | None, typer.Option("--until", help="Only articles of this date or earlier.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]


def main() -> None:
    """The `qabot` command: known errors become one line, never a traceback."""
    # Libraries draw bars and reports of their own while they load; ours are the only ones that a user should see.
    for name, value in {
        "TRANSFORMERS_VERBOSITY": "critical",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "TOKENIZERS_PARALLELISM": "false",
    }.items():
        os.environ.setdefault(name, value)
    try:
        app()
    except QabotError as error:
        say(f"qabot: {error}")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


@app.command()
def build(
    paths: Annotated[list[Path] | None, typer.Argument(help="Articles, folders or globs (default: QABOT_DATA, or data/).")] = None,
    index: IndexOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change; write nothing.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Encode every passage again, also those that did not change.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Build again whenever an article changes, until Ctrl-C.")] = False,
    url: UrlOption = None,
    sitemap: SitemapOption = None,
    engine: Annotated[str | None, typer.Option("--engine", help="ray: encode on many processes or machines.")] = None,
    ray_address: Annotated[str | None, typer.Option(help="Ray's cluster (default: RAY_ADDRESS, else this machine).")] = None,
) -> None:
    """Build the index: cut articles into passages, encode those that are new, and publish."""
    from qabot.building import build_index, build_on_ray, fetch, watch_index
    from qabot.checking import check_of

    if engine not in (None, "ray") or (ray_address and not engine) or (engine and (watch or dry_run)):
        raise typer.BadParameter("--engine is `ray`, goes with neither --watch nor --dry-run, and --ray-address goes with it")
    if watch and (dry_run or full):
        raise typer.BadParameter("--watch goes with neither --dry-run nor --full")
    if dry_run and (url or sitemap):
        raise typer.BadParameter("--dry-run writes nothing, and so goes with neither --url nor --sitemap")
    settings = _settings(index)
    check = check_of(settings)
    fetched = fetch(settings, url or (), sitemap or (), say) if url or sitemap else []
    chosen = [*(paths or ([settings.data] if settings.data.exists() or not fetched else [])), *fetched]
    if engine:
        with bar("encoding articles on Ray") as progress:
            say_built(build_on_ray(settings, chosen, progress, ray_address, say, check), settings.place)
        return
    with bar("encoding passages") as progress:
        if not watch:
            say_built(build_index(settings, chosen, progress, full, dry_run, say, check), settings.place)
            return
        for built in watch_index(settings, chosen, progress, say, check):
            say(f"qabot: {built}") if isinstance(built, QabotError) else say_built(built, settings.place)


@app.command()
def text(path: Annotated[Path, typer.Argument(help="An article of any format.")]) -> None:
    """Print an article as `build` reads it: the text that every citation's offsets count in."""
    from qabot.shelf import load

    shelf = load([path])
    for article in shelf:
        if len(shelf) > 1:
            say(f"== {article.path}: {article.title}")
        sys.stdout.buffer.write(article.text.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()


@app.command()
def rollback(
    to: Annotated[str | None, typer.Option("--to", help="The generation to go to (default: the one before the live one).")] = None,
    list_: Annotated[bool, typer.Option("--list", help="Print what is kept, the live one marked; change nothing.")] = False,
    index: IndexOption = None,
) -> None:
    """Go back to an earlier build of the index, which is verified first."""
    from qabot.wiring import store_of

    store = store_of(_settings(index), say)
    if list_:
        live = store.live()
        for kept in store.generations():
            mark = "*" if kept.generation == live else " "
            write(f"{mark} {kept.generation}  {kept.built}  {kept.counts['articles']} article(s), {kept.counts['passages']} passages")
        return
    manifest = store.rollback(to)
    say(f"live again: {manifest.generation}, built {manifest.built}, {manifest.counts['passages']} passages -> {store.place}")


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="The question.", show_default=False)] = None,
    jsonl: Annotated[Path | None, typer.Option("--jsonl", help="A file of questions, one JSON object a line; - for stdin.")] = None,
    index: IndexOption = None,
    json_: JsonOption = False,
    source: SourceOption = None,
    tag: TagOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
) -> None:
    """Answer one question, or with --jsonl a file of them."""
    from qabot.lines import answer_lines
    from qabot.pipeline import clean
    from qabot.reply import to_json
    from qabot.scope import Scope
    from qabot.terminal import show

    if (question is None) == (jsonl is None):
        raise typer.BadParameter('give one question in quotes, or --jsonl FILE: qabot ask "When was he born?"')
    scope = Scope.of(source, tag, since, until)
    if jsonl is not None:
        with opened(jsonl) as lines:
            raise typer.Exit(answer_lines(lines, _open(index, scope).pipeline, write_json))
    assert question is not None
    clean(question)  # nothing is loaded for an empty question
    bot = _open(index, scope)
    reply = bot.pipeline.ask(question)
    if json_:
        write_json(to_json(reply))
    else:
        show(reply, bot.pipeline.sure)


@app.command()
def chat(
    index: IndexOption = None, source: SourceOption = None, tag: TagOption = None, since: SinceOption = None, until: UntilOption = None
) -> None:
    """Talk: follow-up questions are understood. /sources, /quit."""
    from qabot.chat import talk
    from qabot.scope import Scope
    from qabot.wiring import follow

    settings = _settings(index)
    current = follow(settings, Scope.of(source, tag, since, until), say)
    _warn(current(), settings)
    talk(lambda: current().pipeline)


@app.command("eval")
def evaluate(
    file: Annotated[Path, typer.Argument(help='Questions, one JSON object a line, with "answers" added.')],
    index: IndexOption = None,
    json_: JsonOption = False,
    misses: Annotated[bool, typer.Option("--misses", help="List what was answered wrong.")] = False,
    gate: Annotated[Path | None, typer.Option("--gate", help="What --json printed before: exit 1 where a figure is worse.")] = None,
    diagram: Annotated[Path | None, typer.Option("--diagram", help="Draw confidence against what was right: .png, .svg or .pdf.")] = None,
) -> None:
    """Measure the answers on your own questions."""
    from qabot import diagram as picture
    from qabot.evaluate import judged, read_questions, summary
    from qabot.gate import read_baseline, worse
    from qabot.lines import evaluate_rows
    from qabot.terminal import show_figures

    rows = read_questions(file)  # what can be wrong is told before the long part
    baseline = read_baseline(gate) if gate else None
    if diagram:
        picture.check_path(diagram)
    bot = _open(index)
    with bar("asking") as progress:
        results = evaluate_rows(rows, bot.pipeline, progress)
    figures = summary(results, bot.pipeline.sure)
    write_json(figures) if json_ else show_figures(figures, misses)
    if diagram:
        picture.draw(judged(results), diagram)
    failed = worse(figures, baseline) if baseline else []
    for line in failed:
        say(f"worse than {gate}: {line}")
    raise typer.Exit(1 if failed else 0)


@app.command()
def doctor(index: IndexOption = None, json_: JsonOption = False) -> None:
    """Check settings, index, articles, models, disk, clock and token; exit code 1 when something is wrong."""
    from qabot.doctor import Finding, findings, report

    found = []
    try:
        for finding in findings(_settings(index)):
            found.append(finding)
            if not json_:
                mended = f": {finding.fix}" if finding.fix else ""
                write(f"{_LEVELS[finding.level]}  {finding.text}{mended}")
    except QabotError as error:  # a setting that cannot be read stops everything
        if not json_:
            raise
        found.append(Finding("settings", "fail", str(error)))
    if json_:
        write_json(report(found))
    raise typer.Exit(0 if all(finding.good for finding in found) else 1)


@app.command("bot")
def discord_bot(index: IndexOption = None) -> None:
    """Answer in Discord, with the token in DISCORD_TOKEN; SIGTERM and Ctrl-C stop it when what was asked is answered."""
    from qabot.settings import check_names

    check_names()
    settings = _settings(index)
    from qabot.discord_bot.run import serve

    raise typer.Exit(serve(settings))


def _settings(index: str | None) -> "Settings":
    from qabot.settings import load_settings

    settings = load_settings()
    return settings.at(index) if index is not None else settings


def _open(index: str | None, scope: "Scope | None" = None) -> "Bot":
    """The bot, from the articles that are asked for, after one line of warning where an article is not what was indexed."""
    from qabot.wiring import open_bot

    settings = _settings(index)
    bot = open_bot(settings, scope, say)
    _warn(bot, settings)
    return bot


def _warn(bot: "Bot", settings: "Settings") -> None:
    from qabot.wiring import store_of

    changed = store_of(settings).changed_articles(bot.index.manifest)
    if changed:
        more = f" (and {len(changed) - 1} more)" if len(changed) > 1 else ""
        say(f"warning: {changed[0]}{more}; answers come from the older text: run `qabot build`")
