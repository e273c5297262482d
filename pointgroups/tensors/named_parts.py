"""The parts of low-rank tensors by their usual names, each with the formula that rebuilds the tensor.

Formulas of A. Heilman's slides ("Tensor Prediction"), with two corrections: the vector of an antisymmetric tensor has
ℓ = 1, and the traceless part b of a piezoelectric tensor contracts ε with the second and third index of A: A is
symmetric in the first two, and ε contracted with a symmetric pair vanishes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .decomposition import checked_tensors, decompose

FloatArray = NDArray[np.float64]

EPSILON = np.zeros((3, 3, 3))
EPSILON[0, 1, 2] = EPSILON[1, 2, 0] = EPSILON[2, 0, 1] = 1.0
EPSILON[0, 2, 1] = EPSILON[2, 1, 0] = EPSILON[1, 0, 2] = -1.0
EPSILON.flags.writeable = False
METRIC = np.eye(3)
METRIC.flags.writeable = False


@dataclass(frozen=True, eq=False)
class RankTwoParts:
    """T_ij = R_ij + s g_ij/3 + ε_ijk a_k/2, for leading axes (…).

    Attributes:
        symmetric: S_ij = (T_ij + T_ji)/2. ``antisymmetric``: A_ij = (T_ij − T_ji)/2.
        trace: s = g_ij S_ij, ℓ = 0. ``vector``: a_i = ε_ijk A_jk, ℓ = 1. ``residue``: R = S − s g/3, ℓ = 2.
    """

    symmetric: FloatArray
    antisymmetric: FloatArray
    trace: FloatArray
    vector: FloatArray
    residue: FloatArray

    def rebuild(self) -> FloatArray:
        """The tensors (…, 3, 3)."""
        scalar = self.trace[..., None, None] * METRIC / 3
        return np.asarray(self.residue + scalar + np.einsum("ijk,...k->...ij", EPSILON, self.vector) / 2)


def rank_two_parts(tensors: ArrayLike) -> RankTwoParts:
    """Scalar, vector and traceless symmetric part of tensors (…, 3, 3).

    >>> parts = rank_two_parts([[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 3.0]])
    >>> float(parts.trace), parts.vector.tolist()
    (3.0, [0.0, 0.0, 2.0])
    """
    t = checked_tensors(tensors, 2)
    swapped = np.swapaxes(t, -1, -2)
    symmetric, antisymmetric = (t + swapped) / 2, (t - swapped) / 2
    trace = np.einsum("...ii->...", symmetric)
    return RankTwoParts(
        symmetric,
        antisymmetric,
        np.asarray(trace),
        np.einsum("ijk,...jk->...i", EPSILON, antisymmetric),
        symmetric - np.asarray(trace)[..., None, None] * METRIC / 3,
    )


@dataclass(frozen=True, eq=False)
class PiezoelectricParts:
    """d_ijk = d_jik = S_ijk + A_ijk, with A in its vector v and its traceless symmetric b.

    A_ijk = −(2 g_ij v_k − g_ik v_j − g_jk v_i)/2 + (ε_ikm b_mj + ε_jkm b_mi)/3.

    Attributes:
        symmetric: S_ijk = (d_ijk + d_jki + d_ikj)/3, Young shape (3).
        mixed: A_ijk = (2 d_ijk − d_jki − d_ikj)/3, Young shape (2, 1).
        vector: v_i = g_jk A_ijk, ℓ = 1.
        deviator: b_ij = (ε_imk A_jmk + ε_jmk A_imk)/2, ℓ = 2.
    """

    symmetric: FloatArray
    mixed: FloatArray
    vector: FloatArray
    deviator: FloatArray

    def rebuild(self) -> FloatArray:
        """The tensors (…, 3, 3, 3) from S, v and b."""
        v, b = self.vector, self.deviator
        by_vector = (
            2 * np.einsum("ij,...k->...ijk", METRIC, v)
            - np.einsum("ik,...j->...ijk", METRIC, v)
            - np.einsum("jk,...i->...ijk", METRIC, v)
        )
        by_deviator = np.einsum("ikm,...mj->...ijk", EPSILON, b) + np.einsum("jkm,...mi->...ijk", EPSILON, b)
        return np.asarray(self.symmetric - by_vector / 2 + by_deviator / 3)


def piezoelectric_parts(tensors: ArrayLike) -> PiezoelectricParts:
    """The parts of tensors (…, 3, 3, 3) symmetric in their first two indices, d_ijk = d_jik.

    Raises:
        ValueError: a wrong shape, or tensors without that symmetry.

    >>> d = np.zeros((3, 3, 3))
    >>> d[0, 0, 2] = 3.0  # d_xxz
    >>> parts = piezoelectric_parts(d)
    >>> parts.vector.tolist(), bool(np.allclose(parts.rebuild(), d))
    ([0.0, 0.0, -1.0], True)
    """
    d = checked_tensors(tensors, 3)
    decompose(d, "ijk=jik")  # refuses what lacks the symmetry
    ikj = np.swapaxes(d, -1, -2)
    cyclic = np.einsum("...jki->...ijk", d)  # element (i, j, k) is d_jki
    symmetric = (d + cyclic + ikj) / 3
    mixed = (2 * d - cyclic - ikj) / 3
    half = np.einsum("imk,...jmk->...ij", EPSILON, mixed)
    return PiezoelectricParts(
        symmetric, mixed, np.einsum("...ijj->...i", mixed), (half + np.swapaxes(half, -1, -2)) / 2
    )


@dataclass(frozen=True, eq=False)
class ElasticParts:
    """Backus' parts of elastic tensors, C = 2×(ℓ=0) ⊕ 2×(ℓ=2) ⊕ (ℓ=4); they are orthogonal and sum to C.

    Attributes:
        harmonic: H_ijkl, totally symmetric and traceless, ℓ = 4.
        symmetric_deviator, symmetric_scalar: ℓ = 2 and ℓ = 0 of the totally symmetric part (shape (4)).
        asymmetric_deviator, asymmetric_scalar: ℓ = 2 and ℓ = 0 of the rest C − S (shape (2, 2)).
    """

    harmonic: FloatArray
    symmetric_deviator: FloatArray
    symmetric_scalar: FloatArray
    asymmetric_deviator: FloatArray
    asymmetric_scalar: FloatArray

    def rebuild(self) -> FloatArray:
        """The tensors (…, 3, 3, 3, 3)."""
        return np.asarray(
            self.harmonic
            + self.symmetric_deviator
            + self.symmetric_scalar
            + self.asymmetric_deviator
            + self.asymmetric_scalar
        )


def elastic_parts(tensors: ArrayLike) -> ElasticParts:
    """Backus' decomposition of tensors (…, 3, 3, 3, 3) with the symmetry C_ijkl = C_jikl = C_klij.

    Source: G. Backus, Rev. Geophys. 8, 633 (1970).

    >>> g = np.eye(3)
    >>> c = np.einsum("ij,kl->ijkl", g, g)  # λ g_ij g_kl, isotropic
    >>> parts = elastic_parts(c)
    >>> bool(np.allclose(parts.symmetric_scalar + parts.asymmetric_scalar, c))
    True
    """
    parts = {(p.label.shape, p.label.degree): p.tensor for p in decompose(tensors, "ijkl=jikl=klij").parts}
    return ElasticParts(parts[(4,), 4], parts[(4,), 2], parts[(4,), 0], parts[(2, 2), 2], parts[(2, 2), 0])
