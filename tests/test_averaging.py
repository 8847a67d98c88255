"""The mean of models: tensor by tensor, refused where they do not match."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from qabot.training.averaging import average


def _model(folder: Path, value: float, shape: tuple[int, ...] = (2, 3), name: str = "layer.weight") -> Path:
    folder.mkdir()
    save_file({name: torch.full(shape, value, dtype=torch.float16)}, folder / "model.safetensors")
    (folder / "config.json").write_text(f'{{"value": {value}}}')
    return folder


def test_the_mean_by_shares(tmp_path: Path) -> None:
    """(3 x 1 + 1 x 5) / 4 = 2, in the models' own precision; the first one's configuration."""
    models = [_model(tmp_path / "a", 1.0), _model(tmp_path / "b", 5.0)]
    assert average(models, [3.0, 1.0], tmp_path / "mean") == 1
    found = load_file(tmp_path / "mean" / "model.safetensors")["layer.weight"]
    assert torch.equal(found, torch.full((2, 3), 2.0, dtype=torch.float16))
    assert (tmp_path / "mean" / "config.json").read_text() == '{"value": 1.0}'


@pytest.mark.parametrize(("shape", "name"), [((3, 2), "layer.weight"), ((2, 3), "other.weight")])
def test_models_that_do_not_match(tmp_path: Path, shape: tuple[int, ...], name: str) -> None:
    """Another shape, or another name."""
    models = [_model(tmp_path / "a", 1.0), _model(tmp_path / "b", 5.0, shape, name)]
    with pytest.raises(ValueError, match=r"layer\.weight is not in all models"):
        average(models, [1.0, 1.0], tmp_path / "mean")
