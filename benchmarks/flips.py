"""One byte of an index's files is changed: is it noticed, or harmless?

    python -m benchmarks.flips [--flips 2000] [--index DIR]

Positions are drawn evenly over all bytes of all files of a copy of the index, and each byte is replaced by another one. Noticed: the
load is refused in one line. Harmless: it loads, and passages, vectors, words and the answers' ranking are the same. Otherwise: a
crash, or another answer. Ends in one JSON line; exit code 1 where anything is otherwise.
"""

import argparse
import json
import random
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from qabot import store
from qabot.errors import QabotError

_ASKED = ("Who overthrew Torres?", "When was he born?", "Which university did he reopen?")


def main() -> None:
    """Copy, flip, load, mend."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--flips", type=int, default=2000)
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    chance, counts, files = random.Random(arguments.seed), Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "index"
        shutil.copytree(arguments.index, folder)
        whole = _state(folder)
        paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        sizes = [path.stat().st_size for path in paths]
        for path in chance.choices(paths, weights=sizes, k=arguments.flips):
            outcome = _flipped(path, chance, folder, whole)
            counts[outcome] += 1
            files[f"{path.relative_to(folder).as_posix()}: {outcome}"] += 1
    for key, count in sorted(files.items()):
        print(f"{count:6}  {key}")
    figures = {key: counts[key] for key in ("noticed", "harmless", "otherwise")}
    print(json.dumps({"benchmark": "flips", "flips": arguments.flips, "bytes": sum(sizes), **figures}))
    sys.exit(1 if counts["otherwise"] else 0)


def _flipped(path: Path, chance: random.Random, folder: Path, whole: tuple[object, ...]) -> str:
    kept = path.read_bytes()
    place = chance.randrange(len(kept))
    path.write_bytes(kept[:place] + bytes([kept[place] ^ chance.randint(1, 255)]) + kept[place + 1 :])
    try:
        return "harmless" if _state(folder) == whole else "otherwise"
    except QabotError as error:
        return "noticed" if len(str(error).splitlines()) == 1 else "otherwise"
    except Exception as error:
        print(f"{path.name} at {place}: {error!r}")
        return "otherwise"
    finally:
        path.write_bytes(kept)


def _state(folder: Path) -> tuple[object, ...]:
    index = store.load(folder)
    vectors = index.vectors.vectors()
    ranked = index.vectors.search(vectors[:3], 5), [index.words.search(question, 5) for question in _ASKED]
    return index.manifest, index.passages, vectors.tobytes(), str(ranked)


if __name__ == "__main__":
    main()
