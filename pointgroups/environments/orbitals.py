"""How the s, p, d, f … shells of an atom split at its site.

The functions Y_ℓm of a shell are a representation of O(3), irreducible there; the site group S takes it apart into
irreps, n_γ = (1/|S|) Σ_g χ_γ(g)* χ_ℓ(g) (H. Bethe, Ann. Phys. 395, 133 (1929)).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType

import numpy as np

from pointgroups import polynomials
from pointgroups.adapted_basis import AdaptedBasis
from pointgroups.exact import ExactArray, surd, terms
from pointgroups.harmonics import solid_harmonics
from pointgroups.point_group import PointGroup

_LETTERS = "spdfghiklmnoq"


@dataclass(frozen=True, eq=False)
class OrbitalSplitting:
    """The splitting of a shell; made by :func:`orbital_splitting`.

    Attributes:
        group: the group of the site.
        degree: ℓ.
        multiplicities: irrep over ℝ → how often it occurs, a read-only mapping.

    Example:
        >>> from pointgroups import point_group
        >>> orbital_splitting(point_group("D4h"), 1).multiplicities["Eu"]
        1
    """

    group: PointGroup
    degree: int
    multiplicities: MappingProxyType[str, int]

    @property
    def letter(self) -> str:
        """s, p, d, f, …, the name of the shell."""
        return shell_letter(self.degree)

    @property
    def functions(self) -> AdaptedBasis:
        """The orbitals over Y_ℓm in the axes of ``group.rotations``; ValueError for ℓ > 12."""
        return self.group.harmonics(self.degree)

    @property
    def standard_functions(self) -> AdaptedBasis:
        """The same orbitals over Y_ℓm in the group's own standard axes, where they are simplest and exact."""
        return self.group.in_standard_frame.harmonics(self.degree)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Each row of ``standard_functions`` as a polynomial with integer coefficients, up to a positive factor."""
        return tuple(_name(self.degree, row) for row in self.standard_functions.tokens or ())


def orbital_splitting(group: PointGroup, degree: int) -> OrbitalSplitting:
    """Split the shell of degree ℓ by the group of a site.

    Args:
        group: ``C.site_groups[atom].group``, whose axes are the standard axes of the crystal; turn it by
            ``.rotated(C.frame.T)`` for the user's axes.
        degree: ℓ = 0 (s), 1 (p), 2 (d), 3 (f), …

    Raises:
        ValueError: ℓ is not a natural number.

    Example:
        >>> from pymatgen.core import Lattice, Structure
        >>> from pointgroups import crystal_symmetry
        >>> atoms = ["Ti", "O"], [[0, 0, 0], [0.305, 0.305, 0]]
        >>> rutile = crystal_symmetry(Structure.from_spacegroup("P4_2/mnm", Lattice.tetragonal(4.594, 2.959), *atoms))
        >>> site = rutile.site_groups[0].group
        >>> site.schoenflies
        'D2h'
        >>> d = orbital_splitting(site, 2)
        >>> dict(d.multiplicities)
        {'Ag': 2, 'B1g': 1, 'B2g': 1, 'B3g': 1}
        >>> d.names  # in the axes of the site
        ('2*z**2-x**2-y**2', 'x**2-y**2', 'x*y', 'x*z', 'y*z')
        >>> in_cell = orbital_splitting(site.rotated(rutile.frame.T), 2)  # its two-fold axes are [110], [1-10] and z
        >>> in_cell.functions.array[1].round(3) + 0.0  # x² − y² of the site as Y_2m, here m = −2
        array([1., 0., 0., 0., 0.])
    """
    return OrbitalSplitting(group, degree, MappingProxyType(group.subduce(degree)))


def shell_letter(degree: int) -> str:
    """s, p, d, f, … of ℓ, or ``l=20`` where the alphabet ends."""
    return _LETTERS[degree] if degree < len(_LETTERS) else f"l={degree}"


def _name(degree: int, row: Sequence[str]) -> str:
    """Σ_m c_m Y_ℓm as a polynomial, from the tokens of the c_m: a rational combination of the solid harmonics."""
    solid = solid_harmonics(degree)
    weights = np.array(polynomials.fischer_norms(degree))
    norms = (solid.numerators[..., 0] ** 2 * weights[:, None]).sum(axis=0)
    total = ExactArray.integers(np.zeros(len(weights), dtype=np.int64))
    roots: set[int] = set()
    for m, (token, norm) in enumerate(zip(row, norms.tolist(), strict=True)):
        for q, n, _ in terms(token):
            outside, root = surd(Fraction(n, norm))
            total = total + solid[:, m] * (q * outside)
            roots.add(root)
    assert len(roots) == 1, "the tables' harmonics are rational polynomials up to one common root"
    divisor = int(np.gcd.reduce(total.numerators, axis=None))
    return polynomials.text(total * Fraction(total.denominator, divisor), degree) if degree else "1"
