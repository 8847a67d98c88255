"""Question + passages -> scored spans, with an extractive question-answering model.

Each passage is read in overlapping windows where it is longer than the model reads. Spans of all windows are compared by their
margin over their own window's null score, the score of the first token, as in SQuAD 2.0's recipe (Rajpurkar et al. 2018),
and share one distribution with "no answer". Does not decide whether to answer: `confidence` does.
"""

from collections.abc import Iterator, Sequence
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from tokenizers import Encoding, Tokenizer

from qabot.definition import asked_name, definition, is_name, is_who, kind_of, part_of_it
from qabot.errors import ModelError
from qabot.evidence import impossible
from qabot.headings import told_under
from qabot.language import DEFAULT
from qabot.lifespan import asked_date, beside, date_of_life, of_another
from qabot.models import MODEL, TOKENIZER, Model
from qabot.polar import asks_for_sentence, deciding
from qabot.records import Hit, Scores, Span
from qabot.sentences import sentences
from qabot.session import Forward, Rows, Session, tokens
from qabot.spans import Joint, best_spans, merge
from qabot.stopping import read_until_settled
from qabot.trimming import in_date, trim
from qabot.wording import kind_asked

EMBEDDED = "embedded"
_MAX_TOKENS, _STRIDE = 384, 128
_QUESTION_TOKENS = 64
_ANSWER_TOKENS = 30
_SPANS_PER_WINDOW = 5
# An answer that its sentence's form gives away has a clear one's margin and logit, at least. Of 122 questions of SQuAD, `new_wiki` and
# Natural Questions whose paragraph has the definition that they ask for in this form, it overlaps enough with the annotator's words for 82.
_CLEAR_MARGIN, _CLEAR_LOGIT = 10.0, 22.0


class ExtractiveReader:
    """A model that maps one row of tokens to start and end logits. `joint` says how spans of different passages compare.

    The tokenizer becomes its own.
    """

    def __init__(self, forward: Forward, tokenizer: Tokenizer, top: int = 5, workers: int = 1, joint: Joint = Joint()) -> None:  # noqa: B008
        self._rows, self._top, self._joint, self._workers = Rows(forward, workers), top, joint, workers
        self._paired = tokenizer
        self._asked: Tokenizer | None = None
        self._paired.no_padding()  # a tokenizer comes with the settings of its last use
        self._paired.enable_truncation(_MAX_TOKENS, stride=_STRIDE, strategy="only_second")

    @classmethod
    def from_model(cls, model: Model, workers: int = 1, joint: Joint = Joint()) -> "ExtractiveReader":  # noqa: B008
        """Load a compiled model."""
        return cls(Session(model.folder / MODEL), Tokenizer.from_file(str(model.folder / TOKENIZER)), workers=workers, joint=joint)

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """Up to `top` spans, likeliest first, no two of one place or of the same words; of as many of the hits as are needed."""
        found = read_until_settled(hits, lambda some: self.candidates(question, some), self._joint, self._workers)
        return merge(found, self._joint)[: self._top]

    def candidates(self, question: str, hits: Sequence[Hit]) -> list[list[Span]]:
        """The best spans of each hit, of all its windows, in no order, before they are compared."""
        prefixes = [f"{hit.passage.title}\n" for hit in hits]
        windows = self._windows(question, hits, prefixes) if hits else []
        outputs = iter(self._rows.run([tokens(window.ids, window.type_ids) for own in windows for window in own]))
        found = []
        for hit, prefix, own in zip(hits, prefixes, windows, strict=True):
            spans = [span for window in own for span in _spans(question, hit, len(prefix), window, *next(outputs))]
            found.append(_by_rules(question, hit, spans) if hit.passage.language == DEFAULT else spans)
        return found

    def _windows(self, question: str, hits: Sequence[Hit], prefixes: Sequence[str]) -> list[list[Encoding]]:
        """The token windows of each hit, the question in each."""
        cut = self._cut(question)
        found = self._paired.encode_batch([(cut, prefix + hit.passage.text) for hit, prefix in zip(hits, prefixes, strict=True)])
        return [[first, *first.overflowing] for first in found]

    def _cut(self, question: str) -> str:
        """The question's first tokens, as many as are read."""
        if len(question.encode()) < _QUESTION_TOKENS:  # no token is shorter than a byte
            return question
        if self._asked is None:  # a tokenizer takes a while to make
            asked = Tokenizer.from_str(self._paired.to_str())
            asked.enable_truncation(_QUESTION_TOKENS)
            self._asked = asked
        kept = self._asked.encode(question, add_special_tokens=False)
        return question[: kept.offsets[-1][1]] if kept.offsets else question


def _spans(question: str, hit: Hit, skipped: int, window: Encoding, starts: Scores, ends: Scores) -> Iterator[Span]:
    """The best spans of one window, trimmed; its first `skipped` characters are the title, which is read and never answered with."""
    offsets = np.asarray(window.offsets) - skipped
    context = np.array([part == 1 for part in window.sequence_ids])
    allowed = context & (offsets[:, 0] >= 0)
    text = hit.passage.text
    bounds = sentences(text, hit.passage.language)
    firsts = [start for start, _ in bounds]
    sentence = np.where(allowed, np.searchsorted(firsts, offsets[:, 0], side="right"), -1)
    null = float(starts[0] + ends[0])
    for span in best_spans(starts, ends, sentence, _ANSWER_TOKENS, _SPANS_PER_WINDOW):
        where = bounds[max(0, int(sentence[span.start]) - 1)] if bounds else (0, len(text))
        start, end = trim(question, text, int(offsets[span.start, 0]), int(offsets[span.end, 1]), where)
        yield Span(hit, start, end, span.score, null)


def _by_rules(question: str, hit: Hit, spans: list[Span]) -> list[Span]:
    """The spans without what cannot be an answer, and with one that a form gives away; sentences for yes or no, and under a heading."""
    under = told_under(question, hit.passage) if spans else None
    if under is not None:
        return [_given(hit, under, max(span.null for span in spans))]
    if spans and asks_for_sentence(question):
        return deciding(question, hit, spans)
    if kind_asked(question) == "number":
        spans = [span for span in spans if not in_date(hit.passage.text, span.start, span.end)]
    text = hit.passage.text
    spans = [span for span in spans if not impossible(question, span.text) and not beside(question, text, span.start, span.end)]
    return _known_by_form(question, hit, spans) if spans else spans


def _known_by_form(question: str, hit: Hit, spans: list[Span]) -> list[Span]:
    text, name, dated = hit.passage.text, asked_name(question), asked_date(question)
    if name is None and dated is None:
        return spans
    bounds, null = sentences(text, hit.passage.language), max(span.null for span in spans)
    if dated is not None:
        found = date_of_life(question, *dated, text, bounds)
        spans = [span for span in spans if not of_another(dated[0], text, span.start)]
        return spans if found is None else [_given(hit, found, null), *spans]
    assert name is not None
    spans = [span for span in spans if not part_of_it(question, name, text, span.start, span.end)]
    if is_who(question) and (is_name(name) or name.lower() in hit.passage.title.lower()):
        spans = [span for span in spans if not is_name(span.text)]  # another's name, or more of the same
    said = definition(name, text, bounds)
    if said is None:
        example = None if is_who(question) else kind_of(name, text, bounds)
        return spans if example is None else [_given(hit, example, null), *spans]
    (start, stop), place = said
    kept = [span for span in spans if span.end <= start or stop <= span.start]
    return [_given(hit, place, null), *kept]


def _given(hit: Hit, ends: tuple[int, int], null: float) -> Span:
    """What a form gives away, as clear as it makes it."""
    return Span(hit, *ends, max(null + _CLEAR_MARGIN, _CLEAR_LOGIT), null)


def reader_folder(name: str) -> Path | None:
    """The folder of a reader, embedded or given; None for a hub name. Raises ModelError when the embedded one is missing."""
    if name != EMBEDDED:
        return Path(name) if Path(name).is_dir() else None
    with as_file(files("qabot") / "weights" / "reader") as folder:
        if not (folder / "model.safetensors").is_file():
            raise ModelError(f"the embedded reader is missing from {folder}: install qabot again, or set QABOT_READER to a reader's folder")
        return folder
