"""Couplings and products with spinor irreps: they intertwine, are unitary and complete, and follow the conventions."""

from functools import cache

import numpy as np
import pytest
import sympy
from cyclotomic import Exact, exact, identity, kron
from thirty_two import GROUPS, every_group

from pointgroups import coupling, point_group
from pointgroups.double.irreps import DoubleIrrep


def _cases():
    for name in GROUPS:
        for label in point_group(name).double.irreps:
            yield pytest.param(name, label, id=f"{name}-{label}")


every_irrep = pytest.mark.parametrize(("name", "label"), list(_cases()))


def _partners(name: str, label: str) -> list[DoubleIrrep]:
    """The irreps b for which a ⊗ b is not wholly single-valued."""
    double = point_group(name).double
    return [b for b in double.irreps.values() if b.spinor or double.irreps[label].spinor]


@every_irrep
def test_coupling_intertwines_and_is_unitary(name, label):
    """For a and every b: Γ^a ⊗ Γ^b U = U ⊕ Γ^c with U one unitary matrix over all c and copies."""
    double = point_group(name).double
    a = double.irreps[label]
    for b in _partners(name, label):
        product = np.einsum("gij,gkl->gikjl", a.matrices, b.matrices).reshape(double.order, a.dim * b.dim, -1)
        counts = double.tensor_product(a, b)
        assert counts == double.decompose_character(a.characters * b.characters)
        columns = []
        for c_label, count in counts.items():
            c = double.irreps[c_label]
            u = coupling(a, b, c)
            assert u.shape == (count, a.dim, b.dim, c.dim)
            assert u.dtype == (np.float64 if {a.type, b.type, c.type} == {"real"} else np.complex128)
            for copy in u.reshape(count, a.dim * b.dim, c.dim):
                assert np.abs(product @ copy - copy @ c.matrices).max() < 1e-14, (label, b.label, c_label)
                first = copy[np.flatnonzero(np.abs(copy[:, 0]) > 1e-12)[0], 0]
                assert abs(first.imag) < 1e-15
                assert first.real > 0
                columns.append(copy)
        unitary = np.concatenate(columns, axis=1)
        assert np.abs(unitary.conj().T @ unitary - np.eye(a.dim * b.dim)).max() < 1e-15 * 10, (label, b.label)


@cache
def matrices(name: str, label: str) -> Exact:
    return exact(point_group(name).double.irreps[label].exact)


def exact_copy(copy: sympy.NDimArray, shape: tuple[int, int]) -> tuple[Exact, int]:
    """U = V/√n with V over ℚ(√2, √3, i) and n = 1 or 5: all coefficients of one copy share the further root."""
    numbers = sympy.flatten(copy.tolist())
    bases = {power.base for number in numbers for power in number.atoms(sympy.Pow)}
    n = 5 if any(base % 5 == 0 for base in bases) else 1
    return exact([sympy.expand(number * sympy.sqrt(n)) for number in numbers]).reshape(*shape), n


@pytest.mark.parametrize(
    "name", ["C3", "C4", "S4", "C3h", "D2", "D3", "C3v", "D3d", "D4", "D2d", "D6", "D3h", "T", "O", "Td"]
)
def test_couplings_are_exact(name):
    """The same in exact arithmetic, each copy on its own: Γ^a ⊗ Γ^b U = U Γ^c and U†U = 1."""
    double = point_group(name).double
    for label, a in double.irreps.items():
        for b in _partners(name, label):
            product = kron(matrices(name, label), matrices(name, b.label))
            for c_label in double.tensor_product(a, b):
                c = double.irreps[c_label]
                symbolic = coupling(a, b, c, exact=True)
                numeric = coupling(a, b, c)
                for copy in range(len(numeric)):
                    v, n = exact_copy(symbolic[copy], (a.dim * b.dim, c.dim))
                    assert (product @ v).equals(v[None] @ matrices(name, c_label)), (label, b.label, c_label)
                    assert (v.mT.conj() @ v).equals(identity(c.dim) * n)
                    assert np.abs(v.values() / np.sqrt(n) - numeric[copy].reshape(v.shape)).max() < 4e-16


@every_group
def test_copies_of_a_square_have_a_definite_exchange_symmetry(name):
    double = point_group(name).double
    for a in double.spinor_irreps.values():
        counts = {1: double.symmetric_square(a), -1: double.antisymmetric_square(a)}
        for c_label, count in double.tensor_product(a, a).items():
            u = coupling(a, a, double.irreps[c_label])
            signs = [counts[1].get(c_label, 0), counts[-1].get(c_label, 0)]
            assert sum(signs) == count
            for m, copy in enumerate(u):
                sign = 1 if m < signs[0] else -1
                assert np.abs(copy - sign * copy.transpose(1, 0, 2)).max() < 1e-15, (a.label, c_label)


@every_group
def test_squares_by_characters(name):
    """χ_± = (χ(g)² ± χ(g²))/2; the trivial irrep is in the antisymmetric square of pseudoreal irreps only."""
    double = point_group(name).double
    trivial = next(iter(double.irreps))
    everything = np.arange(double.order)
    for a in double.irreps.values():
        chi, square = a.characters, a.characters[double.product[everything, everything]]
        assert double.symmetric_square(a) == double.decompose_character((chi**2 + square) / 2)
        assert double.antisymmetric_square(a) == double.decompose_character((chi**2 - square) / 2)
        assert (double.symmetric_square(a).get(trivial), double.antisymmetric_square(a).get(trivial)) == {
            1: (1, None),
            0: (None, None),
            -1: (None, 1),
        }[a.indicator]


def test_couplings_of_the_group_itself_are_unchanged():
    group = point_group("Oh")
    for a, b, c in (("T1u", "T1u", "T2g"), ("Eg", "T1g", "T2g")):
        expected = coupling(group.irreps[a], group.irreps[b], group.irreps[c])
        found = coupling(*(group.double.irreps[x] for x in (a, b, c)))
        assert found.dtype == np.float64
        assert np.array_equal(found, expected)


def test_forbidden_and_mixed_couplings():
    group = point_group("O")
    double = group.double
    half = double.irreps["E1/2"]
    assert coupling(half, half, double.irreps["E"]).shape == (0, 2, 2, 2)
    assert coupling(half, half, half).shape == (0, 2, 2, 2)
    with pytest.raises(ValueError, match="irreps of one group couple"):
        coupling(group.irreps["T1"], half, half)
