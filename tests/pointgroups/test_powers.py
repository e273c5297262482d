"""Symmetrised powers and Young symmetries of irreps to n = 6, against eigenvalues, tensors and printed tables."""

import itertools
import math

import numpy as np
import pytest
from thirty_two import every_complex_irrep, every_group, every_irrep, irrep, irreps

from pointgroups import partitions, point_group
from pointgroups.products.power_characters import symmetric_power_character, young_character
from pointgroups.products.powers import (
    antisymmetric_power,
    configuration_terms,
    symmetric_power,
    young_power,
    young_powers,
)
from pointgroups.tensors.young import cycles, dimension_linear, dimension_symmetric, symmetric_character


def in_short(found):
    return "+".join((str(n) if n > 1 else "") + label for label, n in found.items())


def complete(eigenvalues, n):
    """h_0 … h_n of numbers: all products with repetition."""
    return [
        sum(math.prod(c) for c in itertools.combinations_with_replacement(eigenvalues, k)) if k else 1.0
        for k in range(n + 1)
    ]


def jacobi_trudi(h, shape):
    """s_λ = det(h_{λ_i − i + j})."""
    size = len(shape)
    rows = [[h[shape[i] - i + j] if shape[i] - i + j >= 0 else 0.0 for j in range(size)] for i in range(size)]
    return np.linalg.det(np.array(rows)) if size else 1.0


@every_complex_irrep
def test_characters_are_schur_functions_of_eigenvalues(name, label):
    gamma = irrep(name, "C", label)
    firsts = [c.indices[0] for c in gamma.group.classes]
    tables = [complete(np.linalg.eigvals(gamma.matrices[g]), 6) for g in firsts]
    for n in range(7):
        assert symmetric_power_character(gamma, n) == young_character(gamma, (n,) if n else ())
        for shape in partitions(n):
            found = young_character(gamma, shape).numeric()
            expected = [jacobi_trudi(h, shape) for h in tables]
            assert np.abs(found - expected).max() < 1e-9


@every_irrep
def test_all_powers_add_up(name, field, label):
    """Γ^{⊗n} = ⊕ f_λ Γ^λ, by dimensions and by multiplicities."""
    gamma = irrep(name, field, label)
    dims = {other.label: other.dim for other in irreps(gamma.group, field)}
    whole = {label: 1}
    for n in range(1, 7):
        powers = young_powers(gamma, n)
        total: dict[str, int] = {}
        for shape, found in powers.items():
            assert sum(m * dims[k] for k, m in found.items()) == dimension_linear(shape, gamma.dim)
            for k, m in found.items():
                total[k] = total.get(k, 0) + m * dimension_symmetric(shape)
        assert total == whole
        if n == 4:
            break  # the product below grows; larger n stand in the test of characters
        product: dict[str, int] = {}
        for k, m in whole.items():
            for c, p in gamma.group.tensor_product(irrep(name, field, k), gamma).items():
                product[c] = product.get(c, 0) + m * p
        whole = product


@every_group
def test_squares_are_those_of_the_group(name):
    group = point_group(name)
    for field in "CR":
        for gamma in irreps(group, field):
            assert symmetric_power(gamma, 2) == group.symmetric_square(gamma)
            assert antisymmetric_power(gamma, 2) == group.antisymmetric_square(gamma)
            assert symmetric_power(gamma, 1) == antisymmetric_power(gamma, 1) == {gamma.label: 1}
            trivial = next(iter(irreps(group, field))).label
            assert symmetric_power(gamma, 0) == antisymmetric_power(gamma, 0) == {trivial: 1}
            assert antisymmetric_power(gamma, gamma.dim + 1) == {}


@pytest.mark.parametrize(("name", "label"), [("C3v", "E"), ("Td", "T2"), ("O", "T1"), ("D6h", "E1u"), ("T", "T")])
@pytest.mark.parametrize("shape", [(3,), (2, 1), (1, 1, 1), (2, 2), (3, 1)])
def test_against_permuted_tensors(name, label, shape):
    """χ_λ(g) = (1/n!) Σ_σ χ^λ(σ) tr(P_σ Γ(g)^{⊗n}), with the trace taken on tensors."""
    gamma, n = irrep(name, "C", label), sum(shape)
    letters = "abcd"[:n]
    for k, c in enumerate(gamma.group.classes):
        matrix = gamma.matrices[c.indices[0]]
        total = 0.0
        for s in itertools.permutations(range(n)):
            lengths = tuple(sorted((len(cycle) for cycle in cycles(s)), reverse=True))
            subscripts = ",".join(letters[i] + letters[s[i]] for i in range(n))
            total += symmetric_character(shape, lengths) * np.einsum(f"{subscripts}->", *[matrix] * n)
        assert young_character(gamma, shape).numeric()[k] == pytest.approx(total / math.factorial(n), abs=1e-9)


@pytest.mark.parametrize(
    ("name", "label", "expected"),
    [  # [Γⁿ], n = 2, 3, …, as in Wilson, Decius, Cross (1955), app. X; typed from memory
        ("C3v", "E", ["A1+E", "A1+A2+E", "A1+2E", "A1+A2+2E", "2A1+A2+2E"]),
        ("D4", "E", ["A1+B1+B2", "2E", "2A1+A2+B1+B2"]),
        ("D6", "E1", ["A1+E2", "B1+B2+E1", "A1+2E2"]),
        ("Td", "T2", ["A1+E+T2", "A1+T1+2T2", "2A1+2E+T1+2T2"]),
        ("Td", "E", ["A1+E", "A1+A2+E", "A1+2E"]),
        ("Oh", "T1u", ["A1g+Eg+T2g", "A2u+2T1u+T2u", "2A1g+2Eg+T1g+2T2g"]),
    ],
)
def test_printed_overtones(name, label, expected):
    gamma = irrep(name, "C", label)
    assert [in_short(symmetric_power(gamma, n)) for n in range(2, 2 + len(expected))] == expected


@pytest.mark.parametrize(
    ("name", "label", "n", "expected"),
    [  # as in Griffith, The Theory of Transition-Metal Ions (1961); typed from memory
        ("O", "T2", 1, {2: "T2"}),
        ("O", "T2", 2, {3: "T1", 1: "A1+E+T2"}),
        ("O", "T2", 3, {4: "A2", 2: "E+T1+T2"}),
        ("O", "T2", 4, {3: "T1", 1: "A1+E+T2"}),
        ("O", "T2", 5, {2: "T2"}),
        ("O", "T2", 6, {1: "A1"}),
        ("O", "E", 2, {3: "A2", 1: "A1+E"}),
        ("O", "E", 3, {2: "E"}),
        ("O", "E", 4, {1: "A1"}),
        ("D4h", "Eg", 2, {3: "A2g", 1: "A1g+B1g+B2g"}),
        ("O", "A2", 0, {1: "A1"}),
    ],
)
def test_terms_of_configurations(name, label, n, expected):
    assert {s: in_short(found) for s, found in configuration_terms(irrep(name, "C", label), n).items()} == expected


@every_group
def test_terms_count_all_states(name):
    for gamma in irreps(point_group(name), "R"):
        dims = {other.label: other.dim for other in irreps(gamma.group, "R")}
        for n in range(2 * gamma.dim + 1):
            terms = configuration_terms(gamma, n)
            states = sum(s * m * dims[k] for s, found in terms.items() for k, m in found.items())
            assert states == math.comb(2 * gamma.dim, n)


def test_wrong_input_is_refused():
    gamma = irrep("O", "C", "T2")
    with pytest.raises(ValueError, match="decreasing positive lengths"):
        young_power(gamma, (1, 2))
    with pytest.raises(ValueError, match="a power is 0, 1, 2, …, not -1"):
        symmetric_power(gamma, -1)
    with pytest.raises(ValueError, match="a whole number"):
        antisymmetric_power(gamma, 1.5)
    with pytest.raises(ValueError, match="holds 0 to 6 electrons, not 7"):
        configuration_terms(gamma, 7)


def test_results_are_the_callers_own():
    gamma = irrep("O", "C", "T2")
    symmetric_power(gamma, 2).clear()
    assert symmetric_power(gamma, 2) == {"A1": 1, "E": 1, "T2": 1}
