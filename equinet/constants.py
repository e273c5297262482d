"""Generated constants of a layer: exact to the module's precision, and never in its ``state_dict``.

A buffer that was rounded to float32 once stays wrong by 1e-8 after ``module.double()``. Here the float64 array that
made the buffer is kept, and a change of precision makes the buffer anew from it, so that a layer is equivariant to the
rounding of the precision it runs in, whatever precisions it had before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn


class ConstantModule(nn.Module):
    """A module with constants derived from its constructor arguments alone.

    >>> class Scale(ConstantModule):
    ...     factor: Tensor
    ...
    ...     def __init__(self) -> None:
    ...         super().__init__()
    ...         self.register_constant("factor", np.array([1 / 3]))
    >>> scale = Scale().float().double()
    >>> scale.factor.item() == 1 / 3, dict(scale.state_dict())
    (True, {})
    """

    def __init__(self) -> None:
        super().__init__()
        self._exact: dict[str, NDArray[np.float64]] = {}

    def register_constant(self, name: str, array: NDArray[np.float64]) -> None:
        """Make ``self.name`` a non-persistent buffer that follows ``.to()`` and is rounded only once."""
        self._exact[name] = array
        self.register_buffer(name, torch.tensor(array, dtype=torch.get_default_dtype()), persistent=False)

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> Self:
        before = {name: self.get_buffer(name).dtype for name in self._exact}
        super()._apply(fn, recurse)  # type: ignore[no-untyped-call]
        for name, dtype in before.items():
            moved = self.get_buffer(name)
            if moved.dtype != dtype:
                setattr(self, name, torch.tensor(self._exact[name], dtype=moved.dtype, device=moved.device))
        return self
