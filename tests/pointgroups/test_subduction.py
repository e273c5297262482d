"""O(3) ↓ G: multiplicities against an independent count of characters, ℓ ≤ 20, both parities."""

import numpy as np
import pytest
from cyclotomic import Exact, exact
from thirty_two import SETTINGS, every_setting, irreps, multiplicity, power_map, rotations

from pointgroups import point_group


def degree_characters(name: str, highest: int) -> list[Exact]:
    """χ_ℓ of the proper part of every element, ℓ = 0 … highest, through traces on polynomials alone.

    Harmonics of degree ℓ are the polynomials of degree ℓ modulo r² times those of degree ℓ − 2, so χ_ℓ = h_ℓ − h_{ℓ−2}
    with h_ℓ the trace on polynomials of degree ℓ: h_ℓ = (1/ℓ) Σ_{k=1…ℓ} tr(Rᵏ) h_{ℓ−k}. All these traces
    are integers.
    """
    group, trace = point_group(name), rotations(name).trace()
    determinants = np.linalg.det(group.rotations).round().astype(int)
    traces = [int(t.fraction()) for t in (trace[g] for g in range(group.order))]
    of_powers = np.array([traces] * highest)
    for k in range(1, highest + 1):
        power = power_map(group.product, k)
        of_powers[k - 1] = np.array(traces)[power] * determinants**k
    h = [np.ones(group.order, dtype=int)]
    for degree in range(1, highest + 1):
        total = sum(of_powers[k - 1] * h[degree - k] for k in range(1, degree + 1))
        assert not (total % degree).any()
        h.append(total // degree)
    chi = [h[degree] - h[degree - 2] if degree > 1 else h[degree] for degree in range(highest + 1)]
    return [exact(values.tolist()) for values in chi]


@every_setting
def test_multiplicities(name):
    group = point_group(name)
    determinants = np.linalg.det(group.rotations).round().astype(int)
    for degree, proper_part in enumerate(degree_characters(name, 20)):
        for parity in (1, -1):
            chi = proper_part * exact([1 if d > 0 else parity for d in determinants.tolist()])
            for field in "RC":
                expected = {gamma.label: multiplicity(chi, gamma) for gamma in irreps(group, field)}
                expected = {label: m for label, m in expected.items() if m}
                found = group.subduce(degree, parity=parity, field=field)
                assert found == expected, f"ℓ = {degree}, parity {parity}, over {field}"
                assert list(found) == list(expected), "not in table order"
            assert group.subduce(degree, parity=parity) == group.subduce(degree, parity=parity, field="R")


@pytest.mark.parametrize(
    ("name", "degree", "parity", "expected"),
    [
        ("Oh", 0, 1, {"A1g": 1}),
        ("Oh", 0, -1, {"A1u": 1}),
        ("Oh", 1, -1, {"T1u": 1}),
        ("Oh", 1, 1, {"T1g": 1}),
        ("Oh", 2, 1, {"Eg": 1, "T2g": 1}),
        ("Oh", 3, -1, {"A2u": 1, "T1u": 1, "T2u": 1}),
        ("Oh", 4, 1, {"A1g": 1, "Eg": 1, "T1g": 1, "T2g": 1}),
        ("Oh", 6, 1, {"A1g": 1, "A2g": 1, "Eg": 1, "T1g": 1, "T2g": 2}),
        ("Td", 3, -1, {"A1": 1, "T1": 1, "T2": 1}),
        ("Td", 2, 1, {"E": 1, "T2": 1}),
        ("T", 2, 1, {"E": 1, "T": 1}),
        ("D4h", 2, 1, {"A1g": 1, "B1g": 1, "B2g": 1, "Eg": 1}),
        ("D3d", 3, -1, {"A1u": 1, "A2u": 2, "Eu": 2}),
        ("C2v", 1, -1, {"A1": 1, "B1": 1, "B2": 1}),
        ("D2", 1, -1, {"B1": 1, "B2": 1, "B3": 1}),
        ("C3", 1, -1, {"A": 1, "E": 1}),
    ],
)
def test_the_tables_in_every_book(name, degree, parity, expected):
    assert point_group(name).subduce(degree, parity=parity) == expected


@pytest.mark.parametrize("name", SETTINGS)
def test_dimensions_add_up(name):
    group = point_group(name)
    for degree in (0, 1, 7, 33):
        for field, mapping in (("R", group.real_irreps), ("C", group.irreps)):
            found = group.subduce(degree, parity=-1, field=field)
            assert sum(m * mapping[label].dim for label, m in found.items()) == 2 * degree + 1


@pytest.mark.parametrize(("degree", "parity"), [(-1, 1), (1.5, 1), (2, 0), (2, 2), (2, "g")])
def test_what_is_no_degree_or_parity_is_refused(degree, parity):
    with pytest.raises(ValueError, match=r"degree|parity"):
        point_group("Oh").subduce(degree, parity=parity)


def test_an_unknown_field_is_refused():
    with pytest.raises(ValueError, match="field"):
        point_group("Oh").subduce(2, parity=1, field="Q")


@every_setting
def test_the_vector_representation_is_degree_one(name):
    """ℓ = 1 with parity −1 are the rotations themselves."""
    group = point_group(name)
    trace = rotations(name).trace()
    found = {gamma.label: multiplicity(trace, gamma) for gamma in irreps(group, "R")}
    assert group.subduce(1, parity=-1) == {label: m for label, m in found.items() if m}
