"""txtai: its embeddings index and its question pipeline, with the same weights and passages.

    python txtai_peer.py ENCODER READER PASSAGES.jsonl K         then a question a line on stdin, a JSON object a line on stdout

Passages are encoded once into PASSAGES.jsonl.txtai/, so that a later start only loads them.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any


def main() -> None:
    """Load, then answer line by line."""
    encoder, reader, path, k = sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
    from txtai import Embeddings
    from txtai.pipeline import Questions

    passages = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    saved = path.with_name(path.name + ".txtai")
    index = Embeddings(path=encoder, gpu=False)
    if saved.exists():
        index.load(str(saved))
    else:
        index.index((number, f"{p['title']}\n{p['text']}", None) for number, p in enumerate(passages))
        index.save(str(saved))
    questions = Questions(path=reader, gpu=False)
    for line in sys.stdin:
        began = time.perf_counter()
        question = line.strip()
        contexts = [passages[number]["text"] for number, _ in index.search(question, k)]
        answer = next((answer for context in contexts if (answer := _answer(questions, question, context))), "")
        print(json.dumps({"answer": answer, "ms": (time.perf_counter() - began) * 1000}), flush=True)


def _answer(questions: Any, question: str, context: str) -> str | None:
    """One passage's answer. The pipeline does not know readers that can say "no answer": it fails where they do."""
    try:
        return questions([question], [context])[0]  # type: ignore[no-any-return]
    except TypeError:
        return None


if __name__ == "__main__":
    main()
