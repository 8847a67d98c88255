"""The encoder: unit vectors, the same whatever the batch, and only the published weights."""

from pathlib import Path

import numpy as np
import pytest

from qabot.encoder import PACKAGED, check_packaged, packaged_folder
from qabot.errors import ModelError
from qabot.stages import Encoder
from qabot.wiring import load_encoder


@pytest.fixture(scope="module")
def packaged(cache: Path) -> Encoder:
    """The packaged model, loaded once."""
    return load_encoder(PACKAGED, cache)


def test_unit_vectors_in_the_order_of_the_texts(packaged: Encoder) -> None:
    """Shape, length 1, and each row is what its text gives alone."""
    texts = ["A short one.", "Something that is a good deal longer than the others are, so that sorting moves it.", "", "x"]
    seen: list[int] = []
    vectors = packaged.encode(texts, seen.append)
    assert vectors.shape == (4, 384)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert sum(seen) == 4
    for row, text in enumerate(texts):
        assert float(vectors[row] @ packaged.encode([text])[0]) == pytest.approx(1.0, abs=1e-6)


def test_nearer_in_meaning_is_nearer(packaged: Encoder) -> None:
    """A paraphrase is nearer than another topic."""
    question, near, far = packaged.encode(["Who deposed him?", "He was overthrown by a colonel.", "Otters eat fish."])
    assert question @ near > question @ far


def test_word_pieces_are_counted_uncut(packaged: Encoder) -> None:
    """Two special tokens and one a word, beyond what the model reads too."""
    assert packaged.count_tokens("word " * 1000) == 1002
    assert packaged.max_tokens == 256


def test_other_weights_are_refused() -> None:
    """A package whose weights are not the published ones is named, with the command that mends it."""
    with pytest.raises(ModelError, match=r"53aa51172d14.*force-reinstall"):
        check_packaged("53aa51172d14" + "0" * 52)


def test_a_local_folder_loads(packaged: Encoder, cache: Path) -> None:
    """Any Sentence Transformers folder serves; the weights' hash is the file's."""
    other = load_encoder(str(packaged_folder()), cache)
    assert other.weights_sha256 == packaged.weights_sha256


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    """A folder without a model is one line that names the setting."""
    with pytest.raises(ModelError, match="QABOT_ENCODER"):
        load_encoder(str(tmp_path / "none"), tmp_path)
