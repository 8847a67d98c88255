"""Mixed precision by master weights (Micikevicius et al. 2018): the layers in bfloat16, what the optimiser moves in float32.

Autocast casts every weight and activation again at each step; layers that stay in bfloat16 do not, which measured 1.3 times the
tokens a second on a CPU. The embeddings and the span head stay in float32: a frequent word's gradient is a sum of thousands
of small terms, which bfloat16 would swallow. Knows models with an `encoder` under their base model, as BERT, RoBERTa and ELECTRA.

A CPU without bfloat16 instructions takes dozens of times longer in it than in float32: `quicker` tells which kind this one is.
"""

from typing import Any

import torch

_Tensors = dict[str, torch.Tensor]


def quicker(device: str) -> torch.dtype:
    """bfloat16 on a GPU and on a CPU with instructions for its products, else float32.

    Asked of the hardware and not of a clock, which would take one kind today and the other tomorrow: a run that is started
    again on the same machine must go on in the precision that it began in. Those of x86 were measured; others get float32.
    """
    return torch.bfloat16 if device == "cuda" or torch.cpu.get_capabilities().get("avx512_bf16", False) else torch.float32


class MasterWeights:
    """The float32 weights of a model whose encoder layers run in `low`, bfloat16 or, with nothing to keep apart, float32."""

    def __init__(self, model: Any, low: torch.dtype = torch.bfloat16) -> None:
        self._model = model
        encoder = model.base_model.encoder
        halved = {id(parameter) for parameter in encoder.parameters()} if low == torch.bfloat16 else set()
        self._halved = [name for name, parameter in model.named_parameters() if id(parameter) in halved]
        masters = {name: parameter.detach().clone() for name, parameter in model.named_parameters() if id(parameter) in halved}
        if halved:
            encoder.to(torch.bfloat16)
            encoder.register_forward_pre_hook(_to_bfloat16, with_kwargs=True)
            encoder.register_forward_hook(_to_float32)
        self._live = dict(model.named_parameters())
        self.parameters: dict[str, torch.nn.Parameter] = {
            name: torch.nn.Parameter(masters[name]) if name in masters else parameter for name, parameter in self._live.items()
        }

    def take_gradients(self) -> None:
        """Move the gradients of the bfloat16 weights to their masters."""
        for name in self._halved:
            gradient = self._live[name].grad
            self.parameters[name].grad = None if gradient is None else gradient.float()
            self._live[name].grad = None

    @torch.no_grad()
    def give_weights(self) -> None:
        """Round the masters into the bfloat16 weights."""
        for name in self._halved:
            self._live[name].copy_(self.parameters[name])

    @torch.no_grad()
    def state_dict(self) -> _Tensors:
        """The model's state with every weight in float32."""
        state: _Tensors = dict(self._model.state_dict())
        return state | {name: self.parameters[name].detach() for name in self._halved}


def _to_bfloat16(_: Any, positional: tuple[Any, ...], named: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    return tuple(_halve(value) for value in positional), {name: _halve(value) for name, value in named.items()}


def _halve(value: Any) -> Any:
    return value.to(torch.bfloat16) if isinstance(value, torch.Tensor) and value.is_floating_point() else value


def _to_float32(_: Any, __: tuple[Any, ...], output: Any) -> Any:
    output.last_hidden_state = output.last_hidden_state.float()
    return output
