"""Named physical tensors: index symmetry, behaviour under inversion, and the matrix notation in which they are printed.

A pair of symmetric indices is one Voigt index, 11 22 33 23 13 12 → 1 … 6. Where the matrix component is not the tensor
component the convention puts a factor: 2 for every shear pair of a strain-like index (compliance, piezoelectric d).

Source: J. F. Nye, Physical Properties of Crystals (1985); International Tables for Crystallography D (2003), ch.
    1.1–1.6.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from .index_permutations import IndexSymmetry, index_symmetry

VOIGT = {(0, 0): 1, (1, 1): 2, (2, 2): 3, (1, 2): 4, (2, 1): 4, (0, 2): 5, (2, 0): 5, (0, 1): 6, (1, 0): 6}


@dataclass(frozen=True)
class NamedTensor:
    """A physical tensor and how it is written.

    Attributes:
        name: key of the catalogue, such as "elastic".
        symbol: letter of its components.
        jahn: Jahn symbol of its index symmetry.
        places: for every matrix index the tensor indices it stands for: one, or a symmetric pair (Voigt).
        strain_like: for every matrix index whether a shear pair carries a factor 2.
        meaning: the defining relation.
        unit: SI unit.

    >>> d = TENSORS["piezoelectric-d"]
    >>> d.component((0, 1, 2)), d.factor((0, 1, 2))  # d14 = 2 d_xyz
    ('d14', Fraction(2, 1))
    """

    name: str
    symbol: str
    jahn: str
    places: tuple[tuple[int, ...], ...]
    strain_like: tuple[bool, ...]
    meaning: str
    unit: str

    @cached_property
    def symmetry(self) -> IndexSymmetry:
        """The index symmetry, polar or axial."""
        return index_symmetry(self.jahn)

    def matrix_index(self, word: tuple[int, ...]) -> tuple[int, ...]:
        """Matrix indices, from 1, of the component with an index word (0, 1, 2 for x, y, z)."""
        return tuple(word[p[0]] + 1 if len(p) == 1 else VOIGT[word[p[0]], word[p[1]]] for p in self.places)

    def factor(self, word: tuple[int, ...]) -> Fraction:
        """Matrix component / tensor component."""
        index = self.matrix_index(word)
        shear = sum(s and len(p) == 2 and k > 3 for s, p, k in zip(self.strain_like, self.places, index, strict=True))
        return Fraction(2**shear)

    def component(self, word: tuple[int, ...]) -> str:
        """Name of the matrix component, such as "C14"."""
        return self.symbol + "".join(map(str, self.matrix_index(word)))


def _pairs(text: str) -> tuple[tuple[int, ...], ...]:
    """ "1,23" → ((0,), (1, 2))."""
    return tuple(tuple(int(c) - 1 for c in part) for part in text.split(","))


def _named(
    name: str, symbol: str, jahn: str, places: str, meaning: str, unit: str, strain_like: str = ""
) -> NamedTensor:
    groups = _pairs(places)
    marks = tuple(str(k) in strain_like for k in range(1, len(groups) + 1))
    return NamedTensor(name, symbol, jahn, groups, marks, meaning, unit)


TENSORS: dict[str, NamedTensor] = {
    t.name: t
    for t in (
        _named("pyroelectric", "p", "V", "1", "ΔP_i = p_i ΔT", "C/(m² K)"),
        _named("dielectric", "ε", "[V2]", "1,2", "D_i = ε_ij E_j", "1 (relative permittivity)"),
        _named("thermal-expansion", "α", "[V2]", "1,2", "ε_ij = α_ij ΔT", "1/K"),
        _named("gyration", "g", "e[V2]", "1,2", "G = g_ij l_i l_j, optical activity", "1"),
        _named("piezoelectric-d", "d", "V[V2]", "1,23", "P_i = d_ijk σ_jk, d_i4 = 2 d_i23 …", "C/N", "2"),
        _named("piezoelectric-e", "e", "V[V2]", "1,23", "P_i = e_ijk ε_jk", "C/m²"),
        _named("electro-optic", "r", "[V2]V", "12,3", "Δ(ε⁻¹)_ij = r_ijk E_k", "m/V"),
        _named("second-harmonic", "d", "V[V2]", "1,23", "P_i(2ω) = ε₀ · 2 d_ijk E_j E_k", "m/V"),
        _named("second-harmonic-kleinman", "d", "[V3]", "1,23", "as second-harmonic, all indices exchange", "m/V"),
        _named("hall", "R", "e{V2}V", "1,2,3", "E_i = R_ijk j_j B_k, R_ijk = −R_jik", "m³/C"),
        _named("elastic", "C", "[[V2]2]", "12,34", "σ_ij = C_ijkl ε_kl", "Pa"),
        _named("compliance", "S", "[[V2]2]", "12,34", "ε_ij = S_ijkl σ_kl, S_44 = 4 S_2323 …", "1/Pa", "12"),
        _named("photoelastic", "p", "[V2][V2]", "12,34", "Δ(ε⁻¹)_ij = p_ijkl ε_kl", "1"),
        _named(
            "magnetostriction",
            "N",
            "[V2][V2]",
            "12,34",
            "ε_ij = N_ijkl M_k M_l, no factors: N_pq are tensor components",
            "m²/A²",
        ),
        _named("flexoelectric", "μ", "V[V2]V", "1,23,4", "P_i = μ_ijkl ∂ε_jk/∂x_l", "C/m"),
        _named("third-order-elastic", "C", "[[V2]3]", "12,34,56", "σ_ij = … + ½ C_ijklmn ε_kl ε_mn", "Pa"),
    )
}
"""The catalogue, by name."""


class UnknownTensorError(ValueError):
    """The catalogue has no tensor of this name."""


def named_tensor(name: str | NamedTensor) -> NamedTensor:
    """The tensor of this name; hyphens, spaces and underscores are alike.

    Raises:
        UnknownTensorError: listing near names.

    >>> named_tensor("elastic").component((0, 0, 1, 2))
    'C14'
    """
    if isinstance(name, NamedTensor):
        return name
    key = name.strip().lower().replace("_", "-").replace(" ", "-")
    if key in TENSORS:
        return TENSORS[key]
    near = difflib.get_close_matches(key, TENSORS, n=3, cutoff=0.4)
    hint = f"near names are {', '.join(near)}; " if near else ""
    raise UnknownTensorError(f"{name!r} is not a tensor of the catalogue; {hint}it has {', '.join(TENSORS)}")
