"""Training: splits, windows, negatives, and a run that is broken off ends where an unbroken one ends."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from qabot.training import reader
from qabot.training.mixture import RETRIEVED, WRONG_PARAGRAPH, build_pairs
from qabot.training.reader import Run, _batches
from qabot.training.recipes import Recipe
from qabot.training.squad import Question, articles, load_questions
from qabot.training.windows import Pair, cut

TOWNS = ["Paris", "Rome", "Oslo", "Lima", "Quito", "Bern", "Riga", "Kyiv"]


def _paragraph(town: str, answered: bool = True) -> dict[str, Any]:
    context = f"{town} has a river. The mayor of {town} is Mr {town}son. It is old."
    answers = [{"text": f"Mr {town}son", "answer_start": context.index("Mr ")}] if answered else []
    return {"context": context, "qas": [{"id": town, "question": f"Who is the mayor of {town}?", "answers": answers}]}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of the layout that training reads: two articles, the second for development."""
    articles = [
        {"title": "Train", "paragraphs": [_paragraph(town) for town in TOWNS]},
        {"title": "Dev", "paragraphs": [_paragraph("Cairo")]},
    ]
    (tmp_path / "squad").mkdir()
    (tmp_path / "squadshifts").mkdir()
    (tmp_path / "squad" / "train-v1.1.json").write_text(json.dumps({"data": articles}))
    (tmp_path / "squadshifts" / "new_wiki.json").write_text(json.dumps({"data": articles[1:]}))
    (tmp_path / "squadshifts" / "reddit.json").write_text(
        json.dumps({"data": [{"title": "r", "paragraphs": [_paragraph(f"{town}{n}") for n in range(3) for town in TOWNS]}]})
    )
    (tmp_path / "splits.json").write_text(json.dumps({"squad_dev_titles": ["Dev"], "new_wiki_dev_titles": ["Dev"]}))
    return tmp_path


def test_an_article_is_its_paragraphs_with_empty_lines_between() -> None:
    """In order, each once, however many questions it has."""
    asked = [
        Question(str(n), "squad", title, f" {text}\n", "?", (), True)
        for n, (title, text) in enumerate([("T", "a"), ("T", "b"), ("U", "a"), ("T", "a")])
    ]
    assert [(found.title, found.text) for found in articles(asked)] == [("T", "a\n\nb"), ("U", "a")]


def test_development_parts_are_kept_out(data: Path) -> None:
    """By title, or every tenth paragraph; no pair of a development part is trained on."""
    assert [q.dev for q in load_questions(data, "squad")] == [False] * 8 + [True]
    assert [n for n, q in enumerate(load_questions(data, "reddit")) if q.dev] == [0, 10, 20]
    pairs = build_pairs(data, {"squad": 0.5, "new_wiki": 0.5}, 100, 1)
    assert len(pairs) == 8
    assert not any("Cairo" in pair.context for pair in pairs)


def test_a_gold_answer_that_points_beside_itself_is_left_out(data: Path) -> None:
    """Wrong offsets teach the wrong thing."""
    path = data / "squad" / "train-v1.1.json"
    path.write_text(path.read_text().replace('"answer_start": ', '"answer_start": 1'))
    assert load_questions(data, "squad") == []


@pytest.mark.parametrize("kind", [WRONG_PARAGRAPH, RETRIEVED])
def test_made_negatives_do_not_hold_the_answer(data: Path, kind: str) -> None:
    """A question on another paragraph: no answer is marked, and none stands there."""
    pairs = [pair for pair in build_pairs(data, {"squad": 0.5, kind: 0.5}, 16, 3) if pair.start < 0]
    assert pairs
    for pair in pairs:
        town = pair.question.removesuffix("?").split()[-1]
        assert f"{town}son" not in pair.context


def test_the_same_seed_gives_the_same_pairs(data: Path) -> None:
    """And another seed another order."""
    shares = {"squad": 0.6, WRONG_PARAGRAPH: 0.2, RETRIEVED: 0.2}
    assert build_pairs(data, shares, 12, 5) == build_pairs(data, shares, 12, 5)
    assert build_pairs(data, shares, 12, 5) != build_pairs(data, shares, 12, 6)


@given(st.lists(st.text(alphabet="ab\u00e9\U0001f600.", min_size=1, max_size=6), min_size=1, max_size=400), st.integers(), st.data())
def test_a_window_holds_its_answer(words: list[str], seed: int, data: st.DataObject) -> None:
    """60-160 words around any answer; the marked characters are the answer's."""
    context = " ".join(words)
    start = data.draw(st.integers(0, len(context) - 1).filter(lambda n: context[n] != " "))
    end = data.draw(st.integers(start + 1, min(len(context), start + 40)).filter(lambda n: context[n - 1] != " "))
    question = Question("1", "squad", "T", context, "Q?", ((context[start:end], start),), False)
    pair = cut(question, random.Random(seed))
    assert pair.context[pair.start : pair.end] == context[start:end]
    assert len(pair.context.split()) <= 160 + 1 + len(context[start:end].split())


def _tiny(folder: Path) -> str:
    """A reader of one layer with random weights, for counting steps only."""
    from transformers import BertConfig, BertForQuestionAnswering, BertTokenizerFast

    torch.manual_seed(0)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz?"]
    BertTokenizerFast(vocab={word: number for number, word in enumerate(words)}).save_pretrained(folder)
    config = BertConfig(vocab_size=32, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16)
    BertForQuestionAnswering(config).save_pretrained(folder)
    return str(folder)


@pytest.mark.parametrize("kind", [torch.float32, torch.bfloat16])
def test_a_broken_run_ends_where_an_unbroken_one_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: torch.dtype) -> None:
    """Stopped after its first checkpoint and started again, it reaches the same weights; another recipe is refused."""
    monkeypatch.setattr(reader, "quicker", lambda device: kind)
    for name in ("backbone", "whole", "broken"):
        (tmp_path / name).mkdir()
    backbone = _tiny(tmp_path / "backbone")
    recipe = Recipe(pairs=24, batch_size=4, learning_rate=0.01, checkpoint_every=2, warmup=0.1)
    pairs = [Pair("a b?", f"{letter} b c d", 0, 1) for letter in "efghijklmnopqrstuvwxyzab"]
    whole = Run(recipe, tmp_path / "whole", backbone)
    torch.manual_seed(1)
    whole.model.config.hidden_dropout_prob = 0.0
    _without_dropout(whole)
    whole.train(pairs)
    first = Run(recipe, tmp_path / "broken", backbone)
    _without_dropout(first)
    learn, count = first._learn, iter(range(100))

    def stop(batch: list[Pair]) -> float:
        if next(count) == 3:
            raise KeyboardInterrupt
        return learn(batch)

    monkeypatch.setattr(first, "_learn", stop)
    with pytest.raises(KeyboardInterrupt):
        first.train(pairs)
    second = Run(recipe, tmp_path / "broken", backbone)
    assert second.step == 2
    _without_dropout(second)
    second.train(pairs)
    assert second.step == whole.step == len(_batches(pairs, recipe))
    for ours, theirs in zip(second.model.parameters(), whole.model.parameters(), strict=True):
        assert torch.equal(ours, theirs)
    summary = second.save()
    assert summary["steps"] == 6
    assert f"torch.{summary['precision']}" == str(kind)
    assert (tmp_path / "broken" / "model" / "model.safetensors").is_file()
    assert (tmp_path / "broken" / "curve.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(SystemExit, match="another recipe"):
        Run(Recipe(pairs=25), tmp_path / "broken", backbone)


def _without_dropout(run: Run) -> None:
    """Dropout draws from a global stream, which a restart cannot give back."""
    for module in run.model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0


def test_every_layer_is_compiled_for_any_length(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In place, so that the weights keep their names; once for all lengths, since each new one would be compiled again."""
    (tmp_path / "backbone").mkdir()
    run = Run(Recipe(), tmp_path / "run", _tiny(tmp_path / "backbone"))
    names, asked = set(run.weights.state_dict()), []
    monkeypatch.setattr(torch.nn.Module, "compile", lambda layer, **options: asked.append((layer, options)))
    run.compile()
    assert asked == [(layer, {"dynamic": True}) for layer in run.model.base_model.encoder.layer]
    assert set(run.weights.state_dict()) == names
