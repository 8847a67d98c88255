"""The command line as a user meets it: whole processes, exit codes, one line for each mistake."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qabot import store
from qabot.encoder import PACKAGED
from qabot.faiss_index import FaissIndex
from qabot.keyword_index import Bm25Index
from qabot.reader import EMBEDDED
from qabot.wiring import load_encoder, load_reader
from tests.conftest import ROOT, LetterEncoder, article, passage
from tests.site import serving


@pytest.fixture(autouse=True, scope="module")
def _compiled(cache: Path) -> None:
    """Both models, so that no command says that it compiles them."""
    load_encoder(PACKAGED, cache)
    load_reader(EMBEDDED, cache)


def _run(*args: str, stdin: bytes = b"", cwd: Path = ROOT, **env: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", "from qabot.cli import main; main()", *args]
    return subprocess.run(command, input=stdin, capture_output=True, cwd=cwd, env={**os.environ, **env}, timeout=120, check=False)


def _one_line(done: subprocess.CompletedProcess[bytes], *words: str) -> None:
    """Exit code 1, nothing on stdout, one line on stderr with all `words`, no traceback."""
    error = done.stderr.decode()
    assert (done.returncode, done.stdout) == (1, b""), error
    assert len(error.strip().splitlines()) == 1, error
    assert error.startswith("qabot: ")
    assert all(word in error for word in words), error


def test_json_is_all_that_is_printed() -> None:
    """`ask --json` prints one object by the contract and nothing else on either stream."""
    done = _run("ask", "Who overthrew Torres?", "--json")
    reply = json.loads(done.stdout)
    assert list(reply) == ["id", "question", "read_as", "answer", "confidence", "alternatives", "sources", "timing_ms"]
    source = reply["sources"][0]
    assert source["excerpt"][source["answer_start"] : source["answer_end"]] == reply["answer"]
    assert list(source) == [
        "title", "section", "path", "page", "url", "start", "end", "excerpt", "answer_start", "answer_end", "score",
    ]  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")


def test_people_see_answer_sentence_and_place() -> None:
    """The plain output has the answer first, then its sentence, section and offsets, without colour codes."""
    out = _run("ask", "Who overthrew Torres?").stdout.decode()
    assert out.splitlines()[0].endswith("Hugo Banzer")
    assert "Exile and murder" in out
    assert "data/juan-jose-torres.md:" in out
    assert "\x1b" not in out


def test_a_terminal_gets_colours_unless_it_asks_for_none() -> None:
    """FORCE_COLOR stands for a terminal; NO_COLOR takes the colours away."""
    assert b"\x1b[1;32m" in _run("ask", "Who overthrew Torres?", FORCE_COLOR="1", TERM="xterm").stdout
    assert b"32m" not in _run("ask", "Who overthrew Torres?", FORCE_COLOR="1", NO_COLOR="1", TERM="xterm").stdout


@pytest.mark.parametrize("question", ["", "  ", "\u200b\u202e", "?"])
def test_an_empty_question(question: str) -> None:
    """Nothing asked: one line."""
    _one_line(_run("ask", question), "empty")


def test_an_index_that_is_not_there(tmp_path: Path) -> None:
    """The command that builds it is named."""
    _one_line(_run("ask", "Who?", "--index", str(tmp_path / "none")), "does not exist", "qabot build")


def test_rollback(tmp_path: Path) -> None:
    """Nothing to go back to: one line; after two builds the first answers again, and --list marks it."""
    _one_line(_run("rollback", "--index", str(tmp_path / "none")), "does not exist")
    made = []
    for text in ("old words", "new words"):
        vectors, words = FaissIndex.from_vectors(LetterEncoder().encode([text])), Bm25Index.from_texts([text])
        made.append(store.publish(tmp_path, [article(text)], [passage(text)], vectors, words, "letters", "0" * 64, {}).generation)
    assert made[0] in _run("rollback", "--index", str(tmp_path)).stderr.decode()
    listed = _run("rollback", "--list", "--index", str(tmp_path)).stdout.decode().splitlines()
    assert [line[:14] for line in listed] == [f"  {made[1]}", f"* {made[0]}"]
    _one_line(_run("rollback", "--index", str(tmp_path)), "no earlier generation", made[1])


def test_a_setting_that_cannot_be() -> None:
    """The setting is named."""
    _one_line(_run("ask", "Who?", QABOT_PASSAGES="many"), "PASSAGES")


def test_a_reader_that_is_not_there() -> None:
    """The setting is named."""
    _one_line(_run("ask", "Who?", QABOT_READER="/none"), "QABOT_READER")


@pytest.mark.parametrize("args", [(), ("ask",), ("ask", "Who?", "--jsonl", "x"), ("ask", "--nope"), ("unknown",)])
def test_wrong_usage_is_2(args: tuple[str, ...]) -> None:
    """Usage mistakes exit with 2 and no traceback."""
    done = _run(*args)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_bad_articles_and_questions(tmp_path: Path) -> None:
    """Missing, empty, binary and non-UTF-8 articles, and a missing questions' file: one line each, no index made."""
    (tmp_path / "empty.md").write_text(" \n")
    (tmp_path / "binary.txt").write_bytes(b"a\x00b")
    (tmp_path / "latin.txt").write_bytes("caf\u00e9".encode("latin-1"))
    index = str(tmp_path / "index")
    for name, word in {"none.md": "none.md", "empty.md": "empty", "binary.txt": "binary", "latin.txt": "UTF-8"}.items():
        _one_line(_run("build", str(tmp_path / name), "--index", index), word)
    assert not (tmp_path / "index").exists()
    _one_line(_run("ask", "--jsonl", str(tmp_path / "none.jsonl")), "none.jsonl")
    _one_line(_run("eval", str(tmp_path / "none.jsonl")), "none.jsonl")


def test_build_ask_change_doctor(tmp_path: Path) -> None:
    """An article of one's own is built and asked; when it changes, `ask` warns in one line and `doctor` exits with 1."""
    path, index = tmp_path / "mill.md", str(tmp_path / "index")
    path.write_text("# The mill\n\nThe mill was built in 1894 by a brewer named Anna Koch. It burnt down in 1906.\n", encoding="utf-8")
    assert _run("build", str(path), "--index", index).returncode == 0
    reply = json.loads(_run("ask", "When did the mill burn down?", "--json", "--index", index).stdout)
    assert reply["sources"][0]["title"] == "The mill"
    assert path.read_text()[reply["sources"][0]["start"] : reply["sources"][0]["end"]] == reply["sources"][0]["excerpt"]
    assert _run("doctor", "--index", index).returncode == 0
    path.write_text("# The mill\n\nAnother text.\n", encoding="utf-8")
    done = _run("ask", "When did the mill burn down?", "--json", "--index", index)
    assert (done.returncode, len(done.stderr.decode().strip().splitlines())) == (0, 1)
    assert b"has changed" in done.stderr
    assert json.loads(done.stdout)
    done = _run("doctor", "--index", index)
    assert done.returncode == 1
    assert b"FAIL" in done.stdout
    done = _run("doctor", "--index", index, "--json", QABOT_PASSAGES="many")
    assert (done.returncode, json.loads(done.stdout)["findings"][0]["name"]) == (1, "settings")


def test_text_prints_what_offsets_count_in(tmp_path: Path) -> None:
    """The article's text and nothing else; several of one file are told apart on stderr; what cannot be read is one line."""
    done = _run("text", "data/juan-jose-torres.md")
    assert (done.returncode, done.stdout, done.stderr) == (0, (ROOT / "data" / "juan-jose-torres.md").read_bytes(), b"")
    (tmp_path / "a.jsonl").write_text('{"title": "A", "text": "One."}\n{"title": "B", "text": "Two."}\n')
    done = _run("text", str(tmp_path / "a.jsonl"))
    assert (done.stdout, len(done.stderr.splitlines())) == (b"One.Two.", 2)
    _one_line(_run("text", str(tmp_path / "none.pdf")), "none.pdf")


def test_build_says_what_changed(tmp_path: Path) -> None:
    """Added, changed, removed; a dry run writes nothing."""
    index = tmp_path / "index"
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(f"The mill of {name} was built in 1894.")
    done = _run("build", str(tmp_path), "--index", str(index), "--dry-run").stderr.decode()
    assert "articles: 2 added, 0 changed, 0 removed, 0 unchanged; passages: 2 to encode, 0 kept" in done
    assert not index.exists()
    _run("build", str(tmp_path), "--index", str(index))
    (tmp_path / "a.md").unlink()
    (tmp_path / "b.md").write_text("The mill of b.md was built in 1895.")
    lines = _run("build", str(tmp_path), "--index", str(index)).stderr.decode().splitlines()
    assert lines[:2] == [f"~ {tmp_path}/b.md", f"- {tmp_path}/a.md"]
    assert lines[2] == "articles: 0 added, 1 changed, 1 removed, 0 unchanged; passages: 1 encoded, 0 kept"
    assert _run("build", "--watch", "--full").returncode == 2


def test_lines_in_lines_out() -> None:
    """Order is kept, a malformed line has its error in its place, and the exit code is 1 at the end."""
    stdin = b'{"id": "a", "question": "Who overthrew Torres?"}\nnonsense\n{"id": "b", "question": "When was he born?"}\n'
    done = _run("ask", "--jsonl", "-", stdin=stdin)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["id"] for line in lines] == ["a", None, "b"]
    assert "error" in lines[1]
    assert (done.returncode, done.stderr) == (1, b"")


def test_chat_over_a_pipe() -> None:
    """Follow-ups, /sources and /quit work; what follows /quit is not read."""
    done = _run("chat", stdin=b"Who overthrew him?\n/sources\n/what\n/quit\nWho?\n")
    out = done.stdout.decode()
    assert done.returncode == 0
    assert "read as: Who overthrew Juan Jos\u00e9 Torres?" in out
    assert "1. Juan Jos\u00e9 Torres" in out


def test_eval_prints_figures_draws_them_and_holds_the_gate(tmp_path: Path) -> None:
    """One right, one wrongly expected: the shares say so, the miss is listed on request; a better baseline closes the gate."""
    path, baseline, picture = tmp_path / "q.jsonl", tmp_path / "baseline.json", tmp_path / "diagram.png"
    path.write_text('{"id": "1", "question": "Who overthrew Torres?", "answers": ["Hugo Banzer", "Colonel Hugo Banzer"]}\n'
                    '{"id": "2", "question": "Who overthrew Torres?", "answers": ["Napoleon"]}\n')  # fmt: skip
    figures = json.loads(_run("eval", str(path), "--json", "--diagram", str(picture)).stdout)
    assert figures["right"] == 0.5
    assert [miss["id"] for miss in figures["misses"]] == ["2"]
    assert picture.read_bytes().startswith(b"\x89PNG")
    baseline.write_text(json.dumps(figures))
    done = _run("eval", str(path), "--misses", "--gate", str(baseline))
    assert (done.returncode, b"missed 2" in done.stdout) == (0, True)
    figures["right"], figures["intervals"]["right"] = 0.9, [0.8, 1.0]
    baseline.write_text(json.dumps(figures))
    done = _run("eval", str(path), "--gate", str(baseline))
    assert done.returncode == 1
    assert done.stderr.decode().strip().splitlines()[-1] == (
        f"worse than {baseline}: right is 50.0%, the baseline 90.0% (at least 80.0% within its interval)"
    )
    _one_line(_run("eval", str(path), "--gate", str(path)), "--json")
    _one_line(_run("eval", str(path), "--diagram", str(tmp_path / "x.txt")), ".png")


@pytest.mark.skipif(sys.platform == "win32", reason="signals and pipes are POSIX's here")
def test_ctrl_c_and_a_closed_pipe() -> None:
    """Ctrl-C exits with 130; a reader that goes away ends it; neither shows a traceback."""
    command = [sys.executable, "-c", "from qabot.cli import main; main()", "ask", "--jsonl", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b'{"question": "Who overthrew Torres?"}\n')
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
        assert process.stderr is not None
        assert process.stderr.read() == b""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stdin is not None
        process.stdin.write(b'{"question": "Who overthrew Torres?"}\n' * 3)
        process.stdin.close()
        assert process.wait(60) == 1
        assert process.stderr is not None
        assert process.stderr.read() == b""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX's")
def test_a_killed_build_leaves_the_old_index(tmp_path: Path) -> None:
    """A build that is killed at several moments leaves an index that answers."""
    index = str(tmp_path / "index")
    assert _run("build", "data", "--index", index).returncode == 0
    command = [sys.executable, "-c", "from qabot.cli import main; main()", "build", "data", "--index", index]
    for delay in (0.5, 2.0, 4.0):
        with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
            time.sleep(delay)
            process.kill()
        assert json.loads(_run("ask", "Who overthrew Torres?", "--json", "--index", index).stdout)["answer"]


def test_a_page_is_fetched_once_and_built_ever_after(tmp_path: Path) -> None:
    """Kept below the data folder, cited by its address; without a network the next build changes nothing; refused without the setting."""
    data, index = tmp_path / "data", tmp_path / "index"
    with serving() as site:
        args = ("build", "--index", str(index), "--url", f"{site.base}/moved")
        _one_line(_run(*args, QABOT_DATA=str(data)), "leads to 127.0.0.1", "QABOT_URL_PRIVATE=true")
        assert not data.exists()
        done = _run(*args, QABOT_DATA=str(data), QABOT_URL_PRIVATE="true")
        assert (done.returncode, b"+ " in done.stderr) == (0, True), done.stderr
        address = f"{site.base}/mill"
    again = _run("build", "--index", str(index), QABOT_DATA=str(data))
    assert b"0 added, 0 changed, 0 removed, 1 unchanged" in again.stderr
    reply = json.loads(_run("ask", "When did the mill burn down?", "--json", "--index", str(index)).stdout)
    assert "1906" in reply["answer"]
    assert {source["url"] for source in reply["sources"]} == {address}


@pytest.mark.parametrize("option", ["--url", "--sitemap"])
def test_an_address_that_is_none(option: str, tmp_path: Path) -> None:
    """One line, before anything is loaded; with --dry-run wrong usage."""
    args = ("build", "--index", str(tmp_path / "index"), option, "x.org")
    _one_line(_run(*args, QABOT_DATA=str(tmp_path / "data")), "'x.org' is no address of the web")
    assert _run(*args, "--dry-run").returncode == 2


def test_only_articles_of_a_time(tmp_path: Path) -> None:
    """`--since` and `--until` choose among articles that say otherwise; the date stands with the place; a date that is none is one line."""
    for year, mayor in {"2019": "Anna Koch", "2024": "Otto Braun"}.items():
        (tmp_path / f"{year}.md").write_text(f"---\ntitle: Torgau\ndate: {year}-05-03\n---\n\nThe mayor of Torgau is {mayor}.\n")
    index = ("--index", str(tmp_path / "index"))
    assert _run("build", str(tmp_path), *index).returncode == 0
    asked = ("ask", "Who is the mayor of Torgau?", *index)
    assert "Otto Braun" in _run(*asked, "--since", "2020").stdout.decode().splitlines()[0]
    old = _run(*asked, "--until", "2019-05").stdout.decode()
    assert "Anna Koch" in old.splitlines()[0]
    assert "Torgau, 2019-05-03 (" in old
    _one_line(_run(*asked, "--since", "yesterday"), "--since 'yesterday' is no date", "2024-05")
    _one_line(_run(*asked, "--since", "2030"), "no article is --since 2030", "2019-05-03, 2024-05-03")
