"""Trains the extractive reader from the encoder's own weights.

    python -m qabot.training.reader --data FOLDER --output runs/reader

Every setting is in `recipes`. A run that was stopped goes on from its last checkpoint when the same command is given
again; the seed fixes the pairs and their order, so that it ends where an unbroken run ends. A GPU is used where there is
one. The folder that it leaves is a Hugging Face `AutoModelForQuestionAnswering` folder, with `curve.png` beside it.

Method: BERT's span head (Devlin et al. 2018) with the first token as "no answer" (SQuAD 2.0 recipe), AdamW, linear warm-up
and decay, bf16 autocast, batches of similar length. Does not choose the recipe: `evaluate` says which one was better.
"""

import argparse
import json
import random
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

from qabot.training.mixture import build_pairs
from qabot.training.precision import MasterWeights, quicker
from qabot.training.recipes import RECIPES, Recipe
from qabot.training.windows import Pair


def main() -> None:
    """Parse the command line, train, save, and print one JSON line."""
    parser = argparse.ArgumentParser(description="Train the extractive reader.")
    parser.add_argument("--data", type=Path, required=True, help="folder with squad/, squadshifts/, nq/ and splits.json")
    parser.add_argument("--output", type=Path, required=True, help="folder for the checkpoint and the trained reader")
    parser.add_argument("--backbone", help="model folder or hub name (default: the packaged encoder)")
    parser.add_argument("--compile", action="store_true", help="compile the layers first: two minutes, then about a tenth faster")
    parser.add_argument("--stop-at", type=int, help="end after this many steps, the learning rate at 0 there")
    parser.add_argument("--recipe", choices=sorted(RECIPES), default="first", help="the settings that follow are changes to it")
    for name, default in asdict(Recipe()).items():
        if not isinstance(default, dict):
            parser.add_argument(f"--{name.replace('_', '-')}", type=type(default))
    given = {name: value for name, value in vars(parser.parse_args()).items() if value is not None}
    data, output, backbone, stop_at = given.pop("data"), given.pop("output"), given.pop("backbone", None), given.pop("stop_at", None)
    compiled = given.pop("compile")
    recipe = replace(RECIPES[given.pop("recipe")], **given)
    run = Run(recipe, output, backbone or _packaged_backbone())
    if compiled:
        run.compile()
    run.train(build_pairs(data, run.recipe.shares, run.recipe.pairs, run.recipe.seed), stop_at)
    print(json.dumps(run.save()))


def _packaged_backbone() -> str:
    from qabot.encoder import packaged_folder

    return str(packaged_folder())


class Run:
    """One training run in one folder; resumes from the checkpoint that it finds there."""

    def __init__(self, recipe: Recipe, output: Path, backbone: str) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.output = recipe, output
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.tokenizer = AutoTokenizer.from_pretrained(backbone)
        self.model = _load(backbone, recipe.dropout, self.device)
        self.step, self.tokens, self.seconds = 0, 0, 0.0
        self.losses: list[float] = []
        output.mkdir(parents=True, exist_ok=True)
        state = self._resume()
        self.precision = quicker(self.device)
        self.weights = MasterWeights(self.model, self.precision)
        self.optimizer = torch.optim.AdamW(_groups(self.weights.parameters, recipe), lr=recipe.learning_rate, fused=True)
        if state is not None:
            self.optimizer.load_state_dict(state["optimizer"])

    def compile(self) -> None:
        """Have the layers compiled for this machine at their first use (TorchInductor, which wants a C++ compiler)."""
        for layer in self.model.base_model.encoder.layer:
            layer.compile(dynamic=True)

    def train(self, pairs: list[Pair], stop_at: int | None = None) -> None:
        """All passes over `pairs`, or `stop_at` steps of them, from the step that the checkpoint holds."""
        batches = _batches(pairs, self.recipe)[:stop_at]
        columns = (TextColumn("training"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("loss {task.fields[loss]}"))
        self.model.train()
        with Progress(*columns) as progress:
            bar = progress.add_task("train", total=len(batches), completed=self.step, loss="-")
            for batch in batches[self.step :]:
                began = time.perf_counter()
                self._rate(self.step / len(batches))
                self.losses.append(self._learn(batch))
                self.step += 1
                self.seconds += time.perf_counter() - began
                recent = self.losses[-50:]
                progress.update(bar, advance=1, loss=f"{sum(recent) / len(recent):.3f}")
                if self.step % self.recipe.checkpoint_every == 0:
                    self._checkpoint(len(batches))

    def save(self) -> dict[str, Any]:
        """Write the reader's folder, in half precision on disk, and the learning curve; returns the run's summary."""
        folder = self.output / "model"
        state = self.weights.state_dict()
        self.model.float().load_state_dict(state)
        self.model.half().save_pretrained(folder)
        self.tokenizer.backend_tokenizer.no_padding()  # else they would be saved as this run's last batch left them
        self.tokenizer.backend_tokenizer.no_truncation()
        self.tokenizer.save_pretrained(folder)
        _draw(self.losses, self.output / "curve.png")
        tail = self.losses[-100:] or [float("nan")]
        return {
            "steps": self.step,
            "loss": round(sum(tail) / len(tail), 4),
            "tokens_per_second": round(self.tokens / max(self.seconds, 1e-9)),
            "minutes": round(self.seconds / 60, 1),
            "device": self.device,
            "precision": str(self.precision).removeprefix("torch."),
            "recipe": asdict(self.recipe),
        }

    def _learn(self, batch: list[Pair]) -> float:
        inputs = _encode(self.tokenizer, batch, self.recipe.max_tokens, self.device)
        self.tokens += int(inputs["attention_mask"].sum())
        loss = self.model(**inputs).loss
        loss.backward()
        self.weights.take_gradients()
        torch.nn.utils.clip_grad_norm_(self.weights.parameters.values(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.weights.give_weights()
        return float(loss.detach())

    def _rate(self, done: float) -> None:
        rise, fall = done / self.recipe.warmup, (1 - done) / (1 - self.recipe.warmup)
        for group in self.optimizer.param_groups:
            group["lr"] = self.recipe.learning_rate * min(rise, fall)

    def _checkpoint(self, total: int) -> None:
        state = {
            "model": self.weights.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "tokens": self.tokens,
            "seconds": self.seconds,
            "losses": self.losses,
            "recipe": asdict(self.recipe),
        }
        fresh = self.output / "checkpoint.new"
        torch.save(state, fresh)
        fresh.replace(self.output / "checkpoint.pt")  # a stop while writing leaves the older one whole
        done = {"step": self.step, "of": total, "loss": self.losses[-1], "tokens_per_second": round(self.tokens / self.seconds)}
        with (self.output / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(done) + "\n")

    def _resume(self) -> dict[str, Any] | None:
        path = self.output / "checkpoint.pt"
        if not path.exists():
            return None
        state = torch.load(path, map_location=self.device, weights_only=True)
        if state["recipe"] != asdict(self.recipe):
            raise SystemExit(f"{path} is of another recipe: give the same settings, or another --output")
        self.model.load_state_dict(state["model"])
        self.step, self.tokens, self.seconds, self.losses = state["step"], state["tokens"], state["seconds"], state["losses"]
        return dict(state)


def _load(backbone: str, dropout: float, device: str) -> Any:
    """The backbone with a span head. On a CPU, plain attention is quicker to train than the fused kind at a passage's length."""
    attention = "sdpa" if device == "cuda" else "eager"
    return AutoModelForQuestionAnswering.from_pretrained(
        backbone,
        dtype=torch.float32,
        attn_implementation=attention,
        hidden_dropout_prob=dropout,
        attention_probs_dropout_prob=dropout,
    ).to(device)


def _groups(parameters: dict[str, torch.nn.Parameter], recipe: Recipe) -> list[dict[str, Any]]:
    """Weight decay on matrices only, as BERT was trained."""
    matrices = [parameter for parameter in parameters.values() if parameter.ndim > 1]
    others = [parameter for parameter in parameters.values() if parameter.ndim <= 1]
    return [{"params": matrices, "weight_decay": recipe.weight_decay}, {"params": others, "weight_decay": 0.0}]


def _batches(pairs: list[Pair], recipe: Recipe) -> list[list[Pair]]:
    """Batches of pairs of similar length, in random order; pools of 40 batches keep the mixing."""
    chance, batches = random.Random(recipe.seed), []
    pool_size = recipe.batch_size * 40
    for _ in range(recipe.epochs):
        order = pairs[:]
        chance.shuffle(order)
        for begin in range(0, len(order), pool_size):
            pool = sorted(order[begin : begin + pool_size], key=lambda pair: len(pair.question) + len(pair.context))
            cuts = [pool[i : i + recipe.batch_size] for i in range(0, len(pool), recipe.batch_size)]
            chance.shuffle(cuts)
            batches += cuts
    return batches


def _encode(tokenizer: Any, batch: list[Pair], max_tokens: int, device: str) -> dict[str, torch.Tensor]:
    """Model inputs with start and end positions; position 0, the first token, means "no answer"."""
    inputs = tokenizer(
        [pair.question for pair in batch],
        [pair.context for pair in batch],
        truncation="only_second",
        max_length=max_tokens,
        padding=True,
        pad_to_multiple_of=16,  # few shapes: kernels are kept for each, and gigabytes of them add up
        return_tensors="pt",
    )
    starts, ends = [], []
    for row, pair in enumerate(batch):
        first = inputs.char_to_token(row, pair.start, sequence_index=1) if pair.start >= 0 else 0
        last = inputs.char_to_token(row, pair.end - 1, sequence_index=1) if pair.start >= 0 else 0
        whole = first is not None and last is not None
        starts.append(first if whole else 0)
        ends.append(last if whole else 0)
    encoded = {name: tensor.to(device) for name, tensor in inputs.items()}
    return encoded | {"start_positions": torch.tensor(starts, device=device), "end_positions": torch.tensor(ends, device=device)}


def _draw(losses: list[float], path: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    smooth = [sum(losses[max(0, i - 49) : i + 1]) / len(losses[max(0, i - 49) : i + 1]) for i in range(len(losses))]
    figure, axes = pyplot.subplots(figsize=(7, 4))
    axes.plot(smooth)
    axes.set_xlabel("step")
    axes.set_ylabel("loss, mean of the last 50 steps")
    figure.tight_layout()
    figure.savefig(path, dpi=120)


if __name__ == "__main__":
    main()
