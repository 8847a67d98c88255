"""Averages the weights of readers that were trained from the same one.

    python -m qabot.training.averaging runs/a/model runs/b/model --output runs/average/model

Models fine-tuned from one start lie in one basin, and the mean of their weights is often better than each, at the cost of one
(Wortsman et al. 2022, "model soups"). All must have the same shapes; the first one's configuration and tokenizer are taken.
"""

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

_WEIGHTS = "model.safetensors"
_BESIDE = ("config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt")


def main() -> None:
    """Average, and say how far the models were apart."""
    parser = argparse.ArgumentParser(description="Average readers.")
    parser.add_argument("models", type=Path, nargs="+", help="folders that `qabot.training.reader` left")
    parser.add_argument("--shares", type=float, nargs="+", help="how much each counts (default: all the same)")
    parser.add_argument("--output", type=Path, required=True)
    given = parser.parse_args()
    shares = given.shares or [1.0] * len(given.models)
    if len(shares) != len(given.models):
        parser.error(f"{len(given.models)} models need as many shares, not {len(shares)}")
    print(f"{average(given.models, shares, given.output)} tensors, the mean of {len(given.models)} models -> {given.output}")


def average(models: Sequence[Path], shares: Sequence[float], output: Path) -> int:
    """Write the weighted mean of the models into `output`; returns the number of tensors. Raises ValueError where they differ in shape."""
    states = [load_file(folder / _WEIGHTS) for folder in models]
    mean = {}
    for name, first in states[0].items():
        tensors = [state.get(name) for state in states]
        if any(tensor is None or tensor.shape != first.shape for tensor in tensors) or len({len(state) for state in states}) > 1:
            raise ValueError(f"{name} is not in all models with the shape {tuple(first.shape)}: they were not trained from the same one")
        total = sum(share * tensor.double() for share, tensor in zip(shares, tensors, strict=True) if tensor is not None)
        mean[name] = (torch.as_tensor(total) / sum(shares)).to(first.dtype).contiguous()
    output.mkdir(parents=True, exist_ok=True)
    for name in _BESIDE:
        if (models[0] / name).exists():
            shutil.copyfile(models[0] / name, output / name)
    save_file(mean, output / _WEIGHTS, metadata={"format": "pt"})
    return len(mean)


if __name__ == "__main__":
    main()
