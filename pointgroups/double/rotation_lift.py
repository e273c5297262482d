"""The SU(2) matrix of any rotation, in floating point."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pointgroups.spherical import orthogonal_matrix


def su2_matrix(rotation: ArrayLike) -> NDArray[np.complex128]:
    """The SU(2) matrix of a rotation (3, 3) with tr U ≥ 0, in floating point; of an improper one, of its proper part.

    The largest component of the quaternion (cos φ/2, n sin φ/2) comes from a square root and the others from it, so all
    are accurate at every angle. At φ = π the sign is such that this component is positive.

    Raises:
        ValueError: not an orthogonal 3×3 matrix (to 1e-6).

    >>> su2_matrix(np.diag([-1.0, -1.0, 1.0])).diagonal().tolist()  # half a turn about z
    [-1j, 1j]
    """
    r = orthogonal_matrix(rotation)
    r = r * np.sign(np.linalg.det(r))
    skew = np.array([r[2, 1] - r[1, 2], r[0, 2] - r[2, 0], r[1, 0] - r[0, 1]])
    products = np.empty((4, 4))  # 4 q_a q_b
    products[0, 0] = 1 + np.trace(r)
    products[0, 1:] = products[1:, 0] = skew
    products[1:, 1:] = r + r.T + (1 - np.trace(r)) * np.eye(3)
    largest = int(np.argmax(products.diagonal()))
    w, x, y, z = products[largest] / (2 * np.sqrt(products[largest, largest]))
    sign = -1.0 if w < 0 else 1.0
    return np.asarray(sign * np.array([[w - 1j * z, -1j * x - y], [-1j * x + y, w + 1j * z]]))
