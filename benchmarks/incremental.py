"""One sentence of a shelf of 1,000 passages is changed: how much is encoded again, and how long does the rebuild take?

    python -m benchmarks.incremental [--edits 200]

With the shipped encoder, on one shelf: a full build, then a rebuild after one sentence is replaced, both without loading the model
(which both need). Then many edits at random places with an encoder that needs no model, each against the state before it, where only
the count matters. Prints a table and one JSON line; exit code 1 where an edit encodes more than 3 passages or a rebuild takes 5 % or more.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from benchmarks.shelf import LetterEncoder, count_words, made_article
from qabot.build import Changes, build
from qabot.chunking import Chunking, SentenceSplitter
from qabot.encoder import PACKAGED
from qabot.records import Article, Section
from qabot.sentences import sentences
from qabot.settings import load_settings
from qabot.stages import Encoder
from qabot.wiring import load_encoder

_ARTICLES, _SECTIONS, _SENTENCES = 50, 4, 32  # about 5 passages a section


def main() -> None:
    """Build, change, build again."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edits", type=int, default=200)
    arguments = parser.parse_args()
    shelf = [made_article(number, _SECTIONS, _SENTENCES) for number in range(_ARTICLES)]
    chance = random.Random(1)
    encoder = load_encoder(PACKAGED, load_settings().cache)
    with tempfile.TemporaryDirectory() as name:
        splitter = SentenceSplitter(encoder.count_tokens, Chunking())
        changes, full = _timed(shelf, Path(name), splitter, encoder)
        rebuilds = [_timed(_edited(shelf, chance), Path(name), splitter, encoder) for _ in range(3)]
    share = max(seconds for _, seconds in rebuilds) / full
    again = [found.encoded for found, _ in rebuilds]
    counts = _counts(shelf, chance, arguments.edits)
    took = ", ".join(f"{seconds:.2f} s" for _, seconds in rebuilds)
    print(f"{changes.encoded} passages; full build {full:.1f} s; rebuilds {took} ({share:.1%} at most)")
    print(f"encoded again: {again}; over {arguments.edits} more edits: {dict(sorted(counts.items()))}")
    most = max(*again, *counts)
    figures = {"passages": changes.encoded, "full_s": round(full, 2), "rebuild_s": round(share * full, 3), "share": round(share, 4)}
    print(json.dumps({"benchmark": "incremental", **figures, "edits": arguments.edits + 3, "most_encoded": most, "counts": dict(counts)}))
    sys.exit(1 if most > 3 or share >= 0.05 else 0)


def _timed(shelf: list[Article], folder: Path, splitter: SentenceSplitter, encoder: Encoder) -> tuple[Changes, float]:
    began = time.perf_counter()
    changes = build(shelf, folder, splitter, encoder, Chunking()).changes
    return changes, time.perf_counter() - began


def _counts(shelf: list[Article], chance: random.Random, edits: int) -> Counter[int]:
    """How many edits encode how many passages again; each edit is built on the one before."""
    counts, encoder, splitter = Counter[int](), LetterEncoder(), SentenceSplitter(count_words, Chunking())
    with tempfile.TemporaryDirectory() as name:
        _timed(shelf, Path(name), splitter, encoder)
        for _ in range(edits):
            shelf = _edited(shelf, chance)
            counts[_timed(shelf, Path(name), splitter, encoder)[0].encoded] += 1
    return counts


def _edited(shelf: list[Article], chance: random.Random) -> list[Article]:
    """The shelf with one sentence replaced by another, of 4 to 24 words."""
    place = chance.randrange(len(shelf))
    article = shelf[place]
    begin, end = chance.choice(sentences(article.text))
    new = f"This is now {' '.join(chance.choice(('a', 'new', 'quiet', 'line')) for _ in range(chance.randint(1, 21)))}."
    moved = len(new) - (end - begin)
    text = article.text[:begin] + new + article.text[end:]
    bounds = tuple(Section(s.path, s.start + moved * (s.start > begin), s.end + moved * (s.end > begin)) for s in article.sections)
    changed = replace(article, text=text, sections=bounds, sha256=sha256(text.encode()).hexdigest())
    return [*shelf[:place], changed, *shelf[place + 1 :]]


if __name__ == "__main__":
    main()
