"""`pointgroups polynomials`, `clebsch-gordan`, `three-jm` and `subduce --jz`."""

from fractions import Fraction

import numpy as np
import pytest
from pointgroups_cli.running import as_json, check_latex, output, refused, values
from thirty_two import every_group, every_setting

from pointgroups import adapted_complex_harmonics, adapted_polynomials, clebsch_gordan, point_group
from pointgroups.command.chosen_groups import any_group
from pointgroups.command.notation import digits
from pointgroups.exact import value
from pointgroups.finite.families import molecular_point_group
from pointgroups.products.three_jm import permutation_phases, three_jm

# -- polynomials and harmonics ------------------------------------------------------------------------------------


@every_setting
@pytest.mark.parametrize("degree", [0, 3])
def test_polynomials_as_json(name: str, degree: int) -> None:
    found = as_json("polynomials", name, str(degree))["polynomials"]
    expected = adapted_polynomials(point_group(name), degree)
    assert found == {label: [list(texts) for texts in copies] for label, copies in expected.items()}
    count = sum(len(texts) for copies in found.values() for texts in copies)
    assert count == (degree + 1) * (degree + 2) // 2
    check_latex(output("polynomials", name, str(degree), "--latex"))


@pytest.mark.parametrize("degree", [0, 1, 2, 4, 12])
@pytest.mark.parametrize("name", ["Ih", "I", "D5h", "C7", "D6d", "S8", "C20v", "O"])
def test_polynomials_transform_as_the_partners(name: str, degree: int) -> None:
    """f_k(g⁻¹ r) = Σ_i f_i(r) Γ_ik(g), to the six digits that are printed."""
    group = any_group(name)
    found = as_json("polynomials", name, str(degree))["polynomials"]
    points = np.random.default_rng(0).normal(size=(10, 3))
    points /= np.linalg.norm(points, axis=1)[:, None]
    moved = np.einsum("gji,pj->gpi", group.rotations, points)  # g⁻¹ r
    for label, copies in found.items():
        for texts in copies:
            turned = np.einsum("pi,gik->gpk", values(texts, points), group.real_irreps[label].matrices)
            np.testing.assert_allclose(values(texts, moved), turned, atol=1e-4 * np.abs(turned).max())
    count = sum(len(texts) for copies in found.values() for texts in copies)
    assert count == (degree + 1) * (degree + 2) // 2


@every_group
def test_complex_harmonics_as_json(name: str) -> None:
    basis = adapted_complex_harmonics(point_group(name), 3)
    rows = as_json("subduce", name, "3", "--jz")["harmonics"]
    array = [[value(row["coefficients"].get(str(m), "0")) for m in range(3, -4, -1)] for row in rows]
    np.testing.assert_array_equal(array, basis.array.conj())
    check_latex(output("subduce", name, "3", "--jz", "--latex"))


def test_functions_in_words() -> None:
    assert "T2         2           3   x²z + y²z" in output("polynomials", "Td", "3")
    text = output("subduce", "O", "2", "--jz")
    assert "Symmetry-adapted complex harmonics" in text
    assert "T2         1           3   −i/√2 |2,2⟩ + i/√2 |2,−2⟩" in text  # xy


# -- Clebsch–Gordan coefficients ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("j1", "j2"), [("0", "0"), ("1/2", "1/2"), ("1", "1/2"), ("2", "1"), ("1.5", "5/2")])
def test_clebsch_gordan_coefficients_as_json(j1: str, j2: str) -> None:
    data = as_json("clebsch-gordan", j1, j2)
    a, b = Fraction(j1), Fraction(j2)
    assert (Fraction(data["j1"]), Fraction(data["j2"])) == (a, b)
    matrices = {}
    for j in {Fraction(entry["j"]) for entry in data["coefficients"]}:
        array = np.zeros((int(2 * a) + 1, int(2 * b) + 1, int(2 * j) + 1))
        for entry in data["coefficients"]:
            if Fraction(entry["j"]) == j:
                m1, m2, m = (Fraction(entry[key]) for key in ("m1", "m2", "m"))
                array[int(a - m1), int(b - m2), int(j - m)] = value(entry["value"]).real
        np.testing.assert_array_equal(array, clebsch_gordan(a, b, j))
        matrices[j] = array.reshape(-1, int(2 * j) + 1)
    square = np.hstack(list(matrices.values()))
    np.testing.assert_allclose(square @ square.T, np.eye(len(square)), atol=1e-14)
    check_latex(output("clebsch-gordan", j1, j2, "--latex"))


def test_clebsch_gordan_coefficients_in_words() -> None:
    text = output("clebsch-gordan", "1", "1/2")
    assert [line for line in text.splitlines() if line.startswith("j =")] == ["j = 3/2", "j = 1/2"]
    assert ["1", "−1/2", "0", "1/√3", "0", "0"] in [line.split() for line in text.splitlines()]
    assert output("clebsch-gordan", "1", "1/2", "3/2").count("j =") == 1


# -- 3jm symbols --------------------------------------------------------------------------------------------------


def array_of(data: dict[str, object]) -> np.ndarray:
    array = np.zeros(data["shape"], dtype=complex)
    for entry in data["symbols"]:  # type: ignore[attr-defined]
        array[tuple(entry[key] - 1 for key in ("copy", "i", "j", "k"))] = value(entry["value"])
    return array


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("O", ("T1", "T1", "T1")),
        ("O", ("F3/2", "F3/2", "T2")),
        ("T", ("1E", "T", "T")),
        ("C3", ("1E", "1E", "1E")),
        ("Oh", ("T1u", "T1u", "T1u")),
        ("D6", ("E1", "E1", "E2")),
    ],
)
def test_3jm_symbols_as_json(name: str, labels: tuple[str, str, str]) -> None:
    double = any("/" in label for label in labels)
    G = point_group(name)
    a, b, c = ((G.double.irreps if double else G.irreps)[label] for label in labels)
    data = as_json("three-jm", name, *labels)
    assert data["phases"] == list(permutation_phases(a, b, c))
    np.testing.assert_array_equal(array_of(data), three_jm(a, b, c))
    check_latex(output("three-jm", name, *labels, "--latex"))


def test_3jm_symbols_of_a_molecule() -> None:
    irreps = molecular_point_group("I").irreps
    data = as_json("three-jm", "I", "T1", "T1", "H")
    found = np.zeros(data["shape"])
    for entry in data["symbols"]:
        found[tuple(entry[key] - 1 for key in ("copy", "i", "j", "k"))] = float(entry["value"])
    np.testing.assert_allclose(found, three_jm(irreps["T1"], irreps["T1"], irreps["H"]), atol=1e-9)
    check_latex(output("three-jm", "I", "T1", "T1", "H", "--latex"))


def test_3jm_symbols_in_words() -> None:
    text = output("three-jm", "O", "T1", "T1", "T1")
    assert "T1 ⊗ T1 ⊗ T1: 1 invariant\n" in text
    assert "invariant 1, odd under the exchange of two irreps" in text
    assert ["2", "1", "0", "0", "−1/√6"] in [line.split() for line in text.splitlines()]
    assert "T1u ⊗ T1u ⊗ T1u: 0 invariants" in output("three-jm", "Oh", "T1u", "T1u", "T1u")
    assert as_json("three-jm", "T", "E", "T", "T")["field"] == "R"


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.5, "0.5"), (-1 / 3, "-0.333333333333"), (0.5 - 0.25j, "0.5-0.25*I"), (2j, "2*I"), (-1e-14 + 1j, "1*I")],
)
def test_floating_numbers_as_text(number: complex, text: str) -> None:
    assert digits(number) == text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["polynomials", "Td", "-1"], "the degree of a polynomial is 0, 1, 2, …, not -1"),
        (
            ["polynomials", "Ih", "-2"],
            "the degree of a polynomial is 0, 1, …, 12 where numbers are in floating point, not -2",
        ),
        (["polynomials", "C20v", "13"], "where numbers are in floating point, not 13"),
        (["clebsch-gordan", "1", "1", "3"], "1 and 1 couple to 0, 1, 2, not to 3"),
        (["clebsch-gordan", "1", "x"], "the angular momentum j is 0, 1/2"),
        (["three-jm", "O", "T1", "T1", "Q"], "the irreps of O are A1"),
        (["three-jm", "O", "T1", "E1/2", "E1/2", "--real"], "leave out --real"),
    ],
)
def test_refusals(arguments: list[str], said: str) -> None:
    assert said in refused(*arguments)
