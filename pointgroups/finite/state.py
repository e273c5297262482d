r"""Irrep matrices from characters alone: the representation that belongs to a state (Gelfand, Naimark and Segal).

Let w be a unit vector of an irrep Γ. The function F(g) = ⟨w|Γ(g) w⟩ on the group knows everything about Γ: the vectors
Γ(a) w have the inner products

    ⟨Γ(a) w | Γ(b) w⟩ = F(a⁻¹ b) ,      ⟨Γ(a) w | Γ(g) Γ(b) w⟩ = F(a⁻¹ g b) ,

so d independent ones among them, made orthonormal, give the matrices Γ_ij(g). No vector is needed to write F down: if
ζ^k is a simple eigenvalue of Γ(h), h of order o, then with w its eigenvector |w⟩⟨w| = (1/o) Σ_j ζ^{−jk} Γ(h^j), and

    F(g) = (1/o) Σ_j ζ^{−jk} χ(h^j g) .

Where no eigenvalue is simple, or where a real Γ has no real simple one, the projector E on the eigenspace (on that of
ζ^k and ζ^{−k}) has rank m > 1. The same construction with F(g) = tr(E Γ(g)) gives Γ ⊗ 1_m, and any eigenspace of a
matrix that commutes with it carries Γ.

Source: I. M. Gelfand and M. A. Naimark, Mat. Sbornik 12, 197 (1943); I. E. Segal, Bull. AMS 53, 73 (1947).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .burnside import eigenvalues, roots_of_unity

IntArray = NDArray[np.int64]
Array = NDArray[Any]

_ENOUGH = 0.5  # of the least mean square
_VISIBLE = 1e-3
_INDEPENDENT = 1e-3  # of a squared length
_SEEDS = 16
_SAME = 1e-8  # relative difference of eigenvalues


def irrep_matrices(
    character: Array, real: bool, cycles: Sequence[IntArray], product: IntArray, sequence: IntArray
) -> Array:
    """Unitary matrices (|G|, d, d) of an irrep, orthogonal ones where ``real``.

    Args:
        character: χ(g) of every element, (|G|,), real or complex.
        real: whether the irrep is of real type.
        cycles: the powers 1, h, … h^{o−1} of one element h of every class.
        product: the group's table.
        sequence: all elements in the order in which their images g w are tried.
    """
    dim = round(float(character[0].real))
    if dim == 1:
        return np.asarray(character[:, None, None])
    powers, k, rank = _sharpest(character, real, cycles)
    order = len(powers)
    phases: Array = roots_of_unity(order).conj()[np.arange(order) * k % order]
    if real:
        phases = phases.real  # half the projector on ζ^k and ζ^−k, where these differ
    state = phases @ character[product[powers]] / order
    matrices = _representation_of_state(state, dim * rank, product, sequence)
    return matrices if rank == 1 else _one_copy(matrices, dim)


def _sharpest(character: Array, real: bool, cycles: Sequence[IntArray]) -> tuple[IntArray, int, int]:
    """(powers of h, k, m): the eigenvalue ζ^k of Γ(h) of least rank m.

    Of equal rank the real before others, +1 before −1, earlier h first. For a real irrep an eigenvalue that is not real
    counts with its conjugate.
    """
    found: list[tuple[int, bool, bool, int, int]] = []
    for place, cycle in enumerate(cycles):
        order = len(cycle)
        k = np.arange(order // 2 + 1)
        counts = eigenvalues(character, cycle)[k]
        is_real = 2 * k % order == 0
        ranks = np.where(is_real | (not real), counts, 2 * counts)
        ranks[counts == 0] = character.size  # none
        best = min(zip(ranks.tolist(), (~is_real).tolist(), (k > 0).tolist(), k.tolist(), strict=True))
        found.append((*best[:3], place, best[3]))
        if best[:3] == (1, False, False):
            break  # none that follows is sharper
    rank, _, _, place, chosen = min(found)
    return cycles[place], chosen, rank


def _representation_of_state(state: Array, size: int, product: IntArray, sequence: IntArray) -> Array:
    """The matrices (|G|, size, size) on the span of all g w, where ``state``[g] = ⟨w|g w⟩.

    The orthonormal vectors are made from w and those g w, in sequence, of which enough is left beside the vectors
    before. By Schur's lemma the mean of |rest|² over the group is |w|² times what is left of ``size``, over ``size``.
    Each gets the phase that makes the first g w with a part along it have a positive one.
    """
    inverse = np.argmax(product == 0, axis=1)
    norm = state[0].real
    chosen: list[int] = []
    triangle = np.zeros((size, size), dtype=state.dtype)  # L of the Gram matrix L Lᴴ of the chosen vectors
    overlaps = np.zeros((size, len(product)), dtype=state.dtype)  # of every g w with the orthonormal vectors
    rest = np.full(len(product), norm)
    for n in range(size):
        g = int(sequence[np.argmax(rest[sequence] > _ENOUGH * norm / size)])
        inner = state[product[inverse[g]]]  # ⟨g w | x w⟩ of all x
        length = np.sqrt(rest[g])
        triangle[n, :n] = overlaps[:n, g].conj()
        along = (inner - triangle[n, :n] @ overlaps[:n]) / length
        first = along[sequence[np.argmax(np.abs(along[sequence]) > _VISIBLE)]]
        phase = first / np.abs(first)
        triangle[n, n] = length * phase
        overlaps[n] = along / phase
        rest = rest - np.abs(along) ** 2
        chosen.append(g)
    a = np.array(chosen)
    left_moved = product[inverse[a]].T  # (|G|, size): a⁻¹ g
    between = state[product[left_moved[:, :, None], a]]  # ⟨a w | g b w⟩
    left = np.linalg.inv(triangle)
    return np.asarray(left @ between @ left.conj().T)


def _one_copy(matrices: Array, dim: int) -> Array:
    """One irrep (|G|, d, d) of a representation that is several times the same one."""
    size = matrices.shape[-1]
    conjugate = matrices.conj().swapaxes(1, 2)
    for seed in range(_SEEDS):
        rng = np.random.default_rng(seed)
        seed_matrix = rng.random((size, size)) - 0.5
        if np.iscomplexobj(matrices):
            seed_matrix = seed_matrix + 1j * (rng.random((size, size)) - 0.5)
        generic = seed_matrix + seed_matrix.conj().T
        commuting = np.mean(matrices @ generic @ conjugate, axis=0)
        values, vectors = np.linalg.eigh((commuting + commuting.conj().T) / 2)
        if values[dim] - values[dim - 1] > _SAME * np.abs(values).max():
            space = _canonical_basis(vectors[:, :dim])
            return np.asarray(space.conj().T @ matrices @ space)
    raise AssertionError("a generic commuting matrix tells the copies apart")


def _canonical_basis(space: Array) -> Array:
    """Orthonormal columns with the same span, by projecting the unit vectors in their order."""
    size, dim = space.shape
    projector = space @ space.conj().T
    found: list[Array] = []
    for k in range(size):
        column = projector[:, k]
        for u in found * 2:  # twice is enough
            column = column - u * np.vdot(u, column)
        length = float(np.linalg.norm(column))
        if length**2 > _INDEPENDENT:
            found.append(column / length)
        if len(found) == dim:
            break
    return np.stack(found, axis=1)
