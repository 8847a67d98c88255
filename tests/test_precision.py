"""Master weights: what is rounded, what is not, and that the optimiser's small steps are kept."""

import pytest
import torch
from transformers import BertConfig, BertForQuestionAnswering

from qabot.training.precision import MasterWeights, quicker


@pytest.fixture
def model() -> BertForQuestionAnswering:
    """One layer of random weights."""
    torch.manual_seed(0)
    return BertForQuestionAnswering(
        BertConfig(vocab_size=32, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16)
    ).eval()


def test_the_layers_run_in_bfloat16_and_the_rest_in_float32(model: BertForQuestionAnswering) -> None:
    """Scores stay float32 and near those of the model as it was; its state is given back whole."""
    ids = torch.tensor([[2, 7, 3, 9, 10, 3]])
    before, state = model(ids).start_logits, {name: tensor.clone() for name, tensor in model.state_dict().items()}
    weights = MasterWeights(model)
    kinds = {name: parameter.dtype for name, parameter in model.named_parameters()}
    assert {kind for name, kind in kinds.items() if ".encoder." in name} == {torch.bfloat16}
    assert {kind for name, kind in kinds.items() if ".encoder." not in name} == {torch.float32}
    after = model(ids).start_logits
    assert after.dtype == torch.float32
    assert torch.allclose(before, after, atol=0.02)
    assert all(torch.equal(state[name], tensor) for name, tensor in weights.state_dict().items())


def test_steps_too_small_for_bfloat16_add_up(model: BertForQuestionAnswering) -> None:
    """A hundred steps of a thousandth part each move the live weight, though none of them alone is representable."""
    weights = MasterWeights(model)
    name = "bert.encoder.layer.0.output.dense.weight"
    live, master = dict(model.named_parameters())[name], weights.parameters[name]
    with torch.no_grad():
        master.fill_(1.0)
        weights.give_weights()
        for _ in range(100):
            master.mul_(1.001)
            weights.give_weights()
    assert live[0, 0].item() == pytest.approx(1.001**100, rel=0.004)
    model(torch.tensor([[2, 7, 3]]), start_positions=torch.tensor([1]), end_positions=torch.tensor([1])).loss.backward()
    weights.take_gradients()
    assert live.grad is None
    assert master.grad is not None
    assert master.grad.dtype == torch.float32


def test_in_float32_nothing_is_rounded_and_nothing_is_kept_twice(model: BertForQuestionAnswering) -> None:
    """Where bfloat16 would not be quicker the optimiser moves the model's own weights."""
    weights = MasterWeights(model, torch.float32)
    assert {parameter.dtype for parameter in model.parameters()} == {torch.float32}
    assert all(weights.parameters[name] is parameter for name, parameter in model.named_parameters())
    model(torch.tensor([[2, 7, 3]]), start_positions=torch.tensor([1]), end_positions=torch.tensor([1])).loss.backward()
    weights.take_gradients()
    weights.give_weights()
    assert all(parameter.grad is not None for name, parameter in model.named_parameters() if "encoder.layer" in name)


@pytest.mark.parametrize(
    ("capabilities", "kind"),
    [
        ({"avx512_f": True, "avx512_bf16": True}, torch.bfloat16),
        ({"avx512_f": True, "avx512_bf16": False}, torch.float32),
        ({}, torch.float32),
    ],
)
def test_a_cpu_is_given_bfloat16_for_its_instructions(
    monkeypatch: pytest.MonkeyPatch, capabilities: dict[str, bool], kind: torch.dtype
) -> None:
    """AVX-512 alone, which would only imitate it, is not enough; a GPU always has it."""
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities)
    assert quicker("cpu") == kind
    assert quicker("cuda") == torch.bfloat16
