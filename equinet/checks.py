"""Checks of values, as opposed to shapes, inside a layer.

A shape is known while a program is traced; a value is not, and on a GPU looking at one makes the host wait.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch._C._functorch import is_batchedtensor


def require(condition: Tensor, message: str) -> None:
    """Raise unless every entry of a boolean tensor is true.

    Under ``torch.compile``, ``torch.export`` and ``torch.func.vmap`` there are no values to look at, and nothing is
    checked; on a GPU the check runs there, behind the program, and ends the process's use of that GPU when it fails.

    Raises:
        ValueError: with the message, on the CPU.

    >>> require(torch.tensor([True, False]), "a length is positive")
    Traceback (most recent call last):
        ...
    ValueError: a length is positive
    """
    if torch.compiler.is_compiling() or is_batchedtensor(condition):
        return
    if condition.device.type != "cpu":
        torch._assert_async(condition.all(), message)
    elif not bool(condition.all()):
        raise ValueError(message)
