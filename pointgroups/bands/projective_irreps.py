r"""Irreps of a finite group up to a factor: D(g) D(h) = f(g, h) D(g h), with f of modulus 1.

The projective regular representation R(g) e_h = f(g, h) e_{gh} holds each such irrep of dimension d exactly d times. A
generic Hermitian matrix that commutes with all R(g) has different eigenvalues on all these copies, so each of its
eigenspaces carries one irrep. Such a matrix is Σ_g R(g) X R(g)^† with an arbitrary X.

Source: C. J. Bradley and A. P. Cracknell, The Mathematical Theory of Symmetry in Solids (1972), section 3.7.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

ComplexArray = NDArray[np.complex128]
IntArray = NDArray[np.int64]

_SAME = 1e-8  # relative difference of eigenvalues, or difference of characters, of one irrep
_SEEDS = 16


def projective_irreps(product: IntArray, factors: ComplexArray) -> list[ComplexArray]:
    """All irreps with a factor system, as unitary matrices (n, d, d); Σ d² = n. No two are equivalent.

    Args:
        product: (n, n) the group's table, element 0 the identity.
        factors: (n, n) f(g, h), with f(g, h) f(gh, k) = f(g, hk) f(h, k).
    """
    n = len(product)
    regular = np.zeros((n, n, n), dtype=np.complex128)
    g, h = np.indices((n, n))
    regular[g, product, h] = factors
    for seed in range(_SEEDS):
        found = _irreps_in(regular, np.random.default_rng(seed))
        if sum(irrep.shape[-1] ** 2 for irrep in found) == n:  # else two eigenvalues happened to be near
            return found
    raise AssertionError("a generic Hermitian matrix of the commutant tells the irreps apart")


def _irreps_in(regular: ComplexArray, rng: np.random.Generator) -> list[ComplexArray]:
    """The inequivalent irreps on the eigenspaces of a random Hermitian matrix that commutes with the representation."""
    n = len(regular)
    hermitian = rng.normal(size=(n, n)) + 1j * rng.normal(size=(n, n))
    hermitian += hermitian.conj().T
    invariant = np.mean(regular @ hermitian @ regular.conj().swapaxes(1, 2), axis=0)
    values, vectors = np.linalg.eigh(invariant)
    spaces = np.split(vectors, np.flatnonzero(np.diff(values) > _SAME * np.abs(values).max()) + 1, axis=1)
    found: list[ComplexArray] = []
    characters: list[ComplexArray] = []
    for space in spaces:
        irrep = space.conj().T @ regular @ space
        character = np.trace(irrep, axis1=1, axis2=2)
        if not any(np.abs(character - other).max() < n * _SAME for other in characters):
            found.append(irrep)
            characters.append(character)
    return found
