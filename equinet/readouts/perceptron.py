r"""The small network at the end of a readout.

    f(x) = W₂ c σ(W₁ x + b₁) + b₂       or, without hidden units,  f(x) = W x + b ,

σ = SiLU, c such that c σ of a unit normal variable has unit second moment.
"""

from __future__ import annotations

import math

from torch import Tensor, nn

from equinet.layers.activation import moment_scale


class Perceptron(nn.Module):
    """One hidden layer (formula above); inputs of unit variance give outputs of unit variance at the start.

    Args:
        inputs: length of x.
        width: hidden units; 0 makes f linear.
        outputs: length of f(x).

    Raises:
        ValueError: for inputs or outputs below 1, or a negative width.

    >>> import torch
    >>> Perceptron(8, 32, 6)(torch.randn(5, 8)).shape
    torch.Size([5, 6])
    """

    def __init__(self, inputs: int, width: int, outputs: int) -> None:
        super().__init__()
        if inputs < 1 or outputs < 1 or width < 0:
            raise ValueError(
                "a network has at least 1 input and 1 output, and a width ≥ 0;"
                f" got {inputs} inputs, {outputs} outputs, width {width}"
            )
        self.hidden = _dense(inputs, width) if width else None
        self.output = _dense(width or inputs, outputs)
        self._scale = moment_scale(nn.functional.silu)

    def forward(self, features: Tensor) -> Tensor:
        """Map (…, inputs) to (…, outputs)."""
        if self.hidden is not None:
            features = self._scale * nn.functional.silu(self.hidden(features))
        values: Tensor = self.output(features)
        return values


def _dense(inputs: int, outputs: int) -> nn.Linear:
    """x ↦ W x + b with unit variance kept and b = 0 at the start."""
    layer = nn.Linear(inputs, outputs)
    nn.init.normal_(layer.weight, std=1 / math.sqrt(inputs))
    nn.init.zeros_(layer.bias)
    return layer
