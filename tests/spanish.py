"""An article in Spanish, questions on it, and an encoder and a reader that know nothing else: trained to it within seconds."""

import re
from collections.abc import Sequence
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from transformers import BertConfig, BertForQuestionAnswering, BertModel, BertTokenizerFast

from qabot.records import Passage

ARTICLE = """---
title: El faro de Peña Brava
url: https://x.org/faro
---

El faro de Peña Brava se levanta sobre un acantilado de la costa norte, a media hora a pie del pueblo. Desde su balcón se ven la bahía
entera y las islas de los pescadores. Todavía guía a los barcos en las noches de niebla.

## Construcción

La Dra. Inés Muñoz Ibáñez fundó la junta que reunió el dinero de los vecinos. La torre fue diseñada por el Ing. Tomás Güell, que la hizo
de piedra caliza. Las obras terminaron en marzo de 1887, dos años más tarde de lo previsto, porque el invierno se llevó el camino.

## Los fareros

El primer farero se llamaba Andrés Cañizares y vivió allí con su familia durante treinta años. Su hija Begoña aprendió a encender la
lámpara a los nueve años. Cuando él enfermó, ella cuidó la luz sola, y nadie en el puerto lo supo hasta la primavera.

## El naufragio

En la noche del 4 de enero de 1912 la goleta «Jazmín» chocó contra los bajos del oeste. La tripulación se salvó gracias a una cuerda que
lanzó un pastor. La campana del barco cuelga hoy en la escuela del pueblo.
"""

ANSWERS = {
    "¿Quién diseñó la torre del faro?": "Tomás Güell",
    "¿Quiénes fundaron la junta?": "Inés Muñoz Ibáñez",
    "¿De qué está hecha la torre?": "piedra caliza",
    "¿Cuándo terminaron las obras?": "marzo de 1887",
    "¿Cómo se llamaba el primer farero?": "Andrés Cañizares",
    "¿Qué barco chocó contra los bajos?": "«Jazmín»",
    "¿Dónde cuelga la campana del barco?": "en la escuela del pueblo",
}
UNANSWERABLE = ("¿Cuánto pesa la lámpara del faro?", "¿Quién pintó el puerto?")

_LETTERS = "abcdefghijklmnopqrstuvwxyzáéíóúüñ0123456789"
_SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def make_encoder(folder: Path, passages: Sequence[Passage]) -> Path:
    """A Sentence Transformers folder whose questions lie near the passages that hold their answers."""
    torch.manual_seed(1)
    base = folder / "base"
    _tokenizer().save_pretrained(base)
    BertModel(_config()).save_pretrained(base)
    transformer = Transformer(str(base), max_seq_length=256)
    model = SentenceTransformer(modules=[transformer, Pooling(_config().hidden_size)], device="cpu")
    homes = [next(place for place, passage in enumerate(passages) if answer in passage.text) for answer in ANSWERS.values()]
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3)
    for _ in range(25):
        asked, said = (
            torch.nn.functional.normalize(model(model.preprocess(texts))["sentence_embedding"], dim=-1)
            for texts in (list(ANSWERS), [passage.embedded_text for passage in passages])
        )
        loss = torch.nn.functional.cross_entropy(10 * asked @ said.T, torch.tensor(homes))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    model.save(str(folder / "encoder"))
    return folder / "encoder"


def make_reader(folder: Path, passages: Sequence[Passage]) -> Path:
    """A reader's folder: for each question and passage the words of the answer, or none."""
    torch.manual_seed(2)
    tokenizer = _tokenizer()
    model = BertForQuestionAnswering(_config())
    pairs = [(question, passage) for question in (*ANSWERS, *UNANSWERABLE) for passage in passages]
    texts = [f"{passage.title}\n{passage.text}" for _, passage in pairs]
    rows = tokenizer([question for question, _ in pairs], texts, padding=True, return_tensors="pt")
    starts, ends = [], []
    for number, (question, _) in enumerate(pairs):
        answer = ANSWERS.get(question, "")
        at = texts[number].find(answer) if answer else -1
        starts.append(rows.char_to_token(number, at, 1) if at >= 0 else 0)
        ends.append(rows.char_to_token(number, at + len(answer) - 1, 1) if at >= 0 else 0)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    targets = {"start_positions": torch.tensor(starts), "end_positions": torch.tensor(ends)}
    for _ in range(400):
        loss = model(**rows, **targets).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if loss.item() < 0.005:
            break
    tokenizer.save_pretrained(folder / "reader")
    model.eval().save_pretrained(folder / "reader")
    return folder / "reader"


def _tokenizer() -> BertTokenizerFast:
    """Word pieces of the article and the questions, accents kept, and single letters for everything else."""
    words = sorted(set(re.findall(r"\w+|[^\w\s]", " ".join([ARTICLE, *ANSWERS, *UNANSWERABLE]).lower())))
    pieces = list(dict.fromkeys([*_SPECIAL, *words, *_LETTERS, *(f"##{letter}" for letter in _LETTERS)]))
    return BertTokenizerFast(vocab={piece: n for n, piece in enumerate(pieces)}, strip_accents=False)


def _config() -> BertConfig:
    size = len(_tokenizer())
    return BertConfig(
        vocab_size=size, hidden_size=64, num_hidden_layers=2, num_attention_heads=4, intermediate_size=128, hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )  # fmt: skip
