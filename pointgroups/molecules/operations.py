r"""The rotations and rotary reflections about its centre that map a molecule onto itself, within a tolerance.

Atoms sit at x_i, measured from the centroid of the atoms, which every symmetry leaves in place. An operation is known
by the permutation p of the atoms and its determinant; the orthogonal R with that determinant that minimises
Σ_i |R x_i − x_{p(i)}|² (Kabsch) belongs to it. It counts when no image is farther than the tolerance from its atom.

- *Candidates.* An operation takes two atoms a and b, not on one line with the centre, to atoms of the same species
  at the same distances from the centre and from each other. The image of a pair fixes the operation but for the
  mirror across the plane of the image. The pair is chosen that has the fewest images.
- *Closure.* Operations that count at a tolerance need not be a group. The tolerance is lowered to the largest at which
  they are, as their permutations tell.
- *Exact matrices.* The matrices found are nearly a representation. R_g ← polar factor of (1/|G|) Σ_h R_{gh} R_hᵀ turns
  them into one to rounding, after which the positions are averaged over the group.

Molecules on a line and single atoms have infinite groups and are left to the caller.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pointgroups.groups import element_orders

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_LEVER = 1 / 3  # the reference atoms lie at least this part of the largest arm away, or noise would turn the others far
_SLACK = 1e-9  # Å: differences of equal residuals
_STEPS = 8  # of the iteration to an exact representation, which doubles the number of right digits each time
_EXACT = 1e-10
_PARALLEL = 1e-9  # Å²


@dataclass(frozen=True, eq=False)
class FiniteSymmetry:
    """A finite group of orthogonal matrices that permutes the atoms.

    Attributes:
        rotations: (|G|, 3, 3) exactly orthogonal and closed; the identity is the first.
        product: (|G|, |G|) index of rotations[i] @ rotations[j].
        positions: (n_atoms, 3) from the centre, averaged over the group.
        displacement: the farthest that an image of a given position lay from the atom that it stands for.
    """

    rotations: FloatArray
    product: IntArray
    positions: FloatArray
    displacement: float


def finite_symmetry(positions: FloatArray, numbers: IntArray, tolerance: float) -> FiniteSymmetry:
    """The group of all operations within a tolerance of atoms that are not on one line.

    Args:
        positions: (n_atoms, 3) in Å from their centroid.
        numbers: (n_atoms,) one integer for each species.
        tolerance: in Å.
    """
    matrices, permutations, residuals = _operations_within(positions, numbers, tolerance)
    determinants = np.rint(np.linalg.det(matrices)).astype(np.int64)
    for level in np.unique(residuals)[::-1]:
        kept = residuals <= level + _SLACK
        product = _product_table(permutations[kept], determinants[kept])
        if product is None:
            continue
        exact = _exact_representation(matrices[kept], product)
        if exact is not None and np.array_equal(np.linalg.det(exact).round(), determinants[kept]):
            images = positions @ exact.swapaxes(1, 2)
            places = positions[permutations[kept]]
            averaged = np.einsum("kia,kab->ib", places, exact) / len(exact)
            displacement = float(np.linalg.norm(images - places, axis=2).max())
            return FiniteSymmetry(exact, product, averaged, displacement)
    raise AssertionError("the identity alone is a group")


def nearest_atoms(images: FloatArray, positions: FloatArray, numbers: IntArray) -> IntArray:
    """(n,) the atom of the same species that is nearest to the image of each atom."""
    closeness = images @ positions.T - np.sum(positions**2, axis=1) / 2  # (|image|² − |image − position|²)/2
    closeness[numbers[:, None] != numbers] = -np.inf
    return np.asarray(closeness.argmax(axis=1))


def schoenflies_symbol(rotations: FloatArray, product: IntArray) -> str:
    """The Schoenflies symbol of a finite group of orthogonal matrices, by numbers of elements.

    The proper rotations are C_n, D_n, T, O or I, for their number is 1, 2, 4, 6 or 12 times the highest order n of one.
    The mirrors and the inversion tell the rest.

    >>> import numpy as np
    >>> quarter = np.diag([1.0, 1.0, -1.0]) @ [[0, -1, 0], [1, 0, 0], [0, 0, 1]]  # S4
    >>> powers = np.array([np.linalg.matrix_power(quarter, k) for k in range(4)])
    >>> schoenflies_symbol(powers, (np.arange(4)[:, None] + np.arange(4)) % 4)
    'S4'
    """
    traces = np.trace(rotations, axis1=1, axis2=2)
    proper = np.linalg.det(rotations) > 0
    mirrors = int(np.sum(~proper & (np.abs(traces - 1) < _EXACT)))
    inversion = bool(traces.min() < -3 + _EXACT)
    n = int(element_orders(product)[proper].max())
    kind = {1: "C", 2: "D", 4: "T", 6: "O", 12: "I"}[int(proper.sum()) // n]
    if kind == "C":
        if proper.all():
            return f"C{n}"
        if n == 1:
            return "Ci" if inversion else "Cs"
        rotary = "C3i" if n == 3 else f"S{2 * n}"  # the name of S6 among the crystallographic groups
        return {0: rotary, 1: f"C{n}h", n: f"C{n}v"}[mirrors]
    axis = f"D{n}" if kind == "D" else kind
    if proper.all():
        return axis
    if kind == "D":
        return axis + ("h" if inversion == (n % 2 == 0) else "d")
    return axis + ("h" if inversion else "d")


# -- candidates ---------------------------------------------------------------------------------------------------


def _operations_within(
    positions: FloatArray, numbers: IntArray, tolerance: float
) -> tuple[FloatArray, IntArray, FloatArray]:
    """Matrices (n, 3, 3), permutations (n, n_atoms) and residuals (n,) of all operations; the identity is the first."""
    atoms = np.arange(len(positions))
    seen = {(atoms.tobytes(), 1)}
    found = [(np.eye(3), atoms, 0.0)]
    for candidate in _candidates(positions, numbers, tolerance):
        permutation = nearest_atoms(positions @ candidate.T, positions, numbers)
        det = 1 if np.linalg.det(candidate) > 0 else -1
        key = (permutation.tobytes(), det)
        if key in seen or len(np.unique(permutation)) < len(atoms):
            continue
        seen.add(key)
        matrix = _best_orthogonal(positions, positions[permutation], det)
        residual = float(np.linalg.norm(positions @ matrix.T - positions[permutation], axis=1).max())
        if residual <= tolerance:
            found.append((matrix, permutation, residual))
    matrices, permutations, residuals = zip(*found, strict=True)
    return np.array(matrices), np.array(permutations), np.array(residuals)


def _candidates(positions: FloatArray, numbers: IntArray, tolerance: float) -> FloatArray:
    """(n, 3, 3) orthogonal matrices that take a pair of atoms to pairs like it, both of each."""
    a, b, images = _rarest_pair(positions, numbers, tolerance)
    source = _basis(positions[[a]], positions[[b]])[0]
    targets = _basis(positions[images[:, 0]], positions[images[:, 1]])
    mirrored = targets * np.array([1.0, 1.0, -1.0])
    return np.asarray(np.concatenate([targets, mirrored]) @ source.T)


def _rarest_pair(positions: FloatArray, numbers: IntArray, tolerance: float) -> tuple[int, int, IntArray]:
    """Atoms a and b, off one line with the centre, and the (n, 2) pairs that are like them; few such pairs."""
    radii = np.linalg.norm(positions, axis=1)
    alike = (numbers[:, None] == numbers) & (np.abs(radii[:, None] - radii) <= tolerance)
    far = np.flatnonzero(radii >= _LEVER * radii.max())
    a = int(far[alike[far].sum(axis=1).argmin()])
    arms = np.linalg.norm(np.cross(positions, positions[a]), axis=1)
    distances = np.linalg.norm(positions[:, None] - positions, axis=2)
    heads = np.flatnonzero(alike[a])
    best = np.empty((0, 2), dtype=np.int64)
    chosen = -1
    for b in np.flatnonzero(arms >= _LEVER * arms.max()):
        like = alike[b] & (np.abs(distances[heads] - distances[a, b]) <= 2 * tolerance)
        if chosen < 0 or like.sum() < len(best):
            chosen, best = int(b), np.argwhere(like)
    best[:, 0] = heads[best[:, 0]]
    slanted = np.linalg.norm(np.cross(positions[best[:, 0]], positions[best[:, 1]]), axis=1) > _PARALLEL
    return a, chosen, best[slanted]


def _basis(a: FloatArray, b: FloatArray) -> FloatArray:
    """(n, 3, 3) orthonormal columns from vectors (n, 3): along a, along b less its part along a, and across both."""
    first = a / np.linalg.norm(a, axis=1, keepdims=True)
    across = b - np.sum(b * first, axis=1, keepdims=True) * first
    second = across / np.linalg.norm(across, axis=1, keepdims=True)
    return np.stack([first, second, np.cross(first, second)], axis=2)


def _best_orthogonal(source: FloatArray, target: FloatArray, det: int) -> FloatArray:
    """The R of a given determinant that minimises Σ |R source − target|²."""
    left, _, right = np.linalg.svd(target.T @ source)
    last = det * np.sign(np.linalg.det(left @ right))
    return np.asarray((left * np.array([1.0, 1.0, last])) @ right)


# -- the group ----------------------------------------------------------------------------------------------------


def _product_table(permutations: IntArray, determinants: IntArray) -> IntArray | None:
    """product[i, j] = index of the operation i ∘ j, or None when one is missing."""
    number = {(p.tobytes(), int(d)): k for k, (p, d) in enumerate(zip(permutations, determinants, strict=True))}
    table = np.empty((len(permutations), len(permutations)), dtype=np.int64)
    for i, left in enumerate(permutations):
        composed = zip(left[permutations], determinants[i] * determinants, strict=True)
        table[i] = [number.get((p.tobytes(), int(d)), -1) for p, d in composed]
    return table if table.min() >= 0 else None


def _exact_representation(matrices: FloatArray, product: IntArray) -> FloatArray | None:
    """The orthogonal representation near the given matrices, or None when they are too far from one."""
    exact = matrices
    for _ in range(_STEPS):
        left, _, right = np.linalg.svd(np.einsum("ghab,hcb->gac", exact[product], exact) / len(exact))
        exact = left @ right
    error = np.abs(exact[product] - exact[:, None] @ exact).max()
    return exact if error < _EXACT else None
