"""Projection in any representation of a group, given by its matrices, in floating point.

A representation is an array O (|G|, N, N) in the order of ``G.rotations``, unitary (over ℝ orthogonal). From the
irreps of G come the character projector P_α, the projectors P_α^{kk}, the transfer operators P_α^{kl}, and a
canonical symmetry-adapted basis.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import dirl_formula
from .adapted_basis import AdaptedBasis, AdaptedLabel
from .exact import read_only
from .irreps import Irrep
from .point_group import PointGroup
from .projection import candidate_intertwiners, independent_copies, squared_norm

if TYPE_CHECKING:
    from .finite.group import FiniteGroup

Matrices = NDArray[Any]
_TOLERANCE = 1e-6


def character_projector(irrep: Irrep, representation: ArrayLike) -> Matrices:
    """P_α = (d_α/|G|) Σ_g χ_α(g)* O(g), the projector (N, N) on the whole α-subspace.

    Over ℝ, where α is of complex type, d_α is divided by the dimension 2 of its commutant (quaternionic: 4).

    Raises:
        ValueError: ``representation`` has not the shape (|G|, N, N) or is not finite.

    >>> from pointgroups import point_group
    >>> G = point_group("C3v")
    >>> character_projector(G.irreps["E"], G.rotations).diagonal().round(12).tolist()
    [1.0, 1.0, 0.0]
    """
    matrices = _representation(irrep.group, representation)
    scale = irrep.dim / (irrep.commuting * irrep.group.order)
    return np.asarray(scale * np.tensordot(irrep.characters.conj(), matrices, axes=1))


def transfer_operator(irrep: Irrep, k: int, l: int, representation: ArrayLike) -> Matrices:
    """P_α^{kl} = (d_α/|G|) Σ_g Γ^α_kl(g)* O(g), shape (N, N); k, l = 0 … d_α − 1.

    P^{kl} P^{mn} = δ_lm P^{kn}, and P^{kl} carries row l of every copy of α to row k.

    Raises:
        ValueError: a wrong shape, an index out of range, or an irrep of complex or quaternionic type over ℝ: its rows
            cannot be told apart by real group-algebra elements; use :func:`character_projector`, or the irreps over ℂ.

    Source: E. P. Wigner, Group Theory (1959), eq. (12.3).

    >>> from pointgroups import point_group
    >>> G = point_group("C3v")
    >>> (transfer_operator(G.irreps["E"], 1, 0, G.rotations) @ [1.0, 0.0, 0.0]).round(12).tolist()  # x → y
    [0.0, 1.0, 0.0]
    """
    matrices = _representation(irrep.group, representation)
    if irrep.commuting > 1:
        raise ValueError(
            f"{irrep!r} is of {irrep.type} type: over the reals no P^kl separates its rows; use character_projector, "
            "or the irreps over the complex numbers into which it splits"
        )
    if not (0 <= k < irrep.dim and 0 <= l < irrep.dim):
        raise ValueError(f"rows of {irrep!r} are numbered 0 to {irrep.dim - 1}, not {k}, {l}")
    scale = irrep.dim / irrep.group.order
    return np.asarray(scale * np.tensordot(irrep.matrices[:, k, l].conj(), matrices, axes=1))


def projector(irrep: Irrep, k: int, representation: ArrayLike) -> Matrices:
    """P_α^{kk}, the projector (N, N) on row k of all copies of α; see :func:`transfer_operator`.

    Σ_k P_α^{kk} = P_α, and Σ_α P_α = 1.

    >>> from pointgroups import point_group
    >>> G = point_group("C3v")
    >>> projector(G.irreps["E"], 0, G.rotations).diagonal().round(12).tolist()
    [1.0, 0.0, 0.0]
    """
    return transfer_operator(irrep, k, k, representation)


def symmetry_adapted_basis(
    group: PointGroup | FiniteGroup, representation: ArrayLike, field: str = "R"
) -> AdaptedBasis:
    """A canonical orthonormal basis in which a unitary representation is a direct sum of the group's own irreps.

    Rows of ``array`` are sorted by irrep in table order, copy, component, and

        array @ O(g) @ array^H = ⊕ Γ(g)     with exactly the matrices of ``group.irreps`` (or ``real_irreps``).

    Copies come from projecting the unit vectors in their order, each made orthogonal to those before.

    Args:
        group: the group.
        representation: unitary matrices (|G|, N, N) in the order of ``group.rotations``; real when ``field`` is "R".
        field: "R" for the irreps over ℝ, "C" for those over ℂ.

    Raises:
        ValueError: a wrong shape, non-finite or complex entries over ℝ, matrices that are not unitary or do not
            multiply as the group does.

    >>> from pointgroups import point_group
    >>> G = point_group("C3v")
    >>> symmetry_adapted_basis(G, G.rotations).labels
    (AdaptedLabel(irrep='A1', copy=1, component=1), AdaptedLabel(irrep='E', copy=1, component=1), \
AdaptedLabel(irrep='E', copy=1, component=2))
    """
    matrices = _representation(group, representation)
    irreps = group._irreps_over(field)
    if field == "R" and np.iscomplexobj(matrices):
        raise ValueError('over ℝ the representation must be real; use field="C" for complex matrices')
    _require_unitary_homomorphism(group, matrices)
    character = np.trace(matrices, axis1=1, axis2=2)
    rows: list[Matrices] = []
    labels: list[AdaptedLabel] = []
    for label, irrep in irreps.items():
        count = _integer(np.vdot(irrep.characters, character) / (group.order * irrep.commuting))
        if not count:
            continue
        candidates = candidate_intertwiners(irrep.matrices, matrices)
        for copy, u in enumerate(independent_copies(candidates, count, list(irrep.commutant[1:])), 1):
            rows.append((u * squared_norm(u) ** -0.5).conj().T)
            labels.extend(AdaptedLabel(label, copy, k + 1) for k in range(irrep.dim))
    return AdaptedBasis(read_only(np.concatenate(rows)), tuple(labels))


def dirl(a: ArrayLike, b: ArrayLike, c: ArrayLike) -> Matrices:
    """Coupling coefficients (m, d_a, d_b, d_c) of bare irrep matrices by Dirl's formula, in floating point.

    The three arrays (|G|, d, d) list the same elements in the same order. Real arrays are taken as irreps over ℝ. The
    multiplicity m comes from the characters; where a and b are equal arrays, copies are symmetric or antisymmetric.

    Raises:
        ValueError: wrong shapes, or c is not irreducible or does not occur an integer number of times.

    Source: R. Dirl, J. Math. Phys. 20, 659 (1979).

    >>> from pointgroups import point_group
    >>> G = point_group("Oh")
    >>> dirl(G.rotations, G.rotations, G.irreps["T2g"].matrices).shape
    (1, 3, 3, 3)
    """
    left, right, target = (np.asarray(x) for x in (a, b, c))
    order = len(target)
    for x in (left, right, target):
        if x.ndim != 3 or x.shape[1] != x.shape[2] or len(x) != order or not np.all(np.isfinite(x)):
            raise ValueError(f"irreps are finite arrays (|G|, d, d) over the same elements, not of shape {x.shape}")
    chi = np.trace(target, axis1=1, axis2=2)
    product = np.trace(left, axis1=1, axis2=2) * np.trace(right, axis1=1, axis2=2)
    over_reals = not any(map(np.iscomplexobj, (left, right, target)))
    self_product = _integer(np.vdot(chi, chi) / order)
    if self_product != 1 and not (over_reals and self_product == 2):
        raise ValueError(f"the third representation is not irreducible: its character has norm {self_product}")
    multiplicity = _integer(np.vdot(chi, product) / (order * self_product))
    commutant = [_complex_structure(target)] if self_product == 2 else []
    same = left.shape == right.shape and np.array_equal(left, right)
    found: Matrices = dirl_formula.dirl(left, right, target, multiplicity, commutant, same)
    return found


def _complex_structure(matrices: Matrices) -> Matrices:
    """J with J² = −1 that commutes with an irrep of complex type: an antisymmetric matrix averaged over the group."""
    dim = matrices.shape[-1]
    for i in range(dim):
        for j in range(i + 1, dim):
            seed = np.zeros((dim, dim))
            seed[j, i], seed[i, j] = 1.0, -1.0
            average = np.mean(matrices @ seed @ np.swapaxes(matrices, 1, 2), axis=0)
            size = np.sqrt(np.sum(average**2) / dim)
            if size > _TOLERANCE:
                return np.asarray(average / size)
    raise ValueError("the third representation is not irreducible over the reals")


def _representation(group: PointGroup | FiniteGroup, representation: ArrayLike) -> Matrices:
    matrices = np.asarray(representation)
    if matrices.ndim != 3 or len(matrices) != group.order or matrices.shape[1] != matrices.shape[2]:
        raise ValueError(
            f"a representation of {group.name} is an array ({group.order}, N, N) in the order of its elements, "
            f"not of shape {matrices.shape}"
        )
    if not np.all(np.isfinite(matrices)):
        raise ValueError("the representation has entries that are not finite")
    return matrices


def _require_unitary_homomorphism(group: PointGroup | FiniteGroup, matrices: Matrices) -> None:
    """ValueError unless O is unitary and O(g) O(h) = O(g h) for all g, h."""
    gram = matrices @ np.swapaxes(matrices.conj(), 1, 2)
    if not np.allclose(gram, np.eye(matrices.shape[-1]), rtol=0, atol=_TOLERANCE):
        raise ValueError("the representation is not unitary; orthonormalise its basis first")
    for g in range(group.order):
        if not np.allclose(matrices[g] @ matrices, matrices[group.product[g]], rtol=0, atol=_TOLERANCE):
            raise ValueError(f"not a representation of {group.name}: element {group.elements[g]} does not multiply so")


def _integer(number: complex) -> int:
    nearest = round(complex(number).real)
    if abs(number - nearest) > _TOLERANCE:
        raise ValueError(f"a multiplicity came out as {number:.6g}: these are not characters of one group")
    return nearest
