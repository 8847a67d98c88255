"""300 damaged documents a format: read, or refused in one line, within the time limit; never a crash.

    python -m benchmarks.fuzz [--documents 300] [--format mill.pdf ...]

Each document is a small real one, made on the spot, that is then cut off, has bytes changed, removed, repeated or swapped, is put under
another format's name, or is blown up or nested: deep tags, huge members, ZIPs in ZIPs. Prints, for each format, how many gave an article,
how many were refused, and the longest time; every article's sections must be slices of its text. Ends in one JSON line; exit code 1
where there was anything else, or where a document took longer than the limit allows.
"""

import argparse
import io
import json
import random
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from qabot import shelf
from qabot.errors import ArticleError
from qabot.loaders.limits import SILENT_SECONDS
from qabot.loaders.sandbox import Sandbox
from tests.documents import MAKERS, zipped

_PAGE = b"<mediawiki><page><title>T</title><ns>0</ns><revision><text>%s</text></revision></page></mediawiki>"

Change = Callable[[bytes, random.Random], bytes]


def main() -> None:
    """Make, harm, read."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--format", nargs="*", default=list(MAKERS), choices=list(MAKERS))
    arguments = parser.parse_args()
    print(f"{'':14}{'read':>7}{'refused':>9}{'otherwise':>11}{'longest, s':>12}")
    figures = {name: _format(name, arguments.documents, random.Random(f"{arguments.seed}{name}")) for name in arguments.format}
    failed = sum(row["otherwise"] for row in figures.values())
    print(json.dumps({"benchmark": "fuzz", "documents": arguments.documents, "formats": figures, "failed": failed}))
    sys.exit(1 if failed else 0)


def _format(name: str, documents: int, chance: random.Random) -> dict[str, float]:
    counts, longest, whole = Counter[str](), 0.0, MAKERS[name]()
    changes: list[Change] = [_cut_off, _mutated, _removed, _repeated, _swapped, _inside, _inside, _other_kind, _blown_up]
    with tempfile.TemporaryDirectory() as folder, Sandbox() as sandbox:
        path = Path(folder) / name
        for number in range(documents):
            change = changes[number % len(changes)]
            path.write_bytes(change(whole, chance))
            began = time.perf_counter()
            outcome = _outcome(path, sandbox)
            took = time.perf_counter() - began
            if outcome == "otherwise" or took > SILENT_SECONDS + 10:
                print(f"{name} {number} ({change.__name__}): {outcome} after {took:.1f} s")
                outcome = "otherwise"
            counts[outcome] += 1
            longest = max(longest, took)
    print(f"{name:14}{counts['read']:>7}{counts['refused']:>9}{counts['otherwise']:>11}{longest:>12.1f}", flush=True)
    return {**{key: counts[key] for key in ("read", "refused", "otherwise")}, "longest_s": round(longest, 1)}


def _outcome(path: Path, sandbox: Sandbox) -> str:
    try:
        articles = shelf.load([path], sandbox)
    except ArticleError as error:
        return "refused" if len(str(error).splitlines()) == 1 and str(path) in str(error) else "otherwise"
    except Exception as error:
        print(repr(error)[:300])
        return "otherwise"
    sound = all(0 <= s.start < s.end <= len(a.text) and a.text[s.start : s.end].strip() for a in articles for s in a.sections)
    return "read" if articles and sound else "otherwise"


def _cut_off(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _mutated(data: bytes, chance: random.Random) -> bytes:
    found = bytearray(data)
    for _ in range(chance.choice((1, 3, 30, 300))):
        found[chance.randrange(len(found))] = chance.randrange(256)
    return bytes(found)


def _removed(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.randint(1, 200) :]


def _repeated(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    end = min(len(data), start + chance.randint(1, 500))
    return data[:end] + data[start:end] * chance.choice((1, 10, 1000)) + data[end:]


def _swapped(data: bytes, chance: random.Random) -> bytes:
    a, b, c = sorted(chance.randrange(len(data) + 1) for _ in range(3))
    return data[:a] + data[b:c] + data[a:b] + data[c:]


def _inside(data: bytes, chance: random.Random) -> bytes:
    """A member of a ZIP is harmed, and the ZIP itself is whole: what stands in it reaches the parsers."""
    if not data.startswith(b"PK"):
        return _mutated(data, chance)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {member.filename: archive.read(member) for member in archive.infolist()}
    name = chance.choice([name for name, content in files.items() if content])
    return zipped(files | {name: chance.choice((_cut_off, _mutated, _removed, _repeated, _swapped))(files[name], chance)})


def _other_kind(_: bytes, chance: random.Random) -> bytes:
    return chance.choice([*(make() for make in MAKERS.values()), b"", b"\x00" * 1000, chance.randbytes(5000)])


def _blown_up(data: bytes, chance: random.Random) -> bytes:
    many = chance.choice((1_000, 100_000))
    return chance.choice([
        b"<html><body>" + b"<div>" * many + b"The mill burnt.",
        b"<html><body>" + b"<p>The mill burnt down in 1906.</p>" * many,
        _PAGE % (b"{{a|" * many), _PAGE % (b"[[" * many + b"'''" * many), b"<mediawiki>" + b"<page>" * many,
        b"[" * many, b"#" * many, b"> " * many, b"\n".join([b"- a"] * many), b"The mill burnt down in 1906. " * many,
        zipped({f"{n}.md": b"# T\n\nThe mill burnt." for n in range(min(many, 3_000))}),
        zipped({"a.zip": zipped({"b.zip": data}), "c.md": b"The mill burnt."}), zipped({"a.md": b"The mill burnt. " * many * 10}),
        zipped({"word/document.xml": b"<a>" * many, "[Content_Types].xml": b"<a>" * many, "META-INF/container.xml": b"<a>" * many}),
        b"%PDF-1.7\n" + b"1 0 obj\n<< /Kids [" * many, data * chance.choice((2, 100)),
    ])  # fmt: skip


if __name__ == "__main__":
    main()
