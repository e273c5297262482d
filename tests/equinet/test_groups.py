"""O(3) and SO(3) as groups: their irreps represent, and their couplings are those of three other sources."""

from __future__ import annotations

import copy
import math
from itertools import product

import numpy as np
import pytest
from thirty_two import every_group, random_rotation

from equinet.groups import (
    O3,
    SO3,
    Group,
    OrthogonalIrrep,
    as_group,
    as_numbered_group,
    common_group,
    coupling,
    tensor_product,
    trivial_irrep,
)
from pointgroups import UnknownIrrepError, point_group, spherical_harmonics, wigner_d_real
from pointgroups import coupling as point_group_coupling

L_MAX = 4
DEGREES = range(L_MAX + 1)
PAIRS = list(product(DEGREES, DEGREES))
every_pair = pytest.mark.parametrize(("a", "b"), PAIRS)
both = pytest.mark.parametrize("group", [O3(L_MAX), SO3(L_MAX)], ids=repr)


def turns(group: Group) -> list[np.ndarray]:
    proper = [random_rotation(seed) for seed in range(3)]
    return proper + [-turn for turn in proper] if group.name == "O(3)" else proper


def u(a: int, b: int, c: int) -> np.ndarray:
    """The coefficients (2a+1, 2b+1, 2c+1) of three degrees."""
    irreps = SO3(max(a, b, c)).real_irreps
    (copy,) = coupling(irreps[str(a)], irreps[str(b)], irreps[str(c)])
    return copy


@both
def test_one_object_for_each_group_and_irrep(group: Group) -> None:
    again = O3(L_MAX) if group.name == "O(3)" else SO3(L_MAX)
    assert again is group
    for duplicate in (copy.copy, copy.deepcopy):
        assert duplicate(group) is group
        for irrep in group.real_irreps.values():
            assert duplicate(irrep) is irrep
    build, arguments = group.__reduce__()
    assert build(*arguments) is group


def test_labels_in_order() -> None:
    assert list(O3(2).real_irreps) == ["0e", "0o", "1e", "1o", "2e", "2o"]
    assert list(SO3(2).real_irreps) == ["0", "1", "2"]
    assert [(a.degree, a.parity, a.dim) for a in O3(1).real_irreps.values()] == [
        (0, 1, 1),
        (0, -1, 1),
        (1, 1, 3),
        (1, -1, 3),
    ]
    assert repr(O3(2)) == "O3(2)"
    assert repr(SO3(2).real_irreps["1"]) == "<Irrep 1 of SO(3), dim 3>"


@both
def test_irreps_represent(group: Group) -> None:
    for irrep in group.real_irreps.values():
        one = np.eye(irrep.dim)
        np.testing.assert_array_equal(irrep.commutant, one[None])
        for first, second in product(turns(group), repeat=2):
            np.testing.assert_allclose(
                irrep.matrix(first) @ irrep.matrix(second), irrep.matrix(first @ second), atol=1e-13
            )
            np.testing.assert_allclose(irrep.matrix(first) @ irrep.matrix(first).T, one, atol=1e-13)


def test_parity_is_the_sign_of_the_inversion() -> None:
    for irrep in O3(L_MAX).real_irreps.values():
        np.testing.assert_allclose(irrep.matrix(-np.eye(3)), irrep.parity * np.eye(irrep.dim), atol=1e-13)
        stack = np.stack([random_rotation(1), -random_rotation(1)])
        matrices = irrep.matrix(stack)
        assert matrices.shape == (2, irrep.dim, irrep.dim)
        np.testing.assert_allclose(matrices[1], irrep.parity * matrices[0], atol=1e-13)


def test_natural_parity_is_that_of_the_harmonics() -> None:
    for l in DEGREES:
        irrep = O3(L_MAX).real_irreps[f"{l}{'eo'[l % 2]}"]
        for turn in turns(O3(L_MAX)):
            np.testing.assert_allclose(irrep.matrix(turn), wigner_d_real(l, turn), atol=1e-13)
        basis = O3(L_MAX).harmonics(l)
        np.testing.assert_array_equal(basis.array, np.eye(2 * l + 1))
        assert basis.multiplicities == {irrep.label: 1}
        assert SO3(L_MAX).harmonics(l).multiplicities == {str(l): 1}


@both
def test_couplings_intertwine(group: Group) -> None:
    turn = turns(group)[-1]
    for a, b, c in product(group.real_irreps.values(), repeat=3):
        coefficients = coupling(a, b, c)
        assert coefficients.shape[1:] == (a.dim, b.dim, c.dim)
        left = np.einsum("ai,bj,mijk->mabk", a.matrix(turn), b.matrix(turn), coefficients)
        np.testing.assert_allclose(left, coefficients @ c.matrix(turn), atol=1e-13)


@every_pair
def test_couplings_are_a_complete_orthonormal_basis(a: int, b: int) -> None:
    irreps = O3(2 * L_MAX).real_irreps
    columns = [
        coupling(irreps[f"{a}o"], irreps[f"{b}e"], c).reshape(-1, (2 * a + 1) * (2 * b + 1), c.dim)
        for c in irreps.values()
    ]
    matrix = np.concatenate([copy for copies in columns for copy in copies], axis=-1)
    np.testing.assert_allclose(matrix.T @ matrix, np.eye((2 * a + 1) * (2 * b + 1)), atol=1e-14)


@every_pair
def test_first_coefficient_is_positive(a: int, b: int) -> None:
    for c in range(abs(a - b), min(a + b, 8) + 1):
        first = u(a, b, c)[:, :, 0]
        assert first[first != 0][0] > 0
        assert not u(a, b, c).flags.writeable
        assert not np.signbit(u(a, b, c)[u(a, b, c) == 0]).any()


@every_pair
def test_couplings_against_integrals_of_three_harmonics(a: int, b: int) -> None:
    """∫ Y_ai Y_bj Y_ck is proportional to U for a + b + c even, with Gaunt's factor; by an exact quadrature."""
    z, weights = np.polynomial.legendre.leggauss(2 * L_MAX + 1)
    phi = 2 * np.pi * np.arange(4 * L_MAX + 1) / (4 * L_MAX + 1)
    planar = np.sqrt(1 - z**2)
    points = np.stack([np.outer(planar, np.cos(phi)), np.outer(planar, np.sin(phi)), np.outer(z, phi * 0 + 1)], -1)
    share = np.outer(weights, np.full(len(phi), 2 * np.pi / len(phi)))
    for c in range(abs(a - b), min(a + b, L_MAX) + 1, 2):
        y = [spherical_harmonics(l, points) for l in (a, b, c)]
        integral = np.einsum("pq,pqi,pqj,pqk->ijk", share, *y)
        size = np.linalg.norm(integral) / math.sqrt(2 * c + 1)
        sign = np.sign(np.vdot(integral, u(a, b, c)))
        np.testing.assert_allclose(sign * integral / size, u(a, b, c), atol=1e-13)


@every_pair
def test_couplings_against_e3nn(a: int, b: int) -> None:
    """e3nn's w3j, √(2c+1) times, in the same basis of harmonics (its axes renamed), up to one sign for each triple."""
    o3 = pytest.importorskip("e3nn.o3")
    torch = pytest.importorskip("torch")
    for c in range(abs(a - b), min(a + b, 6) + 1):
        theirs = math.sqrt(2 * c + 1) * o3.wigner_3j(a, b, c, dtype=torch.float64).numpy()
        sign = np.sign(np.vdot(theirs, u(a, b, c)))
        np.testing.assert_allclose(sign * theirs, u(a, b, c), atol=1e-13)


@pytest.mark.parametrize("degrees", [(1, 1, 1), (1, 2, 2), (2, 2, 3), (3, 2, 4), (1, 1, 2)], ids=str)
def test_couplings_against_sympy(degrees: tuple[int, int, int]) -> None:
    """From SymPy's complex coefficients, by a change of basis to Y = (−1)^m √2 (Re, Im) Y^m written out here."""
    from sympy.physics.wigner import clebsch_gordan

    def real(l: int) -> np.ndarray:
        matrix = np.zeros((2 * l + 1, 2 * l + 1), dtype=complex)  # real m, complex m
        matrix[l, l] = 1
        for m in range(1, l + 1):
            matrix[l + m, l + m], matrix[l + m, l - m] = (-1) ** m / math.sqrt(2), 1 / math.sqrt(2)
            matrix[l - m, l + m], matrix[l - m, l - m] = -1j * (-1) ** m / math.sqrt(2), 1j / math.sqrt(2)
        return matrix

    a, b, c = degrees
    complex_coefficients = np.zeros((2 * a + 1, 2 * b + 1, 2 * c + 1))
    for alpha, beta in product(range(-a, a + 1), range(-b, b + 1)):
        if abs(alpha + beta) <= c:
            value = clebsch_gordan(a, b, c, alpha, beta, alpha + beta)
            complex_coefficients[a + alpha, b + beta, c + alpha + beta] = float(value)
    turned = np.einsum("ix,jy,kz,xyz->ijk", real(a).conj(), real(b).conj(), real(c), complex_coefficients)
    values = turned.real if (a + b + c) % 2 == 0 else turned.imag
    sign = np.sign(np.vdot(values, u(a, b, c)))
    np.testing.assert_allclose(sign * values, u(a, b, c), atol=1e-14)


def test_high_degrees() -> None:
    coefficients = u(12, 11, 12)
    np.testing.assert_allclose(np.einsum("ijk,ijl->kl", coefficients, coefficients), np.eye(25), atol=1e-13)


def test_products_keep_parity_and_cut_off() -> None:
    assert O3(3).tensor_product("1o", "2o") == {"1e": 1, "2e": 1, "3e": 1}
    assert O3(2).tensor_product("2e", "2o") == {"0o": 1, "1o": 1, "2o": 1}
    assert SO3(2).tensor_product("2", "1") == {"1": 1, "2": 1}
    vector = O3(2).real_irreps["1o"]
    assert tensor_product(vector, vector) == {"0e": 1, "1e": 1, "2e": 1}
    assert coupling(vector, vector, O3(2).real_irreps["0o"]).shape == (0, 3, 3, 1)


@every_group
def test_point_groups_keep_their_own_couplings(name: str) -> None:
    group = point_group(name)
    a, b = list(group.real_irreps.values())[-1], next(iter(group.real_irreps.values()))
    assert coupling(a, b, a) is point_group_coupling(a, b, a)
    assert tensor_product(a, a) == group.tensor_product(a, a)


@every_group
def test_the_trivial_irrep(name: str) -> None:
    assert (trivial_irrep(point_group(name)).matrices == 1).all()


def test_the_trivial_irrep_of_all_rotations() -> None:
    assert trivial_irrep(O3(2)).label == "0e"
    assert trivial_irrep(SO3(2)).label == "0"


def test_groups_by_name() -> None:
    assert as_group("m-3m") is point_group("Oh")
    assert as_group(O3(2)) is O3(2)
    assert as_numbered_group(32, "a sum over elements") is point_group("Oh")
    irreps = O3(2).real_irreps
    assert common_group(irreps["1o"], irreps["2e"]) is O3(2)


def test_refusals() -> None:
    vector = O3(2).real_irreps["1o"]
    with pytest.raises(ValueError, match="integer ≥ 0, not -1"):
        O3(-1)
    with pytest.raises(ValueError, match=r"integer ≥ 0, not 1\.5"):
        SO3(1.5)  # type: ignore[arg-type]
    with pytest.raises(UnknownIrrepError, match="'3o' is not an irrep of O3"):
        O3(2).real_irreps["3o"]
    with pytest.raises(ValueError, match="degree 0 … 2, not 3; make the group with a higher cut-off"):
        O3(2).harmonics(3)
    with pytest.raises(ValueError, match="proper rotations only"):
        SO3(2).real_irreps["1"].matrix(-np.eye(3))
    with pytest.raises(ValueError, match="orthogonal"):
        vector.matrix(2 * np.eye(3))
    with pytest.raises(ValueError, match="different groups"):
        coupling(vector, vector, O3(3).real_irreps["0e"])
    with pytest.raises(ValueError, match="one group couple"):
        coupling(vector, vector, point_group("Oh").real_irreps["A1g"])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"a sum over elements needs a finite group, and SO\(3\) is infinite"):
        as_numbered_group(SO3(2), "a sum over elements")
    with pytest.raises(AttributeError, match="immutable"):
        O3(2).l_max = 3
    with pytest.raises(AttributeError, match="immutable"):
        vector.degree = 3
    assert isinstance(vector, OrthogonalIrrep)
