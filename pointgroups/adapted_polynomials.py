"""Symmetry-adapted homogeneous polynomials in x, y, z, exactly.

The (n+1)(n+2)/2 monomials of degree n carry ℓ = n, n−2, … of O(3), so an irrep γ occurs as often as in these together.
Each copy is a column set P^{k0} m of the transfer operators on the monomials m in their order, orthogonal to the copies
before in the Fischer product ⟨x^a y^b z^c, x^a y^b z^c⟩ = a! b! c!, and scaled to coprime integers, times √3 at most.
"""

from __future__ import annotations

from .exact import ExactArray
from .harmonics import COMMUTANT
from .point_group import PointGroup
from .polynomials import fischer_norms, polynomial_representation, simplest_multiple, text
from .projection import candidate_intertwiners, independent_copies

Polynomials = dict[str, tuple[tuple[str, ...], ...]]


def adapted_polynomials(group: PointGroup, degree: int) -> Polynomials:
    """All polynomials of one degree, sorted by irrep over ℝ: label → copies → the partners f_k as text.

    O(g) f_k = Σ_i f_i Γ_ik(g) with the matrices of ``group.real_irreps``, where (O(g) f)(r) = f(g⁻¹ r), in the axes of
    the setting (``group.frame`` is not applied). Of a complex type the functions f·J are a further copy over ℝ.

    Raises:
        ValueError: the degree is negative or no integer.

    >>> from pointgroups import point_group
    >>> adapted_polynomials(point_group("C3v"), 2)["E"]
    (('x*z', 'y*z'), ('2*x*y', 'x**2-y**2'))
    """
    if degree < 0 or int(degree) != degree:
        raise ValueError(f"the degree of a polynomial is 0, 1, 2, …, not {degree}")
    images = polynomial_representation(group.exact_rotations, degree)
    metric = ExactArray.integers(fischer_norms(degree))
    found: Polynomials = {}
    for label, irrep in group.real_irreps.items():
        count = sum(group.subduce(l).get(label, 0) for l in range(degree, -1, -2))
        if count:
            candidates = candidate_intertwiners(irrep.exact_matrices, images)
            commutant = [COMMUTANT] if irrep.commuting == 2 else []
            copies = independent_copies(candidates, count, commutant, metric)
            found[label] = tuple(_texts(copy, degree) for copy in copies)
    return found


def _texts(copy: ExactArray, degree: int) -> tuple[str, ...]:
    if degree == 0:
        return ("1",)
    functions = simplest_multiple(copy.transpose(1, 0))
    return tuple(text(functions[k], degree) for k in range(len(functions)))
