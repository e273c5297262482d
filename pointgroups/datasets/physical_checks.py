r"""What a tensor of a stable crystal obeys whatever its symmetry: inequalities on eigenvalues and on averages.

- Permittivity: D·E > 0, so ε is symmetric and positive definite; the electronic part alone has ε ≥ 1, and ions only
  add to it.
- Stiffness: the elastic energy ½ ε C ε is positive (Born), so the 6×6 Mandel matrix is positive definite. The averages
  of an isotropic polycrystal then lie between those of Reuss (uniform stress) and Voigt (uniform strain):

    9 K_V = Σ C_aa + 2 Σ_{a<b} C_ab,  1/K_R = Σ S_aa + 2 Σ_{a<b} S_ab                                    (a, b ≤ 3)
    15 G_V = Σ C_aa − Σ_{a<b} C_ab + 3 Σ_{a>3} C_aa,  15/G_R = 4 Σ S_aa − 4 Σ_{a<b} S_ab + 3 Σ_{a>3} S_aa.

Sources: M. Born and K. Huang, Dynamical Theory of Crystal Lattices (1954), sect. 12; R. Hill, Proc. Phys. Soc. A 65,
349 (1952).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pointgroups.tensors.voigt import from_voigt, to_mandel

from .findings import Finding

FloatArray = NDArray[np.float64]

ELECTRONIC = frozenset({"e_electronic", "eps_inf"})
"""Columns that hold the permittivity at frequencies above those of the ions."""
_ASYMMETRY = 0.01  # relative to the largest entry
_ROUNDING = 1e-3  # relative; eigenvalues and bounds that are off by less are not
_MODULI = 0.02  # relative difference of published and recomputed moduli
_STRESS = 1.0  # GPa: moduli that differ by less agree
_CHARGE = 0.02  # of an elementary charge, for each atom


@dataclass(frozen=True)
class ElasticModuli:
    """Averages of a stiffness for a polycrystal, in its unit; made by :func:`elastic_moduli`.

    Attributes:
        k_voigt, k_reuss, g_voigt, g_reuss: bulk moduli K and shear moduli G; Reuss's are NaN where it is singular.
        least_eigenvalue: of the Mandel matrix.
        stable: whether the stiffness is positive definite.

    Example:
        >>> import numpy as np
        >>> moduli = elastic_moduli(np.diag([1.0, 1.0, 1.0, 0.5, 0.5, -0.1]))
        >>> moduli.stable, round(moduli.k_voigt, 3), round(moduli.least_eigenvalue, 3)
        (False, 0.333, -0.2)
    """

    k_voigt: float
    k_reuss: float
    g_voigt: float
    g_reuss: float
    least_eigenvalue: float
    stable: bool

    @property
    def k_hill(self) -> float:
        """(K_V + K_R)/2."""
        return (self.k_voigt + self.k_reuss) / 2

    @property
    def g_hill(self) -> float:
        """(G_V + G_R)/2."""
        return (self.g_voigt + self.g_reuss) / 2


def elastic_moduli(stiffness: ArrayLike) -> ElasticModuli:
    """Voigt, Reuss and Hill averages of a stiffness, and the least eigenvalue of its Mandel matrix.

    Args:
        stiffness: (6, 6) Voigt matrix; its antisymmetric part is left out.

    Raises:
        ValueError: a wrong shape or entries that are not finite.

    Example:
        >>> C = [[165.7, 63.9, 63.9, 0, 0, 0], [63.9, 165.7, 63.9, 0, 0, 0], [63.9, 63.9, 165.7, 0, 0, 0],
        ...      [0, 0, 0, 79.6, 0, 0], [0, 0, 0, 0, 79.6, 0], [0, 0, 0, 0, 0, 79.6]]  # silicon, GPa
        >>> moduli = elastic_moduli(C)
        >>> round(moduli.k_hill, 1), round(moduli.g_voigt, 1), round(moduli.g_reuss, 1)
        (97.8, 68.1, 65.0)
    """
    c = np.asarray(from_voigt(stiffness, "ij,kl"), dtype=np.float64)
    mandel = to_mandel((c + c.transpose(2, 3, 0, 1)) / 2, "ij,kl")
    values = np.asarray(np.linalg.eigvalsh(mandel), dtype=np.float64)
    trace, shear = _averages(mandel)
    singular = np.abs(values).min() <= 1e-12 * np.abs(values).max()
    inverse_trace, inverse_shear = (
        (np.nan, np.nan) if singular else _averages(np.asarray(np.linalg.inv(mandel), dtype=np.float64))
    )
    least = float(values[0])
    return ElasticModuli(trace / 3, 1 / (3 * inverse_trace), shear / 2, 1 / (2 * inverse_shear), least, least > 0)


def _averages(mandel: FloatArray) -> tuple[float, float]:
    """The isotropic part of a Mandel matrix M: 3 K = tr(M J) and 2 G = tr(M (1 − J))/5, J the projector on δ_ij."""
    compression = float(mandel[:3, :3].sum()) / 3
    return compression, (float(np.trace(mandel)) - compression) / 5


def dielectric_findings(column: str, tensor: FloatArray, row: Mapping[str, Any]) -> Iterator[Finding]:
    """What is wrong with a permittivity (3, 3)."""
    values = _eigenvalues(tensor)
    if values[0] <= 0:
        yield Finding("permittivity not positive", column, f"eigenvalues {_listed(values)}")
    elif column in ELECTRONIC and values[0] < 1 - _ROUNDING:
        yield Finding("electronic permittivity below 1", column, f"eigenvalues {_listed(values)}")
    electronic = np.asarray(row["e_electronic"], dtype=np.float64) if column == "e_total" and _has(row) else None
    if electronic is not None:
        ionic = _eigenvalues(tensor - electronic)
        if ionic[0] < -_ROUNDING * np.abs(tensor).max():
            text = f"eigenvalues of e_total − e_electronic {_listed(ionic)}"
            yield Finding("ionic permittivity negative", column, text)


def _has(row: Mapping[str, Any]) -> bool:
    """Whether the row has an electronic permittivity of the right shape."""
    try:
        values = np.asarray(row.get("e_electronic"), dtype=np.float64)
    except (TypeError, ValueError):
        return False
    return values.shape == (3, 3) and bool(np.isfinite(values).all())


def elastic_findings(column: str, stiffness: FloatArray, row: Mapping[str, Any]) -> Iterator[Finding]:
    """What is wrong with a stiffness, a (6, 6) Voigt matrix in GPa."""
    moduli = elastic_moduli(stiffness)
    if not moduli.stable:
        yield Finding("Born-unstable", column, f"least eigenvalue {moduli.least_eigenvalue:.4g}")
    for name, voigt, reuss in (("K", moduli.k_voigt, moduli.k_reuss), ("G", moduli.g_voigt, moduli.g_reuss)):
        if reuss > voigt + _ROUNDING * abs(voigt):
            yield Finding("Reuss > Voigt", column, f"{name}: Reuss {reuss:.4g}, Voigt {voigt:.4g}")
    for name, found in (("K_VRH", moduli.k_hill), ("G_VRH", moduli.g_hill)):
        published = row.get(name)
        if isinstance(published, int | float) and not abs(published - found) < max(_STRESS, _MODULI * abs(published)):
            yield Finding("moduli differ", column, f"{name} published {published:.4g}, found {found:.4g}")


def charge_findings(column: str, charges: FloatArray) -> Iterator[Finding]:
    """What is wrong with Born charges (n_atoms, 3, 3) as a whole: Σ_i Z_i = 0, the acoustic sum rule."""
    total = np.abs(charges.sum(axis=0)).max()
    if total > _CHARGE * len(charges):
        yield Finding("sum rule", column, f"entries of Σ Z up to {total:.3g} e")


def asymmetry_finding(column: str, tensor: FloatArray, symmetric: FloatArray) -> Iterator[Finding]:
    """Components that the definition of a tensor makes equal, and the data do not."""
    apart, scale = float(np.abs(tensor - symmetric).max()), float(np.abs(tensor).max())
    if apart > _ASYMMETRY * scale:
        yield Finding("not symmetric", column, f"by {apart:.3g} of {scale:.4g} from the symmetric part")


def _eigenvalues(matrix: FloatArray) -> FloatArray:
    """Those of the symmetric part, ascending."""
    return np.asarray(np.linalg.eigvalsh((matrix + matrix.T) / 2), dtype=np.float64)


def _listed(values: FloatArray) -> str:
    return ", ".join(f"{value:.4g}" for value in values)
