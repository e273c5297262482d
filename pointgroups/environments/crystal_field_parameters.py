"""The crystal-field parameters that a site allows, and the conventions in which they are given.

The electrostatic field of the surroundings acts on an electron by

    H = Σ_k Σ_{q=−k}^{k} B_kq C_kq,      C_kq = √(4π/(2k+1)) Y_kq,   B_{k,−q} = (−1)^q B_kq*

(Wybourne), Y_kq complex with the Condon–Shortley phase, the radial integrals taken into B. With real harmonics,

    H = Σ_k Σ_{μ=−k}^{k} A_kμ Z_kμ,      A_k0 = B_k0,   A_kq = (−1)^q √2 Re B_kq,   A_{k,−q} = −(−1)^q √2 Im B_kq

where Z_kμ = √(4π/(2k+1)) Y_kμ. H does not change under the site group when each degree k of it is an invariant. Inside
a shell ℓ only even k ≤ 2ℓ matter; odd k mix shells of different parity where there is no inversion.

Source: C. Görller-Walrand and K. Binnemans, Handbook on the Physics and Chemistry of Rare Earths 23, 121 (1996).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pointgroups.exact import read_only
from pointgroups.harmonics import solid_harmonics
from pointgroups.point_group import PointGroup
from pointgroups.polynomials import fischer_norms, monomials
from pointgroups.spherical import spherical_harmonics

FloatArray = NDArray[np.float64]
FieldParameters = Mapping[tuple[int, int], complex]

COULOMB = 14.399645478  # e²/4πε₀ in eV Å (CODATA 2018)
_ZERO = 1e-9  # of coefficients in a rotated frame, where only floats are known


@dataclass(frozen=True, eq=False)
class CrystalFieldForm:
    """Which parameters B_kq a group allows, and how they depend on one another; made by :func:`crystal_field_form`.

    Attributes:
        group: the group, in whose axes the parameters are.
        ranks: the degrees k.
        components: names of all real parameters: "B20", "Re B21", "Im B21", ….
        independent: names of those that remain free; in each degree the first ones.
        coefficients: (n_independent, n_components) each component as a combination of the independent ones.
        expressions: name of each other one that does not vanish → {independent name: factor}, the factor as text, exact
            where the group is in the axes of a setting.

    Example:
        >>> from pointgroups import point_group
        >>> form = crystal_field_form(point_group("Oh"))
        >>> form.count, form.expressions["Re B44"]
        (2, {'B40': 'sqrt(70)/14'})
    """

    group: PointGroup
    ranks: tuple[int, ...]
    components: tuple[str, ...]
    independent: tuple[str, ...]
    coefficients: FloatArray
    expressions: Mapping[str, Mapping[str, str]]

    @property
    def count(self) -> int:
        """The number of independent real parameters."""
        return len(self.independent)

    @property
    def relations(self) -> tuple[str, ...]:
        """The same in one line each: "Re B44 = sqrt(70)/14*B40"."""
        return tuple(f"{name} = {_sum(terms)}" for name, terms in self.expressions.items())

    def parameters(self, values: Mapping[str, float]) -> dict[tuple[int, int], complex]:
        """All B_kq ≠ 0 with q ≥ 0 from the independent ones, those left out being zero.

        Raises:
            ValueError: a name that is not independent, or a value that is not finite.
        """
        unknown = [name for name in values if name not in self.independent]
        if unknown:
            raise ValueError(
                f"{', '.join(unknown)} cannot be chosen in {self.group.name}; independent are "
                f"{', '.join(self.independent) or 'none'}"
            )
        chosen = np.array([values.get(name, 0.0) for name in self.independent], dtype=np.float64)
        if not np.isfinite(chosen).all():
            raise ValueError(f"crystal-field parameters are finite numbers, not {dict(values)}")
        found: dict[tuple[int, int], complex] = {}
        columns = [column for k in self.ranks for column in _columns(k)]
        for (k, q, imaginary), value in zip(columns, (chosen @ self.coefficients).tolist(), strict=True):
            if value:
                found[k, q] = found.get((k, q), 0j) + (1j * value if imaginary else value)
        return found


def crystal_field_form(group: PointGroup, ranks: Iterable[int] = (2, 4, 6)) -> CrystalFieldForm:
    """The crystal-field parameters that the group of a site allows.

    Args:
        group: ``C.site_groups[atom].group``, for parameters in the standard axes of the crystal; its
            ``.in_standard_frame``, for the axes of the site, where relations are simplest and exact; ``.rotated`` of it
            for any others.
        ranks: degrees k, at most 12: even ones for levels, odd ones for the mixing of shells.

    Raises:
        ValueError: a degree out of range, or given twice.

    Example:
        >>> from pointgroups import point_group
        >>> form = crystal_field_form(point_group("Td"))
        >>> form.independent, form.relations
        (('B40', 'B60'), ('Re B44 = sqrt(70)/14*B40', 'Re B64 = -sqrt(14)/2*B60'))
        >>> form.parameters({"B40": 0.2})
        {(4, 0): (0.2+0j), (4, 4): (0.11952...+0j)}
        >>> crystal_field_form(point_group("S4"), ranks=(1, 2, 3)).independent
        ('B20', 'Re B32', 'Im B32')
    """
    degrees = tuple(ranks)
    if len(set(degrees)) < len(degrees):
        raise ValueError(f"each rank k is given once, not {degrees}")
    names = [_component_name(*column) for k in degrees for column in _columns(k)]
    independent: list[str] = []
    expressions: dict[str, dict[str, str]] = {}
    rows: list[FloatArray] = []
    start = 0
    for k in degrees:
        own = names[start : start + 2 * k + 1]
        echelon, pivots, texts = _echelon(group, k)
        for row, pivot in zip(echelon, pivots, strict=True):
            independent.append(own[pivot])
            rows.append(np.zeros(len(names)))
            rows[-1][start : start + 2 * k + 1] = row
        for place, name in enumerate(own):
            terms = {own[p]: texts[r][place] for r, p in enumerate(pivots) if echelon[r, place]}
            if place not in pivots and terms:
                expressions[name] = terms
        start += 2 * k + 1
    coefficients = np.array(rows).reshape(len(rows), len(names))
    return CrystalFieldForm(
        group, degrees, tuple(names), tuple(independent), read_only(coefficients), MappingProxyType(expressions)
    )


def stevens_parameters(parameters: FieldParameters) -> dict[tuple[int, int], float]:
    """A_k^q ⟨r^k⟩ of Stevens' notation, q = −k … k, from B_kq of Wybourne's; the parameters that are zero left out.

    H = Σ A_k^q ⟨r^k⟩ f_kq(r)/r^k, where f_kq is the harmonic polynomial with coprime integer coefficients, such as
    f_20 = 3z² − r², f_43 = z (x³ − 3xy²), f_44 = x⁴ − 6x²y² + y⁴, and for q < 0 the same with Im (x + iy)^|q| in place
    of Re (x + iy)^|q|. The reduced matrix elements θ_k of an ion (α, β, γ) are not in it.

    Raises:
        ValueError: not 0 ≤ q ≤ k, a B_k0 that is not real, or a value that is not finite.

    Source: M. T. Hutchings, Solid State Phys. 16, 227 (1964).

    Example:
        >>> stevens_parameters({(2, 0): 1.0, (4, 0): 8.0})  # A20 = B20/2, A40 = B40/8
        {(2, 0): 0.5, (4, 0): 1.0}
    """
    found: dict[tuple[int, int], float] = {}
    for k, row in real_coefficients(parameters).items():
        scaled = row * _stevens_factors(k)
        found |= {(k, m - k): float(value) for m, value in enumerate(scaled) if value}
    return found


def wybourne_parameters(stevens: Mapping[tuple[int, int], float]) -> dict[tuple[int, int], complex]:
    """B_kq of Wybourne's notation, q ≥ 0, from A_k^q ⟨r^k⟩ of Stevens'; see :func:`stevens_parameters`.

    Raises:
        ValueError: |q| > k, or a value that is not finite.

    Example:
        >>> wybourne_parameters({(4, 0): 1.0, (4, 4): 5.0})  # a cubic field
        {(4, 0): (8+0j), (4, 4): (4.78...+0j)}
    """
    rows: dict[int, FloatArray] = {}
    for (k, q), value in stevens.items():
        if not (0 <= abs(q) <= k and np.isfinite(value)):
            raise ValueError(f"Stevens parameters are finite numbers for |q| ≤ k, not {value} at k = {k}, q = {q}")
        rows.setdefault(k, np.zeros(2 * k + 1))[k + q] = value / _stevens_factors(k)[k + q]
    return _complex_parameters(rows)


def point_charge_field(
    vectors: ArrayLike, charges: ArrayLike, moments: Mapping[int, float]
) -> dict[tuple[int, int], complex]:
    """B_kq in eV of point charges, for one electron: the leading term, without overlap or covalency.

    B_kq = −(e²/4πε₀) Σ_L Z_L ⟨r^k⟩/R_L^{k+1} C_kq(R_L)*. It tells signs and orders of magnitude, not values.

    Args:
        vectors: (n, 3) from the centre to the charges, in Å.
        charges: (n,) Z_L in units of |e|; −2 for O²⁻.
        moments: k → ⟨r^k⟩ in Å^k of the shell.

    Raises:
        ValueError: shapes that do not fit, a charge at the centre, numbers that are not finite, or a negative degree.

    Source: M. T. Hutchings, Solid State Phys. 16, 227 (1964).

    Example:
        >>> octahedron = [[2, 0, 0], [-2, 0, 0], [0, 2, 0], [0, -2, 0], [0, 0, 2], [0, 0, -2]]
        >>> B = point_charge_field(octahedron, [-2] * 6, {4: 1.0})
        >>> round(B[4, 0].real / 2.1, 6), round(5 / 3 * 2 * 14.399645478 / 2**5, 6)  # 10 Dq
        (1.499963, 1.499963)
    """
    ligands, charge = np.asarray(vectors, dtype=np.float64), np.asarray(charges, dtype=np.float64)
    if ligands.ndim != 2 or ligands.shape[1] != 3 or charge.shape != ligands.shape[:1]:
        raise ValueError(f"vectors (n, 3) have charges (n,), not shapes {ligands.shape} and {charge.shape}")
    if not (np.isfinite(charge).all() and np.isfinite(list(moments.values())).all()):
        raise ValueError("charges and moments are finite numbers")
    lengths = np.linalg.norm(ligands, axis=1)
    rows = {}
    for k, moment in moments.items():
        racah = math.sqrt(4 * math.pi / (2 * k + 1)) * spherical_harmonics(k, ligands)
        rows[k] = -COULOMB * moment * (charge / lengths ** (k + 1)) @ racah
    return _complex_parameters(rows)


def real_coefficients(parameters: FieldParameters) -> dict[int, FloatArray]:
    """k → A_kμ (2k+1,), μ = −k … k, of the real Z_kμ.

    Raises:
        ValueError: not 0 ≤ q ≤ k, a B_k0 that is not real, or a value that is not finite.
    """
    rows: dict[int, FloatArray] = {}
    for (k, q), value in parameters.items():
        if not 0 <= q <= k:
            raise ValueError(f"give B_kq for 0 ≤ q ≤ k, not k = {k}, q = {q}: those with q < 0 follow from them")
        number = complex(value)
        if not np.isfinite(number) or (q == 0 and number.imag):
            raise ValueError(f"B_kq is finite, and real for q = 0, not {value} at k = {k}, q = {q}")
        row = rows.setdefault(k, np.zeros(2 * k + 1))
        scale = (-1) ** q * math.sqrt(2) if q else 1.0
        row[k + q] = scale * number.real
        if q:
            row[k - q] = -scale * number.imag
    return rows


def _complex_parameters(rows: Mapping[int, FloatArray]) -> dict[tuple[int, int], complex]:
    """B_kq, q ≥ 0, from k → A_kμ; zeros left out."""
    found = {}
    for k, row in rows.items():
        for q in range(k + 1):
            value = complex(row[k]) if not q else (-1) ** q * complex(row[k + q], -row[k - q]) / math.sqrt(2)
            if value:
                found[k, q] = value
    return found


@cache
def _stevens_factors(k: int) -> FloatArray:
    """s_μ with Z_kμ = s_μ f_kμ on the unit sphere, μ = −k … k: all Z have one norm, and Z_k0 = 1 at the pole."""
    solid = solid_harmonics(k).numerators[:, k:, 0].astype(object)
    norms = (solid**2 * np.array(fischer_norms(k), dtype=object)[:, None]).sum(axis=0)
    pole = solid[monomials(k).index((0, 0, k)), 0]
    factors = [math.sqrt(Fraction(norms[0], norm)) / pole for norm in norms]
    return read_only(np.array(factors[:0:-1] + factors))


def _columns(k: int) -> list[tuple[int, int, bool]]:
    """(k, q, whether it is the imaginary part) of the real parameters of degree k in their order."""
    return [(k, 0, False), *((k, q, imaginary) for q in range(1, k + 1) for imaginary in (False, True))]


def _component_name(k: int, q: int, imaginary: bool) -> str:
    name = f"B{k}{q}" if k < 10 else f"B({k},{q})"
    return name if not q else f"Im {name}" if imaginary else f"Re {name}"


def _echelon(group: PointGroup, k: int) -> tuple[FloatArray, list[int], list[list[str]]]:
    """The reduced echelon form of the invariants of degree k over the real parameters: rows, pivots, rows as text."""
    basis = group.harmonics(k)
    (trivial,) = group.subduce(0)
    invariant = [r for r, label in enumerate(basis.labels) if label.irrep == trivial]
    sources = [k - q if imaginary else k + q for _, q, imaginary in _columns(k)]
    signs = [(-1) ** (q + imaginary) for _, q, imaginary in _columns(k)]
    squares = [1, *(2 * k * [2])]  # B_k0 = A_k0, and all others are ±A/√2
    rows, pivots = _numeric_echelon(basis.array[invariant][:, sources] * signs / np.sqrt(squares))
    if group.is_rotated or np.count_nonzero(rows) == len(rows):
        return rows, pivots, [[f"{x:.6g}" for x in row] for row in rows.tolist()]
    import sympy

    change = sympy.diag(*(sign / sympy.sqrt(n) for sign, n in zip(signs, squares, strict=True)))
    reduced, _ = (basis.exact.extract(invariant, sources) * change).rref(simplify=True)
    return rows, pivots, [[str(x) for x in row] for row in reduced.tolist()]


def _numeric_echelon(rows: FloatArray) -> tuple[FloatArray, list[int]]:
    """Reduced echelon form of independent rows, and its pivots."""
    reduced = rows.copy()
    pivots: list[int] = []
    for column in range(rows.shape[1]):
        done = len(pivots)
        if done == len(rows):
            break
        best = done + int(np.abs(reduced[done:, column]).argmax())
        if abs(reduced[best, column]) < _ZERO:
            continue
        reduced[[done, best]] = reduced[[best, done]]
        reduced[done] /= reduced[done, column]
        others = np.arange(len(rows)) != done
        reduced[others] -= np.outer(reduced[others, column], reduced[done])
        pivots.append(column)
    reduced[np.abs(reduced) < _ZERO] = 0.0
    return reduced, pivots


def _sum(terms: Mapping[str, str]) -> str:
    """Σ factor·name as text."""
    text = ""
    for name, factor in terms.items():
        size = factor.removeprefix("-")
        sign = ("-" if size != factor else "") if not text else (" - " if size != factor else " + ")
        text += sign + (name if size == "1" else f"{size}*{name}")
    return text
