r"""Clebsch–Gordan coefficients of SO(3) between real harmonics.

    U_ijk = Σ_αβγ V_αi V_βj V̄_γk ⟨a α b β | c γ⟩ ,      times −i where that is imaginary (a + b + c odd),

with V the unitary matrices of :func:`pointgroups.real_to_complex`, Y_ℓ^m = Σ_k V_mk Y_{ℓ,k}.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from pointgroups import clebsch_gordan, real_to_complex


@cache
def real_clebsch_gordan(a: int, b: int, c: int) -> NDArray[np.float64]:
    """U (m, 2a+1, 2b+1, 2c+1), m = 1 where |a − b| ≤ c ≤ a + b, else 0: D^a(R) ⊗ D^b(R) U = U D^c(R), an isometry.

    Read-only; the first coefficient of k = 1, in the order of (i, j), that is not zero is positive. For given i, j, k
    the terms of the sum differ in sign alone, so that what cancels cancels exactly.

    >>> (real_clebsch_gordan(1, 1, 1)[0, :, :, 0] * 2**0.5).round(12).tolist()  # y of the vector product of (y, z, x)
    [[0.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]]
    """
    if not abs(a - b) <= c <= a + b:
        return _read_only(np.zeros((0, 2 * a + 1, 2 * b + 1, 2 * c + 1)))
    first, second, third = (real_to_complex(degree) for degree in (a, b, c))
    coefficients = clebsch_gordan(a, b, c)
    product = np.einsum("xyz,xi,yj,zk->ijk", coefficients, first, second, third.conj(), optimize=True)
    array = product.real if (a + b + c) % 2 == 0 else product.imag
    leading = array[:, :, 0]
    return _read_only(array[None] * np.sign(leading[leading != 0][0]) + 0.0)  # no −0.0


def _read_only(array: NDArray[np.float64]) -> NDArray[np.float64]:
    array.flags.writeable = False
    return array
