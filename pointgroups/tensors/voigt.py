r"""Symmetric pairs of indices as one index: Voigt's matrices, and Mandel's, which keep lengths.

A symmetric pair xx, yy, zz, yz, xz, xy becomes one index I = 1 … 6. A component T_{…ij…} is written

    Voigt    T_{…I…} = 2^s T_{…ij…} ,      s = the number of strain-like indices I with i ≠ j ,
    Mandel   T_{…I…} = √2^p T_{…ij…} ,     p = the number of all pairs with i ≠ j .

Strain-like indices are those of strain ε_4 = 2 ε_yz, of compliance (S_44 = 4 S_yzyz) and of the piezoelectric d
(d_14 = 2 d_xyz); stress, stiffness and the piezoelectric e have none. Then σ_I = C_IJ ε_J, and the matrices of C and S
are inverse to each other. Mandel's factors make the map an isometry: the Frobenius norm of the matrix is that of the
tensor, and a rotation acts on it by an orthogonal matrix.

Source: J. F. Nye, Physical Properties of Crystals (1985), ch. VIII; J. Mandel, Int. J. Solids Struct. 1, 273 (1965).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pointgroups.exact import read_only

from .catalogue import TENSORS, VOIGT, NamedTensor, named_tensor
from .decomposition import checked_tensors

FloatArray = NDArray[np.float64]
_ASYMMETRY = 1e-6


@dataclass(frozen=True)
class _Layout:
    """Which tensor indices every matrix index stands for, and which of these are strain-like."""

    places: tuple[tuple[int, ...], ...]
    strain_like: tuple[bool, ...]

    @property
    def rank(self) -> int:
        return sum(map(len, self.places))

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(3 if len(p) == 1 else 6 for p in self.places)

    @cached_property
    def entry(self) -> NDArray[np.int64]:
        """For every tensor component, in row-major order, the number of its matrix entry."""
        indices = [
            tuple(word[p[0]] if len(p) == 1 else VOIGT[word[p[0]], word[p[1]]] - 1 for p in self.places)
            for word in itertools.product(range(3), repeat=self.rank)
        ]
        return np.asarray(np.ravel_multi_index(tuple(np.transpose(indices)), self.shape), dtype=np.int64)

    @cached_property
    def first(self) -> NDArray[np.int64]:
        """For every matrix entry the first tensor component that it stands for."""
        return np.unique(self.entry, return_index=True)[1].astype(np.int64)

    def voigt_factors(self) -> FloatArray:
        """Matrix entry / tensor component by Voigt, one for every matrix entry."""
        return self._factors([2.0 if s else 1.0 for s in self.strain_like])

    def mandel_factors(self) -> FloatArray:
        """Matrix entry / tensor component by Mandel."""
        return self._factors([np.sqrt(2.0)] * len(self.places))

    def _factors(self, shear: Sequence[float]) -> FloatArray:
        total = np.ones(())
        for length, factor in zip(self.shape, shear, strict=True):
            one = np.ones(length)
            one[3:] = factor
            total = np.multiply.outer(total, one)
        return total.ravel()

    def contract(self, tensors: ArrayLike, factors: FloatArray) -> FloatArray:
        values = checked_tensors(tensors, self.rank)
        lead = values.shape[: values.ndim - self.rank]
        flat = values.reshape(*lead, 3**self.rank)
        matrix = flat[..., self.first]
        lost = np.abs(flat - matrix[..., self.entry]).max(initial=0.0)
        if lost > _ASYMMETRY * np.abs(flat).max(initial=0.0):
            raise ValueError(
                f"a pair of indices that becomes one is not symmetric: entries differ by {lost:.3g}; symmetrise first"
            )
        return read_only((matrix * factors).reshape(*lead, *self.shape))

    def expand(self, matrices: ArrayLike, factors: FloatArray) -> FloatArray:
        values = np.asarray(matrices, dtype=np.float64)
        n = len(self.shape)
        if values.ndim < n or values.shape[values.ndim - n :] != self.shape:
            shape = "".join(f", {k}" for k in self.shape)
            raise ValueError(f"matrices of this tensor have shape (…{shape}), not {values.shape}")
        if not np.all(np.isfinite(values)):
            raise ValueError("a matrix has entries that are not finite numbers")
        lead = values.shape[: values.ndim - n]
        flat = values.reshape(*lead, len(factors)) / factors
        return read_only(flat[..., self.entry].reshape(*lead, *(3,) * self.rank))


def _layout(tensor: str | NamedTensor, strain_like: Sequence[bool] | None) -> _Layout:
    if isinstance(tensor, str) and re.fullmatch(r"[a-z]{1,2}(,[a-z]{1,2})*", tensor) and tensor not in TENSORS:
        words = tensor.split(",")
        letters = "".join(words)
        if len(set(letters)) != len(letters):
            raise ValueError(f"{tensor!r} names an index twice; write different letters, such as 'ij,kl'")
        places = tuple(tuple(letters.index(c) for c in word) for word in words)
        marks = (False,) * len(words) if strain_like is None else tuple(bool(s) for s in strain_like)
        if len(marks) != len(words) or any(s and len(w) == 1 for s, w in zip(marks, words, strict=True)):
            raise ValueError(f"strain_like has one mark for each index of {tensor!r}, true for pairs only; got {marks}")
        return _Layout(places, marks)
    if strain_like is not None:
        raise ValueError(f"{tensor!r} has its convention from the catalogue; strain_like goes with layouts as 'ij,kl'")
    named = named_tensor(tensor)
    return _Layout(named.places, named.strain_like)


def to_voigt(tensors: ArrayLike, tensor: str | NamedTensor, strain_like: Sequence[bool] | None = None) -> FloatArray:
    """Tensors (…, 3, …, 3) as Voigt matrices: (…, 6), (…, 3, 6), (…, 6, 6) ….

    Args:
        tensors: symmetric in each pair that becomes one index.
        tensor: a name of the catalogue, which fixes the factors, or a layout: "ij" (6), "i,jk" (3, 6), "ij,k" (6, 3),
            "ij,kl" (6, 6) ….
        strain_like: with a layout, for each matrix index whether a shear pair carries a factor 2; by default none does.

    Raises:
        ValueError: a wrong shape, entries that are not finite, or a pair that is not symmetric.

    >>> to_voigt([[1.0, 0.3, 0.0], [0.3, 2.0, 0.0], [0.0, 0.0, 3.0]], "ij", strain_like=[True]).tolist()
    [1.0, 2.0, 3.0, 0.0, 0.0, 0.6]
    """
    layout = _layout(tensor, strain_like)
    return layout.contract(tensors, layout.voigt_factors())


def from_voigt(matrices: ArrayLike, tensor: str | NamedTensor, strain_like: Sequence[bool] | None = None) -> FloatArray:
    """Tensors (…, 3, …, 3) from Voigt matrices; the inverse of :func:`to_voigt`, with the same arguments.

    Raises:
        ValueError: a wrong shape or entries that are not finite.

    >>> import numpy as np
    >>> float(from_voigt(np.eye(6), "compliance")[1, 2, 1, 2])  # S_2323 = S_44/4
    0.25
    """
    layout = _layout(tensor, strain_like)
    return layout.expand(matrices, layout.voigt_factors())


def to_mandel(tensors: ArrayLike, tensor: str | NamedTensor) -> FloatArray:
    """Tensors (…, 3, …, 3) as Mandel matrices, √2 for every shear pair: Frobenius norms stay.

    Args:
        tensors: symmetric in each pair that becomes one index.
        tensor: a name of the catalogue or a layout, as for :func:`to_voigt`.

    Raises:
        ValueError: a wrong shape, entries that are not finite, or a pair that is not symmetric.

    >>> to_mandel([[1.0, 2.0, 0.0], [2.0, 0.0, 0.0], [0.0, 0.0, 0.0]], "ij").round(6).tolist()
    [1.0, 0.0, 0.0, 0.0, 0.0, 2.828427]
    """
    layout = _layout(tensor, None)
    return layout.contract(tensors, layout.mandel_factors())


def from_mandel(matrices: ArrayLike, tensor: str | NamedTensor) -> FloatArray:
    """Tensors (…, 3, …, 3) from Mandel matrices; the inverse of :func:`to_mandel`.

    Raises:
        ValueError: a wrong shape or entries that are not finite.

    >>> import numpy as np
    >>> identity = from_mandel(np.eye(6), "ij,kl")  # (δ_ik δ_jl + δ_il δ_jk)/2
    >>> round(float(identity[0, 1, 0, 1]), 12)
    0.5
    """
    layout = _layout(tensor, None)
    return layout.expand(matrices, layout.mandel_factors())
