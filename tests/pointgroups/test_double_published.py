"""Spinor labels, characters, products and splittings against printed tables."""

import cmath
import math

import numpy as np
import pytest
from thirty_two import GROUPS

from pointgroups import coupling, point_group

# Spinor irreps of S. L. Altmann and P. Herzig, Point-Group Theory Tables: each group's row of names.
ALTMANN_HERZIG = {
    "C1": "A1/2", "C2": "1E1/2 2E1/2", "Cs": "1E1/2 2E1/2", "D2": "E1/2", "C2v": "E1/2",
    "C3": "1E1/2 2E1/2 A3/2", "D3": "E1/2 1E3/2 2E3/2", "C3v": "E1/2 1E3/2 2E3/2",
    "C4": "1E1/2 2E1/2 1E3/2 2E3/2", "S4": "1E1/2 2E1/2 1E3/2 2E3/2", "D4": "E1/2 E3/2", "C4v": "E1/2 E3/2",
    "D2d": "E1/2 E3/2", "C6": "1E1/2 2E1/2 1E3/2 2E3/2 1E5/2 2E5/2", "C3h": "1E1/2 2E1/2 1E3/2 2E3/2 1E5/2 2E5/2",
    "D6": "E1/2 E3/2 E5/2", "C6v": "E1/2 E3/2 E5/2", "D3h": "E1/2 E3/2 E5/2", "T": "E1/2 1F3/2 2F3/2",
    "O": "E1/2 E5/2 F3/2", "Td": "E1/2 E5/2 F3/2",
}  # fmt: skip
TIMES_INVERSION = {
    "Ci": "C1", "C2h": "C2", "D2h": "D2", "C3i": "C3", "D3d": "D3", "C4h": "C4", "D4h": "D4", "C6h": "C6", "D6h": "D6",
    "Th": "T", "Oh": "O",
}  # fmt: skip


@pytest.mark.parametrize("name", GROUPS)
def test_names_of_spinor_irreps(name):
    proper = TIMES_INVERSION.get(name)
    expected = ALTMANN_HERZIG[proper or name].split()
    if proper:
        expected = [f"{label}{parity}" for parity in "gu" for label in expected]
    assert list(point_group(name).double.spinor_irreps) == expected


# Koster's numbers: for each, the character at some elements, as in Quantum ESPRESSO (PW/src/divide_class_so.f90), which
# follows Koster, Dimmock, Wheeler and Statz. e(n, d) stands for e^{iπn/d}.
def e(n, d):
    return cmath.exp(1j * math.pi * n / d)


ROOT2, ROOT3 = math.sqrt(2), math.sqrt(3)
KOSTER = {
    "C1": {"Γ2": {"E": 1}},
    "C2": {"Γ3": {"C2[010]": 1j}, "Γ4": {"C2[010]": -1j}},
    "112": {"Γ3": {"C2[001]": 1j}, "Γ4": {"C2[001]": -1j}},
    "Cs": {"Γ3": {"σ[010]": 1j}, "Γ4": {"σ[010]": -1j}},
    "C2h": {
        "Γ3+": {"C2[010]": 1j, "i": 1, "σ[010]": 1j}, "Γ4+": {"C2[010]": -1j, "i": 1, "σ[010]": -1j},
        "Γ3-": {"C2[010]": 1j, "i": -1, "σ[010]": -1j}, "Γ4-": {"C2[010]": -1j, "i": -1, "σ[010]": 1j},
    },
    "D2": {"Γ5": {"C2[001]": 0}}, "C2v": {"Γ5": {"C2[001]": 0}},
    "C3": {"Γ4": {"C3[001]+": e(1, 3)}, "Γ5": {"C3[001]+": e(-1, 3)}, "Γ6": {"C3[001]+": -1}},
    "D3": {"Γ4": {"C3[001]+": 1}, "Γ5": {"C3[001]+": -1, "C2[100]": 1j}, "Γ6": {"C3[001]+": -1, "C2[100]": -1j}},
    "C3v": {"Γ4": {"C3[001]+": 1}, "Γ5": {"C3[001]+": -1, "σ[100]": 1j}, "Γ6": {"C3[001]+": -1, "σ[100]": -1j}},
    "C4": {
        "Γ5": {"C4[001]+": e(1, 4), "C2[001]": 1j}, "Γ6": {"C4[001]+": e(-1, 4), "C2[001]": -1j},
        "Γ7": {"C4[001]+": -e(1, 4), "C2[001]": 1j}, "Γ8": {"C4[001]+": -e(-1, 4), "C2[001]": -1j},
    },
    "D4": {"Γ6": {"C4[001]+": ROOT2}, "Γ7": {"C4[001]+": -ROOT2}},
    "C4v": {"Γ6": {"C4[001]+": ROOT2}, "Γ7": {"C4[001]+": -ROOT2}},
    "D2d": {"Γ6": {"S4[001]+": ROOT2}, "Γ7": {"S4[001]+": -ROOT2}},
    "C6": {
        "Γ7": {"C6[001]+": e(1, 6), "C2[001]": 1j}, "Γ8": {"C6[001]+": e(-1, 6), "C2[001]": -1j},
        "Γ9": {"C6[001]+": -e(1, 6), "C2[001]": -1j}, "Γ10": {"C6[001]+": -e(-1, 6), "C2[001]": 1j},
        "Γ11": {"C6[001]+": -1j, "C2[001]": 1j}, "Γ12": {"C6[001]+": 1j, "C2[001]": -1j},
    },
    "C3h": {
        "Γ7": {"C3[001]+": e(1, 3), "σ[001]": 1j}, "Γ8": {"C3[001]+": e(-1, 3), "σ[001]": -1j},
        "Γ9": {"C3[001]+": e(1, 3), "σ[001]": -1j}, "Γ10": {"C3[001]+": e(-1, 3), "σ[001]": 1j},
        "Γ11": {"C3[001]+": -1, "σ[001]": 1j}, "Γ12": {"C3[001]+": -1, "σ[001]": -1j},
    },
    "D6": {"Γ7": {"C6[001]+": ROOT3}, "Γ8": {"C6[001]+": -ROOT3}, "Γ9": {"C6[001]+": 0}},
    "C6v": {"Γ7": {"C6[001]+": ROOT3}, "Γ8": {"C6[001]+": -ROOT3}, "Γ9": {"C6[001]+": 0}},
    "D3h": {"Γ7": {"S3[001]+": ROOT3}, "Γ8": {"S3[001]+": -ROOT3}, "Γ9": {"S3[001]+": 0, "C3[001]+": -2}},
    "T": {"Γ5": {"C3[111]+": 1}, "Γ6": {"C3[111]+": e(2, 3)}, "Γ7": {"C3[111]+": e(-2, 3)}},
    "O": {"Γ6": {"C4[001]+": ROOT2}, "Γ7": {"C4[001]+": -ROOT2}, "Γ8": {"C4[001]+": 0, "C3[111]+": -1}},
    "Td": {"Γ6": {"S4[001]+": ROOT2}, "Γ7": {"S4[001]+": -ROOT2}, "Γ8": {"S4[001]+": 0, "C3[111]+": -1}},
}  # fmt: skip


@pytest.mark.parametrize("name", KOSTER)
def test_koster_numbers_belong_to_these_characters(name):
    double = point_group(name).double
    by_number = {a.labels["koster"]: a for a in double.spinor_irreps.values()}
    assert set(by_number) == set(KOSTER[name])
    for number, characters in KOSTER[name].items():
        for element, value in characters.items():
            found = by_number[number].characters[double.elements.index(element)]
            assert abs(found - value) < 1e-15 * 4, (number, element)


@pytest.mark.parametrize(("name", "proper"), TIMES_INVERSION.items())
def test_koster_numbers_with_inversion(name, proper):
    """Γn+ and Γn− have the characters of Γn on proper elements (C2h: of C2, whose axis is y in both)."""
    double, half = point_group(name).double, point_group(proper).double
    where = [double.elements.index(element) for element in half.point_group.elements]
    by_number = {a.labels["koster"]: a for a in half.spinor_irreps.values()}
    for irrep in double.spinor_irreps.values():
        assert irrep.labels["koster"].endswith({"g": "+", "u": "-"}[irrep.label[-1]])
        expected = by_number[irrep.labels["koster"][:-1]].characters[: half.order // 2]
        assert np.abs(irrep.characters[where] - expected).max() < 1e-15


PAULI = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])


def product(name, a, b):
    return " + ".join(
        label if count == 1 else f"{count}{label}"
        for label, count in point_group(name).double.tensor_product(a, b).items()
    )


# Koster et al. and Altmann & Herzig, tables of direct products.
PRODUCTS = [
    ("O", "E1/2", "E1/2", "A1 + T1"), ("O", "E1/2", "E5/2", "A2 + T2"), ("O", "E1/2", "F3/2", "E + T1 + T2"),
    ("O", "E5/2", "E5/2", "A1 + T1"), ("O", "E5/2", "F3/2", "E + T1 + T2"),
    ("O", "F3/2", "F3/2", "A1 + A2 + E + 2T1 + 2T2"),
    ("O", "A2", "E1/2", "E5/2"), ("O", "E", "E1/2", "F3/2"), ("O", "T1", "E1/2", "E1/2 + F3/2"),
    ("O", "T2", "E1/2", "E5/2 + F3/2"), ("O", "E", "F3/2", "E1/2 + E5/2 + F3/2"),
    ("O", "T1", "F3/2", "E1/2 + E5/2 + 2F3/2"), ("O", "T2", "F3/2", "E1/2 + E5/2 + 2F3/2"),
    ("Td", "E1/2", "E1/2", "A1 + T1"), ("Td", "T2", "E1/2", "E5/2 + F3/2"), ("Td", "E1/2", "E5/2", "A2 + T2"),
    ("Oh", "E1/2g", "E1/2u", "A1u + T1u"), ("Oh", "F3/2g", "F3/2u", "A1u + A2u + Eu + 2T1u + 2T2u"),
    ("T", "E1/2", "E1/2", "A + T"), ("T", "E1/2", "1F3/2", "1E + T"), ("T", "1F3/2", "1F3/2", "2E + T"),
    ("T", "1F3/2", "2F3/2", "A + T"), ("T", "T", "E1/2", "E1/2 + 1F3/2 + 2F3/2"),
    ("D3", "E1/2", "E1/2", "A1 + A2 + E"), ("D3", "E1/2", "1E3/2", "E"), ("D3", "1E3/2", "1E3/2", "A2"),
    ("D3", "1E3/2", "2E3/2", "A1"), ("D3", "E", "E1/2", "E1/2 + 1E3/2 + 2E3/2"),
    ("D6", "E1/2", "E1/2", "A1 + A2 + E1"), ("D6", "E1/2", "E3/2", "E1 + E2"), ("D6", "E1/2", "E5/2", "B1 + B2 + E2"),
    ("D6", "E3/2", "E3/2", "A1 + A2 + B1 + B2"), ("D6", "E3/2", "E5/2", "E1 + E2"),
    ("D6", "E5/2", "E5/2", "A1 + A2 + E1"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "a", "b", "expected"), PRODUCTS)
def test_products(name, a, b, expected):
    assert product(name, a, b) == expected
    assert product(name, b, a) == expected


# The splitting of multiplets in a cubic field (H. Bethe, Ann. Phys. 3, 133 (1929)), names of Altmann & Herzig.
SPLITTING = {
    "1/2": {"E1/2": 1}, "3/2": {"F3/2": 1}, "5/2": {"E5/2": 1, "F3/2": 1}, "7/2": {"E1/2": 1, "E5/2": 1, "F3/2": 1},
    "9/2": {"E1/2": 1, "F3/2": 2}, "11/2": {"E1/2": 1, "E5/2": 1, "F3/2": 2},
}  # fmt: skip


@pytest.mark.parametrize("j", SPLITTING)
def test_cubic_splitting(j):
    for name in ("O", "Td"):
        assert point_group(name).double.subduce(j) == SPLITTING[j]
    for parity, letter in ((1, "g"), (-1, "u")):
        expected = {f"{label}{letter}": n for label, n in SPLITTING[j].items()}
        assert point_group("Oh").double.subduce(j, parity) == expected
    assert point_group("Td").double.subduce("1/2", parity=-1) == {"E5/2": 1}


def test_spin_orbit_splitting_of_orbitals():
    oh = point_group("Oh").double
    assert oh.spin_orbit("Eg") == {"F3/2g": 1}
    assert oh.spin_orbit("T2g") == {"E5/2g": 1, "F3/2g": 1}
    assert oh.spin_orbit("T1u") == {"E1/2u": 1, "F3/2u": 1}
    assert point_group("Td").double.spin_orbit("T2") == {"E5/2": 1, "F3/2": 1}
    assert point_group("C3v").double.spin_orbit("E") == {"E1/2": 1, "1E3/2": 1, "2E3/2": 1}


def test_e_five_halves_of_a_cubic_field():
    """Γ7 of j = 5/2: √(1/6)|±5/2⟩ − √(5/6)|∓3/2⟩ (K. R. Lea, M. J. M. Leask, W. P. Wolf, 1962)."""
    rows = point_group("O").double.adapted_spinors("5/2").array[:2]
    a, b = math.sqrt(1 / 6), math.sqrt(5 / 6)
    assert np.abs(rows - [[a, 0, 0, 0, -b, 0], [0, -b, 0, 0, 0, a]]).max() < 1e-15


def test_table_70_11_of_the_slides():
    """²e ⊗ t, ²e ⊗ e1/2 → ²F3/2 and ²e ⊗ ¹f3/2 → E1/2 of T, as printed: diag(1, ω*, ω), 1 and 1."""
    irreps = point_group("T").double.irreps
    omega = cmath.exp(2j * math.pi / 3)
    u = coupling(irreps["2E"], irreps["T"], irreps["T"])
    assert np.abs(u[0, 0] - np.diag([1, omega.conjugate(), omega])).max() < 1e-15
    assert np.array_equal(coupling(irreps["2E"], irreps["E1/2"], irreps["2F3/2"])[0, 0], np.eye(2))
    assert np.array_equal(coupling(irreps["2E"], irreps["1F3/2"], irreps["E1/2"])[0, 0], np.eye(2))


def test_singlet_and_triplet_of_two_spins():
    """E1/2 ⊗ E1/2 in O: A1 is (↑↓ − ↓↑)/√2 = ε/√2, T1 the triplet −σ ε/√2 in Cartesian components."""
    irreps = point_group("O").double.irreps
    half = irreps["E1/2"]
    epsilon = np.array([[0, 1], [-1, 0]])
    assert np.abs(coupling(half, half, irreps["A1"])[0, :, :, 0] - epsilon / math.sqrt(2)).max() < 1e-15
    triplet = np.moveaxis(coupling(half, half, irreps["T1"])[0], -1, 0)
    assert np.abs(triplet + PAULI @ epsilon / math.sqrt(2)).max() < 1e-15


def test_orbital_t1_and_spin_give_the_spherical_doublet():
    """T1 ⊗ E1/2 → E1/2 is σ/√3, as for p orbitals with j = ½."""
    irreps = point_group("O").double.irreps
    u = coupling(irreps["T1"], irreps["E1/2"], irreps["E1/2"])[0]
    assert np.abs(u - PAULI / math.sqrt(3)).max() < 1e-15


# Which spinor levels time reversal joins (Koster et al.: "b" real → doubled, "c" complex → paired).
@pytest.mark.parametrize(
    ("name", "levels"),
    [
        ("C1", ["A1/2+A1/2"]), ("Ci", ["A1/2g+A1/2g", "A1/2u+A1/2u"]), ("C2", ["1E1/2+2E1/2"]),
        ("C3", ["1E1/2+2E1/2", "A3/2+A3/2"]), ("C4", ["1E1/2+2E1/2", "1E3/2+2E3/2"]),
        ("C6", ["1E1/2+2E1/2", "1E3/2+2E3/2", "1E5/2+2E5/2"]), ("D3", ["E1/2", "1E3/2+2E3/2"]), ("D2", ["E1/2"]),
        ("T", ["E1/2", "1F3/2+2F3/2"]), ("O", ["E1/2", "E5/2", "F3/2"]), ("D6", ["E1/2", "E3/2", "E5/2"]),
    ],
)  # fmt: skip
def test_kramers_pairs(name, levels):
    assert [level.label for level in point_group(name).double.corepresentations if level.spinor] == levels


def test_class_names():
    assert [c.label for c in point_group("Td").double.classes] == [
        "E", "Ē", "6S4", "6S̄4", "3C2+3C̄2", "8C3", "8C̄3", "6σd+6σ̄d",
    ]  # fmt: skip
    assert [c.label for c in point_group("D3").double.classes] == ["E", "Ē", "2C3", "2C̄3", "3C2'", "3C̄2'"]
